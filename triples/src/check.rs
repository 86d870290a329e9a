//! What binds the evaluator to Λ, and the garbler to its rows.

use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, BlockQuery, Delta, Oracle, SessionId};
use subtle::ConstantTimeEq;

use crate::TripleError;
use crate::opening::{Blocks, shifted};

/// Bytes of a digest of labels, and of an answer.
pub const DIGEST_BYTES: usize = 32;

/// The checks of the ANDs of a session, on either side: both sides feed the same and compare digests.
///
/// Of each AND, with t = Λ_a∧Λ_b ⊕ Λ_c ⊕ Λ_a·λ_b ⊕ Λ_b·λ_a ⊕ λ_a∧λ_b ⊕ λ_c, which is zero unless the garbler sent wrong rows, the garbler
/// hashes its MAC on the shared part of t and the evaluator what that MAC has to be for t to be zero.
pub struct AndChecks {
    sid: SessionId,
    /// Portions so far, and answers so far.
    portions: u64,
    answers: u64,
    unanswered: BlockQuery,
}

impl AndChecks {
    /// Those of a new session.
    pub fn new(sid: SessionId) -> Self {
        AndChecks { sid, portions: 0, answers: 0, unanswered: query(&sid, 0) }
    }

    /// The digest of the evaluator's labels of the next portion's ANDs, in order. It comes with Λ: whoever claims another Λ
    /// than that of its label has to know a label Δ away (D14).
    pub fn label_digest(&mut self, labels: &[Block]) -> [u8; DIGEST_BYTES] {
        let mut query = self.next_query();
        query.add(labels);
        query.digest()
    }

    /// Compares the evaluator's digest of the next portion's labels with that of the labels that go with its Λ, given the
    /// zero labels and the garbler's Δ.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if it is another.
    ///
    /// # Panics
    /// If there are fewer Λ than labels.
    pub fn verify_labels(
        &mut self,
        zeros: &[Block],
        masked: &BitRows,
        delta: &Delta,
        digest: &[u8],
    ) -> Result<(), TripleError> {
        assert!(masked.len() >= zeros.len(), "Λ for each label");
        let labels = shifted(zeros, masked, delta);
        equal(Blocks::of(self.next_query()).add(zeros.len(), labels).digest(), digest)
    }

    fn next_query(&mut self) -> BlockQuery {
        let oracle = Oracle::new("active labels of ANDs", &self.sid).number(self.portions);
        self.portions += 1;
        oracle.blocks()
    }

    /// Adds the MACs of ANDs.
    pub fn add(&mut self, macs: &[Block]) {
        self.unanswered.add(macs);
    }

    /// The garbler's answer on all ANDs since the one before, before it opens what `context` names. It may be given only when
    /// the evaluator's labels of all of them have been verified.
    pub fn answer(&mut self, context: &[u8]) -> [u8; DIGEST_BYTES] {
        let number = self.answers;
        self.answers += 1;
        let macs = std::mem::replace(&mut self.unanswered, query(&self.sid, self.answers)).digest();
        Oracle::new("answers on ANDs", &self.sid).number(number).field(&macs).field(context).digest()
    }

    /// Compares the garbler's answer.
    ///
    /// # Errors
    /// [`TripleError::Cheating`] if it is another.
    pub fn verify_answer(&mut self, context: &[u8], answer: &[u8]) -> Result<(), TripleError> {
        equal(self.answer(context), answer)
    }
}

fn query(sid: &SessionId, number: u64) -> BlockQuery {
    Oracle::new("checks of ANDs", sid).number(number).blocks()
}

