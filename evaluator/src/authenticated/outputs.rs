use halfgate_channel::{Kind, Length};
use halfgate_circuits::{BitRows, Party, Reveal};
use halfgate_triples::{DIGEST_BYTES, MaskedBits};

use crate::EvaluatorError;
use crate::authenticated::AuthenticatedEvaluator;

impl AuthenticatedEvaluator {
    /// Opens values to whom they are to reach, and returns the bits that this party ends up with: values or shares, in
    /// the order of the labels. Nothing is opened or taken in before the garbler has answered for the rows of all calls.
    /// `context` names what is opened; the garbler has to mean the same.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn reveal(
        &mut self,
        context: &[u8],
        bits: &MaskedBits,
        to: Reveal,
    ) -> Result<Option<BitRows>, EvaluatorError> {
        self.claim()?;
        self.channel.begin_phase("outputs");
        // <- RO(MACs of all ANDs)
        let answer = self.channel.receive(Kind::CheckAnswer, Length::Exactly(DIGEST_BYTES)).await?;
        self.checks.verify_answer(context, &answer)?;
        let opened = match to {
            Reveal::Both | Reveal::Evaluator => Some(self.learn(bits).await?),
            Reveal::Shares => Some(sum(bits.masks.shares(), &bits.masked)),
            Reveal::Garbler => None,
        };
        if to.reaches(Party::Garbler) && !bits.is_empty() {
            // -> λ^E, RO(MACs)
            self.dealer.open(&mut self.channel, &[&bits.masks]).await?;
        }
        self.succeed();
        Ok(opened)
    }

    async fn learn(&mut self, bits: &MaskedBits) -> Result<BitRows, EvaluatorError> {
        if bits.is_empty() {
            return Ok(BitRows::new(0, 1));
        }
        // <- λ^G, RO(MACs)
        let opened = self.dealer.learn(&mut self.channel, &[&bits.masks]).await?;
        Ok(sum(&opened, &bits.masked))
    }
}

fn sum(bits: &BitRows, others: &BitRows) -> BitRows {
    let mut sum = bits.part(0, bits.len(), 1);
    sum.xor_words(others.words());
    sum
}
