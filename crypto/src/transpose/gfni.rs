//! The transpose in vectors of 64 bytes, with an instruction that multiplies 8 × 8 bits by 8 × 8 bits.
//!
//! A vector holds the same 64 bytes of a plane: lane L has those of tile L. First, of each group of eight planes, the eight bytes of
//! each column come to stand together by unpacking; such eight bytes are 8 × 8 bits, whose product with the identity, where one
//! factor is taken by rows and the other by columns, is their transpose: byte i of eight rows. Second, the bytes of the sixteen
//! groups come to stand together by unpacking again: lane L of a vector is a row of tile L. Third, of four vectors with rows that
//! follow each other, lanes are exchanged, so that whole lines are stored.

use std::arch::x86_64::{_mm512_gf2p8affine_epi64_epi8, _mm512_set1_epi64, _mm512_shuffle_i64x2};

use zeroize::Zeroize;

use super::PLANES;
use crate::x86_64::Vaes512;
use crate::x86_64::zmm::{BLOCKS, Vector, load, splat, store, unpack_high8, unpack_low8};
use crate::{Block, prefetch};

/// Bit 8·i + i is set for each i.
const IDENTITY: i64 = 0x8040_2010_0804_0201_u64.cast_signed();

/// Transposes whole vectors of tiles and returns the number of the first tile that is left.
pub(super) fn transpose(_: Vaes512, planes: &[Block], stride: usize, tiles: &mut [[Block; PLANES]]) -> usize {
    #[allow(unsafe_code)]
    // SAFETY: a `Vaes512` exists only if the CPU has these features.
    unsafe {
        transpose_all(planes, stride, tiles)
    }
}

#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq,gfni")]
fn transpose_all(planes: &[Block], stride: usize, tiles: &mut [[Block; PLANES]]) -> usize {
    assert!(planes.len() >= (PLANES - 1) * stride + tiles.len(), "planes end before the rows");
    let mut bytes = [[splat(Block::ZERO); 16]; 8];
    let (batches, _) = tiles.as_chunks_mut::<BLOCKS>();
    let mut first = 0;
    while let Some((batch, left)) = batches[first..].split_first_mut() {
        for i in 0..16 {
            let group = 8 * i * stride + first * BLOCKS;
            prefetch_group(planes, group + BLOCKS, stride, left, i);
            #[allow(unsafe_code)]
            // SAFETY: the last plane has all tiles, as asserted above.
            let group = unsafe { transpose_bits(planes, group, stride) };
            for (bytes, group) in bytes.iter_mut().zip(group) {
                bytes[i] = group;
            }
        }
        for (k, bytes) in bytes.iter().enumerate() {
            store_rows(transpose_bytes(bytes), 16 * k, batch);
        }
        first += 1;
    }
    bytemuck::cast_slice_mut::<_, Block>(&mut bytes).zeroize();
    first * BLOCKS
}

/// Asks for a group of the next batch's planes and for some of the lines that it is stored to: no processor foresees 128 planes and
/// rows here and there, and all lines at once would be more than it can wait for.
#[inline]
fn prefetch_group(
    planes: &[Block],
    first: usize,
    stride: usize,
    batches: &[[[Block; PLANES]; BLOCKS]],
    group: usize,
) {
    let Some(rows) = batches.first().map(|batch| batch.as_flattened()) else { return };
    for t in 0..8 {
        prefetch(planes, first + t * stride);
        prefetch(rows, 4 * (8 * group + t));
    }
}

/// From eight planes, of which the first has its block at `first`, makes eight vectors: byte j of lane L of vector k holds those
/// planes' bits of row 16·k + j of tile L.
///
/// # Safety
/// There have to be a vector's blocks at `first` and seven strides after it.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq,gfni")]
#[allow(unsafe_code)]
unsafe fn transpose_bits(planes: &[Block], first: usize, stride: usize) -> [Vector; 8] {
    let plane = |t: usize| {
        let first = first + t * stride;
        // SAFETY: as the caller promises. 128 checks in every batch would cost as much as the bits.
        let blocks = unsafe { planes.get_unchecked(first..first + BLOCKS) };
        load(bytemuck::cast_slice(blocks).first_chunk().expect("a vector's bytes"))
    };
    let unpack = |x: [Vector; 8]| {
        let low = |i: usize| unpack_low8(x[i], x[i + 4]);
        let high = |i: usize| unpack_high8(x[i], x[i + 4]);
        [low(0), high(0), low(1), high(1), low(2), high(2), low(3), high(3)]
    };
    // The instruction takes the first byte for the last row.
    let columns = unpack(unpack(unpack([7, 6, 5, 4, 3, 2, 1, 0].map(plane))));
    columns.map(|column| _mm512_gf2p8affine_epi64_epi8::<0>(_mm512_set1_epi64(IDENTITY), column))
}

/// Byte i of lane L of vector j becomes byte j of lane L of vector i. Each of four unpackings rotates the eight bits of the pair
/// (i, j) by one, which exchanges i and j.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq,gfni")]
fn transpose_bytes(x: &[Vector; 16]) -> [Vector; 16] {
    unpack(&unpack(&unpack(&unpack(x))))
}

/// Unpacks vectors i and i + 8 into 2·i and 2·i + 1.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq,gfni")]
fn unpack(x: &[Vector; 16]) -> [Vector; 16] {
    let low = |i: usize| unpack_low8(x[i], x[i + 8]);
    let high = |i: usize| unpack_high8(x[i], x[i + 8]);
    [
        low(0),
        high(0),
        low(1),
        high(1),
        low(2),
        high(2),
        low(3),
        high(3),
        low(4),
        high(4),
        low(5),
        high(5),
        low(6),
        high(6),
        low(7),
        high(7),
    ]
}

/// Stores vectors that hold the rows from `first` on, one of each tile.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq,gfni")]
fn store_rows(vectors: [Vector; 16], first: usize, tiles: &mut [[Block; PLANES]; BLOCKS]) {
    for (four, first) in vectors.as_chunks().0.iter().zip((first..).step_by(BLOCKS)) {
        for (tile, rows) in tiles.iter_mut().zip(transpose_lanes(*four)) {
            let places = bytemuck::cast_slice_mut(&mut tile[first..first + BLOCKS]);
            store(places.first_chunk_mut().expect("a vector's bytes"), rows);
        }
    }
}

/// Lane L of vector j becomes lane j of vector L.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,vaes,vpclmulqdq,gfni")]
fn transpose_lanes([a, b, c, d]: [Vector; BLOCKS]) -> [Vector; BLOCKS] {
    let lower = |x, y| _mm512_shuffle_i64x2::<0b01_00_01_00>(x, y);
    let upper = |x, y| _mm512_shuffle_i64x2::<0b11_10_11_10>(x, y);
    let even = |x, y| _mm512_shuffle_i64x2::<0b10_00_10_00>(x, y);
    let odd = |x, y| _mm512_shuffle_i64x2::<0b11_01_11_01>(x, y);
    let (low, high) = ((lower(a, b), lower(c, d)), (upper(a, b), upper(c, d)));
    [even(low.0, low.1), odd(low.0, low.1), even(high.0, high.1), odd(high.0, high.1)]
}
