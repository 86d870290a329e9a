//! Free XOR with vectors, for every width of vector.

use crate::x86_64::for_each_width;

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use crate::Block;
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            pub(in super::super) fn xor_rows(
                _: Token,
                slots: &mut [Block],
                width: usize,
                gates: &[[u32; 3]],
            ) {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features, and narrower kernels ask for fewer.
                unsafe {
                    match width {
                        16 => fixed::<{ 16 / BLOCKS }>(slots, gates),
                        32 => fixed::<{ 32 / BLOCKS }>(slots, gates),
                        _ if width.is_multiple_of(BLOCKS) => any(slots, width / BLOCKS, gates),
                        _ => super::aes_ni::any(slots, width, gates),
                    }
                }
            }

            /// Rows of `N` vectors: the widths of a tile.
            #[target_feature(enable = $features)]
            fn fixed<const N: usize>(slots: &mut [Block], gates: &[[u32; 3]]) {
                let rows = vectors(slots).as_chunks_mut::<N>().0;
                for gate in gates {
                    let [left, right, out] = gate.map(|row| row as usize);
                    for v in 0..N {
                        let x = xor(load(&rows[left][v]), load(&rows[right][v]));
                        store(&mut rows[out][v], x);
                    }
                }
            }

            /// Rows of any number of vectors.
            #[target_feature(enable = $features)]
            pub(super) fn any(slots: &mut [Block], per_row: usize, gates: &[[u32; 3]]) {
                let slots = vectors(slots);
                let rows = slots.len() / per_row;
                for gate in gates {
                    let [left, right, out] = gate.map(|row| {
                        assert!((row as usize) < rows, "row {row} of {rows}");
                        row as usize * per_row
                    });
                    for v in 0..per_row {
                        let x = xor(load(&slots[left + v]), load(&slots[right + v]));
                        store(&mut slots[out + v], x);
                    }
                }
            }

            /// Blocks at the end that fill no vector belong to no row.
            fn vectors(slots: &mut [Block]) -> &mut [Bytes] {
                bytemuck::cast_slice_mut(slots.as_chunks_mut::<BLOCKS>().0)
            }
        }
    };
}

for_each_width!(kernel);
