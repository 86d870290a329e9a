use std::ops::Range;

use crate::{AndGate, Machine, Position, Program, Progress, XorGate};

/// A machine that runs a call of many lanes tile by tile.
pub trait TileMachine: Machine {
    /// Takes the inputs of these lanes into the slots, and zero into its slot.
    fn load(&mut self, lanes: Range<usize>);

    /// Takes the outputs of these lanes, which have run to the end, out of the slots.
    fn store(&mut self, lanes: Range<usize>);
}

/// A call on its way: tile by tile, each in program order, with pauses where the machine has no room.
///
/// Machines of one call that have room for the same ANDs pause at the same places, so that each can do its part on the
/// ANDs of one portion after the other.
#[derive(Clone)]
pub struct Walk<'p> {
    program: &'p Program,
    at: Position,
    /// The lanes of the tile that is due.
    lanes: Range<usize>,
    width: usize,
    end: usize,
    loaded: bool,
}

impl<'p> Walk<'p> {
    /// The start of a call of so many lanes.
    pub fn new(program: &'p Program, lanes: usize) -> Self {
        let width = program.tile_width().min(lanes);
        Walk { program, at: Position::default(), lanes: 0..width, width, end: lanes, loaded: false }
    }

    /// Drives the machine until it has no room for the next batch of ANDs or the call ends.
    pub fn advance(&mut self, machine: &mut impl TileMachine) -> Progress {
        while !self.lanes.is_empty() {
            if !std::mem::replace(&mut self.loaded, true) {
                machine.load(self.lanes.clone());
            }
            if self.program.run(&mut self.at, machine) == Progress::Paused {
                return Progress::Paused;
            }
            machine.store(self.lanes.clone());
            let from = self.lanes.end;
            self.lanes = from..self.end.min(from + self.width);
            (self.at, self.loaded) = (Position::default(), false);
        }
        Progress::Done
    }

    /// How many of the next ANDs, over all lanes, a machine with room for `room` of them takes before it pauses.
    pub fn ands_within(&self, room: usize) -> usize {
        self.clone().skip(room).0
    }

    /// Goes on as a machine with room for `room` ANDs would, and does nothing but count the ANDs that it takes.
    pub fn skip(&mut self, room: usize) -> (usize, Progress) {
        let lanes = if self.loaded { self.lanes.len() } else { 0 };
        let mut counting = Counting { lanes, room, taken: 0 };
        let progress = self.advance(&mut counting);
        (counting.taken, progress)
    }
}

/// The machine that counts ANDs.
struct Counting {
    lanes: usize,
    room: usize,
    taken: usize,
}

impl Machine for Counting {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.lanes <= self.room - self.taken
    }

    fn xor(&mut self, _gates: &[XorGate]) {}

    fn and(&mut self, gates: &[AndGate]) {
        self.taken += gates.len() * self.lanes;
    }
}

impl TileMachine for Counting {
    fn load(&mut self, lanes: Range<usize>) {
        self.lanes = lanes.len();
    }

    fn store(&mut self, _lanes: Range<usize>) {}
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;

    use super::*;
    use crate::compile;

    #[test]
    fn portions_cover_all_ands_of_all_lanes() {
        let program = compile(&library::find("aes128").expect("a library circuit")).expect("compiles");
        let lanes = 2 * program.tile_width() + 5;
        let mut walk = Walk::new(&program, lanes);
        let (mut taken, mut portions) = (0, 0);
        loop {
            let expected = walk.ands_within(30_000);
            let mut portion = Counting { lanes: program.tile_width(), room: 30_000, taken: 0 };
            if taken > 0 {
                portion.lanes = walk.lanes.len();
            }
            let progress = walk.advance(&mut portion);
            assert_eq!(portion.taken, expected);
            (taken, portions) = (taken + expected, portions + 1);
            if progress == Progress::Done {
                break;
            }
            assert!(expected > 30_000 - Program::MAX_BATCH * program.tile_width(), "{expected}");
        }
        assert_eq!(taken, lanes * program.and_count());
        assert!(portions > 7, "{portions} portions");
        assert_eq!(walk.ands_within(30_000), 0);
    }
}
