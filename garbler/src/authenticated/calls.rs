use halfgate_channel::{Kind, Length};
use halfgate_circuits::BitRows;
use halfgate_compiler::{Program, Progress, ROWS_PER_MESSAGE};
use halfgate_crypto::ZeroLabels;
use halfgate_triples::{DIGEST_BYTES, MaskWalk, MaskedBits, Portion, Wires, receive_bits};

use crate::GarblerError;
use crate::authenticated::kernel::{AuthenticatedGarbling, GarbledAnds};
use crate::authenticated::{AuthenticatedGarbler, MaskedWalk};

impl AuthenticatedGarbler {
    /// Garbles a call, sends its rows, and hears what Λ the evaluator came to, with proof.
    ///
    /// # Errors
    /// If the channel or a check fails, or the session has no gate ids left.
    ///
    /// # Panics
    /// If the wires do not fit the program; the caller has checked groups and lanes.
    pub async fn call(
        &mut self,
        program: &Program,
        inputs: &[&Wires<ZeroLabels>],
        lanes: usize,
    ) -> Result<Vec<Wires<ZeroLabels>>, GarblerError> {
        self.claim()?;
        let first_id = self.take_ids(program, lanes)?;
        let masks: Vec<_> = inputs.iter().map(|wires| &wires.bits.masks).collect();
        let masked: Vec<_> = inputs.iter().map(|wires| &wires.bits.masked).collect();
        let labels: Vec<_> = inputs.iter().map(|wires| &wires.labels).collect();
        let mut walk = MaskWalk::new(program, self.backend, &masks, lanes);
        let mut masked_walk = MaskedWalk::new(program, &masked, lanes);
        // The kernel borrows Δ from the dealer, which deals on meanwhile, so it is kept as what it has come to.
        let mut garbling = AuthenticatedGarbling::new(program, &labels, lanes, first_id);
        let mut left = program.and_count() * lanes;
        let mut before: Option<(Portion, GarbledAnds)> = None;
        loop {
            let expected = left.max(self.expected);
            let (portion, progress) =
                self.dealer.next_portion(&mut self.channel, &mut walk, expected).await?;
            left -= portion.len();
            self.expected = self.expected.saturating_sub(portion.len());
            if let Some((_, garbled)) = &before {
                self.send_rows(garbled).await?;
            }
            // While the evaluator works on the portion before.
            let mut garbled = self.spare.take();
            garbling.advance(self.source(), portion.masks(), &mut garbled);
            if let Some((portion, garbled)) = before.replace((portion, garbled)) {
                self.hear(&mut masked_walk, portion, garbled).await?;
            }
            if progress == Progress::Done {
                break;
            }
        }
        if let Some((portion, garbled)) = before {
            self.send_rows(&garbled).await?;
            self.hear(&mut masked_walk, portion, garbled).await?;
        }
        self.succeed();
        let parts = garbling.finish().into_iter().zip(walk.finish()).zip(masked_walk.finish());
        Ok(parts
            .map(|((labels, masks), masked)| Wires { labels, bits: MaskedBits { masks, masked } })
            .collect())
    }

    async fn send_rows(&mut self, garbled: &GarbledAnds) -> Result<(), GarblerError> {
        self.channel.begin_phase("rows");
        for (first, rows) in (0..).step_by(ROWS_PER_MESSAGE).zip(garbled.rows.chunks(ROWS_PER_MESSAGE)) {
            let mut message = self.channel.take_buffer();
            message.extend_from_slice(rows.as_flattened());
            message.extend(garbled.bits.part(first, rows.len(), 1).to_bytes());
            // -> (G0, G1) …, b …
            self.channel.send(Kind::Rows, message).await?;
        }
        Ok(())
    }

    /// Hears what Λ the evaluator came to in a portion, which is done then.
    async fn hear(
        &mut self,
        masked_walk: &mut MaskedWalk<'_>,
        portion: Portion,
        garbled: GarbledAnds,
    ) -> Result<(), GarblerError> {
        let masked = self.hear_masked(&garbled).await?;
        masked_walk.advance(portion.masks(), &masked, &mut self.spare.macs);
        self.checks.add(&self.spare.macs);
        self.spare.garbled.push(garbled);
        self.dealer.recycle(portion);
        Ok(())
    }

    /// Λ of a portion's ANDs, which are those of the evaluator's labels.
    async fn hear_masked(&mut self, garbled: &GarbledAnds) -> Result<BitRows, GarblerError> {
        let count = garbled.zeros.len();
        if count == 0 {
            return Ok(BitRows::new(0, 1));
        }
        self.channel.begin_phase("masked values");
        // <- Λ
        let masked = receive_bits(&mut self.channel, Kind::MaskedValues, count).await?;
        // <- RO(labels)
        let digest = self.channel.receive(Kind::LabelDigest, Length::Exactly(DIGEST_BYTES)).await?;
        self.checks.verify_labels(&garbled.zeros, &masked, self.dealer.delta(), &digest)?;
        Ok(masked)
    }
}
