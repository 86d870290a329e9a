use curve25519_dalek::{RistrettoPoint, Scalar};
use halfgate_crypto::{Block, Delta, Entropy, Oracle, SessionId};
use proptest::prelude::*;
use subtle::Choice;

use super::{LabelReceiver, LabelSender};
use crate::{BaseDomain, BaseUse, OtError};

fn sid() -> SessionId {
    SessionId::new([5; 32])
}

fn domain() -> BaseDomain {
    BaseDomain::new(&sid(), BaseUse::EvaluatorInputs, 0)
}

fn choices(bits: &[bool]) -> impl Iterator<Item = Choice> {
    bits.iter().map(|&bit| Choice::from(u8::from(bit)))
}

/// What both sides hold after a transfer.
struct Outcome {
    delta: Delta,
    zero_labels: Vec<Block>,
    labels: Vec<Block>,
}

impl Outcome {
    fn is(&self, index: usize, bit: bool) -> bool {
        self.labels[index] == self.zero_labels[index] ^ self.delta.block().and_bit(bit)
    }

    fn is_neither(&self, index: usize) -> bool {
        !self.is(index, false) && !self.is(index, true)
    }
}

/// One transfer in memory. The evaluator believes to be in `theirs`; `tamper` changes the points and says what is added to
/// the answer.
fn run(
    theirs: BaseDomain,
    bits: &[bool],
    tamper: impl FnOnce(&mut Vec<u8>, &mut Vec<u8>),
) -> Result<Outcome, OtError> {
    let mut entropy = Entropy::fixed(8);
    let delta = Delta::random(&mut entropy);
    let mut sender = LabelSender::new(domain(), &mut entropy);
    let mut receiver = LabelReceiver::new(theirs, bits.len());
    let mut points = receiver.points(choices(bits), &mut entropy);
    let (mut zero_labels, mut message, mut spoil_message) = (Vec::new(), Vec::new(), Vec::new());
    tamper(&mut points, &mut spoil_message);
    sender.answer(&points, &delta, &mut zero_labels, &mut message, &mut entropy)?;
    message.iter_mut().zip(&spoil_message).for_each(|(byte, spoil)| *byte ^= spoil);
    receiver.prepare(&sender.announcement())?;
    let labels = receiver.labels(&message)?.to_vec();
    Ok(Outcome { delta, zero_labels, labels })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn each_bit_gets_its_label(bits in prop::collection::vec(any::<bool>(), 0..12)) {
        let outcome = run(domain(), &bits, |_, _| ()).unwrap();
        prop_assert_eq!(outcome.labels.len(), bits.len());
        prop_assert_eq!(outcome.zero_labels.len(), bits.len());
        for (index, &bit) in bits.iter().enumerate() {
            prop_assert!(outcome.is(index, bit) && !outcome.is(index, !bit));
        }
    }
}

/// The receiver written out from the equations of `base.md` and `direct.md`, with logarithms of our choice.
#[test]
fn the_garbler_answers_a_receiver_made_from_the_equations() {
    let oracle = |tag: &str, index: u64, slot: u64| {
        Oracle::new(tag, &sid()).number(3).number(0).number(index).number(slot)
    };
    let mut entropy = Entropy::fixed(12);
    let delta = Delta::random(&mut entropy);
    let mut sender = LabelSender::new(domain(), &mut entropy);
    let y = sender.announcement();
    let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
    for index in 0..4u64 {
        let choice = (index % 2) as usize;
        let (x, other) = (Scalar::from(1000 + index), RistrettoPoint::mul_base(&Scalar::from(77 + index)));
        let other = other.compress().to_bytes();
        let mut hash = [0; 64];
        oracle("ot base point", index, choice as u64).field(&other).fill(&mut hash);
        let own = (RistrettoPoint::mul_base(&x) - RistrettoPoint::from_uniform_bytes(&hash)).compress();
        let mut pair = [other; 2];
        pair[choice] = own.to_bytes();
        message.clear();
        sender.answer(&pair.concat(), &delta, &mut zero_labels, &mut message, &mut entropy).unwrap();

        let secret = curve25519_dalek::ristretto::CompressedRistretto(y).decompress().unwrap() * x;
        let query = oracle("ot base key", index, choice as u64).field(&pair.concat()).field(&y);
        let key = query.field(secret.compress().as_bytes()).block();
        let cipher = Block::from_bytes(message[16 * choice..][..16].try_into().unwrap());
        assert!(key ^ cipher == zero_labels[index as usize] ^ delta.block().and_bit(choice == 1));
        let both = Block::from_bytes(message[16 * (1 - choice)..][..16].try_into().unwrap());
        assert!(key ^ both != zero_labels[index as usize] ^ delta.block().and_bit(choice == 0));
    }
}

#[test]
fn the_bytes_on_the_wire_are_pinned() {
    let mut entropy = Entropy::fixed(31);
    let delta = Delta::random(&mut entropy);
    let mut sender = LabelSender::new(domain(), &mut entropy);
    let points = LabelReceiver::new(domain(), 3).points(choices(&[true, false, true]), &mut entropy);
    let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
    sender.answer(&points, &delta, &mut zero_labels, &mut message, &mut entropy).unwrap();
    assert_eq!((points.len(), message.len()), (3 * 64, 3 * 32));
    let digest =
        Oracle::unbound("test").field(&sender.announcement()).field(&points).field(&message).digest();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "979f101f38b95a45b13472145dde8f36277580510dc5b7040f9231af73242fbe");
}

