use bytemuck::{Pod, Zeroable};
use zeroize::Zeroize;

use super::{PLANES, transpose_strided};
use crate::{Backend, Block};

/// A line of the cache.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([Block; BLOCKS_PER_LINE]);

const BLOCKS_PER_LINE: usize = 4;

/// 128 bit planes, laid out so that a transpose reads them well. Wiped on drop.
///
/// A plane begins on a line of the cache and takes an odd number of them: planes a power of two apart would all fall upon
/// the same few places of the cache.
pub struct Planes {
    blocks: usize,
    lines: Vec<Line>,
}

impl Planes {
    /// Planes of so many blocks each, all zero.
    pub fn new(blocks: usize) -> Self {
        let lines_per_plane = blocks.div_ceil(BLOCKS_PER_LINE) | 1;
        Planes { blocks, lines: vec![Line([Block::ZERO; BLOCKS_PER_LINE]); PLANES * lines_per_plane] }
    }

    /// Blocks of a plane.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// The planes in order.
    pub fn iter(&self) -> impl Iterator<Item = &[Block]> {
        let lines = self.lines.chunks_exact(self.lines.len() / PLANES);
        lines.map(|lines| &bytemuck::cast_slice(lines)[..self.blocks])
    }

    /// The four planes from plane `first` on, to be written.
    ///
    /// # Panics
    /// If there are no four more.
    pub fn four_mut(&mut self, first: usize) -> [&mut [Block]; 4] {
        let lines_per_plane = self.lines.len() / PLANES;
        let mut lines = self.lines.chunks_exact_mut(lines_per_plane).skip(first);
        std::array::from_fn(|_| {
            let lines = lines.next().expect("four planes from the first on");
            &mut bytemuck::cast_slice_mut(lines)[..self.blocks]
        })
    }

    /// The first bits of the planes as rows, as many as there is room for: bit i of row j is bit j of plane i.
    ///
    /// # Panics
    /// If the rows are no multiple of 128, or more than the bits of a plane.
    pub fn transpose(&self, backend: Backend, rows: &mut [Block]) {
        assert!(
            rows.len() <= self.blocks * PLANES,
            "{} rows of planes of {} blocks",
            rows.len(),
            self.blocks
        );
        let stride = self.lines.len() / PLANES * BLOCKS_PER_LINE;
        transpose_strided(backend, bytemuck::cast_slice(&self.lines), stride, rows);
    }
}

impl Drop for Planes {
    fn drop(&mut self) {
        bytemuck::cast_slice_mut::<_, Block>(&mut self.lines).zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::{PLANES, Planes};
    use crate::{Backend, Block, Entropy, transpose128};

    #[test]
    fn planes_are_transposed_as_if_they_lay_densely() {
        let mut entropy = Entropy::fixed(1);
        for backend in Backend::available() {
            for (tiles, extra) in [(1, 0), (1, 1), (2, 0), (3, 2), (4, 0), (4, 1), (9, 3)] {
                let dense: Vec<Block> = (0..tiles * PLANES).map(|_| entropy.block()).collect();
                let mut planes = Planes::new(tiles + extra);
                assert_eq!(planes.blocks(), tiles + extra);
                for first in (0..PLANES).step_by(4) {
                    for (plane, number) in planes.four_mut(first).into_iter().zip(first..) {
                        plane.fill(Block::new(u128::MAX));
                        plane[..tiles].copy_from_slice(&dense[number * tiles..][..tiles]);
                    }
                }
                let written = planes.iter().zip(dense.chunks_exact(tiles));
                assert_eq!(written.filter(|(plane, dense)| plane[..tiles] == **dense).count(), PLANES);
                let [mut rows, mut expected] = [0, 1].map(|_| vec![Block::ZERO; dense.len()]);
                planes.transpose(backend, &mut rows);
                transpose128(backend, &dense, &mut expected);
                assert!(rows == expected, "{} with {tiles} tiles", backend.name());
            }
        }
    }

    #[test]
    #[should_panic(expected = "256 rows of planes of 1 blocks")]
    fn rows_are_not_more_than_bits() {
        Planes::new(1).transpose(Backend::Portable, &mut [Block::ZERO; 256]);
    }
}
