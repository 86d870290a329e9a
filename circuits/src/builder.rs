//! Builds circuits from values with operators.

mod addition;
mod assemble;
mod bit;
mod bits;
mod columns;
mod counting;
mod division;
mod fixed;
mod float;
mod graph;
mod index;
mod int;
mod modular;
mod multiplication;
mod operators;
mod saturation;
mod shift;
mod square_root;
mod uint;

use std::cell::RefCell;

use crate::{BitOrder, Circuit, CircuitError, Encoding, Group, Input, Output, Party};

pub use bit::{Bit, Mux};
pub use bits::Bits;
pub use fixed::Fixed;
pub use float::{Float, FloatFormat};
pub use int::Int;
pub use uint::Uint;

use assemble::Assembly;
use graph::{Graph, Literal};

/// A circuit under construction: circuits as ordinary Rust functions over values that stand for wires.
///
/// It hands out inputs; operators on them add gates; outputs name the results. Constants are folded, identical gates
/// shared and inversions carried along while building, and [`Builder::finish`] drops what no output reads, so nothing
/// has to be written with an eye on that.
///
/// ```
/// use halfgate_circuits::{Builder, Gate, Party, Uint};
///
/// /// The larger bid; a circuit is an ordinary function.
/// fn winner<'b>(bids: &[Uint<'b>]) -> Uint<'b> {
///     let (first, others) = bids.split_first().expect("an auction has bidders");
///     others.iter().fold(first.clone(), |best, bid| best.max(bid))
/// }
///
/// let builder = Builder::new();
/// let ours = builder.input_uint("ours", 32, Party::Garbler);
/// let theirs = builder.input_uint("theirs", 32, Party::Evaluator);
/// let fee = winner(&[ours.clone(), theirs.clone()]) >> 6;
/// builder.output_uint("fee", &(fee + 100));
/// builder.output_bit("ours_won", ours.ge(&theirs));
/// let circuit = builder.finish()?;
///
/// let ands = circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count();
/// assert_eq!(ands, 32 + 26 + 23); // compare once, choose 26 bits, add
/// # Ok::<(), halfgate_circuits::CircuitError>(())
/// ```
///
/// Integers have a width chosen at run time and wrap around at it, as release-mode Rust integers do. Both operands of
/// an operator must have one width; [`Uint::resize`] and [`Int::resize`] extend and truncate.
///
/// # Panics
/// Values of two builders, or of two widths where one is needed, must not meet: that is a mistake of the caller, and
/// every method and operator of [`Bit`], [`Bits`], [`Uint`] and [`Int`] panics on it with a message that says so.
///
/// # Lifetimes
/// Values borrow their builder, so none can be used after it is finished:
///
/// ```compile_fail,E0505
/// # use halfgate_circuits::{Builder, Party};
/// let builder = Builder::new();
/// let bit = builder.input_bit("bit", Party::Garbler);
/// let circuit = builder.finish();
/// let late = !bit & bit;
/// ```
pub struct Builder {
    graph: RefCell<Graph>,
    inputs: RefCell<Vec<(Input, Vec<Literal>)>>,
    outputs: RefCell<Vec<(Group, Vec<Literal>)>>,
}

impl Default for Builder {
    fn default() -> Self {
        Builder::new()
    }
}

impl Builder {
    /// A circuit without inputs, gates and outputs.
    pub fn new() -> Self {
        Builder {
            graph: RefCell::new(Graph::new()),
            inputs: RefCell::new(Vec::new()),
            outputs: RefCell::new(Vec::new()),
        }
    }

