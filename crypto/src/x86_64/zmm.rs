//! Vectors of four blocks: AVX-512, VAES and VPCLMULQDQ.

use std::arch::x86_64 as isa;

use crate::Block;
use crate::x86_64::vector_operations;

pub(crate) type Vector = isa::__m512i;

/// Blocks in a vector.
pub(crate) const BLOCKS: usize = 4;

/// A vector in memory.
pub(crate) type Bytes = [u8; 16 * BLOCKS];

vector_operations! {
    Vector, "avx512f,avx512bw,vaes,vpclmulqdq",
    xor(a, b) = _mm512_xor_si512;
    and(a, b) = _mm512_and_si512;
    /// One round of AES in every block.
    round(state, key) = _mm512_aesenc_epi128;
    /// The last round of AES in every block.
    last_round(state, key) = _mm512_aesenclast_epi128;
    // In every block: pairs of the units of the low or the high halves of `a` and `b`.
    unpack_low8(a, b) = _mm512_unpacklo_epi8;
    unpack_high8(a, b) = _mm512_unpackhi_epi8;
    unpack_low32(a, b) = _mm512_unpacklo_epi32;
    unpack_high32(a, b) = _mm512_unpackhi_epi32;
    unpack_low64(a, b) = _mm512_unpacklo_epi64;
    unpack_high64(a, b) = _mm512_unpackhi_epi64;
    add64(a, b) = _mm512_add_epi64;
}

/// The vector that stands in memory.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn load(bytes: &Bytes) -> Vector {
    bytemuck::pod_read_unaligned(bytes)
}

/// Writes the vector to memory.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn store(bytes: &mut Bytes, vector: Vector) {
    *bytes = bytemuck::cast(vector);
}

/// The vector that holds `block` in every place.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn splat(block: Block) -> Vector {
    load(&bytemuck::cast([block; BLOCKS]))
}

/// The vector that holds in every place the block that stands in memory; faster than [`splat`] for one that does not
/// stay in a register.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn broadcast(block: &Block) -> Vector {
    isa::_mm512_broadcast_i32x4(bytemuck::pod_read_unaligned(bytemuck::bytes_of(block)))
}

/// In every block: the halves change places.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn swap_halves(x: Vector) -> Vector {
    isa::_mm512_shuffle_epi32::<0b01_00_11_10>(x)
}

/// All ones in the blocks with colour 1, zero in the others.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn colour_mask(labels: Vector) -> Vector {
    isa::_mm512_srai_epi32::<31>(isa::_mm512_slli_epi32::<31>(isa::_mm512_shuffle_epi32::<0>(labels)))
}

/// In every block: the product over GF(2) of the half of `a` that bit 0 of `HALVES` names and the half of `b` that
/// bit 4 names.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn carryless<const HALVES: i32>(a: Vector, b: Vector) -> Vector {
    isa::_mm512_clmulepi64_epi128::<HALVES>(a, b)
}

/// The vectors that hold the pairs (x, y) of blocks one after another.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn interleave(x: Vector, y: Vector) -> [Vector; 2] {
    let low = isa::_mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    let high = isa::_mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    [isa::_mm512_permutex2var_epi64(x, low, y), isa::_mm512_permutex2var_epi64(x, high, y)]
}

/// Undoes [`interleave`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq")]
pub(crate) fn deinterleave(pairs: [Vector; 2]) -> (Vector, Vector) {
    let [a, b] = pairs;
    (isa::_mm512_shuffle_i64x2::<0b10_00_10_00>(a, b), isa::_mm512_shuffle_i64x2::<0b11_01_11_01>(a, b))
}
