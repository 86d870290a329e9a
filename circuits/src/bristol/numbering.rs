use super::Format;
use super::writer::WriteError;
use crate::{Circuit, Gate, WireId};

const UNNUMBERED: u32 = u32::MAX;

/// The wire numbers of a circuit in a Bristol file, where the outputs must be the last wires, one wire each.
///
/// A gate whose wire is an output simply takes the number of that output. Only an output that no gate is left for, as it
/// is an input or the second one on the same wire, needs a copy.
pub(super) struct Numbering {
    inputs: u32,
    /// The number that each gate writes.
    gates: Vec<u32>,
    /// A wire to be written first, with the value 0, for files without constants and copies.
    pub(super) zero: Option<u32>,
    /// Copies to be written last: of which wire, to which number.
    pub(super) copies: Vec<(WireId, u32)>,
    /// The number of wires in all.
    pub(super) wires: u32,
}

impl Numbering {
    pub(super) fn new(circuit: &Circuit, format: Format) -> Result<Self, WriteError> {
        let inputs = circuit.input_width() as u32;
        let mut gates = vec![UNNUMBERED; circuit.gates().len()];
        let mut copies = take_outputs(circuit, &mut gates);
        let shared = inputs_in_place(circuit, &gates);
        let mut zero = needs_zero(circuit, format, copies.len() - shared);
        if zero {
            // A wire that is no output lies between the inputs and the outputs.
            zero = needs_zero(circuit, format, copies.len());
        } else {
            copies.drain(..shared);
        }
        let wires = u64::from(inputs) + gates.len() as u64 + copies.len() as u64 + u64::from(zero);
        let wires = match u32::try_from(wires) {
            Ok(wires) if wires < u32::MAX => wires,
            _ => return Err(WriteError::TooManyWires { wires }),
        };
        let mut numbering = Numbering { inputs, gates, zero: zero.then_some(inputs), copies, wires };
        numbering.count(circuit.output_width() as u32);
        Ok(numbering)
    }

    /// The number of a wire.
    pub(super) fn of(&self, wire: WireId) -> u32 {
        match wire.raw().checked_sub(self.inputs) {
            Some(gate) => self.gates[gate as usize],
            None => wire.raw(),
        }
    }

    /// The number that a gate writes.
    pub(super) fn of_gate(&self, gate: usize) -> u32 {
        self.gates[gate]
    }

    /// Turns output positions into numbers and numbers the other gates in their order.
    fn count(&mut self, output_width: u32) {
        let first_output = self.wires - output_width;
        let mut next = self.inputs + u32::from(self.zero.is_some());
        for number in &mut self.gates {
            if *number == UNNUMBERED {
                *number = next;
                next += 1;
            } else {
                *number += first_output;
            }
        }
        for (_, number) in &mut self.copies {
            *number += first_output;
        }
    }
}

/// Gives gates the position of the first output that they make; returns the outputs left over and their positions.
fn take_outputs(circuit: &Circuit, gates: &mut [u32]) -> Vec<(WireId, u32)> {
    let inputs = circuit.input_width();
    let mut copies = Vec::new();
    for (position, &wire) in (0..).zip(circuit.outputs().iter().flat_map(|output| &output.wires)) {
        match wire.index().checked_sub(inputs).map(|gate| &mut gates[gate]) {
            Some(taken) if *taken == UNNUMBERED => *taken = position,
            _ => copies.push((wire, position)),
        }
    }
    copies
}

/// How many outputs need no copy because they are the last inputs, in order, and nothing lies between inputs and
/// outputs.
fn inputs_in_place(circuit: &Circuit, gates: &[u32]) -> usize {
    let inputs = circuit.input_width();
    let outputs = || circuit.outputs().iter().flat_map(|output| &output.wires).map(|wire| wire.index());
    match outputs().next() {
        Some(first) if first < inputs && gates.iter().all(|position| *position != UNNUMBERED) => {
            let shared = outputs().zip(first..inputs).take_while(|(output, input)| output == input).count();
            if first + shared == inputs { shared } else { 0 }
        }
        _ => 0,
    }
}

/// Whether the old format, which has neither constants nor copies, needs a wire of value 0 to make them.
fn needs_zero(circuit: &Circuit, format: Format, copies: usize) -> bool {
    let is_made_of_zero = |gate: &Gate| matches!(gate, Gate::Copy(_) | Gate::Constant(true));
    format == Format::Old && (copies > 0 || circuit.gates().iter().any(is_made_of_zero))
}