fn equal(expected: [u8; DIGEST_BYTES], got: &[u8]) -> Result<(), TripleError> {
    if bool::from(expected.as_slice().ct_eq(got)) { Ok(()) } else { Err(TripleError::Cheating) }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::Entropy;

    use super::*;
    use crate::{AndMasks, Auth};

    const CONTEXT: &[u8] = b"a test";

    /// Two ANDs as both parties have them when the rows are evaluated: c of the inputs a and b, and d of c and the garbler's
    /// input x. All rows are right.
    struct Model {
        deltas: [Delta; 2],
        /// x and λ_x: what the evaluator is after.
        x: bool,
        mask_of_x: [Auth; 2],
        /// Λ of a, b and x, and what is true of the ANDs.
        inputs: [bool; 3],
        honest: [bool; 2],
        /// Both parties' masks at each AND, the garbler's first.
        ands: [[AndMasks; 2]; 2],
        /// The garbler's labels of the ANDs for Λ = 0.
        zeros: [Block; 2],
    }

    /// An authenticated bit as both parties hold it (`authenticated.md`, equation 2).
    fn authenticated(bit: bool, deltas: &[Delta; 2], entropy: &mut Entropy) -> [Auth; 2] {
        let keys = [entropy.block(), entropy.block()];
        [0, 1].map(|party: usize| {
            let mac = keys[1 - party] ^ deltas[1 - party].block().and_bit(bit);
            Auth { mac, key: keys[party] }
        })
    }

    fn masks([left, right, out]: [[Auth; 2]; 3]) -> [AndMasks; 2] {
        [0, 1].map(|party: usize| AndMasks { left: left[party], right: right[party], out: out[party] })
    }

    impl Model {
        /// Random inputs, masks and labels.
        fn new(seed: u64) -> Self {
            let entropy = &mut Entropy::fixed(seed);
            let deltas = [true, false].map(|bit| Delta::with_second_bit(entropy, bit));
            let values: [bool; 3] = [0; 3].map(|_| entropy.block().second_bit());
            let lambdas: [bool; 5] = [0; 5].map(|_| entropy.block().second_bit());
            let [a, b, x] = values;
            let (c, d) = (a & b, a & b & x);
            let [of_a, of_b, of_x, of_c, of_d] = lambdas;
            let mut bit = |bit| authenticated(bit, &deltas, entropy);
            let [left, right, mask_of_x, mask_of_c] = [of_a, of_b, of_x, of_c].map(&mut bit);
            let first = bit(of_a & of_b ^ of_c);
            let second = bit(of_c & of_x ^ of_d);
            Model {
                x,
                mask_of_x,
                inputs: [a ^ of_a, b ^ of_b, x ^ of_x],
                honest: [c ^ of_c, d ^ of_d],
                ands: [masks([left, right, first]), masks([mask_of_c, mask_of_x, second])],
                zeros: [entropy.block(), entropy.block()],
                deltas,
            }
        }

        /// Λ of the operands of both ANDs, if Λ of c is this.
        fn operands(&self, c: bool) -> [[bool; 2]; 2] {
            let [a, b, x] = self.inputs;
            [[a, b], [c, x]]
        }

        /// The garbler's labels for these Λ of the ANDs. If they are the right ones, the evaluator has them.
        fn labels(&self, masked: [bool; 2]) -> [Block; 2] {
            [0, 1].map(|and: usize| self.zeros[and] ^ self.deltas[0].block().and_bit(masked[and]))
        }

        /// The garbler's answer to what the evaluator claims; without a digest it takes the claim for granted.
        fn answer(
            &self,
            claimed: [bool; 2],
            digest: Option<[u8; DIGEST_BYTES]>,
        ) -> Result<[u8; DIGEST_BYTES], TripleError> {
            let mut checks = AndChecks::new(sid());
            if let Some(digest) = digest {
                let masked = BitRows::from_bits(2, 1, claimed);
                checks.verify_labels(&self.zeros, &masked, &self.deltas[0], &digest)?;
            }
            let ands = self.ands.iter().zip(self.operands(claimed[0]));
            let macs = ands.map(|([AndMasks { left, right, out }, _], [a, b])| {
                right.mac.and_bit(a) ^ left.mac.and_bit(b) ^ out.mac
            });
            checks.add(&macs.collect::<Vec<_>>());
            Ok(checks.answer(CONTEXT))
        }

        /// What the garbler's MACs have to be, as the evaluator computes them from its own keys and the Λ that are true.
        fn expected(&self) -> [Block; 2] {
            let operands = self.operands(self.honest[0]);
            [0, 1].map(|and: usize| {
                let ([_, AndMasks { left, right, out }], [a, b]) = (&self.ands[and], operands[and]);
                let sum = right.key.and_bit(a) ^ left.key.and_bit(b) ^ out.key;
                sum ^ self.deltas[1].block().and_bit(a & b ^ self.honest[and])
            })
        }

        /// What an evaluator that has claimed the other Λ of c, and knows everything else, reads off the garbler's answer: it
        /// adds M_G[λ_x] = K̂_E[λ_x] ⊕ λ_x·Δ_E of either λ_x, and takes the one that fits. That gives x = Λ_x ⊕ λ_x.
        fn read(&self, answer: &[u8]) -> Option<bool> {
            let [first, second] = self.expected();
            let fits = |lambda: &bool| {
                let mac = self.mask_of_x[1].key ^ self.deltas[1].block().and_bit(*lambda);
                passes([first, second ^ mac], answer)
            };
            let fitting: Vec<bool> = [false, true].into_iter().filter(fits).collect();
            if let [lambda] = fitting[..] { Some(self.inputs[2] ^ lambda) } else { None }
        }
    }

    fn sid() -> SessionId {
        SessionId::new([6; 32])
    }

    /// Whether the answer is that for these MACs.
    fn passes(macs: [Block; 2], answer: &[u8]) -> bool {
        let mut checks = AndChecks::new(sid());
        checks.add(&macs);
        checks.verify_answer(CONTEXT, answer).is_ok()
    }

    fn digest(labels: [Block; 2]) -> [u8; DIGEST_BYTES] {
        AndChecks::new(sid()).label_digest(&labels)
    }

    #[test]
    fn what_is_true_is_answered_and_accepted() {
        for seed in 0..200 {
            let model = Model::new(seed);
            let digest = digest(model.labels(model.honest));
            let answer = model.answer(model.honest, Some(digest)).expect("an honest evaluator");
            assert!(passes(model.expected(), &answer), "equation 5");
            assert_eq!(model.read(&answer), None, "and tells nothing of x");
        }
    }

    /// D14, on the garbler's side of the protocol without its digests of labels: the answer is an oracle for its input.
    #[test]
    fn without_digests_a_lie_about_a_masked_value_would_tell_the_garblers_input() {
        let mut ones = 0;
        for seed in 0..1000 {
            let model = Model::new(seed);
            let [c, d] = model.honest;
            let answer = model.answer([!c, d], None).expect("nothing is checked");
            assert_eq!(model.read(&answer), Some(model.x), "session {seed}");
            ones += u32::from(model.x);
        }
        assert!((400..600).contains(&ones), "{ones} of 1000: x is not the same in all sessions");
    }

    /// The same lie, with all digests that the evaluator can make of what it knows.
    #[test]
    fn with_digests_the_same_lie_is_not_answered() {
        for seed in 0..1000 {
            let model = Model::new(seed);
            let [c, d] = model.honest;
            let honest @ [label, other] = model.labels(model.honest);
            let own = model.deltas[1].block();
            for labels in [honest, [label ^ own, other], [other, label], [label ^ other, other]] {
                let answer = model.answer([!c, d], Some(digest(labels)));
                assert!(matches!(answer, Err(TripleError::Cheating)), "session {seed}");
            }
            // Who knew the garbler's Δ would be answered, and learn x as above: the digest is what binds.
            let answer = model.answer([!c, d], Some(digest(model.labels([!c, d]))));
            assert_eq!(answer.ok().and_then(|answer| model.read(&answer)), Some(model.x));
        }
    }
}
