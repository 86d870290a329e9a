use std::collections::VecDeque;
use std::io;
use std::ops::Range;

use halfgate_circuits::{BitRows, Party, Reveal, Values};
use halfgate_compiler::{Chunks, OutputTable, Program};
use halfgate_crypto::ActiveLabels;

use crate::{Evaluator, EvaluatorError};

impl Evaluator {
    /// Runs a program over any number of lanes in bounded memory: input, call and reveal chunk by chunk, the
    /// evaluator's inputs and the garbler's outputs overlapping with the chunks between.
    ///
    /// `own` has one entry per input group, the values of those that the evaluator owns. The answer has one entry
    /// per output group if the evaluator learns the outputs, or gets a share of them.
    ///
    /// `before_opening` is called once, when nothing that depends on an output has left this side or was taken in by it. If it
    /// fails, nothing does and the evaluator must be dropped.
    ///
    /// # Errors
    /// If the channel or `before_opening` fails, or the garbler's messages do not fit the program.
    ///
    /// # Panics
    /// If a group of the evaluator has no values, or values of another width or fewer lanes.
    pub async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        reveal: Reveal,
        context: &[u8],
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, EvaluatorError> {
        let chunks = Chunks::new(program, lanes);
        self.only_extension |= chunks.count() > 1;
        let mut results = OutputTable::new(program, if reveal == Reveal::Garbler { 0 } else { lanes });
        let mut ahead = VecDeque::new();
        let mut next = 0;
        let mut before_opening = Some(before_opening);
        for chunk in 0..chunks.count() {
            while next < chunks.count() && next <= chunk + chunks.look_ahead() {
                ahead.push_back(self.own_labels(program, own, chunks.lanes(next)).await?);
                next += 1;
            }
            let inputs = ahead.pop_front().expect("at least the inputs of this chunk were sent");
            let lanes = chunks.lanes(chunk);
            let outputs = self.run_chunk(program, inputs, lanes.len()).await?;
            if let Some(hook) = before_opening.take() {
                hook().map_err(EvaluatorError::BeforeOpening)?;
            }
            let context = [context, &(chunk as u64).to_le_bytes()].concat();
            if let Some(bits) = self.reveal(&context, &outputs, reveal).await? {
                results.write(lanes, &bits);
            }
        }
        Ok((reveal != Reveal::Garbler).then(|| results.into_values()))
    }

    /// Sends the choices of a [`run`](Evaluator::run) whose labels come straight from base OTs, so few are they; to be
    /// called right before it, ahead of what the two still have to say to each other. The message hides the bits
    /// whatever the garbler does with it.
    ///
    /// # Errors
    /// If the channel fails.
    ///
    /// # Panics
    /// As [`Evaluator::run`].
    pub async fn choose_first(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
    ) -> Result<(), EvaluatorError> {
        let chunks = Chunks::new(program, lanes);
        self.only_extension |= chunks.count() > 1;
        let bits = own_bits(program, own, chunks.lanes(0));
        self.choose(&BitRows::joined(&bits)).await
    }

    async fn own_labels(
        &mut self,
        program: &Program,
        own: &[Option<&Values>],
        lanes: Range<usize>,
    ) -> Result<Vec<ActiveLabels>, EvaluatorError> {
        let bits = own_bits(program, own, lanes.clone());
        self.input(&bits, lanes.len()).await
    }

    async fn run_chunk(
        &mut self,
        program: &Program,
        ours: Vec<ActiveLabels>,
        lanes: usize,
    ) -> Result<Vec<ActiveLabels>, EvaluatorError> {
        let mut ours = ours.into_iter();
        let mut inputs = Vec::with_capacity(program.inputs().len());
        for input in program.inputs() {
            inputs.push(match input.owner {
                Party::Evaluator => ours.next().expect("one matrix for each of the evaluator's groups"),
                Party::Garbler => self.peer_input(input.group.width as usize, lanes).await?,
            });
        }
        self.call(program, &inputs.iter().collect::<Vec<_>>(), lanes).await
    }
}

/// The bits of some lanes of the groups that the evaluator owns.
fn own_bits(program: &Program, own: &[Option<&Values>], lanes: Range<usize>) -> Vec<BitRows> {
    let ours = program.inputs().iter().zip(own).filter(|(input, _)| input.owner == Party::Evaluator);
    let values = ours.map(|(_, values)| values.expect("the evaluator's groups have values"));
    values.map(|values| BitRows::from_values(values, lanes.clone())).collect()
}
