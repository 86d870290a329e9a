//! The Keccak-f[1600] permutation, and SHA-3 and SHAKE on it (FIPS 202).

use std::array;

use crate::Bits;
use crate::library::byte_strings::{bytes_of, constant_bytes, string_of};

/// 64 bits, least significant first.
type Lane<'b> = Bits<'b>;
/// Lane `(x, y)` stands at `x + 5·y`.
type State<'b> = [Lane<'b>; 25];

/// Section 3.2.5.
#[rustfmt::skip]
const ROUND_CONSTANTS: [u64; 24] = [
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
];

/// The permutation of 1,600 bits: 38,400 ANDs, one per bit and round.
///
/// The state is the byte string that FIPS 202 makes of it; read as a number, its first byte is the **highest**.
///
/// # Panics
/// If the state is not 1,600 bits wide.
#[track_caller]
pub fn keccak_f<'b>(state: &Bits<'b>) -> Bits<'b> {
    assert!(state.width() == 1600, "Keccak-f[1600] takes 1600 bits, not {}", state.width());
    let bytes = bytes_of(state);
    string_of(state.builder(), &permute(&bytes))
}

/// The SHA3-224 digest of a byte string, 224 bits; a permutation per 144 bytes.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha3_224<'b>(message: &Bits<'b>) -> Bits<'b> {
    sponge(message, 144, 0x06, 28)
}

/// The SHA3-256 digest of a byte string, 256 bits; a permutation per 136 bytes. The last one takes 37,056 ANDs, for it
/// makes no more bits than are read.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha3_256<'b>(message: &Bits<'b>) -> Bits<'b> {
    sponge(message, 136, 0x06, 32)
}

/// The SHA3-384 digest of a byte string, 384 bits; a permutation per 104 bytes.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha3_384<'b>(message: &Bits<'b>) -> Bits<'b> {
    sponge(message, 104, 0x06, 48)
}

/// The SHA3-512 digest of a byte string, 512 bits; a permutation per 72 bytes.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn sha3_512<'b>(message: &Bits<'b>) -> Bits<'b> {
    sponge(message, 72, 0x06, 64)
}

/// The first `bytes` bytes of what SHAKE128 makes of a byte string; a permutation per 168 bytes in and out.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn shake128<'b>(message: &Bits<'b>, bytes: usize) -> Bits<'b> {
    sponge(message, 168, 0x1f, bytes)
}

/// The first `bytes` bytes of what SHAKE256 makes of a byte string; a permutation per 136 bytes in and out.
///
/// # Panics
/// If the message is no whole number of bytes.
#[track_caller]
pub fn shake256<'b>(message: &Bits<'b>, bytes: usize) -> Bits<'b> {
    sponge(message, 136, 0x1f, bytes)
}

/// Section 4: absorbs blocks of `rate` bytes and squeezes as many bytes as wanted. `suffix` is the bits that tell the
/// functions apart and the first one of the padding.
#[track_caller]
fn sponge<'b>(message: &Bits<'b>, rate: usize, suffix: u8, wanted: usize) -> Bits<'b> {
    let builder = message.builder();
    let mut padded = bytes_of(message);
    let mut padding = vec![0; rate - padded.len() % rate];
    padding[0] = suffix;
    *padding.last_mut().expect("padding has at least one byte") |= 0x80;
    padded.extend(constant_bytes(builder, &padding));

    let mut state = constant_bytes(builder, &[0; 200]);
    for block in padded.chunks(rate) {
        for (byte, next) in state.iter_mut().zip(block) {
            *byte = &*byte ^ next;
        }
        state = permute(&state);
    }
    let mut squeezed = state[..rate.min(wanted)].to_vec();
    while squeezed.len() < wanted {
        state = permute(&state);
        squeezed.extend_from_slice(&state[..rate.min(wanted - squeezed.len())]);
    }
    string_of(builder, &squeezed)
}

/// Section 3.3, on the 200 bytes of a state.
fn permute<'b>(bytes: &[Bits<'b>]) -> Vec<Bits<'b>> {
    let builder = bytes[0].builder();
    let bits: Vec<_> = bytes.iter().flat_map(|byte| byte.iter().copied()).collect();
    let mut state: State<'b> = array::from_fn(|k| builder.bits(bits[64 * k..64 * (k + 1)].iter().copied()));
    for constant in ROUND_CONSTANTS {
        state = chi(&rho_and_pi(&theta(&state)));
        state[0] = &state[0] ^ &Bits::from(builder.constant_uint(64, constant.into()));
    }
    state.iter().flat_map(|lane| lane.chunks(8).map(|byte| builder.bits(byte.iter().copied()))).collect()
}

/// Section 3.2.1.
fn theta<'b>(state: &State<'b>) -> State<'b> {
    let columns: [Lane<'b>; 5] =
        array::from_fn(|x| (1..5).fold(state[x].clone(), |sum, y| sum ^ &state[x + 5 * y]));
    let effects: [Lane<'b>; 5] =
        array::from_fn(|x| &columns[(x + 4) % 5] ^ &columns[(x + 1) % 5].rotate_left(1));
    array::from_fn(|k| &state[k] ^ &effects[k % 5])
}

/// Sections 3.2.2 and 3.2.3: walks through the lanes as rho does and puts each where pi takes it.
fn rho_and_pi<'b>(state: &State<'b>) -> State<'b> {
    let mut moved = state.clone();
    let (mut x, mut y) = (1, 0);
    for t in 0..24 {
        let (next_x, next_y) = (y, (2 * x + 3 * y) % 5);
        moved[next_x + 5 * next_y] = state[x + 5 * y].rotate_left((t + 1) * (t + 2) / 2 % 64);
        (x, y) = (next_x, next_y);
    }
    moved
}

/// Section 3.2.4, where all ANDs are.
fn chi<'b>(state: &State<'b>) -> State<'b> {
    array::from_fn(|k| {
        let [next, after] = [1, 2].map(|step| &state[k / 5 * 5 + (k + step) % 5]);
        &state[k] ^ &(!next & after)
    })
}
