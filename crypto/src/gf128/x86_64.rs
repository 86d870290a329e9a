//! Products over GF(2) with PCLMULQDQ, for every width of vector.

use crate::x86_64::for_each_width;

macro_rules! kernel {
    ($module:ident, $vector:ident, $token:ident, $features:tt) => {
        pub(super) mod $module {
            use crate::Block;
            use crate::gf128::Product;
            use crate::x86_64::$token as Token;
            use crate::x86_64::$vector::*;

            pub(in super::super) fn inner_product(_: Token, a: &[Block], b: &[Block]) -> Product {
                #[allow(unsafe_code)]
                // SAFETY: a `Token` exists only if the CPU has these features.
                unsafe {
                    sum_of_products(a, b)
                }
            }

            #[target_feature(enable = $features)]
            fn sum_of_products(a: &[Block], b: &[Block]) -> Product {
                let (a_chunks, a_tail) = a.as_chunks::<BLOCKS>();
                let (b_chunks, b_tail) = b.as_chunks::<BLOCKS>();
                let mut sums = [splat(Block::ZERO); 3];
                for (a, b) in a_chunks.iter().zip(b_chunks) {
                    add_products(&mut sums, a, b);
                }
                if !a_tail.is_empty() {
                    let (mut a, mut b) = ([Block::ZERO; BLOCKS], [Block::ZERO; BLOCKS]);
                    a[..a_tail.len()].copy_from_slice(a_tail);
                    b[..b_tail.len()].copy_from_slice(b_tail);
                    add_products(&mut sums, &a, &b);
                }
                let [low, high, both] = [total(sums[0]), total(sums[1]), total(sums[2])];
                let middle = both ^ low ^ high;
                Product { low: low ^ (middle << 64), high: high ^ (middle >> 64) }
            }

            /// Adds for each pair of blocks the products of the low halves, of the high halves, and of the sums of
            /// both halves (Karatsuba).
            #[inline]
            #[target_feature(enable = $features)]
            fn add_products(sums: &mut [Vector; 3], a: &[Block; BLOCKS], b: &[Block; BLOCKS]) {
                let (a, b) = (load(bytemuck::cast_ref(a)), load(bytemuck::cast_ref(b)));
                sums[0] = xor(sums[0], carryless::<0x00>(a, b));
                sums[1] = xor(sums[1], carryless::<0x11>(a, b));
                let (a, b) = (xor(a, swap_halves(a)), xor(b, swap_halves(b)));
                sums[2] = xor(sums[2], carryless::<0x00>(a, b));
            }

            /// The XOR of the blocks of a vector.
            #[inline]
            #[target_feature(enable = $features)]
            fn total(vector: Vector) -> u128 {
                let blocks: [u128; BLOCKS] = bytemuck::cast(vector);
                let mut sum = 0;
                for block in blocks {
                    sum ^= block;
                }
                sum
            }
        }
    };
}

for_each_width!(kernel);
