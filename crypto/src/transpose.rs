//! The bit transpose of OT extension: from 128 bit planes to one block per row.

#[cfg(target_arch = "x86_64")]
mod gfni;
mod planes;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use crate::{Backend, Block};

pub use planes::Planes;

/// Planes of a transpose: the bits of a block.
const PLANES: usize = 128;

/// Transposes 128 bit planes of n bits into n blocks: bit i of row j is bit j of plane i.
///
/// `planes` holds plane after plane, each of n/128 blocks, bit j of a plane being bit j mod 128 of its block j/128.
///
/// ```
/// use halfgate_crypto::{Backend, Block, transpose128};
///
/// let mut planes = [Block::ZERO; 128];
/// planes[3] = Block::new(1 << 70); // plane 3, bit 70
/// let mut rows = [Block::ZERO; 128];
/// transpose128(Backend::detect(), &planes, &mut rows);
/// assert!(rows[70] == Block::new(1 << 3));
/// ```
///
/// # Panics
/// If the slices differ in length or it is no multiple of 128.
pub fn transpose128(backend: Backend, planes: &[Block], rows: &mut [Block]) {
    assert!(
        planes.len() == rows.len() && rows.len().is_multiple_of(PLANES),
        "{} blocks of planes for {} rows",
        planes.len(),
        rows.len()
    );
    transpose_strided(backend, planes, rows.len() / PLANES, rows);
}

/// The same for planes of which each begins `stride` blocks after the one before, in whole tiles of 128 rows.
fn transpose_strided(backend: Backend, planes: &[Block], stride: usize, rows: &mut [Block]) {
    let (tiles, rest) = rows.as_chunks_mut::<PLANES>();
    assert!(rest.is_empty(), "rows come in tiles of {PLANES}");
    match backend {
        Backend::Portable => portable::transpose(planes, stride, tiles),
        #[cfg(target_arch = "x86_64")]
        Backend::AesNi(token) => {
            x86_64::aes_ni::transpose(token, planes, stride, tiles, 0);
        }
        #[cfg(target_arch = "x86_64")]
        Backend::Vaes256(token) => {
            let done = x86_64::vaes256::transpose(token, planes, stride, tiles, 0);
            x86_64::aes_ni::transpose(token.into(), planes, stride, tiles, done);
        }
        #[cfg(target_arch = "x86_64")]
        Backend::Vaes512(token) => {
            let done = gfni::transpose(token, planes, stride, tiles);
            x86_64::aes_ni::transpose(token.into(), planes, stride, tiles, done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PLANES, transpose128};
    use crate::{Backend, Block, Entropy};

    fn naive(planes: &[Block], rows: usize) -> Vec<Block> {
        let stride = rows / PLANES;
        let bit = |plane: usize, row: usize| planes[plane * stride + row / 128].bits() >> (row % 128) & 1;
        (0..rows).map(|row| Block::new((0..PLANES).map(|plane| bit(plane, row) << plane).sum())).collect()
    }

    #[test]
    fn every_backend_transposes_like_the_definition() {
        let mut entropy = Entropy::fixed(1);
        for backend in Backend::available() {
            for tiles in [0, 1, 2, 3, 8, 9] {
                let planes: Vec<Block> = (0..tiles * PLANES).map(|_| entropy.block()).collect();
                let mut rows = vec![Block::new(u128::MAX); planes.len()];
                transpose128(backend, &planes, &mut rows);
                assert!(rows == naive(&planes, rows.len()), "{} with {tiles} tiles", backend.name());
            }
        }
    }

    #[test]
    fn every_single_bit_lands_in_its_place() {
        for backend in Backend::available() {
            for plane in 0..PLANES {
                for row in 0..PLANES {
                    let mut planes = [Block::ZERO; PLANES];
                    planes[plane] = Block::new(1 << row);
                    let mut rows = [Block::ZERO; PLANES];
                    transpose128(backend, &planes, &mut rows);
                    let expected = |i: usize| Block::new(u128::from(i == row) << plane);
                    assert!((0..PLANES).all(|i| rows[i] == expected(i)), "{} {plane} {row}", backend.name());
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "127 blocks of planes for 128 rows")]
    fn lengths_must_agree() {
        transpose128(Backend::Portable, &[Block::ZERO; 127], &mut [Block::ZERO; 128]);
    }
}
