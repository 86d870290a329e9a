use halfgate_crypto::{Block, Delta, Entropy};
use subtle::Choice;
use zeroize::Zeroizing;

use crate::base::{BaseDomain, BaseReceiver, BaseSender, POINT_LENGTH};
use crate::{OtError, constant_time};

/// Bytes of a block on the wire.
const BLOCK: usize = 16;
/// Bytes that the garbler sends per OT: both labels under their keys.
pub(super) const LABELS_LENGTH: usize = 2 * BLOCK;

/// The garbler's state of direct OTs: it samples the labels. See [`LabelReceiver`].
pub struct LabelSender(BaseSender);

impl LabelSender {
    /// Starts with the first OT of a domain.
    pub fn new(domain: BaseDomain, entropy: &mut Entropy) -> Self {
        LabelSender(BaseSender::new(domain, entropy))
    }

    /// Y, which the evaluator needs once.
    pub fn announcement(&self) -> [u8; POINT_LENGTH] {
        self.0.announcement()
    }

    /// Answers the points of the next OTs: appends their fresh zero labels to `zero_labels` and both labels of each,
    /// under their keys, to `message`.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the points are not whole pairs, or one is not canonically encoded or is the identity. The
    /// state must be dropped then.
    pub fn answer(
        &mut self,
        points: &[u8],
        delta: &Delta,
        zero_labels: &mut Vec<Block>,
        message: &mut Vec<u8>,
        entropy: &mut Entropy,
    ) -> Result<(), OtError> {
        for &[zero_key, one_key] in self.0.keys(points)?.as_slice() {
            let zero = entropy.block();
            message.extend((zero_key ^ zero).to_bytes());
            message.extend((one_key ^ zero ^ delta.block()).to_bytes());
            zero_labels.push(zero);
        }
        Ok(())
    }
}

/// The evaluator's state of direct OTs: of each it gets the label of its bit.
///
/// ```
/// use halfgate_crypto::{Delta, Entropy, SessionId};
/// use halfgate_ot::{BaseDomain, BaseUse, LabelReceiver, LabelSender};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut entropy = Entropy::from_os()?;
/// let delta = Delta::random(&mut entropy);
/// let domain = BaseDomain::new(&SessionId::new([7; 32]), BaseUse::EvaluatorInputs, 0);
/// let mut sender = LabelSender::new(domain, &mut entropy);
/// let mut receiver = LabelReceiver::new(domain, 2);
///
/// let points = receiver.points([1.into(), 0.into()], &mut entropy); // evaluator → garbler
/// receiver.prepare(&sender.announcement())?; // garbler → evaluator
/// let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
/// sender.answer(&points, &delta, &mut zero_labels, &mut message, &mut entropy)?;
/// let labels = receiver.labels(&message)?; // garbler → evaluator
/// assert!(labels[0] == zero_labels[0] ^ delta.block());
/// assert!(labels[1] == zero_labels[1]);
/// # Ok(())
/// # }
/// ```
pub struct LabelReceiver {
    base: BaseReceiver,
    /// The bits whose labels have not come yet.
    choices: Zeroizing<Vec<u8>>,
    /// The keys of the first of those.
    keys: Zeroizing<Vec<Block>>,
}

impl LabelReceiver {
    /// Starts with the first of at most `count` OTs of a domain.
    pub fn new(domain: BaseDomain, count: usize) -> Self {
        // All at once: growing would leave secrets behind in freed memory.
        let (choices, keys) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let base = BaseReceiver::new(domain, count);
        LabelReceiver { base, choices: Zeroizing::new(choices), keys: Zeroizing::new(keys) }
    }

    /// The message for the next OTs, 64 bytes each.
    ///
    /// # Panics
    /// If these are more OTs than there may be.
    pub fn points(&mut self, choices: impl IntoIterator<Item = Choice>, entropy: &mut Entropy) -> Vec<u8> {
        let kept = &mut self.choices;
        self.base.points(choices.into_iter().inspect(|choice| kept.push(choice.unwrap_u8())), entropy)
    }

    /// How many labels are still to come.
    pub fn pending(&self) -> usize {
        self.choices.len()
    }

    /// Makes the keys of all OTs whose points were made, from the garbler's Y. The longest work of this party: best done
    /// while the garbler works too.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if Y is no canonical encoding of a point other than the identity. The state must be dropped
    /// then.
    pub fn prepare(&mut self, announcement: &[u8; POINT_LENGTH]) -> Result<(), OtError> {
        self.keys.extend_from_slice(self.base.keys(announcement)?.as_slice());
        Ok(())
    }

    /// The labels of the bits that are pending, in order, from the garbler's message.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the message has another length than 32 bytes for each.
    ///
    /// # Panics
    /// If not all keys were [prepared](LabelReceiver::prepare).
    pub fn labels(&mut self, message: &[u8]) -> Result<Zeroizing<Vec<Block>>, OtError> {
        assert_eq!(self.keys.len(), self.choices.len(), "keys before labels");
        if message.len() != self.pending() * LABELS_LENGTH {
            return Err(OtError::Cheating);
        }
        let mut labels = Zeroizing::new(Vec::with_capacity(self.pending()));
        let pairs = message.as_chunks::<LABELS_LENGTH>().0.iter();
        for ((pair, &key), &choice) in pairs.zip(self.keys.iter()).zip(self.choices.iter()) {
            let [zero, one] = [0, 1].map(|slot| Block::from_bytes(pair.as_chunks::<BLOCK>().0[slot]));
            labels.push(key ^ constant_time::select(zero, one, Choice::from(choice)));
        }
        self.choices.clear();
        self.keys.clear();
        Ok(labels)
    }
}
