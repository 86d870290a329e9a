use std::io;
use std::ops::Range;

use halfgate_circuits::{BitRows, Party, Reveal, Values};
use halfgate_compiler::{Chunks, OutputTable, Program};
use halfgate_triples::{InputBits, MaskedBits, OUTPUTS_AT_ONCE};

use crate::GarblerError;
use crate::authenticated::AuthenticatedGarbler;

impl AuthenticatedGarbler {
    /// Runs a program over any number of lanes in bounded memory: input and call chunk by chunk, and one reveal of all chunks
    /// (of every 2^21 output bits, if there are more), so that no input of one chunk can depend on the outputs of another.
    ///
    /// Arguments, answer and `before_opening` are those of [`Garbler::run`](crate::Garbler::run).
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
        let chunks = Chunks::large(program, lanes);
        let mut results = OutputTable::new(program, if reveal == Reveal::Evaluator { 0 } else { lanes });
        let (mut before_opening, mut unopened) = (Some(before_opening), Vec::new());
        self.expected = program.and_count().saturating_mul(lanes);
        for chunk in 0..chunks.count() {
            unopened.push(self.run_chunk(program, own, chunks.lanes(chunk)).await?);
            let held: usize = unopened.iter().map(MaskedBits::len).sum();
            if held < OUTPUTS_AT_ONCE && chunk + 1 < chunks.count() {
                continue;
            }
            if let Some(hook) = before_opening.take() {
                self.claim()?;
                hook().map_err(GarblerError::BeforeOpening)?;
                self.succeed();
            }
            let outputs = MaskedBits::joined(unopened.iter());
            if let Some(bits) = self.reveal(context, &outputs, reveal).await? {
                let (mut from, first) = (0, chunk + 1 - unopened.len());
                for (chunk, outputs) in (first..).zip(&unopened) {
                    results.write(chunks.lanes(chunk), &bits.part(from, outputs.len(), 1));
                    from += outputs.len();
                }
            }
            unopened.clear();
        }
        Ok((reveal != Reveal::Evaluator).then(|| results.into_values()))
    }

    /// The outputs of a chunk.
    async fn run_chunk(
        &mut self,
        program: &Program,
        own: &[Option<&Values>],
        lanes: Range<usize>,
    ) -> Result<MaskedBits, GarblerError> {
        let bits: Vec<_> =
            own.iter().map(|own| own.map(|own| BitRows::from_values(own, lanes.clone()))).collect();
        let groups = program.inputs().iter().zip(&bits).map(|(input, bits)| match input.owner {
            Party::Evaluator => InputBits::Peers(input.group.width as usize * lanes.len()),
            Party::Garbler => InputBits::Own(bits.as_ref().expect("the garbler's groups have values")),
        });
        let inputs = self.inputs(&groups.collect::<Vec<_>>(), lanes.len()).await?;
        let outputs = self.call(program, &inputs.iter().collect::<Vec<_>>(), lanes.len()).await?;
        Ok(MaskedBits::joined(outputs.iter().map(|wires| &wires.bits)))
    }
}
