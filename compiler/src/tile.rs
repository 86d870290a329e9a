use std::ops::Range;

use zeroize::{DefaultIsZeroes, Zeroize};

use crate::{Program, Slot};

/// The slots of the lanes that a machine runs side by side, as `[slot][lane]`, for one tile of a call after another.
///
/// Lanes run as tiles of [`Program::tile_width`] lanes; the last may be narrower. The memory is that
/// of one tile whatever the number of lanes, and is wiped on drop.
pub struct Tile<T: DefaultIsZeroes> {
    slots: Vec<T>,
    lanes: Range<usize>,
    end: usize,
    width: usize,
}

impl<T: DefaultIsZeroes> Tile<T> {
    /// The first tile of these lanes of a call.
    pub fn first(program: &Program, lanes: Range<usize>) -> Self {
        let width = program.tile_width().min(lanes.len());
        let slots = vec![T::default(); program.slot_count() * width];
        Tile { slots, lanes: lanes.start..lanes.start + width, end: lanes.end, width }
    }

    /// Goes on to the next tile; false, and no lanes, if that was the last.
    pub fn advance(&mut self) -> bool {
        let from = self.lanes.end;
        self.lanes = from..self.end.min(from + self.width);
        !self.lanes.is_empty()
    }

    /// Goes to a tile of these lanes, which are not more than the first tile had.
    ///
    /// # Panics
    /// If they are more.
    pub fn move_to(&mut self, lanes: Range<usize>) {
        assert!(lanes.len() <= self.width, "lanes {lanes:?} in a tile of {}", self.width);
        self.lanes = lanes;
    }

    /// The lanes of the call that this tile holds.
    pub fn lanes(&self) -> Range<usize> {
        self.lanes.clone()
    }

    /// All slots, each a row of as many values as the tile has lanes.
    pub fn slots_mut(&mut self) -> &mut [T] {
        let width = self.lanes.len();
        let slots = self.slots.len() / self.width.max(1);
        &mut self.slots[..slots * width]
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
}

impl<T: DefaultIsZeroes> Drop for Tile<T> {
    fn drop(&mut self) {
        self.slots.zeroize();
    }
}
