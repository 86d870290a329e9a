//! The block function of ChaCha20 (RFC 8439, section 2.3).

use crate::library::byte_strings::{from_little_endian, little_endian};
use crate::{Bits, Uint};

/// "expand 32-byte k", in words.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The words of a double round's quarter rounds: columns, then diagonals. BLAKE3 mixes the same.
pub(in crate::library) const QUARTERS: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// A block of 64 bytes of key stream: 10,400 ANDs.
///
/// `key` is 256 bits; `position` is 128 bits: the block counter of 4 bytes, lowest byte first, and the nonce of 12
/// bytes, as they stand in the state. Read as a number, the first byte of any is the **highest**. The exclusive or of
/// the block with a message encrypts it, for no more ANDs.
///
/// # Panics
/// If the widths are not 256 and 128 bits, or if key and position belong to different builders.
#[track_caller]
pub fn chacha20_block<'b>(key: &Bits<'b>, position: &Bits<'b>) -> Bits<'b> {
    for (bits, expected) in [(key, 256), (position, 128)] {
        assert!(bits.width() == expected, "ChaCha20 takes {expected} bits here, not {}", bits.width());
    }
    let constants = CONSTANTS.map(|word| key.builder().constant_uint(32, word.into()));
    let before = [constants.to_vec(), little_endian(key, 32), little_endian(position, 32)].concat();
    let mut state = before.clone();
    for _ in 0..10 {
        for quarter in QUARTERS {
            quarter_round(&mut state, quarter);
        }
    }
    let after: Vec<Uint<'b>> = state.iter().zip(&before).map(|(word, old)| word + old).collect();
    from_little_endian(&after)
}

/// Section 2.1.
fn quarter_round(state: &mut [Uint<'_>], quarter: [usize; 4]) {
    let [mut a, mut b, mut c, mut d] = quarter.map(|k| state[k].clone());
    for [first, second] in [[16, 12], [8, 7]] {
        a = &a + &b;
        d = (&d ^ &a).rotate_left(first);
        c = &c + &d;
        b = (&b ^ &c).rotate_left(second);
    }
    for (k, word) in quarter.into_iter().zip([a, b, c, d]) {
        state[k] = word;
    }
}
