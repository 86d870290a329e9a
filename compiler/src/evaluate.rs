use halfgate_circuits::Values;
use zeroize::Zeroizing;

use crate::{AndGate, EvaluateError, Machine, Operand, Position, Program, XorGate};

/// The number of lanes in one word.
const WORD: usize = u64::BITS as usize;

/// Computes a program in the clear, for all lanes at once: the oracle of every other machine.
///
/// `inputs` holds one [`Values`] per input group, all with the same number of lanes; the result holds one per output
/// group. A program without input groups runs one lane.
///
/// # Errors
/// If the inputs do not fit the program; the caller is to blame.
pub fn evaluate(program: &Program, inputs: &[Values]) -> Result<Vec<Values>, EvaluateError> {
    let lanes = check_shape(program, inputs)?;
    let outputs = program.outputs().iter().map(|output| Values::new(output.group.width, lanes));
    let mut outputs = outputs.collect::<Vec<_>>();
    if lanes <= WORD {
        Sliced::<1>::new(program).run(program, inputs, &mut outputs, lanes);
    } else {
        Sliced::<8>::new(program).run(program, inputs, &mut outputs, lanes);
    }
    Ok(outputs)
}

/// The number of lanes.
fn check_shape(program: &Program, inputs: &[Values]) -> Result<usize, EvaluateError> {
    let expected = program.inputs();
    if inputs.len() != expected.len() {
        return Err(EvaluateError::Groups { expected: expected.len(), given: inputs.len() });
    }
    let lanes = inputs.first().map_or(1, Values::lanes);
    for (input, values) in expected.iter().zip(inputs) {
        let group = || input.group.name.clone();
        if values.width() != input.group.width {
            let (expected, given) = (input.group.width, values.width());
            return Err(EvaluateError::Width { group: group(), expected, given });
        }
        if values.lanes() != lanes {
            return Err(EvaluateError::Lanes { group: group(), expected: lanes, given: values.lanes() });
        }
    }
    Ok(lanes)
}

/// The plaintext machine: each slot holds one bit of each of `64 * W` lanes. Values may be secret, so all is wiped.
struct Sliced<const W: usize> {
    slots: Zeroizing<Vec<[u64; W]>>,
    columns: Zeroizing<Vec<u64>>,
}

impl<const W: usize> Sliced<W> {
    fn new(program: &Program) -> Self {
        let inputs = program.inputs().iter().map(|input| &input.group);
        let groups = inputs.chain(program.outputs().iter().map(|output| &output.group));
        let widest = groups.map(|group| group.width as usize).max().unwrap_or(0);
        Sliced {
            slots: Zeroizing::new(vec![[0; W]; program.slot_count()]),
            columns: Zeroizing::new(vec![0; widest]),
        }
    }

    fn run(&mut self, program: &Program, inputs: &[Values], outputs: &mut [Values], lanes: usize) {
        for first_lane in (0..lanes).step_by(WORD * W) {
            self.load(program, inputs, first_lane);
            program.run(&mut Position::default(), self);
            self.store(program, outputs, first_lane);
        }
    }

    fn load(&mut self, program: &Program, inputs: &[Values], first_lane: usize) {
        if let Some(zero) = program.zero_slot() {
            self.slots[zero.index()] = [0; W];
        }
        let mut slots = program.input_slots();
        for values in inputs {
            let (group_slots, rest) = slots.split_at(values.width() as usize);
            slots = rest;
            let columns = &mut self.columns[..group_slots.len()];
            for word in 0..W {
                values.transpose_block(first_lane + word * WORD, columns);
                for (slot, column) in group_slots.iter().zip(columns.iter()) {
                    if let Some(slot) = slot {
                        self.slots[slot.index()][word] = *column;
                    }
                }
            }
        }
    }

    fn store(&mut self, program: &Program, outputs: &mut [Values], first_lane: usize) {
        for (output, values) in program.outputs().iter().zip(outputs) {
            for word in 0..W {
                let columns = &mut self.columns[..output.bits.len()];
                for (column, bit) in columns.iter_mut().zip(&output.bits) {
                    *column = read(&self.slots, *bit)[word];
                }
                values.set_block(first_lane + word * WORD, columns);
            }
        }
    }
}

impl<const W: usize> Machine for Sliced<W> {
    fn has_room(&self, _ands: usize) -> bool {
        true
    }

    fn xor(&mut self, gates: &[XorGate]) {
        for gate in gates {
            let (left, right) = (self.slots[gate.left.index()], self.slots[gate.right.index()]);
            self.slots[gate.out.index()] = std::array::from_fn(|word| left[word] ^ right[word]);
        }
    }

    fn and(&mut self, gates: &[AndGate]) {
        for gate in gates {
            let (left, right) = (read(&self.slots, gate.left), read(&self.slots, gate.right));
            self.slots[gate.out.index()] = std::array::from_fn(|word| left[word] & right[word]);
        }
    }
}

fn read<const W: usize>(slots: &[[u64; W]], operand: Operand) -> [u64; W] {
    let inversion = u64::from(operand.inverted()).wrapping_neg();
    slots[operand.slot().index()].map(|word| word ^ inversion)
}
