//! D3, D13, D15 for authenticated rows: no tweak serves twice, in another lane, tile, portion or call.

use std::collections::HashSet;
use std::iter::repeat_n;

use halfgate::compiler::{Program, Progress, compile};
use halfgate::{Backend, Entropy};
use halfgate_crypto::{Block, Delta, Mitccrh, ZeroLabels};
use halfgate_garbler::{AuthenticatedGarbling, AuthenticatedSource, GarbledAnds};
use halfgate_triples::{AuthBits, MaskWalk, Portion};

/// Δ and the rows of some calls under one Δ, with ids one after the other, in which all lanes carry the same labels and no
/// mask hides anything.
fn rows_of_equal_lanes(program: &Program, lanes: usize, calls: usize) -> (Block, Vec<u128>) {
    let mut entropy = Entropy::fixed(23);
    let delta = Delta::with_second_bit(&mut entropy, true);
    let hash = Mitccrh::new(Backend::detect(), entropy.block());
    let source = AuthenticatedSource { delta: &delta, hash: &hash, zero: entropy.block() };
    let mut repeated = |width: u32| {
        let labels = (0..width).flat_map(|_| repeat_n(entropy.block(), lanes)).collect();
        ZeroLabels::from_blocks(lanes, labels)
    };
    let inputs: Vec<_> = program.inputs().iter().map(|input| repeated(input.group.width)).collect();
    let inputs: Vec<_> = inputs.iter().collect();
    let masks: Vec<_> = inputs.iter().map(|labels| AuthBits::zeroed(labels.blocks().len())).collect();
    let masks: Vec<_> = masks.iter().collect();
    let (mut halves, mut portion, mut garbled) = (Vec::new(), Portion::default(), GarbledAnds::default());
    for call in 0..calls {
        let first_id = (call * lanes * program.and_count()) as u64;
        let mut walk = MaskWalk::new(program, Backend::detect(), &masks, lanes);
        let mut garbling = AuthenticatedGarbling::new(program, &inputs, lanes, first_id);
        loop {
            let progress = walk.advance(&AuthBits::zeroed(walk.next_portion()), &mut portion);
            garbling.advance(source, portion.masks(), &mut garbled);
            let rows = garbled.rows.as_flattened().as_chunks().0;
            halves.extend(rows.iter().map(|half| u128::from_le_bytes(*half)));
            if progress == Progress::Done {
                break;
            }
        }
    }
    (delta.block(), halves)
}

#[test]
fn no_two_rows_share_a_tweak() {
    for (name, lanes, calls) in [("lt64", 1, 3), ("lt64", 16, 2), ("lt64", 70, 2), ("aes128", 12, 1)] {
        let program = compile(&halfgate::library::find(name).unwrap()).unwrap();
        let (delta, halves) = rows_of_equal_lanes(&program, lanes, calls);
        assert_eq!(halves.len(), 2 * program.and_count() * lanes * calls);
        let mut seen = HashSet::new();
        for half in halves {
            assert!(!seen.contains(&(half ^ delta.bits())), "{name}, {lanes} lanes: two rows give Δ");
            assert!(seen.insert(half), "{name}, {lanes} lanes: a row came twice");
        }
    }
}
