use halfgate_channel::Kind;
use halfgate_circuits::{BitRows, Party, Reveal};
use halfgate_crypto::ZeroLabels;
use halfgate_triples::{AuthBits, Wires};

use crate::GarblerError;
use crate::authenticated::AuthenticatedGarbler;

impl AuthenticatedGarbler {
    /// Opens values to whom they are to reach, and returns the bits that this party ends up with: values or shares, in
    /// the order of the labels. Nothing is opened before the rows of all calls have been answered for.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn reveal(
        &mut self,
        wires: &[&Wires<ZeroLabels>],
        to: Reveal,
    ) -> Result<Option<BitRows>, GarblerError> {
        self.claim()?;
        self.channel.begin_phase("outputs");
        // -> RO(MACs of all ANDs)
        self.channel.send(Kind::CheckAnswer, self.checks.answer().to_vec()).await?;
        let masks = AuthBits::joined(wires.iter().map(|wires| &wires.masks));
        if to.reaches(Party::Evaluator) && !masks.is_empty() {
            // -> λ^G, RO(MACs)
            self.dealer.open(&mut self.channel, &masks).await?;
        }
        let bits = match to {
            Reveal::Both | Reveal::Garbler => Some(self.learn(wires, &masks).await?),
            Reveal::Shares => Some(masks.shares().part(0, masks.len(), 1)),
            Reveal::Evaluator => None,
        };
        self.succeed();
        Ok(bits)
    }

    async fn learn(
        &mut self,
        wires: &[&Wires<ZeroLabels>],
        masks: &AuthBits,
    ) -> Result<BitRows, GarblerError> {
        let masked = BitRows::joined(wires.iter().map(|wires| &wires.masked));
        let mut values = BitRows::new(masks.len(), 1);
        if !masks.is_empty() {
            // <- λ^E, RO(MACs)
            values = self.dealer.learn(&mut self.channel, masks).await?;
            values.xor_words(masked.words());
        }
        Ok(values)
    }
}