#[test]
fn labels_are_fresh_even_where_keys_repeat() {
    // Two garblers with the same y meet the same points, hence have the same keys.
    let points = LabelReceiver::new(domain(), 1).points(choices(&[true]), &mut Entropy::fixed(1));
    let delta = Delta::random(&mut Entropy::fixed(2));
    let labels = [3, 4].map(|seed| {
        let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
        let mut sender = LabelSender::new(domain(), &mut Entropy::fixed(9));
        sender.answer(&points, &delta, &mut zero_labels, &mut message, &mut Entropy::fixed(seed)).unwrap();
        zero_labels[0]
    });
    assert!(labels[0] != labels[1]);
}

#[test]
fn a_receiver_of_another_domain_gets_no_label() {
    let elsewhere = [
        BaseDomain::new(&SessionId::new([6; 32]), BaseUse::EvaluatorInputs, 0),
        BaseDomain::new(&sid(), BaseUse::GarblerCorrelation, 0),
        BaseDomain::new(&sid(), BaseUse::EvaluatorInputs, 1),
    ];
    for other in elsewhere {
        let outcome = run(other, &[false, true], |_, _| ()).unwrap();
        assert!(outcome.is_neither(0) && outcome.is_neither(1));
    }
}

#[test]
fn flipped_bits_of_points_are_refused_or_give_no_label() {
    let (mut refused, mut unknown) = (0, 0);
    for bit in (0..8 * 64).step_by(5) {
        match run(domain(), &[true], |points, _| points[bit / 8] ^= 1 << (bit % 8)) {
            Err(error) => {
                assert!(matches!(error, OtError::Cheating));
                refused += 1;
            }
            Ok(outcome) => {
                assert!(outcome.is_neither(0));
                unknown += 1;
            }
        }
    }
    assert!(refused > 0 && unknown > 0, "{refused} refused, {unknown} unknown");
}

#[test]
fn both_points_alike_or_of_known_logarithm_open_at_most_one_label() {
    // A cheater that knows the logarithms of both points knows those of neither m, for the hash enters both.
    let mut entropy = Entropy::fixed(4);
    let delta = Delta::random(&mut entropy);
    for [a, b] in [[5u64, 9], [5, 5]] {
        let mut sender = LabelSender::new(domain(), &mut entropy);
        let pair = [a, b].map(|x| RistrettoPoint::mul_base(&Scalar::from(x)).compress().to_bytes());
        let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
        sender.answer(&pair.concat(), &delta, &mut zero_labels, &mut message, &mut entropy).unwrap();
        let ciphers = [0, 1].map(|slot| Block::from_bytes(message[16 * slot..][..16].try_into().unwrap()));
        assert!(ciphers[0] ^ ciphers[1] != delta.block(), "equal points must not have equal keys");
        let y = curve25519_dalek::ristretto::CompressedRistretto(sender.announcement()).decompress().unwrap();
        for (slot, x) in [(0, a), (1, b)] {
            let secret = (y * Scalar::from(x)).compress();
            let query = Oracle::new("ot base key", &sid()).number(3).number(0).number(0).number(slot as u64);
            let key =
                query.field(&pair.concat()).field(&sender.announcement()).field(secret.as_bytes()).block();
            let opened = key ^ ciphers[slot];
            assert!(opened != zero_labels[0] && opened != zero_labels[0] ^ delta.block());
        }
    }
}

#[test]
fn a_spoilt_ciphertext_spoils_its_label_alone() {
    for bit in (0..8 * 64).step_by(7) {
        let outcome = run(domain(), &[false, true], |_, spoil| {
            spoil.resize(64, 0);
            spoil[bit / 8] = 1 << (bit % 8);
        })
        .unwrap();
        // Ciphertexts: (0, zero), (0, one), (1, zero), (1, one).
        assert_eq!(outcome.is(0, false), bit / 128 != 0, "bit {bit}");
        assert_eq!(outcome.is(1, true), bit / 128 != 3, "bit {bit}");
    }
}

#[test]
fn malformed_messages_are_the_peers_fault() {
    let good = RistrettoPoint::mul_base(&Scalar::from(3u64)).compress().to_bytes();
    let mut entropy = Entropy::fixed(4);
    let delta = Delta::random(&mut entropy);
    let bad_points =
        [vec![0; 63], vec![0; 64], [good, [0; 32]].concat(), [[0; 32], good].concat(), vec![255; 64]];
    for points in bad_points {
        let mut sender = LabelSender::new(domain(), &mut entropy);
        let (mut zero_labels, mut message) = (Vec::new(), Vec::new());
        let answer = sender.answer(&points, &delta, &mut zero_labels, &mut message, &mut entropy);
        assert!(matches!(answer, Err(OtError::Cheating)));
        assert!(zero_labels.is_empty() && message.is_empty(), "nothing is made from bad points");
    }
    let mut receiver = LabelReceiver::new(domain(), 1);
    receiver.points(choices(&[true]), &mut entropy);
    assert!(matches!(receiver.prepare(&[0; 32]), Err(OtError::Cheating)));
    receiver.prepare(&good).unwrap();
    for length in [0, 31, 33, 64] {
        assert!(matches!(receiver.labels(&vec![0; length]), Err(OtError::Cheating)));
    }
}
