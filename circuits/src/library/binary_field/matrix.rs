use crate::{Bit, Bits};

/// As many bits as there are columns, 64 to a word, lowest first.
pub(super) type Row = Vec<u64>;

/// A linear map over GF(2).
pub(super) struct Matrix {
    columns: usize,
    rows: Vec<Row>,
}

/// Bits whose sums are shared when a map is applied (the method of four Russians).
const BLOCK: usize = 6;

impl Matrix {
    /// The map whose images of the basis are given, each `rows` bits.
    pub(super) fn of_images(rows: usize, images: &[Row]) -> Self {
        let mut matrix =
            Matrix { columns: images.len(), rows: vec![vec![0; images.len().div_ceil(64)]; rows] };
        for (column, image) in images.iter().enumerate() {
            for row in (0..rows).filter(|row| bit(image, *row)) {
                matrix.rows[row][column / 64] |= 1 << (column % 64);
            }
        }
        matrix
    }

    /// The bits of all maps, one after the other.
    pub(super) fn stacked(maps: impl IntoIterator<Item = Matrix>, columns: usize) -> Self {
        Matrix { columns, rows: maps.into_iter().flat_map(|map| map.rows).collect() }
    }

    /// This map after `first`.
    pub(super) fn after(&self, first: &Matrix) -> Self {
        let rows = self.rows.iter().map(|row| {
            let mut sum = vec![0; first.columns.div_ceil(64)];
            for k in (0..self.columns).filter(|k| bit(row, *k)) {
                add(&mut sum, &first.rows[k]);
            }
            sum
        });
        Matrix { columns: first.columns, rows: rows.collect() }
    }

    /// A map that undoes this one; nothing if two inputs have one image.
    pub(super) fn left_inverse(&self) -> Option<Self> {
        let words = self.rows.len().div_ceil(64);
        let mut left = self.rows.clone();
        let mut right: Vec<Row> = (0..left.len())
            .map(|k| {
                let mut unit = vec![0; words];
                unit[k / 64] |= 1 << (k % 64);
                unit
            })
            .collect();
        for column in 0..self.columns {
            let pivot = (column..left.len()).find(|row| bit(&left[*row], column))?;
            left.swap(column, pivot);
            right.swap(column, pivot);
            let (pivot_left, pivot_right) = (left[column].clone(), right[column].clone());
            for row in (0..left.len()).filter(|row| *row != column) {
                if bit(&left[row], column) {
                    add(&mut left[row], &pivot_left);
                    add(&mut right[row], &pivot_right);
                }
            }
        }
        right.truncate(self.columns);
        Some(Matrix { columns: self.rows.len(), rows: right })
    }

    /// The map on bits of a circuit: no ANDs. Sums within a block of bits are made in one order, so that the builder
    /// finds them again for other rows.
    pub(super) fn apply<'b>(&self, bits: &Bits<'b>) -> Bits<'b> {
        let builder = bits.builder();
        builder.bits(self.rows.iter().map(|row| {
            let blocks = bits.chunks(BLOCK).enumerate().map(|(index, block)| {
                let chosen = block.iter().enumerate().filter(|(k, _)| bit(row, BLOCK * index + k));
                chosen.fold(builder.constant(false), |sum: Bit<'b>, (_, &bit)| sum ^ bit)
            });
            blocks.fold(builder.constant(false), |sum, block| sum ^ block)
        }))
    }
}

fn bit(row: &[u64], index: usize) -> bool {
    row[index / 64] >> (index % 64) & 1 == 1
}

fn add(sum: &mut [u64], summand: &[u64]) {
    for (word, other) in sum.iter_mut().zip(summand) {
        *word ^= other;
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn inverses_undo_tall_maps_and_flat_ones_have_none() {
        let images = [vec![0b0110], vec![0b1011], vec![0b1000]];
        let map = Matrix::of_images(4, &images);
        let identity = map.left_inverse().unwrap().after(&map);
        assert_eq!(identity.rows, [[0b001], [0b010], [0b100]]);
        let dependent = Matrix::of_images(4, &[vec![0b0110], vec![0b1011], vec![0b1101]]);
        assert!(dependent.left_inverse().is_none());
        assert!(Matrix::of_images(2, &images).left_inverse().is_none());
    }
}
