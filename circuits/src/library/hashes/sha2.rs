//! SHA-224, SHA-256, SHA-384 and SHA-512 (FIPS 180-4, section 6).

use std::array;

use super::padding::Padding;
use super::sha2_constants::{CUBE_ROOTS, SQUARE_ROOTS};
use crate::library::byte_strings::{big_endian, from_big_endian};
use crate::{Bits, Builder, Uint};

/// What tells the 32-bit functions from the 64-bit ones. Of `small` amounts the last is a shift, all others rotate.
struct Variant {
    name: &'static str,
    width: usize,
    rounds: usize,
    big_sigma: [[usize; 3]; 2],
    small_sigma: [[usize; 3]; 2],
}

const SHA_256: Variant = Variant {
    name: "SHA-256",
    width: 32,
    rounds: 64,
    big_sigma: [[2, 13, 22], [6, 11, 25]],
    small_sigma: [[7, 18, 3], [17, 19, 10]],
};

const SHA_512: Variant = Variant {
    name: "SHA-512",
    width: 64,
    rounds: 80,
    big_sigma: [[28, 34, 39], [14, 18, 41]],
    small_sigma: [[1, 8, 7], [19, 61, 6]],
};

type State<'b> = [Uint<'b>; 8];

/// Absorbs a block of 512 bits into a state of 256 bits: 22,266 ANDs.
///
/// Read as a number, the first byte of either is the **highest**. A hash of several blocks chains the state.
///
/// # Panics
/// If the widths are not 512 and 256 bits, or if block and state belong to different builders.
#[track_caller]
pub fn sha256_compress<'b>(block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
    SHA_256.compress_bits(block, state)
}

/// Absorbs a block of 1,024 bits into a state of 512 bits: 57,566 ANDs.
///
/// Read as a number, the first byte of either is the **highest**. A hash of several blocks chains the state.
///
/// # Panics
/// If the widths are not 1,024 and 512 bits, or if block and state belong to different builders.
#[track_caller]
pub fn sha512_compress<'b>(block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
    SHA_512.compress_bits(block, state)
}

/// The SHA-224 digest of a byte string, 224 bits; costs about what [`sha256`] does.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha224<'b>(message: &Bits<'b>) -> Bits<'b> {
    SHA_256.hash(message, |k| SQUARE_ROOTS[8 + k] & 0xffff_ffff, 7)
}

/// The SHA-256 digest of a byte string, 256 bits: at most 22,266 ANDs per block of 64 bytes, less for the first and for
/// padding.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha256<'b>(message: &Bits<'b>) -> Bits<'b> {
    SHA_256.hash(message, |k| SQUARE_ROOTS[k] >> 32, 8)
}

/// The SHA-384 digest of a byte string, 384 bits; costs about what [`sha512`] does.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha384<'b>(message: &Bits<'b>) -> Bits<'b> {
    SHA_512.hash(message, |k| SQUARE_ROOTS[8 + k], 6)
}

/// The SHA-512 digest of a byte string, 512 bits: at most 57,566 ANDs per block of 128 bytes, less for the first and
/// for padding.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha512<'b>(message: &Bits<'b>) -> Bits<'b> {
    SHA_512.hash(message, |k| SQUARE_ROOTS[k], 8)
}

impl Variant {
    #[track_caller]
    fn hash<'b>(&self, message: &Bits<'b>, start: impl Fn(usize) -> u64, words: usize) -> Bits<'b> {
        let builder = message.builder();
        let start: State<'b> = array::from_fn(|k| builder.constant_uint(self.width, start(k).into()));
        let padding = Padding { block: 2 * self.width, length: self.width / 4, little_endian: false };
        let blocks = padding.blocks(message);
        let end = blocks.iter().fold(start, |state, block| self.compress(builder, block, state));
        from_big_endian(&end[..words])
    }

    #[track_caller]
    fn compress_bits<'b>(&self, block: &Bits<'b>, state: &Bits<'b>) -> Bits<'b> {
        for (bits, words) in [(block, 16), (state, 8)] {
            let (expected, given) = (words * self.width, bits.width());
            assert!(given == expected, "{} takes {expected} bits here, not {given}", self.name);
        }
        let words = big_endian(state, self.width);
        from_big_endian(&self.compress(state.builder(), block, array::from_fn(|k| words[k].clone())))
    }

    /// Section 6.2.2, steps 2 to 4. The last round adds the old state in the same sums as everything else.
    fn compress<'b>(&self, builder: &'b Builder, block: &Bits<'b>, before: State<'b>) -> State<'b> {
        let mut working = before.clone();
        for (round, mut addends) in self.schedule(block).into_iter().enumerate() {
            let constant = CUBE_ROOTS[round] >> (64 - self.width);
            addends.push(builder.constant_uint(self.width, constant.into()));
            let last = (round + 1 == self.rounds).then_some(&before);
            working = self.round(working, addends, last);
        }
        array::from_fn(|k| match k {
            0 | 4 => working[k].clone(),
            _ => &working[k] + &before[k],
        })
    }

    /// The message schedule, step 1, each word as the addends it is the sum of: one, but for the last two words, which
    /// nothing but their rounds read.
    fn schedule<'b>(&self, block: &Bits<'b>) -> Vec<Vec<Uint<'b>>> {
        let mut schedule: Vec<Vec<Uint<'b>>> =
            big_endian(block, self.width).into_iter().map(|word| vec![word]).collect();
        for t in 16..self.rounds {
            let [small_0, small_1] = array::from_fn(|which| {
                let word = &schedule[t - [15, 2][which]][0];
                let [first, second, shift] = self.small_sigma[which];
                word.rotate_right(first) ^ word.rotate_right(second) ^ (word >> shift)
            });
            let addends = vec![schedule[t - 16][0].clone(), small_0, schedule[t - 7][0].clone(), small_1];
            schedule.push(if t + 2 < self.rounds { vec![sum(&addends)] } else { addends });
        }
        schedule
    }

    /// Step 3, with the old state in the last round. `addends` are those of the schedule and the round constant.
    fn round<'b>(
        &self,
        working: State<'b>,
        mut addends: Vec<Uint<'b>>,
        last: Option<&State<'b>>,
    ) -> State<'b> {
        let [a, b, c, d, e, f, g, h] = working;
        let [big_0, big_1] = [(&a, 0), (&e, 1)].map(|(word, which)| {
            let [first, second, third] = self.big_sigma[which].map(|amount| word.rotate_right(amount));
            first ^ second ^ third
        });
        let choice = &g ^ (&e & (&f ^ &g));
        let majority = &c ^ ((&a ^ &c) & (&b ^ &c));
        addends.extend([h, big_1, choice]);
        // Both new words need this sum, so it is added up once; of constants and one variable that would save nothing.
        if addends.iter().filter(|word| !is_constant(word)).count() > 1 {
            addends = vec![sum(&addends)];
        }
        let mut next_a = addends.clone();
        next_a.extend([big_0, majority]);
        let mut next_e = addends;
        next_e.push(d);
        if let Some(before) = last {
            next_a.push(before[0].clone());
            next_e.push(before[4].clone());
        }
        [sum(&next_a), a, b, c, sum(&next_e), e, f, g]
    }
}

fn sum<'b>(addends: &[Uint<'b>]) -> Uint<'b> {
    Uint::sum(&addends.iter().collect::<Vec<_>>())
}

fn is_constant(word: &Uint<'_>) -> bool {
    word.bits().iter().all(|bit| bit.known().is_some())
}
