//! SHA-1 (FIPS 180-4, section 6.1).

use std::array;

use super::padding::Padding;
use crate::library::byte_strings::{big_endian, from_big_endian};
use crate::{Bits, Builder, Uint};

const PADDING: Padding = Padding { block: 64, length: 8, little_endian: false };

/// Section 5.3.1.
const START: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];

/// Section 4.2.1, each for twenty rounds.
const ROUND_CONSTANTS: [u32; 4] = [0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xca62_c1d6];

type State<'b> = [Uint<'b>; 5];

/// Absorbs a block of 512 bits into a state of 160 bits: 10,953 ANDs.
///
/// Read as a number, the first byte of either is the **highest**. A hash of several blocks chains the state.
///
/// # Panics
/// If the widths are not 512 and 160 bits, or if block and state belong to different builders.
#[track_caller]
pub fn sha1_compress<'b>(block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
    for (bits, expected) in [(block, 512), (state, 160)] {
        assert!(bits.width() == expected, "SHA-1 takes {expected} bits here, not {}", bits.width());
    }
    let words = big_endian(state, 32);
    from_big_endian(&compress(state.builder(), block, array::from_fn(|k| words[k].clone())))
}

/// The SHA-1 digest of a byte string, 160 bits: 10,552 ANDs for a whole block of 64 bytes from the fixed start, and
/// what its padding takes.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha1<'b>(message: &Bits<'b>) -> Bits<'b> {
    let builder = message.builder();
    let start = START.map(|word| builder.constant_uint(32, word.into()));
    let blocks = PADDING.blocks(message);
    from_big_endian(&blocks.iter().fold(start, |state, block| compress(builder, block, state)))
}

/// Section 6.1.2. The last round adds the old state in the same sum as everything else.
fn compress<'b>(builder: &'b Builder, block: &Bits<'b>, before: State<'b>) -> State<'b> {
    let zero = builder.constant_uint(32, 0);
    let mut working = before.clone();
    for (round, word) in schedule(block).iter().enumerate() {
        let [a, b, c, d, e] = working;
        let constant = builder.constant_uint(32, ROUND_CONSTANTS[round / 20].into());
        let mixed = match round / 20 {
            0 => &d ^ (&b & (&c ^ &d)),
            2 => &c ^ ((&b ^ &c) & (&d ^ &c)),
            _ => &b ^ &c ^ &d,
        };
        let old = if round == 79 { &before[0] } else { &zero };
        let next = Uint::sum(&[&a.rotate_left(5), &mixed, &e, &constant, word, old]);
        working = [next, a, b.rotate_left(30), c, d];
    }
    array::from_fn(|k| if k == 0 { working[0].clone() } else { &working[k] + &before[k] })
}

/// Free: the words are parities of those of the block.
fn schedule<'b>(block: &Bits<'b>) -> Vec<Uint<'b>> {
    let mut schedule = big_endian(block, 32);
    for t in 16..80 {
        let word = &schedule[t - 3] ^ &schedule[t - 8] ^ &schedule[t - 14] ^ &schedule[t - 16];
        schedule.push(word.rotate_left(1));
    }
    schedule
}
