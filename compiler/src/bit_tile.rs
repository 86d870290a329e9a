use halfgate_circuits::BitRows;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Operand, Program, Slot, XorGate};

/// One bit for each slot in each lane of a tile: a slot is a word whose bit l is that of lane l.
///
/// Bits beyond the lanes of the tile mean nothing. Wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct BitTile {
    slots: Vec<u32>,
}

impl BitTile {
    /// All bits zero.
    pub fn new(program: &Program) -> Self {
        debug_assert!(program.tile_width() <= u32::BITS as usize, "a bit for each lane of a tile");
        BitTile { slots: vec![0; program.slot_count()] }
    }

    /// The bits of a slot.
    ///
    /// # Panics
    /// If the slot is not one of the program.
    pub fn row(&self, slot: Slot) -> u32 {
        self.slots[slot.index()]
    }

    /// The bits of a slot as a gate reads them.
    ///
    /// # Panics
    /// If the slot is not one of the program.
    pub fn read(&self, operand: Operand) -> u32 {
        self.row(operand.slot()) ^ u32::from(operand.inverted()).wrapping_neg()
    }

    /// Writes the bits of a slot.
    ///
    /// # Panics
    /// If the slot is not one of the program.
    pub fn set_row(&mut self, slot: Slot, bits: u32) {
        self.slots[slot.index()] = bits;
    }

    /// Fills a slot with so many bits of `rows`, from bit `first` on.
    ///
    /// # Panics
    /// If there is no such slot or there are no such bits.
    pub fn load(&mut self, slot: Slot, rows: &BitRows, first: usize, lanes: usize) {
        self.slots[slot.index()] = rows.word(first, lanes) as u32;
    }

    /// Runs exclusive ors in order.
    ///
    /// # Panics
    /// If the gates are not of the program.
    pub fn xor(&mut self, gates: &[XorGate]) {
        for gate in gates {
            self.slots[gate.out.index()] = self.slots[gate.left.index()] ^ self.slots[gate.right.index()];
        }
    }
}
