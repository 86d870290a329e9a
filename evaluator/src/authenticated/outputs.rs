use halfgate_channel::{Kind, Length};
use halfgate_circuits::{BitRows, Party, Reveal};
use halfgate_crypto::ActiveLabels;
use halfgate_triples::{AuthBits, DIGEST_BYTES, Wires};

use crate::EvaluatorError;
use crate::authenticated::AuthenticatedEvaluator;

impl AuthenticatedEvaluator {
    /// Opens values to whom they are to reach, and returns the bits that this party ends up with: values or shares, in
    /// the order of the labels. Nothing is opened or taken in before the garbler has answered for the rows of all calls.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn reveal(
        &mut self,
        wires: &[&Wires<ActiveLabels>],
        to: Reveal,
    ) -> Result<Option<BitRows>, EvaluatorError> {
        self.claim()?;
        self.channel.begin_phase("outputs");
        // <- RO(MACs of all ANDs)
        let answer = self.channel.receive(Kind::CheckAnswer, Length::Exactly(DIGEST_BYTES)).await?;
        self.checks.verify_answer(&answer)?;
        let masks = AuthBits::joined(wires.iter().map(|wires| &wires.masks));
        let masked = BitRows::joined(wires.iter().map(|wires| &wires.masked));
        let bits = match to {
            Reveal::Both | Reveal::Evaluator => Some(self.learn(&masked, &masks).await?),
            Reveal::Shares => Some(sum(masks.shares(), &masked)),
            Reveal::Garbler => None,
        };
        if to.reaches(Party::Garbler) && !masks.is_empty() {
            // -> λ^E, RO(MACs)
            self.dealer.open(&mut self.channel, &masks).await?;
        }
        self.succeed();
        Ok(bits)
    }

    async fn learn(&mut self, masked: &BitRows, masks: &AuthBits) -> Result<BitRows, EvaluatorError> {
        if masks.is_empty() {
            return Ok(BitRows::new(0, 1));
        }
        // <- λ^G, RO(MACs)
        let opened = self.dealer.learn(&mut self.channel, masks).await?;
        Ok(sum(&opened, masked))
    }
}

fn sum(bits: &BitRows, others: &BitRows) -> BitRows {
    let mut sum = bits.part(0, bits.len(), 1);
    sum.xor_words(others.words());
    sum
}
