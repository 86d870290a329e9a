//! Random circuits and inputs for tests: small, valid, and full of what a compiler may get wrong.

use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, Values, WireId};

/// The size of a random circuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The width of each input group; zero is allowed.
    pub inputs: Vec<u32>,
    /// The number of gates, one more if an output would have no wire to stand on.
    pub gates: usize,
    /// The width of each output group; zero is allowed.
    pub outputs: Vec<u32>,
}

impl Shape {
    /// A shape drawn from a seed: up to three groups either side, empty ones among them, and up to 400 gates.
    pub fn of_seed(seed: u64) -> Self {
        let mut random = Random(seed ^ 0x5348_4150_4500);
        let groups = |random: &mut Random| {
            let count = random.below(4);
            (0..count).map(|_| [0, 1, 3, 8, 64, 70][random.below(6)]).collect()
        };
        let gates = [0, 1, 20, 150, 400][random.below(5)];
        Shape { inputs: groups(&mut random), gates: random.below(gates + 1), outputs: groups(&mut random) }
    }
}

/// A valid circuit with every kind of gate, where inputs may be unused, gates dead, operands equal or complementary,
/// constants anywhere, and outputs inputs, constants or given twice. The same seed and shape give the same circuit.
///
/// # Panics
/// If the shape asks for 2^32 wires or more.
pub fn circuit(seed: u64, shape: &Shape) -> Circuit {
    let mut random = Random(seed);
    let inputs = named("in", &shape.inputs)
        .map(|group| Input { group, owner: [Party::Garbler, Party::Evaluator][random.below(2)] })
        .collect();
    let input_width = shape.inputs.iter().sum::<u32>() as usize;
    let output_width = shape.outputs.iter().sum::<u32>();

    let mut gates = Vec::with_capacity(shape.gates + 1);
    // Operands close to the end make deep circuits, operands from everywhere wide ones.
    let locality = [4, 30, usize::MAX][random.below(3)];
    while gates.len() < shape.gates || input_width + gates.len() == 0 && output_width > 0 {
        let gate = random_gate(&mut random, input_width, &gates, locality);
        gates.push(gate);
    }

    let wires = input_width + gates.len();
    let outputs = named("out", &shape.outputs).map(|group| {
        let mut bits = (0..group.width).map(|_| WireId::new(random.below(wires) as u32)).collect::<Vec<_>>();
        if let [first, .., last] = bits.as_mut_slice() {
            *last = *first;
        }
        Output { group, wires: bits }
    });
    Circuit::new(inputs, gates, outputs.collect()).expect("operands stand before their gate and names differ")
}

/// Random values for all input groups of a circuit.
pub fn inputs(seed: u64, circuit: &Circuit, lanes: usize) -> Vec<Values> {
    let mut random = Random(seed);
    let mut draw = |width| {
        let mut values = Values::new(width, lanes);
        for lane in 0..lanes {
            for wire in 0..width {
                values.set_bit(lane, wire, random.below(2) == 1);
            }
        }
        values
    };
    circuit.inputs().iter().map(|input| draw(input.group.width)).collect()
}

fn named<'a>(prefix: &'a str, widths: &'a [u32]) -> impl Iterator<Item = Group> + 'a {
    widths.iter().enumerate().map(move |(index, &width)| Group::uint(format!("{prefix}{index}"), width))
}

fn random_gate(random: &mut Random, input_width: usize, gates: &[Gate], locality: usize) -> Gate {
    let wires = input_width + gates.len();
    if wires == 0 {
        return Gate::Constant(random.below(2) == 1);
    }
    let mut wire = || {
        let span = if random.below(8) == 0 { wires } else { wires.min(locality) };
        WireId::new((wires - 1 - random.below(span)) as u32)
    };
    let (a, b) = (wire(), wire());
    match random.below(100) {
        0..35 => Gate::And(a, b),
        35..70 => Gate::Xor(a, b),
        70..80 => Gate::Not(a),
        80..84 => Gate::Copy(a),
        84..86 => Gate::Constant(random.below(2) == 1),
        86..88 => Gate::And(a, a),
        88..90 => Gate::Xor(a, a),
        _ => regate(input_width, gates, b, random.below(6)),
    }
}

/// A gate that has to do with the gate behind wire `b`: the same again, swapped, or with one of its operands.
fn regate(input_width: usize, gates: &[Gate], b: WireId, how: usize) -> Gate {
    let gate = b.index().checked_sub(input_width).map(|gate| gates[gate]);
    match (gate, how) {
        (Some(Gate::Not(a) | Gate::Copy(a)), 0..3) => Gate::And(a, b),
        (Some(Gate::Not(a) | Gate::Copy(a)), _) => Gate::Xor(b, a),
        (Some(Gate::And(a, c)), 0) => Gate::And(c, a),
        (Some(Gate::And(a, c)), 1) => Gate::Xor(a, c),
        (Some(Gate::And(a, _)), _) => Gate::And(b, a),
        (Some(Gate::Xor(a, c)), 0) => Gate::Xor(c, a),
        (Some(Gate::Xor(a, c)), 1) => Gate::And(a, c),
        (Some(Gate::Xor(a, _)), 2) => Gate::And(b, a),
        (Some(Gate::Xor(a, _)), _) => Gate::Xor(b, a),
        (Some(Gate::Constant(_)) | None, _) => Gate::Not(b),
    }
}

/// SplitMix64; good enough to vary tests, and nothing else.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        ((u128::from(word) * bound as u128) >> 64) as usize
    }
}
