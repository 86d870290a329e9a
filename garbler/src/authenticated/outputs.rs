use halfgate_channel::Kind;
use halfgate_circuits::{BitRows, Party, Reveal};
use halfgate_triples::MaskedBits;

use crate::GarblerError;
use crate::authenticated::AuthenticatedGarbler;

impl AuthenticatedGarbler {
    /// Opens values to whom they are to reach, and returns the bits that this party ends up with: values or shares, in
    /// the order of the labels. Nothing is opened before the rows of all calls have been answered for. `context` names what is
    /// opened; the evaluator has to mean the same.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn reveal(
        &mut self,
        context: &[u8],
        bits: &MaskedBits,
        to: Reveal,
    ) -> Result<Option<BitRows>, GarblerError> {
        self.claim()?;
        self.channel.begin_phase("outputs");
        // -> RO(MACs of all ANDs)
        self.channel.send(Kind::CheckAnswer, self.checks.answer(context).to_vec()).await?;
        if to.reaches(Party::Evaluator) && !bits.is_empty() {
            // -> λ^G, RO(MACs)
            self.dealer.open(&mut self.channel, &[&bits.masks]).await?;
        }
        let opened = match to {
            Reveal::Both | Reveal::Garbler => Some(self.learn(bits).await?),
            Reveal::Shares => Some(bits.masks.shares().part(0, bits.len(), 1)),
            Reveal::Evaluator => None,
        };
        self.succeed();
        Ok(opened)
    }

    async fn learn(&mut self, bits: &MaskedBits) -> Result<BitRows, GarblerError> {
        let mut values = BitRows::new(bits.len(), 1);
        if !bits.is_empty() {
            // <- λ^E, RO(MACs)
            values = self.dealer.learn(&mut self.channel, &[&bits.masks]).await?;
            values.xor_words(bits.masked.words());
        }
        Ok(values)
    }
}