    /// An input group, least significant bit first whatever the group's bit order says about wires.
    ///
    /// Inputs may be added at any time; their wires come first in the circuit, in the order of these calls.
    pub fn input(&self, group: Group, owner: Party) -> Bits<'_> {
        let wires: Vec<Literal> = (0..group.width).map(|_| self.graph.borrow_mut().input()).collect();
        let mut bits: Vec<Bit<'_>> = wires.iter().map(|&wire| self.bit(wire)).collect();
        if group.order == BitOrder::MsbFirst {
            bits.reverse();
        }
        self.inputs.borrow_mut().push((Input { group, owner }, wires));
        self.bits(bits)
    }

    /// An input of one bit, written `0` or `1`.
    pub fn input_bit(&self, name: impl Into<String>, owner: Party) -> Bit<'_> {
        self.input(Group::uint(name, 1), owner)[0]
    }

    /// An input written as a bit string.
    pub fn input_bits(&self, name: impl Into<String>, width: u32, owner: Party) -> Bits<'_> {
        self.input(group(name, width, Encoding::Bits), owner)
    }

    /// An input written as a byte string of `width` bits; bit 0 is the lowest of the **last** byte.
    pub fn input_bytes(&self, name: impl Into<String>, width: u32, owner: Party) -> Bits<'_> {
        self.input(group(name, width, Encoding::Bytes), owner)
    }

    /// An unsigned input of `width` bits.
    pub fn input_uint(&self, name: impl Into<String>, width: u32, owner: Party) -> Uint<'_> {
        Uint::from(self.input(Group::uint(name, width), owner))
    }

    /// A two's complement input of `width` bits.
    pub fn input_int(&self, name: impl Into<String>, width: u32, owner: Party) -> Int<'_> {
        Int::from(self.input(group(name, width, Encoding::Int), owner))
    }

    /// A bit that is known now.
    pub fn constant(&self, value: bool) -> Bit<'_> {
        self.bit(Literal::constant(value))
    }

    /// An unsigned integer that is known now.
    ///
    /// # Panics
    /// If `value` needs more than `width` bits.
    #[track_caller]
    pub fn constant_uint(&self, width: usize, value: u128) -> Uint<'_> {
        let needed = (u128::BITS - value.leading_zeros()) as usize;
        assert!(needed <= width, "the constant {value} needs {needed} bits but is to have {width}");
        Uint::from(self.bits((0..width).map(|k| self.constant(k < 128 && value >> k & 1 == 1))))
    }

    /// A two's complement integer that is known now.
    ///
    /// # Panics
    /// If `value` needs more than `width` bits, its sign included; 0 needs none.
    #[track_caller]
    pub fn constant_int(&self, width: usize, value: i128) -> Int<'_> {
        let magnitude = if value < 0 { !value } else { value };
        let needed = if value == 0 { 0 } else { 129 - magnitude.leading_zeros() as usize };
        assert!(needed <= width, "the constant {value} needs {needed} bits but is to have {width}");
        Int::from(self.bits((0..width).map(|k| self.constant(value >> k.min(127) & 1 == 1))))
    }

    /// A bundle of bits, least significant first.
    ///
    /// # Panics
    /// If a bit belongs to another builder.
    #[track_caller]
    pub fn bits<'b>(&'b self, bits: impl IntoIterator<Item = Bit<'b>>) -> Bits<'b> {
        Bits::new(self, bits.into_iter().collect())
    }

    /// An output group; `bits` are least significant first whatever the group's bit order says about wires.
    ///
    /// # Panics
    /// If `bits` belong to another builder. A width that differs from the group's is an error of [`Builder::finish`].
    #[track_caller]
    pub fn output(&self, group: Group, bits: &[Bit<'_>]) {
        let mut wires: Vec<Literal> = bits.iter().map(|bit| bit.literal_of(self)).collect();
        if group.order == BitOrder::MsbFirst {
            wires.reverse();
        }
        self.outputs.borrow_mut().push((group, wires));
    }

    /// An output of one bit, shown as `0` or `1`.
    #[track_caller]
    pub fn output_bit(&self, name: impl Into<String>, bit: Bit<'_>) {
        self.output(Group::uint(name, 1), &[bit]);
    }

    /// An output shown as a bit string.
    #[track_caller]
    pub fn output_bits(&self, name: impl Into<String>, bits: &Bits<'_>) {
        self.output(group(name, width_of(bits), Encoding::Bits), bits);
    }

    /// An output shown as a byte string; bit 0 is the lowest of the **last** byte.
    #[track_caller]
    pub fn output_bytes(&self, name: impl Into<String>, bits: &Bits<'_>) {
        self.output(group(name, width_of(bits), Encoding::Bytes), bits);
    }

    /// An unsigned output.
    #[track_caller]
    pub fn output_uint(&self, name: impl Into<String>, value: &Uint<'_>) {
        self.output(Group::uint(name, width_of(value.bits())), value.bits());
    }

    /// A two's complement output.
    #[track_caller]
    pub fn output_int(&self, name: impl Into<String>, value: &Int<'_>) {
        self.output(group(name, width_of(value.bits()), Encoding::Int), value.bits());
    }

    /// The circuit, without the gates that no output reads.
    ///
    /// # Errors
    /// If two inputs or two outputs share a name, if an output group and its bits differ in width, or if there are
    /// more wires than indices.
    pub fn finish(self) -> Result<Circuit, CircuitError> {
        let (graph, inputs, outputs) =
            (self.graph.into_inner(), self.inputs.into_inner(), self.outputs.into_inner());
        if graph.overflowed() {
            return Err(CircuitError::TooManyWires { wires: graph.nodes().len() as u64 });
        }
        let mut assembly = Assembly::new(&graph, inputs.iter().flat_map(|(_, wires)| wires.iter().copied()));
        assembly.add_gates(&graph, outputs.iter().flat_map(|(_, wires)| wires.iter().copied()))?;
        let outputs = outputs
            .into_iter()
            .map(|(group, literals)| {
                let wires =
                    literals.into_iter().map(|literal| assembly.wire(literal)).collect::<Result<_, _>>()?;
                Ok(Output { group, wires })
            })
            .collect::<Result<_, CircuitError>>()?;
        Circuit::new(inputs.into_iter().map(|(input, _)| input).collect(), assembly.into_gates(), outputs)
    }
}

fn group(name: impl Into<String>, width: u32, encoding: Encoding) -> Group {
    Group { encoding, ..Group::uint(name, width) }
}

fn width_of(bits: &Bits<'_>) -> u32 {
    u32::try_from(bits.len()).expect("a bundle of 2^32 bits does not fit in memory next to its graph")
}
