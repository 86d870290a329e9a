//! What must hold for any graph and any program, whatever they compute.

use std::collections::HashSet;

use halfgate_circuits::Group;

use crate::graph::Graph;
use crate::program::Step;
use crate::{AndGate, Machine, Place, Position, Program, Slot, VerifyError, XorGate};

impl Graph {
    /// Checks that gates read only what stands before them, and that the groups have the wires they say.
    pub(crate) fn verify(&self) -> Result<(), String> {
        let inputs = self.inputs.iter().map(|input| input.group.width as usize).sum::<usize>();
        if inputs != self.input_width {
            return Err(format!("input groups of {inputs} wires over {} wires", self.input_width));
        }
        for (gate, node) in self.gates.iter().enumerate() {
            let own = self.node(gate);
            if let Some(read) = node.reads().into_iter().find(|&read| read >= own) {
                return Err(format!("gate {gate} reads {read:?}, which is not before it"));
            }
        }
        for (group, bits) in &self.outputs {
            let missing = bits.iter().find(|literal| literal.node().index() >= self.node_count());
            if missing.is_some() || bits.len() != group.width as usize {
                return Err(format!(
                    "output `{}` of {} bits: {missing:?} is missing",
                    group.name,
                    bits.len()
                ));
            }
        }
        Ok(())
    }
}

impl Program {
    /// Checks that the program can be run by any machine: its steps divide its gates into batches of independent ANDs,
    /// its slots are in range, every slot has been written before it is read, and no gate of a batch overwrites what a
    /// later one reads.
    ///
    /// # Errors
    /// If the program was not made by this crate, or was changed since. The first fault is named.
    pub fn verify(&self) -> Result<(), VerifyError> {
        self.verify_steps()?;
        self.verify_widths()?;
        self.verify_names()?;
        let writes = self.input_slots.len() + 1 + self.xors.len() + self.ands.len();
        if self.slot_count() > writes {
            return Err(VerifyError::Slots { slots: self.slot_count(), writes });
        }
        if ![16, 32].contains(&self.tile) {
            return Err(VerifyError::Tile { lanes: self.tile as usize });
        }
        let mut checker = Checker::new(self.slot_count());
        for (index, slot) in self.input_slots.iter().enumerate() {
            slot.iter().for_each(|&slot| checker.write(Place::Input(index), slot));
        }
        self.zero.iter().for_each(|&zero| checker.write(Place::Zero, zero));
        self.run(&mut Position::default(), &mut checker);
        checker.round += 1;
        for (index, bit) in self.outputs.iter().flat_map(|output| &output.bits).enumerate() {
            checker.read(Place::Output(index), bit.slot());
        }
        checker.fault.map_or(Ok(()), Err)
    }

    fn verify_steps(&self) -> Result<(), VerifyError> {
        let mut before = Step::default();
        for (index, &step) in self.steps.iter().enumerate() {
            let is_last = index + 1 == self.steps.len();
            let ends_fit = if is_last {
                (step.xors_end as usize, step.ands_end as usize) == (self.xors.len(), self.ands.len())
            } else {
                step.xors_end as usize <= self.xors.len() && step.ands_end as usize <= self.ands.len()
            };
            let batch = step.ands_end.checked_sub(before.ands_end);
            let batch_fits =
                batch.is_some_and(|ands| ands as usize <= Self::MAX_BATCH && (ands > 0 || is_last));
            if !ends_fit || !batch_fits || step.xors_end < before.xors_end {
                return Err(VerifyError::Step { step: index });
            }
            before = step;
        }
        match self.steps.is_empty() && !(self.xors.is_empty() && self.ands.is_empty()) {
            true => Err(VerifyError::Step { step: 0 }),
            false => Ok(()),
        }
    }

    fn verify_names(&self) -> Result<(), VerifyError> {
        unique("input", self.inputs.iter().map(|input| &input.group))?;
        unique("output", self.outputs.iter().map(|output| &output.group))
    }

