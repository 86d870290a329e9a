use super::*;
use crate::softspoken::wire::{BLOCK, SUMS_LENGTH, TAG, TAG_SUMS_LENGTH};

/// What the sender notices when `tamper` changes messages on the line: in the setup, or else in the first batch.
fn outcome(seed: u64, tamper: impl FnMut(Message, &mut Vec<u8>)) -> Result<(), OtError> {
    let mut pair = setup(seed, Backend::detect(), [domain(); 2], tamper)?;
    let made = make(&mut pair.receiver, 128);
    accept(pair.sender, &made.message, 128).map(|_| ())
}

/// Flips a bit of the trees' message and compares with what the sender must notice in the setup.
fn flip_in_trees(bit: usize) {
    let BaseOts { delta, mut sender, receiver, announcement, .. } =
        base_ots(1, [domain(); 2], |_, _| ()).unwrap();
    let (_, mut trees) = receiver.finish(Backend::detect(), &mut Entropy::fixed(1));
    flip(&mut trees, bit);
    sender.hear(announcement.as_slice().try_into().unwrap()).unwrap();
    let result = sender.finish(&trees, Backend::detect());
    // Of the two sums of base OT j, the sender reads number ¬Δ_j.
    let slot = bit / (8 * BLOCK);
    let is_read = slot % 2 != (delta.block().bits() >> (slot / 2 % PLANES) & 1) as usize;
    if bit >= 8 * SUMS_LENGTH || is_read {
        assert_cheating(result, &format!("bit {bit} of the trees"));
    } else {
        assert!(result.is_ok(), "bit {bit} is not read");
    }
}

#[test]
fn sums_are_checked() {
    for slot in (0..2 * PLANES).step_by(7) {
        flip_in_trees(8 * BLOCK * slot + slot % 128);
    }
}

#[test]
fn every_t_is_checked() {
    for tree in 0..TREES {
        flip_in_trees(8 * (SUMS_LENGTH + TAG * tree) + 8 * tree);
    }
}

#[test]
fn d_is_checked() {
    for bit in (0..8 * TAG).step_by(19) {
        flip_in_trees(8 * (SUMS_LENGTH + TAG_SUMS_LENGTH) + bit);
    }
}

#[test]
fn sums_that_are_not_read_are_bound_by_the_transcript() {
    for slot in [0, 1, 100, 101, 254, 255] {
        let tamper = |message, bytes: &mut Vec<u8>| {
            if message == Message::Trees {
                flip(bytes, 8 * BLOCK * slot + 3);
            }
        };
        assert_cheating(outcome(1, tamper), &format!("sum {slot}"));
    }
}

/// A receiver that sends a wrong sum on purpose, and whose own transcript agrees, learns one bit of Δ by surviving or
/// not. If it survives, nothing is broken.
#[test]
fn a_survived_selective_failure_leaves_the_correlation_whole() {
    for slot in [0, 1, 7, 8, 130, 131] {
        let BaseOts { delta, mut sender, receiver, announcement, .. } =
            base_ots(2, [domain(); 2], |_, _| ()).unwrap();
        let (leaves, mut trees) = receiver.trees(Backend::detect(), &mut Entropy::fixed(3));
        flip(&mut trees, 8 * BLOCK * slot);
        let mut receiver = receiver.receiver(Backend::detect(), leaves, &trees);
        let is_read = slot % 2 != (delta.block().bits() >> (slot / 2) & 1) as usize;
        sender.hear(announcement.as_slice().try_into().unwrap()).unwrap();
        let result = sender.finish(&trees, Backend::detect());
        if is_read {
            assert_cheating(result, &format!("sum {slot}"));
            continue;
        }
        let made = make(&mut receiver, 256);
        let (_, keys) = accept(result.unwrap(), &made.message, 256).unwrap();
        assert!(is_correlated(&delta, &keys, &made), "sum {slot}");
    }
}

