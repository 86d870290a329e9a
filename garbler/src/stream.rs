use std::collections::VecDeque;
use std::io;
use std::ops::Range;

use halfgate_circuits::{BitRows, Party, Reveal, Values};
use halfgate_compiler::{Chunks, OutputTable, Program};
use halfgate_crypto::ZeroLabels;

use crate::{Garbler, GarblerError, permute_bits};

impl Garbler {
    /// Runs a program over any number of lanes in bounded memory: input, call and reveal chunk by chunk, the
    /// evaluator's inputs and the garbler's outputs overlapping with the chunks between.
    ///
    /// `own` has one entry per input group, the values of those that the garbler owns. The answer has one entry per
    /// output group if the garbler learns the outputs, or gets a share of them.
    ///
    /// `before_opening` is called once, when nothing that depends on an output has left this side or was taken in by it. If it
    /// fails, nothing does and the garbler is spent.
    ///
    /// # Errors
    /// If the channel, a check or `before_opening` fails.
    ///
    /// # Panics
    /// If a group of the garbler has no values, or values of another width or fewer lanes.
    pub async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        reveal: Reveal,
        context: &[u8],
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, GarblerError> {
        let chunks = Chunks::new(program, lanes);
        self.only_extension |= chunks.count() > 1;
        let mut results = OutputTable::new(program, if reveal == Reveal::Evaluator { 0 } else { lanes });
        let mut unopened = VecDeque::new();
        let mut before_opening = Some(before_opening);
        for chunk in 0..chunks.count() {
            let outputs = self.run_chunk(program, own, chunks.lanes(chunk)).await?;
            if reveal != Reveal::Garbler {
                self.prepare_opening(before_opening.take())?;
            }
            if reveal.reaches(Party::Evaluator) {
                self.reveal_to_evaluator(&outputs).await?;
            }
            if reveal == Reveal::Shares {
                results.write(chunks.lanes(chunk), &permute_bits(&outputs));
            }
            if reveal.reaches(Party::Garbler) {
                unopened.push_back((chunk, outputs));
            }
            if unopened.len() > chunks.look_ahead() {
                self.prepare_opening(before_opening.take())?;
                self.open_oldest(&chunks, &mut unopened, context, &mut results).await?;
            }
        }
        self.prepare_opening(before_opening.take())?;
        while !unopened.is_empty() {
            self.open_oldest(&chunks, &mut unopened, context, &mut results).await?;
        }
        Ok((reveal != Reveal::Evaluator).then(|| results.into_values()))
    }

    async fn run_chunk(
        &mut self,
        program: &Program,
        own: &[Option<&Values>],
        lanes: Range<usize>,
    ) -> Result<Vec<ZeroLabels>, GarblerError> {
        let theirs = program.inputs().iter().filter(|input| input.owner == Party::Evaluator);
        let widths: Vec<usize> = theirs.map(|input| input.group.width as usize).collect();
        let mut theirs = self.peer_input(&widths, lanes.len()).await?.into_iter();
        let mut inputs = Vec::with_capacity(own.len());
        for (input, values) in program.inputs().iter().zip(own) {
            inputs.push(match input.owner {
                Party::Evaluator => theirs.next().expect("one matrix for each of the evaluator's groups"),
                Party::Garbler => {
                    let values = values.expect("the garbler's groups have values");
                    self.input(&BitRows::from_values(values, lanes.clone()), lanes.len()).await?
                }
            });
        }
        self.call(program, &inputs.iter().collect::<Vec<_>>(), lanes.len()).await
    }

    /// Lets the caller do what has to be done before outputs are opened, unless that has happened.
    fn prepare_opening(&mut self, hook: Option<impl FnOnce() -> io::Result<()>>) -> Result<(), GarblerError> {
        let Some(hook) = hook else { return Ok(()) };
        self.claim()?;
        hook().map_err(GarblerError::BeforeOpening)?;
        self.spent = false;
        Ok(())
    }

    async fn open_oldest(
        &mut self,
        chunks: &Chunks,
        unopened: &mut VecDeque<(usize, Vec<ZeroLabels>)>,
        context: &[u8],
        results: &mut OutputTable,
    ) -> Result<(), GarblerError> {
        let (chunk, outputs) = unopened.pop_front().expect("the caller asks only if there is one");
        let context = [context, &(chunk as u64).to_le_bytes()].concat();
        let bits = self.learn(&context, &outputs).await?;
        results.write(chunks.lanes(chunk), &bits);
        Ok(())
    }
}
