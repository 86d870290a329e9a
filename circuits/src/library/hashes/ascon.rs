//! The permutation of Ascon (NIST SP 800-232, section 3).

use std::array;

use crate::library::byte_strings::{big_endian, from_big_endian};
use crate::{Bits, Uint};

/// Section 3.3, table 5: how far each word is rotated in the linear layer.
const ROTATIONS: [[usize; 2]; 5] = [[19, 28], [61, 39], [1, 6], [10, 17], [7, 41]];

/// The last `rounds` of the permutation Ascon-p of 320 bits: 320 ANDs per round, 3,840 in the usual twelve.
///
/// The state is five words of 64 bits, the first one highest.
///
/// # Panics
/// If the state is not 320 bits wide, or if there are more than 16 rounds.
#[track_caller]
pub fn ascon_p<'b>(state: &Bits<'b>, rounds: usize) -> Bits<'b> {
    assert!(state.width() == 320, "Ascon-p takes 320 bits, not {}", state.width());
    assert!(rounds <= 16, "Ascon-p has at most 16 rounds, not {rounds}");
    let words = big_endian(state, 64);
    let mut words: [Uint<'b>; 5] = array::from_fn(|k| words[k].clone());
    for round in 16 - rounds..16 {
        words[2] = &words[2] ^ round_constant(round);
        words = diffuse(&substitute(&words));
    }
    from_big_endian(&words)
}

/// Table 4: `0x3c` for the first of 16 rounds, `0x4b` for the last; the digits fall and rise.
fn round_constant(round: usize) -> u64 {
    let digit = (round + 12) as u64 % 16;
    (15 - digit) << 4 | digit
}

/// Section 3.2: an S-box of five ANDs across the words.
fn substitute<'b>(words: &[Uint<'b>; 5]) -> [Uint<'b>; 5] {
    let [x0, x1, x2, x3, x4] = words;
    let mixed = [x0 ^ x4, x1.clone(), x2 ^ x1, x3.clone(), x4 ^ x3];
    let [y0, y1, y2, y3, y4]: [Uint<'b>; 5] =
        array::from_fn(|k| &mixed[k] ^ &(!&mixed[(k + 1) % 5] & &mixed[(k + 2) % 5]));
    [&y0 ^ &y4, &y1 ^ &y0, !&y2, &y3 ^ &y2, y4]
}

/// Section 3.3.
fn diffuse<'b>(words: &[Uint<'b>; 5]) -> [Uint<'b>; 5] {
    array::from_fn(|k| {
        let [first, second] = ROTATIONS[k].map(|amount| words[k].rotate_right(amount));
        &words[k] ^ &first ^ &second
    })
}
