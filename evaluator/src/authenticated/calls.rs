use halfgate_channel::{Kind, Length};
use halfgate_circuits::BitRows;
use halfgate_compiler::{Program, Progress, ROWS_PER_MESSAGE};
use halfgate_crypto::ActiveLabels;
use halfgate_triples::{MaskWalk, MaskedBits, Portion, TripleError, Wires, send_bits};

use crate::EvaluatorError;
use crate::authenticated::AuthenticatedEvaluator;
use crate::authenticated::kernel::{
    AndRows, AuthenticatedEvaluating, EvaluatedAnds, MaskedLabels, ROW_BYTES,
};

/// What a portion is evaluated in, and the next one after it.
#[derive(Default)]
pub(super) struct Work {
    /// G0 ‖ G1 of each AND, as they came.
    rows: Vec<[u8; ROW_BYTES]>,
    evaluated: EvaluatedAnds,
}

impl AuthenticatedEvaluator {
    /// Receives a call's rows, evaluates them, and tells the garbler what Λ it came to, with proof.
    ///
    /// # Errors
    /// If the channel or a check fails, or the session has no gate ids left.
    ///
    /// # Panics
    /// If the wires do not fit the program; the caller has checked groups and lanes.
    pub async fn call(
        &mut self,
        program: &Program,
        inputs: &[&Wires<ActiveLabels>],
        lanes: usize,
    ) -> Result<Vec<Wires<ActiveLabels>>, EvaluatorError> {
        self.claim()?;
        let first_id = self.take_ids(program, lanes)?;
        let masks: Vec<_> = inputs.iter().map(|wires| &wires.bits.masks).collect();
        let labels: Vec<_> = inputs
            .iter()
            .map(|wires| MaskedLabels { labels: &wires.labels, masked: &wires.bits.masked })
            .collect();
        let mut walk = MaskWalk::new(program, self.backend, &masks, lanes);
        let mut evaluating = AuthenticatedEvaluating::new(program, &labels, lanes, first_id);
        let mut left = program.and_count() * lanes;
        let mut prepared = None;
        loop {
            let expected = left.max(self.expected);
            let (portion, progress) =
                self.dealer.next_portion(&mut self.channel, &mut walk, expected).await?;
            left -= portion.len();
            self.expected = self.expected.saturating_sub(portion.len());
            // While a portion is evaluated, the garbler works on the next one.
            if let Some(portion) = prepared.replace(portion) {
                self.evaluate(&mut evaluating, portion).await?;
            }
            if progress == Progress::Done {
                break;
            }
        }
        if let Some(portion) = prepared {
            self.evaluate(&mut evaluating, portion).await?;
        }
        self.succeed();
        let parts = evaluating.finish().into_iter().zip(walk.finish());
        Ok(parts
            .map(|((labels, masked), masks)| Wires { labels, bits: MaskedBits { masks, masked } })
            .collect())
    }

    /// Evaluates a portion, which is done then, and tells what Λ it came to.
    async fn evaluate(
        &mut self,
        evaluating: &mut AuthenticatedEvaluating<'_>,
        portion: Portion,
    ) -> Result<(), EvaluatorError> {
        let Work { mut rows, mut evaluated } = std::mem::take(&mut self.spare);
        let bits = self.receive_rows(portion.len(), &mut rows).await?;
        let garbled = AndRows { rows: &rows, bits: &bits };
        evaluating.advance(self.start_points(), portion.masks(), garbled, &mut evaluated);
        self.checks.add(&evaluated.expected);
        self.tell_masked(&evaluated).await?;
        self.spare = Work { rows, evaluated };
        self.dealer.recycle(portion);
        Ok(())
    }

    /// Puts so many rows in place of others, and returns their bits.
    async fn receive_rows(
        &mut self,
        count: usize,
        rows: &mut Vec<[u8; ROW_BYTES]>,
    ) -> Result<BitRows, EvaluatorError> {
        self.channel.begin_phase("rows");
        rows.clear();
        rows.reserve(count);
        let mut bits = BitRows::new(count, 1);
        while rows.len() < count {
            let (first, due) = (rows.len(), (count - rows.len()).min(ROWS_PER_MESSAGE));
            let length = Length::Exactly(due * ROW_BYTES + due.div_ceil(8));
            // <- (G0, G1) …, b …
            let message = self.channel.receive(Kind::Rows, length).await?;
            let (row_bytes, bit_bytes) = message.split_at(due * ROW_BYTES);
            rows.extend_from_slice(row_bytes.as_chunks().0);
            let received = BitRows::from_bytes(due, 1, bit_bytes).ok_or(TripleError::Cheating)?;
            for from in (0..due).step_by(64) {
                let width = (due - from).min(64);
                bits.put_word(first + from, received.word(from, width), width);
            }
            self.channel.recycle(message);
        }
        Ok(bits)
    }

    async fn tell_masked(&mut self, evaluated: &EvaluatedAnds) -> Result<(), EvaluatorError> {
        if evaluated.labels.is_empty() {
            return Ok(());
        }
        self.channel.begin_phase("masked values");
        // -> Λ
        send_bits(&mut self.channel, Kind::MaskedValues, &evaluated.masked).await?;
        let digest = self.checks.label_digest(&evaluated.labels);
        // -> RO(labels)
        self.channel.send(Kind::LabelDigest, digest.to_vec()).await?;
        Ok(())
    }
}
