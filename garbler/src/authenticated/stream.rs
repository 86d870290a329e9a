use std::io;
use std::ops::Range;

use halfgate_circuits::{BitRows, Party, Reveal, Values};
use halfgate_compiler::{Chunks, OutputTable, Program};
use halfgate_crypto::ZeroLabels;
use halfgate_triples::{InputBits, Wires};

use crate::GarblerError;
use crate::authenticated::AuthenticatedGarbler;

impl AuthenticatedGarbler {
    /// Runs a program over any number of lanes in bounded memory: input, call and reveal chunk by chunk.
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
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, GarblerError> {
        let chunks = Chunks::new(program, lanes);
        let mut results = OutputTable::new(program, if reveal == Reveal::Evaluator { 0 } else { lanes });
        let mut before_opening = Some(before_opening);
        self.expected = program.and_count().saturating_mul(lanes);
        for chunk in 0..chunks.count() {
            let lanes = chunks.lanes(chunk);
            let outputs = self.run_chunk(program, own, lanes.clone()).await?;
            if let Some(hook) = before_opening.take() {
                self.claim()?;
                hook().map_err(GarblerError::BeforeOpening)?;
                self.succeed();
            }
            if let Some(bits) = self.reveal(&outputs.iter().collect::<Vec<_>>(), reveal).await? {
                results.write(lanes, &bits);
            }
        }
        Ok((reveal != Reveal::Evaluator).then(|| results.into_values()))
    }

    async fn run_chunk(
        &mut self,
        program: &Program,
        own: &[Option<&Values>],
        lanes: Range<usize>,
    ) -> Result<Vec<Wires<ZeroLabels>>, GarblerError> {
        let bits: Vec<_> =
            own.iter().map(|own| own.map(|own| BitRows::from_values(own, lanes.clone()))).collect();
        let groups = program.inputs().iter().zip(&bits).map(|(input, bits)| match input.owner {
            Party::Evaluator => InputBits::Peers(input.group.width as usize * lanes.len()),
            Party::Garbler => InputBits::Own(bits.as_ref().expect("the garbler's groups have values")),
        });
        let inputs = self.inputs(&groups.collect::<Vec<_>>(), lanes.len()).await?;
        self.call(program, &inputs.iter().collect::<Vec<_>>(), lanes.len()).await
    }
}
