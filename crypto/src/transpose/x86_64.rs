//! The transpose in vectors of one and two blocks: a vector of L blocks holds the same plane of L tiles side by side.
//!
//! A tile has 128 planes of 16 bytes. First, in each group of eight planes, the 8 × 8 bits of every byte column are
//! transposed by swapping bits between the planes; then vector s of group i holds byte i of rows 8·j + s, for all j.
//! Second, for each s, the 16 × 16 bytes of the vectors of all groups are transposed by unpacking. Bits are swapped
//! between vectors and not within one, because that costs half, and bytes are unpacked four vectors at a time, because
//! sixteen with their successors do not fit the registers.

use crate::x86_64::for_narrow_widths;

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use zeroize::Zeroize;

            use crate::Block;
            use crate::prefetch;
            use crate::transpose::PLANES;
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            /// Transposes whole vectors of tiles from `first_tile` on and returns the number of the first tile that
            /// is left.
            pub(in super::super) fn transpose(
                _: Token,
                planes: &[Block],
                stride: usize,
                tiles: &mut [[Block; PLANES]],
                first_tile: usize,
            ) -> usize {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    transpose_all(planes, stride, tiles, first_tile)
                }
            }

            #[target_feature(enable = $features)]
            fn transpose_all(
                planes: &[Block],
                stride: usize,
                tiles: &mut [[Block; PLANES]],
                first_tile: usize,
            ) -> usize {
                assert!(planes.len() >= (PLANES - 1) * stride + tiles.len(), "planes end before the rows");
                let mut groups = [[splat(Block::ZERO); 16]; 8];
                let (batches, _) = tiles[first_tile..].as_chunks_mut::<BLOCKS>();
                let mut tile = first_tile;
                for batch in 0..batches.len() {
                    // Rows are stored a few bytes here and there, and would wait for each line of memory.
                    if let Some(next) = batches.get(batch + 1) {
                        let next: &[Block] = next.as_flattened();
                        (0..next.len()).step_by(4).for_each(|line| prefetch(next, line));
                    }
                    let rows = &mut batches[batch];
                    for i in 0..16 {
                        #[allow(unsafe_code)]
                        // SAFETY: the last plane has all tiles, as asserted above.
                        let bits = unsafe { transpose_bits(planes, 8 * i * stride + tile, stride) };
                        for s in 0..8 {
                            groups[s][i] = bits[s];
                        }
                    }
                    for (s, group) in groups.iter().enumerate() {
                        store_rows(transpose_bytes(group), s, rows);
                    }
                    tile += BLOCKS;
                }
                bytemuck::cast_slice_mut::<_, Block>(&mut groups).zeroize();
                tile
            }

            /// From eight planes, of which the first has its block at `first`, makes the eight vectors whose byte j holds
            /// those planes' bits of row 8·j + s.
            ///
            /// # Safety
            /// There have to be a vector's blocks at `first` and seven strides after it.
            #[inline]
            #[target_feature(enable = $features)]
            #[allow(unsafe_code)]
            unsafe fn transpose_bits(planes: &[Block], first: usize, stride: usize) -> [Vector; 8] {
                let mut bits = [splat(Block::ZERO); 8];
                for t in 0..8 {
                    let first = first + t * stride;
                    // SAFETY: as the caller promises. 128 checks in every batch would cost as much as the bits.
                    let blocks = unsafe { planes.get_unchecked(first..first + BLOCKS) };
                    bits[t] = load(bytemuck::cast_slice(blocks).first_chunk().expect("a vector's bytes"));
                }
                for t in [0, 1, 2, 3] {
                    (bits[t], bits[t + 4]) = swap_bits::<4>(bits[t], bits[t + 4], 0x0f);
                }
                for t in [0, 1, 4, 5] {
                    (bits[t], bits[t + 2]) = swap_bits::<2>(bits[t], bits[t + 2], 0x33);
                }
                for t in [0, 2, 4, 6] {
                    (bits[t], bits[t + 1]) = swap_bits::<1>(bits[t], bits[t + 1], 0x55);
                }
                bits
            }

            /// Swaps the bits of `lower` under the mask with those of `upper` that stand `BITS` higher.
            #[inline]
            #[target_feature(enable = $features)]
            fn swap_bits<const BITS: Shift>(upper: Vector, lower: Vector, mask: u8) -> (Vector, Vector) {
                let mask = load(&[mask; 16 * BLOCKS]);
                let swap = and(xor(shift_down64::<BITS>(upper), lower), mask);
                (xor(upper, shift_up64::<BITS>(swap)), xor(lower, swap))
            }

            /// Byte j of vector i becomes byte i of vector j. Each of four unpackings rotates the eight bits of the pair
            /// (i, j) by one, which exchanges i and j.
            #[inline]
            #[target_feature(enable = $features)]
            fn transpose_bytes(x: &[Vector; 16]) -> [Vector; 16] {
                unpack_twice(&unpack_twice(x))
            }

            /// Two unpackings of vectors i and i + 8 into 2·i and 2·i + 1.
            #[inline]
            #[target_feature(enable = $features)]
            fn unpack_twice(x: &[Vector; 16]) -> [Vector; 16] {
                let mut y = [splat(Block::ZERO); 16];
                for i in 0..4 {
                    let (even, odd) = ((x[i], x[i + 8]), (x[i + 4], x[i + 12]));
                    let lows = (unpack_low8(even.0, even.1), unpack_low8(odd.0, odd.1));
                    let highs = (unpack_high8(even.0, even.1), unpack_high8(odd.0, odd.1));
                    y[4 * i] = unpack_low8(lows.0, lows.1);
                    y[4 * i + 1] = unpack_high8(lows.0, lows.1);
                    y[4 * i + 2] = unpack_low8(highs.0, highs.1);
                    y[4 * i + 3] = unpack_high8(highs.0, highs.1);
                }
                y
            }

            /// Stores the vectors as the rows s, s + 8, … of their tiles.
            #[inline]
            #[target_feature(enable = $features)]
            fn store_rows(vectors: [Vector; 16], s: usize, rows: &mut [[Block; PLANES]; BLOCKS]) {
                for j in 0..16 {
                    for (rows, block) in rows.iter_mut().zip(split(vectors[j])) {
                        rows[8 * j + s] = bytemuck::cast(block);
                    }
                }
            }
        }
    };
}

for_narrow_widths!(kernel);
