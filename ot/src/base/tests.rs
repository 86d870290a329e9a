use curve25519_dalek::RistrettoPoint;
use halfgate_crypto::{Block, Entropy, SessionId};
use proptest::prelude::*;
use subtle::Choice;

use super::{BaseDomain, BaseReceiver, BaseSender, BaseUse, PAIR_LENGTH, parse_point};
use crate::OtError;

fn domain() -> BaseDomain {
    BaseDomain::new(&SessionId::new([3; 32]), BaseUse::GarblerCorrelation, 0)
}

fn choices(bits: &[bool]) -> impl Iterator<Item = Choice> {
    bits.iter().map(|&bit| Choice::from(u8::from(bit)))
}

/// Keys of both sides when they believe to be in these domains and the points pass through `tamper`.
fn run(
    receiver: BaseDomain,
    sender: BaseDomain,
    bits: &[bool],
    tamper: impl FnOnce(&mut Vec<u8>),
) -> Result<(Vec<Block>, Vec<[Block; 2]>), OtError> {
    let mut entropy = Entropy::fixed(5);
    let mut receiver = BaseReceiver::new(receiver, bits.len());
    let mut sender = BaseSender::new(sender, &mut entropy);
    let mut points = receiver.points(choices(bits), &mut entropy);
    tamper(&mut points);
    let pairs = sender.keys(&points)?;
    let chosen = receiver.keys(&sender.announcement())?;
    Ok((chosen.as_slice().to_vec(), pairs.as_slice().to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_receiver_has_the_key_of_its_choice_and_not_the_other(bits in prop::collection::vec(any::<bool>(), 0..12)) {
        let (chosen, pairs) = run(domain(), domain(), &bits, |_| ()).unwrap();
        prop_assert_eq!(chosen.len(), bits.len());
        for ((chosen, pair), &bit) in chosen.iter().zip(&pairs).zip(&bits) {
            prop_assert!(*chosen == pair[usize::from(bit)]);
            prop_assert!(*chosen != pair[usize::from(!bit)]);
        }
    }
}

#[test]
fn points_may_come_in_several_messages() {
    let mut entropy = Entropy::fixed(6);
    let mut receiver = BaseReceiver::new(domain(), 3);
    let mut sender = BaseSender::new(domain(), &mut entropy);
    let mut pairs = Vec::new();
    for bits in [&[true, false][..], &[], &[true]] {
        let points = receiver.points(choices(bits), &mut entropy);
        pairs.extend_from_slice(sender.keys(&points).unwrap().as_slice());
    }
    let chosen = receiver.keys(&sender.announcement()).unwrap();
    assert!(chosen.as_slice() == [pairs[0][1], pairs[1][0], pairs[2][1]]);
}

#[test]
fn a_message_from_another_domain_yields_unknown_keys() {
    let sid = SessionId::new([3; 32]);
    let elsewhere = [
        BaseDomain::new(&SessionId::new([4; 32]), BaseUse::GarblerCorrelation, 0),
        BaseDomain::new(&sid, BaseUse::EvaluatorCorrelation, 0),
        BaseDomain::new(&sid, BaseUse::EvaluatorInputs, 0),
        BaseDomain::new(&sid, BaseUse::GarblerCorrelation, 1),
    ];
    for other in elsewhere {
        let (chosen, pairs) = run(other, domain(), &[false, true], |_| ()).unwrap();
        assert!(chosen.iter().all(|key| !pairs.as_flattened().contains(key)));
    }
}

#[test]
fn points_at_another_index_yield_unknown_keys() {
    let (chosen, pairs) = run(domain(), domain(), &[false, true], |points| {
        let (first, second) = points.split_at_mut(PAIR_LENGTH);
        first.swap_with_slice(second);
    })
    .unwrap();
    assert!(chosen.iter().all(|key| !pairs.as_flattened().contains(key)));
}

#[test]
fn every_flipped_bit_of_a_point_is_refused_or_yields_unknown_keys() {
    let (mut refused, mut unknown) = (0, 0);
    for bit in 0..8 * PAIR_LENGTH {
        match run(domain(), domain(), &[true], |points| points[bit / 8] ^= 1 << (bit % 8)) {
            Err(error) => {
                assert!(matches!(error, OtError::Cheating));
                refused += 1;
            }
            Ok((chosen, pairs)) => {
                assert!(!pairs[0].contains(&chosen[0]));
                unknown += 1;
            }
        }
    }
    assert!(refused > 0 && unknown > 0, "{refused} refused, {unknown} unknown");
}

#[test]
fn identity_and_other_spellings_are_refused() {
    assert!(parse_point(&[0; 32]).is_err(), "the identity");
    let base = RistrettoPoint::mul_base(&1u64.into()).compress().to_bytes();
    assert!(parse_point(&base).is_ok());

    let mut high_bit = base;
    high_bit[31] |= 0x80;
    assert!(parse_point(&high_bit).is_err(), "the unused bit");
    // 2^255 - 19, which a lax decoder takes for zero, and p + 1.
    for low in [0xed, 0xee] {
        let mut not_reduced = [0xff; 32];
        (not_reduced[0], not_reduced[31]) = (low, 0x7f);
        assert!(parse_point(&not_reduced).is_err());
    }
    let mut negative = [0; 32];
    negative[0] = 1;
    assert!(parse_point(&negative).is_err(), "an odd field element");

    let refused = |points: Vec<u8>| {
        let mut sender = BaseSender::new(domain(), &mut Entropy::fixed(1));
        assert!(matches!(sender.keys(&points), Err(OtError::Cheating)));
    };
    refused([[0; 32], base].concat());
    refused([base, [0; 32]].concat());
    refused(vec![0; PAIR_LENGTH - 1]);
    refused(vec![0; PAIR_LENGTH + 1]);
    let mut receiver = BaseReceiver::new(domain(), 0);
    assert!(matches!(receiver.keys(&[0; 32]), Err(OtError::Cheating)));
}

#[test]
fn points_look_the_same_for_both_choices() {
    // With the entropy fixed the random point is the same, and the slot it stands in is the complement of the choice.
    let [zero, one] = [false, true]
        .map(|bit| BaseReceiver::new(domain(), 1).points(choices(&[bit]), &mut Entropy::fixed(2)));
    assert_eq!(zero[32..], one[..32]);
    assert_ne!(zero[..32], one[32..]);
}