    fn verify_widths(&self) -> Result<(), VerifyError> {
        let expected = self.inputs.iter().map(|input| input.group.width as usize).sum();
        if self.input_slots.len() != expected {
            return Err(VerifyError::Width { side: "input", expected, given: self.input_slots.len() });
        }
        let wrong = self.outputs.iter().find(|output| output.group.width as usize != output.bits.len());
        wrong.map_or(Ok(()), |output| {
            let (expected, given) = (output.group.width as usize, output.bits.len());
            Err(VerifyError::Width { side: "output", expected, given })
        })
    }
}

fn unique<'a>(side: &'static str, groups: impl Iterator<Item = &'a Group>) -> Result<(), VerifyError> {
    let mut seen = HashSet::new();
    let twice = groups.map(|group| &group.name).find(|&name| !seen.insert(name));
    twice.map_or(Ok(()), |name| Err(VerifyError::DuplicateName { side, name: name.clone() }))
}

/// A machine that keeps track of what the slots hold: nothing, or what was written in some round.
struct Checker {
    /// For each slot the number of the last round that wrote it; zero for none.
    written: Vec<u32>,
    /// What is written together is one round: all inputs, each exclusive or, each batch of ANDs.
    round: u32,
    xors: usize,
    ands: usize,
    fault: Option<VerifyError>,
}

impl Checker {
    fn new(slots: usize) -> Self {
        Checker { written: vec![0; slots], round: 1, xors: 0, ands: 0, fault: None }
    }

    fn read(&mut self, place: Place, slot: Slot) {
        match self.written.get(slot.index()) {
            None => self.no_such_slot(place, slot),
            Some(0) => self.fault(VerifyError::Unwritten { place, slot: slot.index() }),
            Some(&round) if round == self.round => {
                self.fault(VerifyError::Dependent { place, slot: slot.index() });
            }
            Some(_) => {}
        }
    }

    fn write(&mut self, place: Place, slot: Slot) {
        match self.written.get_mut(slot.index()) {
            None => self.no_such_slot(place, slot),
            Some(round) if *round == self.round => {
                self.fault(VerifyError::WrittenTwice { place, slot: slot.index() });
            }
            Some(round) => *round = self.round,
        }
    }

    fn no_such_slot(&mut self, place: Place, slot: Slot) {
        self.fault(VerifyError::NoSuchSlot { place, slot: slot.index(), slots: self.written.len() });
    }

    fn fault(&mut self, fault: VerifyError) {
        self.fault.get_or_insert(fault);
    }
}

impl Machine for Checker {
    fn has_room(&self, _ands: usize) -> bool {
        true
    }

    fn xor(&mut self, gates: &[XorGate]) {
        for gate in gates {
            let place = Place::Xor(self.xors);
            self.round += 1;
            self.read(place, gate.left);
            self.read(place, gate.right);
            self.write(place, gate.out);
            self.xors += 1;
        }
    }

