//! BLAKE3 (the BLAKE3 paper of 2020, section 2).

use super::sha2_constants::SQUARE_ROOTS;
use crate::library::byte_strings::{bytes_of, constant_bytes, from_little_endian, little_endian, string_of};
use crate::library::ciphers::QUARTERS;
use crate::{Bits, Builder, Uint};

const BLOCK: usize = 64;
const CHUNK: usize = 1024;

const CHUNK_START: u8 = 1;
const CHUNK_END: u8 = 2;
const ROOT: u8 = 8;

/// Table 2.
const PERMUTATION: [usize; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/// The compression function, all 512 bits of its output: 10,298 ANDs, less where inputs are known.
///
/// `block` is 512 bits; `state` is 384 bits: the chaining value of 32 bytes, the counter of 8 bytes, the length of the
/// block and the flags of 4 bytes each, in this order and the lowest byte first, as in section 2.2. Read as a number,
/// the first byte of either is the **highest**.
///
/// # Panics
/// If the widths are not 512 and 384 bits, or if block and state belong to different builders.
#[track_caller]
pub fn blake3_compress<'b>(block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
    for (bits, expected) in [(block, 512), (state, 384)] {
        assert!(bits.width() == expected, "BLAKE3 takes {expected} bits here, not {}", bits.width());
    }
    let builder = state.builder();
    let words = little_endian(state, 32);
    let (chaining, tail) = words.split_at(8);
    from_little_endian(&compress(builder, block, chaining, tail))
}

/// The BLAKE3 hash of a byte string of at most 1,024 bytes (one chunk), 256 bits: 10,173 ANDs for 64 bytes, about as
/// many for each 64 more.
///
/// # Panics
/// If the message is no whole number of bytes, or more than 1,024.
#[track_caller]
pub fn blake3<'b>(message: &Bits<'b>) -> Bits<'b> {
    let builder = message.builder();
    let bytes = bytes_of(message);
    assert!(bytes.len() <= CHUNK, "{} bytes are more than the {CHUNK} of one chunk", bytes.len());
    let blocks: Vec<&[Bits<'b>]> = if bytes.is_empty() { vec![&[]] } else { bytes.chunks(BLOCK).collect() };
    let mut chaining = start(builder, 8);
    for (index, &block) in blocks.iter().enumerate() {
        let first = if index == 0 { CHUNK_START } else { 0 };
        let last = if index + 1 == blocks.len() { CHUNK_END | ROOT } else { 0 };
        let tail = [0, 0, block.len() as u128, u128::from(first | last)];
        let mut block = block.to_vec();
        block.resize(BLOCK, constant_bytes(builder, &[0]).remove(0));
        let block = string_of(builder, &block);
        chaining = compress(builder, &block, &chaining, &tail.map(|word| builder.constant_uint(32, word)));
        chaining.truncate(8);
    }
    from_little_endian(&chaining)
}

/// The first words of the start of SHA-256.
fn start(builder: &Builder, words: usize) -> Vec<Uint<'_>> {
    SQUARE_ROOTS[..words].iter().map(|root| builder.constant_uint(32, (root >> 32).into())).collect()
}

/// Section 2.2; `tail` is the counter in two words, the length and the flags.
fn compress<'b>(
    builder: &'b Builder,
    block: &Bits<'b>,
    chaining: &[Uint<'b>],
    tail: &[Uint<'b>],
) -> Vec<Uint<'b>> {
    let mut message = little_endian(block, 32);
    let mut state = [chaining, &start(builder, 4), tail].concat();
    for _ in 0..7 {
        for (pair, quarter) in message.chunks(2).zip(QUARTERS) {
            mix(&mut state, quarter, pair);
        }
        message = PERMUTATION.iter().map(|&from| message[from].clone()).collect();
    }
    let (low, high) = state.split_at(8);
    let lower = low.iter().zip(high).map(|(low, high)| low ^ high);
    lower.chain(high.iter().zip(chaining).map(|(high, old)| high ^ old)).collect()
}

/// Section 2.2, the function G.
fn mix<'b>(state: &mut [Uint<'b>], quarter: [usize; 4], words: &[Uint<'b>]) {
    let [mut a, mut b, mut c, mut d] = quarter.map(|k| state[k].clone());
    for (word, [first, second]) in words.iter().zip([[16, 12], [8, 7]]) {
        a = Uint::sum(&[&a, &b, word]);
        d = (&d ^ &a).rotate_right(first);
        c = &c + &d;
        b = (&b ^ &c).rotate_right(second);
    }
    for (k, word) in quarter.into_iter().zip([a, b, c, d]) {
        state[k] = word;
    }
}
