//! Every backend against a loop over the definition.

use proptest::prelude::*;

use super::xor_rows;
use crate::{Backend, Block, Entropy};

fn naive(slots: &mut [Block], width: usize, gates: &[[u32; 3]]) {
    for gate in gates {
        let [left, right, out] = gate.map(|row| row as usize * width);
        for lane in 0..width {
            slots[out + lane] = slots[left + lane] ^ slots[right + lane];
        }
    }
}

fn agrees(slots: &[Block], width: usize, gates: &[[u32; 3]]) {
    let mut expected = slots.to_vec();
    naive(&mut expected, width, gates);
    for backend in Backend::available() {
        let mut actual = slots.to_vec();
        xor_rows(backend, &mut actual, width, gates);
        assert!(actual == expected, "{} width {width}", backend.name());
    }
}

fn blocks(seed: u64, n: usize) -> Vec<Block> {
    let mut entropy = Entropy::fixed(seed);
    (0..n).map(|_| entropy.block()).collect()
}

#[test]
fn operands_may_be_one_row() {
    for width in 1..=70 {
        for gate in [[0, 1, 2], [0, 1, 0], [0, 1, 1], [1, 1, 0], [2, 2, 2]] {
            agrees(&blocks(1, 3 * width), width, &[gate]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Often a chain through few rows; blocks after the last whole row stay as they are.
    #[test]
    fn backends_agree_with_the_definition(
        seed: u64,
        (width, rows) in (prop_oneof![Just(1usize), Just(16), Just(32), 1usize..80], 1usize..40),
        rest in 0usize..80,
        gates in prop::collection::vec(any::<[u32; 3]>(), 0..200),
    ) {
        let gates: Vec<_> = gates.into_iter().map(|gate| gate.map(|row| row % rows as u32)).collect();
        agrees(&blocks(seed, rows * width + rest % width), width, &gates);
    }
}

/// The last row lacks a block, in widths that take each path.
#[test]
fn a_row_beyond_the_slots_is_refused() {
    for backend in Backend::available() {
        for width in [1, 2, 5, 8, 16, 32] {
            for gate in [[2, 0, 0], [0, 2, 0], [0, 0, 2], [u32::MAX, 0, 0]] {
                let mut slots = blocks(2, 3 * width - 1);
                let run = std::panic::AssertUnwindSafe(|| xor_rows(backend, &mut slots, width, &[gate]));
                assert!(std::panic::catch_unwind(run).is_err(), "{} width {width} {gate:?}", backend.name());
            }
        }
    }
}

#[test]
#[should_panic(expected = "no lanes")]
fn rows_have_lanes() {
    xor_rows(Backend::Portable, &mut [Block::ZERO], 0, &[]);
}
