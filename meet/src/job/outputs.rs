use std::ops::Range;

use halfgate::circuits::BitRows;
use halfgate::{Program, Values};
use zeroize::{Zeroize, Zeroizing};

/// The outputs of all rows, filled batch by batch.
pub(crate) struct Outputs(Vec<Values>);

impl Outputs {
    pub(crate) fn new(program: &Program, rows: usize) -> Self {
        let widths = program.outputs().iter().map(|output| output.bits.len() as u32);
        Outputs(widths.map(|width| Values::new(width, rows)).collect())
    }

    /// Those of a job that was one run.
    pub(crate) fn whole(values: Vec<Values>) -> Self {
        Outputs(values)
    }

    pub(crate) fn into_values(self) -> Vec<Values> {
        self.0
    }

    /// Takes in the outputs of a batch that starts with this row.
    pub(crate) fn write(&mut self, first: usize, batch: &[Values]) {
        for (whole, part) in self.0.iter_mut().zip(batch) {
            whole.write_lanes(first, part);
        }
    }

    /// How many bytes these rows take in a journal and on the wire: each group's bits without gaps.
    pub(crate) fn byte_len(&self, rows: &Range<usize>) -> usize {
        self.0.iter().map(|values| group_bytes(values, rows)).sum()
    }

    /// The bytes of these rows.
    pub(crate) fn bytes(&self, rows: &Range<usize>) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.byte_len(rows)));
        for values in &self.0 {
            let mut group = BitRows::from_values(values, rows.clone()).to_bytes();
            bytes.extend_from_slice(&group);
            group.zeroize();
        }
        bytes
    }

    /// Reads what [`Outputs::bytes`] gave; `false`, with nothing written, if it is not of these rows.
    pub(crate) fn read(&mut self, rows: &Range<usize>, mut bytes: &[u8]) -> bool {
        let mut groups = Vec::with_capacity(self.0.len());
        for values in &self.0 {
            let Some((group, rest)) = bytes.split_at_checked(group_bytes(values, rows)) else { return false };
            bytes = rest;
            groups.push(BitRows::from_bytes(values.width() as usize, rows.len(), group));
        }
        let groups: Option<Vec<BitRows>> = groups.into_iter().collect();
        let Some(groups) = groups.filter(|_| bytes.is_empty()) else { return false };
        for (values, group) in self.0.iter_mut().zip(&groups) {
            group.write_to(values, rows.start);
        }
        true
    }

    /// Forgets the outputs of these rows.
    pub(crate) fn clear(&mut self, rows: &Range<usize>) {
        for values in &mut self.0 {
            for row in rows.clone() {
                values.lane_mut(row).zeroize();
            }
        }
    }
}

fn group_bytes(values: &Values, rows: &Range<usize>) -> usize {
    (values.width() as usize * rows.len()).div_ceil(8)
}
