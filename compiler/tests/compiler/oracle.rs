//! The meaning of a circuit, gate by gate and lane by lane; the one place that computes a circuit without a program.

use halfgate_circuits::{Circuit, Gate, Values, WireId};
use halfgate_compiler::random::{self, Shape};

/// Computes a circuit as it stands.
pub(crate) fn compute(circuit: &Circuit, inputs: &[Values], lanes: usize) -> Vec<Values> {
    let mut outputs: Vec<_> =
        circuit.outputs().iter().map(|output| Values::new(output.group.width, lanes)).collect();
    for lane in 0..lanes {
        let wires = wires(circuit, inputs, lane);
        for (output, values) in circuit.outputs().iter().zip(&mut outputs) {
            for (bit, wire) in output.wires.iter().enumerate() {
                values.set_bit(lane, bit as u32, wires[wire.index()]);
            }
        }
    }
    outputs
}

fn wires(circuit: &Circuit, inputs: &[Values], lane: usize) -> Vec<bool> {
    let mut wires = Vec::with_capacity(circuit.wire_count());
    for values in inputs {
        wires.extend((0..values.width()).map(|wire| values.bit(lane, wire)));
    }
    for gate in circuit.gates() {
        let read = |wire: WireId| wires[wire.index()];
        let value = match *gate {
            Gate::Xor(a, b) => read(a) ^ read(b),
            Gate::And(a, b) => read(a) & read(b),
            Gate::Not(a) => !read(a),
            Gate::Copy(a) => read(a),
            Gate::Constant(value) => value,
        };
        wires.push(value);
    }
    wires
}

/// A random circuit and inputs for it.
pub(crate) fn random_case(seed: u64, lanes: usize) -> (Circuit, Vec<Values>, usize) {
    let circuit = random::circuit(seed, &Shape::of_seed(seed));
    let lanes = if circuit.inputs().is_empty() { 1 } else { lanes };
    let inputs = random::inputs(seed, &circuit, lanes);
    (circuit, inputs, lanes)
}
