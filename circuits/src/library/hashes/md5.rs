//! MD5 (RFC 1321).

use std::array;

use super::padding::Padding;
use crate::library::byte_strings::{from_little_endian, little_endian};
use crate::{Bits, Builder, Uint};

const PADDING: Padding = Padding { block: 64, length: 8, little_endian: true };

/// Section 3.3.
const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

/// Section 3.4: `2^32·|sin(i + 1)|`.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
];

/// How far the four steps of a turn rotate, by round.
const ROTATIONS: [[usize; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// Which word of the block step `i` of a round reads: `factor·i + offset` modulo 16.
const ORDERS: [(usize, usize); 4] = [(1, 0), (5, 1), (3, 5), (7, 0)];

type State<'b> = [Uint<'b>; 4];

/// Absorbs a block of 512 bits into a state of 128 bits: 9,276 ANDs.
///
/// Read as a number, the first byte of either is the **highest**. A hash of several blocks chains the state.
///
/// # Panics
/// If the widths are not 512 and 128 bits, or if block and state belong to different builders.
#[track_caller]
pub fn md5_compress<'b>(block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
    for (bits, expected) in [(block, 512), (state, 128)] {
        assert!(bits.width() == expected, "MD5 takes {expected} bits here, not {}", bits.width());
    }
    let words = little_endian(state, 32);
    from_little_endian(&compress(state.builder(), block, array::from_fn(|k| words[k].clone())))
}

/// The MD5 digest of a byte string, 128 bits: 9,035 ANDs for a whole block of 64 bytes from the fixed start, and what
/// its padding takes.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn md5<'b>(message: &Bits<'b>) -> Bits<'b> {
    let builder = message.builder();
    let start = START.map(|word| builder.constant_uint(32, word.into()));
    let blocks = PADDING.blocks(message);
    from_little_endian(&blocks.iter().fold(start, |state, block| compress(builder, block, state)))
}

/// Section 3.4. The last step adds the old state in the same sum.
fn compress<'b>(builder: &'b Builder, block: &Bits<'b>, before: State<'b>) -> State<'b> {
    let words = little_endian(block, 32);
    let zero = builder.constant_uint(32, 0);
    let mut working = before.clone();
    for (step, sine) in SINES.into_iter().enumerate() {
        let [a, b, c, d] = working;
        let (round, turn) = (step / 16, step % 16);
        let mixed = match round {
            0 => &d ^ (&b & (&c ^ &d)),
            1 => &c ^ (&d & (&b ^ &c)),
            2 => &b ^ &c ^ &d,
            _ => &c ^ (&b | &!&d),
        };
        let (factor, offset) = ORDERS[round];
        let word = &words[(factor * turn + offset) % 16];
        let sum = Uint::sum(&[&a, &mixed, word, &builder.constant_uint(32, sine.into())]);
        let old = if step == 63 { &before[1] } else { &zero };
        let next = Uint::sum(&[&b, &sum.rotate_left(ROTATIONS[round][turn % 4]), old]);
        working = [d, next, b, c];
    }
    array::from_fn(|k| if k == 1 { working[1].clone() } else { &working[k] + &before[k] })
}