    fn and(&mut self, gates: &[AndGate]) {
        self.round += 1;
        for gate in gates {
            let place = Place::And(self.ands);
            self.read(place, gate.left.slot());
            self.read(place, gate.right.slot());
            self.write(place, gate.out);
            self.ands += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::random::{self, Shape};
    use crate::{AndGate, Operand, Place, Program, Slot, VerifyError, schedule};

    /// Has several batches, some of them full, and reuses slots.
    fn program() -> Program {
        let shape = Shape { inputs: vec![40, 0], gates: 400, outputs: vec![0, 30] };
        let program = schedule(&random::circuit(1, &shape)).unwrap();
        assert!(program.steps.len() > 3 && program.xors.len() > 3 && program.zero.is_some());
        assert_eq!(program.verify(), Ok(()));
        program
    }

    /// The fault found after a change.
    fn fault(change: impl FnOnce(&mut Program)) -> VerifyError {
        let mut program = program();
        change(&mut program);
        program.verify().unwrap_err()
    }

    #[test]
    fn slots_out_of_range_are_found() {
        let slots = program().slot_count();
        let bad = Slot::new(slots as u32);
        let found = |place| VerifyError::NoSuchSlot { place, slot: slots, slots };
        assert_eq!(fault(|program| program.input_slots[7] = Some(bad)), found(Place::Input(7)));
        assert_eq!(fault(|program| program.zero = Some(bad)), found(Place::Zero));
        assert_eq!(fault(|program| program.xors[3].out = bad), found(Place::Xor(3)));
        assert_eq!(fault(|program| program.ands[5].left = Operand::new(bad, true)), found(Place::And(5)));
        assert_eq!(
            fault(|program| program.outputs[1].bits[2] = Operand::new(bad, false)),
            found(Place::Output(2))
        );
        assert!(matches!(fault(|program| program.slots = 1), VerifyError::NoSuchSlot { .. }));
    }

    #[test]
    fn reads_before_writes_are_found() {
        let input = program().input_slots.iter().position(Option::is_some).unwrap();
        assert!(matches!(fault(|program| program.input_slots[input] = None), VerifyError::Unwritten { .. }));
        assert!(matches!(fault(|program| program.zero = None), VerifyError::Unwritten { .. }));
    }

    #[test]
    fn batches_that_depend_on_themselves_are_found() {
        let slots = program().slots;
        let dependent = |program: &mut Program| {
            program.slots += 1;
            program.ands[0].out = Slot::new(slots);
            program.ands[1].left = Operand::new(Slot::new(slots), false);
        };
        assert_eq!(fault(dependent), VerifyError::Dependent { place: Place::And(1), slot: slots as usize });
        let clash = |program: &mut Program| program.ands[1].out = program.ands[0].out;
        assert!(matches!(fault(clash), VerifyError::WrittenTwice { place: Place::And(1), .. }));
        let inputs =
            |program: &mut Program| program.zero = program.input_slots.iter().flatten().copied().next();
        assert!(matches!(fault(inputs), VerifyError::WrittenTwice { place: Place::Zero, .. }));
    }

    #[test]
    fn steps_that_divide_badly_are_found() {
        let last = program().steps.len() - 1;
        let step = |step| VerifyError::Step { step };
        assert_eq!(
            fault(|program| program.steps[1].ands_end = program.steps[0].ands_end),
            step(1),
            "an empty batch"
        );
        assert_eq!(fault(|program| program.steps[1].ands_end = 0), step(1));
        assert_eq!(fault(|program| program.steps[0].xors_end = u32::MAX), step(0));
        assert_eq!(fault(|program| program.steps.truncate(last)), step(last - 1));
        assert_eq!(fault(|program| program.steps.clear()), step(0));
        let large = |program: &mut Program| {
            let gate = AndGate { out: Slot::new(0), ..program.ands[0] };
            program.ands.splice(0..0, [gate; 64]);
            program.steps.iter_mut().for_each(|step| step.ands_end += 64);
        };
        assert_eq!(fault(large), step(0));
    }

    #[test]
    fn slots_and_names_are_checked() {
        let writes = program().input_slots.len() + 1 + program().xors.len() + program().ands.len();
        assert_eq!(fault(|program| program.slots = 1 << 31), VerifyError::Slots { slots: 1 << 31, writes });
        let name = program().outputs[0].group.name.clone();
        let same =
            |program: &mut Program| program.outputs[1].group.name = program.outputs[0].group.name.clone();
        assert_eq!(fault(same), VerifyError::DuplicateName { side: "output", name });
    }

    #[test]
    fn widths_and_tiles_are_checked() {
        let width = |side, expected, given| VerifyError::Width { side, expected, given };
        assert_eq!(fault(|program| program.input_slots.truncate(39)), width("input", 40, 39));
        assert_eq!(fault(|program| program.outputs[1].bits.truncate(29)), width("output", 30, 29));
        assert_eq!(fault(|program| program.tile = 64), VerifyError::Tile { lanes: 64 });
    }
}
