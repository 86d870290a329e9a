use std::ops::{BitXor, Range};

use zeroize::{DefaultIsZeroes, Zeroize};

use crate::{Program, Slot, XorGate};

/// The slots of the lanes that a machine runs side by side, as `[slot][lane]`, for one tile of a call after another.
///
/// A call of `L` lanes runs as tiles of [`Program::tile_width`] lanes; the last may be narrower. The memory is that
/// of one tile whatever the number of lanes, and is wiped on drop.
pub struct Tile<T: DefaultIsZeroes> {
    slots: Vec<T>,
    lanes: Range<usize>,
    total: usize,
    width: usize,
}

impl<T: DefaultIsZeroes + BitXor<Output = T>> Tile<T> {
    /// The first tile of a call of `lanes` lanes.
    pub fn first(program: &Program, lanes: usize) -> Self {
        let width = program.tile_width().min(lanes);
        Tile { slots: vec![T::default(); program.slot_count() * width], lanes: 0..width, total: lanes, width }
    }

    /// Goes on to the next tile; false, and no lanes, if that was the last.
    pub fn advance(&mut self) -> bool {
        let from = self.lanes.end;
        self.lanes = from..self.total.min(from + self.width);
        !self.lanes.is_empty()
    }

    /// The lanes of the call that this tile holds.
    pub fn lanes(&self) -> Range<usize> {
        self.lanes.clone()
    }

    /// The values of a slot, one per lane of the tile.
    ///
    /// # Panics
    /// If the slot is not one of the program.
    pub fn row(&self, slot: Slot) -> &[T] {
        let width = self.lanes.len();
        &self.slots[slot.index() * width..][..width]
    }

    /// The values of a slot, to be written.
    ///
    /// # Panics
    /// If the slot is not one of the program.
    pub fn row_mut(&mut self, slot: Slot) -> &mut [T] {
        let width = self.lanes.len();
        &mut self.slots[slot.index() * width..][..width]
    }

    /// Runs exclusive ors in order, in all lanes.
    ///
    /// # Panics
    /// If a slot is not one of the program.
    pub fn xor(&mut self, gates: &[XorGate]) {
        // Widths known at compile time let the rows go through vector registers.
        match self.lanes.len() {
            1 => self.xor_rows::<1>(gates),
            16 => self.xor_rows::<16>(gates),
            32 => self.xor_rows::<32>(gates),
            _ => self.xor_any(gates),
        }
    }

    fn xor_rows<const WIDTH: usize>(&mut self, gates: &[XorGate]) {
        let rows = self.slots.as_chunks_mut::<WIDTH>().0;
        for gate in gates {
            let (left, right) = (rows[gate.left.index()], rows[gate.right.index()]);
            rows[gate.out.index()] = std::array::from_fn(|lane| left[lane] ^ right[lane]);
        }
    }

    fn xor_any(&mut self, gates: &[XorGate]) {
        let width = self.lanes.len();
        for gate in gates {
            let [left, right, out] = [gate.left, gate.right, gate.out].map(|slot| slot.index() * width);
            for lane in 0..width {
                self.slots[out + lane] = self.slots[left + lane] ^ self.slots[right + lane];
            }
        }
    }
}

impl<T: DefaultIsZeroes> Drop for Tile<T> {
    fn drop(&mut self) {
        self.slots.zeroize();
    }
}