/// With both sums of a level wrong the sender has a wrong leaf whatever its choice is.
#[test]
fn a_wrong_leaf_is_noticed_whatever_delta_is() {
    for seed in 0..4 {
        for ot in [0, 3, 64, 127] {
            let tamper = |message, bytes: &mut Vec<u8>| {
                if message == Message::Trees {
                    (2 * ot..2 * ot + 2).for_each(|slot| flip(bytes, 8 * BLOCK * slot));
                }
            };
            let result = setup(seed, Backend::detect(), [domain(); 2], tamper);
            assert_cheating(result, &format!("the leaves under base OT {ot}"));
        }
    }
}

#[test]
fn flipped_points_are_noticed() {
    for bit in (0..8 * POINTS_LENGTH).step_by(8 * 64 * 5 + 37) {
        for number in [0, POINT_MESSAGES - 1] {
            let tamper = |message, bytes: &mut Vec<u8>| {
                if message == Message::Points(number) {
                    flip(bytes, bit);
                }
            };
            assert_cheating(outcome(1, tamper), &format!("bit {bit} of points {number}"));
        }
    }
    for bit in (0..256).step_by(11) {
        let tamper = |message, bytes: &mut Vec<u8>| {
            if message == Message::Announcement {
                flip(bytes, bit);
            }
        };
        assert_cheating(outcome(1, tamper), &format!("bit {bit} of Y"));
    }
}

#[test]
fn base_ot_messages_of_another_place_are_noticed() {
    let sid = SessionId::new([42; 32]);
    let elsewhere = [
        BaseDomain::new(&SessionId::new([43; 32]), BaseUse::GarblerCorrelation, 0),
        BaseDomain::new(&sid, BaseUse::EvaluatorCorrelation, 0),
        BaseDomain::new(&sid, BaseUse::GarblerCorrelation, 1),
    ];
    for other in elsewhere {
        let result = setup(1, Backend::detect(), [domain(), other], |_, _| ());
        assert_cheating(result, "a base-OT message from another session, direction or run");
    }

    // Replays of what another session's setup put on the line.
    for replayed in [Message::Announcement, Message::Points(0), Message::Points(3), Message::Trees] {
        let mut recorded = Vec::new();
        let _ = setup(9, Backend::detect(), [domain(); 2], |message, bytes| {
            if message == replayed {
                recorded = bytes.clone();
            }
        });
        let tamper = |message, bytes: &mut Vec<u8>| {
            if message == replayed {
                bytes.clone_from(&recorded);
            }
        };
        assert_cheating(outcome(1, tamper), "a replayed message");
    }
}

#[test]
fn points_at_another_index_are_noticed() {
    let mut first = Vec::new();
    let tamper = |message, bytes: &mut Vec<u8>| match message {
        Message::Points(0) => first = bytes.clone(),
        Message::Points(1) => std::mem::swap(bytes, &mut first),
        _ => (),
    };
    assert_cheating(outcome(1, tamper), "points of another message");
    let swap_neighbours = |message, bytes: &mut Vec<u8>| {
        if message == Message::Points(2) {
            bytes[..128].rotate_left(64);
        }
    };
    assert_cheating(outcome(1, swap_neighbours), "points of another index");
}

#[test]
fn messages_of_other_lengths_are_refused() {
    for length in [0, POINTS_LENGTH - 1, POINTS_LENGTH - 64, POINTS_LENGTH + 64] {
        let tamper = |message, bytes: &mut Vec<u8>| {
            if message == Message::Points(1) {
                bytes.resize(length, 0);
            }
        };
        assert_cheating(outcome(1, tamper), "points of another length");
    }
    for length in [0, SETUP_LENGTH - 1, SETUP_LENGTH + 1] {
        let tamper = |message, bytes: &mut Vec<u8>| {
            if message == Message::Trees {
                bytes.resize(length, 0);
            }
        };
        assert_cheating(outcome(1, tamper), "trees of another length");
    }
    let BaseOts { mut receiver, points, .. } = base_ots(1, [domain(); 2], |_, _| ()).unwrap();
    assert_cheating(receiver.take_points(&points[..POINTS_LENGTH]), "a fifth message of points");
}
