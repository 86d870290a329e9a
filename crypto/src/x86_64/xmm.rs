//! Vectors of one block: AVX, AES-NI and PCLMULQDQ.

use std::arch::x86_64 as isa;

use crate::Block;
use crate::x86_64::vector_operations;

pub(crate) type Vector = isa::__m128i;

/// Blocks in a vector.
pub(crate) const BLOCKS: usize = 1;

/// The type of a constant count of bits to shift by.
pub(crate) type Shift = i32;

/// A vector in memory.
pub(crate) type Bytes = [u8; 16 * BLOCKS];

vector_operations! {
    Vector, "aes,pclmulqdq,avx",
    xor(a, b) = _mm_xor_si128;
    and(a, b) = _mm_and_si128;
    /// One round of AES in every block.
    round(state, key) = _mm_aesenc_si128;
    /// The last round of AES in every block.
    last_round(state, key) = _mm_aesenclast_si128;
    /// In every block: byte i becomes the byte whose number stands in byte i of `indices`.
    shuffle_bytes(bytes, indices) = _mm_shuffle_epi8;
    // In every block: pairs of the units of the low or the high halves of `a` and `b`.
    unpack_low8(a, b) = _mm_unpacklo_epi8;
    unpack_high8(a, b) = _mm_unpackhi_epi8;
    unpack_low32(a, b) = _mm_unpacklo_epi32;
    unpack_high32(a, b) = _mm_unpackhi_epi32;
    unpack_low64(a, b) = _mm_unpacklo_epi64;
    unpack_high64(a, b) = _mm_unpackhi_epi64;
    add64(a, b) = _mm_add_epi64;
}

/// The vector that stands in memory.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn load(bytes: &Bytes) -> Vector {
    bytemuck::pod_read_unaligned(bytes)
}

/// Writes the vector to memory.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn store(bytes: &mut Bytes, vector: Vector) {
    *bytes = bytemuck::cast(vector);
}

/// The blocks of the vector.
pub(crate) fn split(vector: Vector) -> [isa::__m128i; BLOCKS] {
    [vector]
}

/// The vector that holds `block` in every place.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn splat(block: Block) -> Vector {
    load(&bytemuck::cast([block; BLOCKS]))
}

/// The vector that holds in every place the block that stands in memory; faster than [`splat`] for one that does not
/// stay in a register.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn broadcast(block: &Block) -> Vector {
    load(bytemuck::cast_ref(block))
}

/// In every block: the halves change places.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn swap_halves(x: Vector) -> Vector {
    isa::_mm_shuffle_epi32::<0b01_00_11_10>(x)
}

/// All ones in the blocks with colour 1, zero in the others.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn colour_mask(labels: Vector) -> Vector {
    isa::_mm_srai_epi32::<31>(isa::_mm_slli_epi32::<31>(isa::_mm_shuffle_epi32::<0>(labels)))
}

/// In every half block: a shift towards the high bits.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn shift_up64<const BITS: Shift>(x: Vector) -> Vector {
    isa::_mm_slli_epi64::<BITS>(x)
}

/// In every half block: a shift towards the low bits.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn shift_down64<const BITS: Shift>(x: Vector) -> Vector {
    isa::_mm_srli_epi64::<BITS>(x)
}

/// In every block: the product over GF(2) of the half of `a` that bit 0 of `HALVES` names and the half of `b` that
/// bit 4 names.
#[inline]
#[target_feature(enable = "aes,pclmulqdq,avx")]
pub(crate) fn carryless<const HALVES: i32>(a: Vector, b: Vector) -> Vector {
    isa::_mm_clmulepi64_si128::<HALVES>(a, b)
}

/// The vectors that hold the pairs (x, y) of blocks one after another.
pub(crate) fn interleave(x: Vector, y: Vector) -> [Vector; 2] {
    [x, y]
}

/// Undoes [`interleave`].
pub(crate) fn deinterleave(pairs: [Vector; 2]) -> (Vector, Vector) {
    (pairs[0], pairs[1])
}
