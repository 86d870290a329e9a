//! From programs back to circuits.

use halfgate_circuits::{Circuit, CircuitError, Gate, Output, WireId};

use crate::{AndGate, Machine, Operand, Position, Program, Slot, XorGate};

impl Program {
    /// A circuit that computes the same: the gates in the order of the program, with its groups.
    ///
    /// It is not the circuit that the program was made of, only one of the same function.
    ///
    /// # Errors
    /// If the program has inversions so many that there are more wires than indices.
    ///
    /// # Panics
    /// If the program is not [valid](Program::verify).
    pub fn to_circuit(&self) -> Result<Circuit, CircuitError> {
        let mut restored = Restored::new(self);
        self.run(&mut Position::default(), &mut restored);
        let outputs = self.outputs.iter().map(|output| {
            let wires = output.bits.iter().map(|&bit| restored.operand(bit)).collect();
            Output { group: output.group.clone(), wires }
        });
        let outputs = outputs.collect();
        Circuit::new(self.inputs.clone(), restored.gates, outputs)
    }
}

/// The machine that writes down what it is told.
struct Restored {
    inputs: usize,
    gates: Vec<Gate>,
    /// For each slot the wire that it holds, and the negation of that wire if somebody has read it.
    wires: Vec<WireId>,
    inverted: Vec<Option<WireId>>,
}

impl Restored {
    fn new(program: &Program) -> Self {
        let slots = program.slot_count();
        let inputs = program.input_slots().len();
        let mut restored = Restored {
            inputs,
            gates: Vec::new(),
            wires: vec![WireId::new(0); slots],
            inverted: vec![None; slots],
        };
        for (input, slot) in program.input_slots().iter().enumerate() {
            slot.iter().for_each(|&slot| restored.write(slot, WireId::new(input as u32)));
        }
        if let Some(zero) = program.zero_slot() {
            let wire = restored.push(Gate::Constant(false));
            restored.write(zero, wire);
        }
        restored
    }

    fn push(&mut self, gate: Gate) -> WireId {
        self.gates.push(gate);
        // If this wraps around, there are too many wires, which `Circuit::new` finds before it looks at any.
        WireId::new((self.inputs + self.gates.len() - 1) as u32)
    }

    fn write(&mut self, slot: Slot, wire: WireId) {
        self.wires[slot.index()] = wire;
        self.inverted[slot.index()] = None;
    }

    fn operand(&mut self, operand: Operand) -> WireId {
        let (slot, wire) = (operand.slot().index(), self.wires[operand.slot().index()]);
        if !operand.inverted() {
            return wire;
        }
        let known = self.inverted[slot];
        let inverted = known.unwrap_or_else(|| self.push(Gate::Not(wire)));
        self.inverted[slot] = Some(inverted);
        inverted
    }
}

impl Machine for Restored {
    fn has_room(&self, _ands: usize) -> bool {
        true
    }

    fn xor(&mut self, gates: &[XorGate]) {
        for gate in gates {
            let wire = self.push(Gate::Xor(self.wires[gate.left.index()], self.wires[gate.right.index()]));
            self.write(gate.out, wire);
        }
    }

    fn and(&mut self, gates: &[AndGate]) {
        for gate in gates {
            let operands = [self.operand(gate.left), self.operand(gate.right)];
            let wire = self.push(Gate::And(operands[0], operands[1]));
            self.write(gate.out, wire);
        }
    }
}
