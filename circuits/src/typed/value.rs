use crate::builder::{Bit, Bits, Builder};
use crate::{BitOrder, Circuit, CircuitError, Encoding, Group, Party};

/// A value of a circuit under construction with a width that its type says.
pub trait Value<'b>: Sized {
    /// The number of bits.
    const WIDTH: usize;
    /// How it is read and shown as text.
    const ENCODING: Encoding;

    /// The value of these bits, least significant first.
    ///
    /// # Panics
    /// If there are not [`Value::WIDTH`] of them.
    fn from_bits(bits: Bits<'b>) -> Self;

    /// The bits, least significant first.
    fn to_bits(&self) -> Bits<'b>;
}

impl<'b> Value<'b> for Bit<'b> {
    const WIDTH: usize = 1;
    const ENCODING: Encoding = Encoding::Uint;

    #[track_caller]
    fn from_bits(bits: Bits<'b>) -> Self {
        check(&bits, 1);
        bits[0]
    }

    fn to_bits(&self) -> Bits<'b> {
        self.builder().bits([*self])
    }
}

/// The first element lies in the lowest bits.
impl<'b, V: Value<'b>, const K: usize> Value<'b> for [V; K] {
    const WIDTH: usize = K * V::WIDTH;
    const ENCODING: Encoding = Encoding::Bits;

    #[track_caller]
    fn from_bits(bits: Bits<'b>) -> Self {
        check(&bits, Self::WIDTH);
        std::array::from_fn(|index| V::from_bits(bits.slice(index * V::WIDTH..(index + 1) * V::WIDTH)))
    }

    /// # Panics
    /// For an array without elements, which belongs to no builder.
    #[track_caller]
    fn to_bits(&self) -> Bits<'b> {
        let (first, others) = self.split_first().expect("an array without elements belongs to no builder");
        others.iter().fold(first.to_bits(), |bits, value| bits.concat(&value.to_bits()))
    }
}

/// The first lies in the lowest bits.
impl<'b, A: Value<'b>, B: Value<'b>> Value<'b> for (A, B) {
    const WIDTH: usize = A::WIDTH + B::WIDTH;
    const ENCODING: Encoding = Encoding::Bits;

    #[track_caller]
    fn from_bits(bits: Bits<'b>) -> Self {
        check(&bits, Self::WIDTH);
        (A::from_bits(bits.slice(..A::WIDTH)), B::from_bits(bits.slice(A::WIDTH..)))
    }

    fn to_bits(&self) -> Bits<'b> {
        self.0.to_bits().concat(&self.1.to_bits())
    }
}

#[track_caller]
pub(super) fn check(bits: &Bits<'_>, width: usize) {
    assert!(bits.width() == width, "{} bits were given for a value of {width} bits", bits.width());
}

impl Builder {
    /// An input of a type that says how wide it is.
    ///
    /// # Panics
    /// If the type has 2^32 bits or more.
    #[track_caller]
    pub fn input_value<'b, V: Value<'b>>(&'b self, name: impl Into<String>, owner: Party) -> V {
        V::from_bits(self.input(group::<V>(name), owner))
    }

    /// An output of a type that says how wide it is.
    ///
    /// # Panics
    /// If the value belongs to another builder.
    #[track_caller]
    pub fn output_value<'b, V: Value<'b>>(&'b self, name: impl Into<String>, value: &V) {
        self.output(group::<V>(name), &value.to_bits());
    }

    /// A whole circuit as a function: its gates over these values of its input groups, and the values of its output
    /// groups. Constants among the inputs are folded into it.
    ///
    /// Whose inputs they were does not matter here. Values are least significant bit first, whatever the groups' bit
    /// order says about wires.
    ///
    /// # Panics
    /// If there is not one value per input group, or one has another width than its group.
    #[track_caller]
    pub fn call<'b>(&'b self, circuit: &Circuit, inputs: &[Bits<'b>]) -> Vec<Bits<'b>> {
        let groups = circuit.inputs();
        assert!(
            inputs.len() == groups.len(),
            "the circuit has {} input groups, and {} values were given",
            groups.len(),
            inputs.len()
        );
        let mut wires = Vec::with_capacity(circuit.wire_count());
        for (input, bits) in groups.iter().zip(inputs) {
            check(bits, input.group.width as usize);
            wires.extend(in_order(bits, input.group.order));
        }
        for gate in circuit.gates() {
            wires.push(self.gate(*gate, &wires));
        }
        let output = |output: &crate::Output| {
            let bits = self.bits(output.wires.iter().map(|wire| wires[wire.index()]));
            self.bits(in_order(&bits, output.group.order))
        };
        circuit.outputs().iter().map(output).collect()
    }

    fn gate<'b>(&'b self, gate: crate::Gate, wires: &[Bit<'b>]) -> Bit<'b> {
        match gate {
            crate::Gate::Xor(a, b) => wires[a.index()] ^ wires[b.index()],
            crate::Gate::And(a, b) => wires[a.index()] & wires[b.index()],
            crate::Gate::Not(a) => !wires[a.index()],
            crate::Gate::Copy(a) => wires[a.index()],
            crate::Gate::Constant(value) => self.constant(value),
        }
    }
}

impl Circuit {
    /// A circuit of what a function does to a builder.
    ///
    /// # Errors
    /// Those of [`Builder::finish`].
    pub fn build(describe: impl FnOnce(&Builder)) -> Result<Circuit, CircuitError> {
        let builder = Builder::new();
        describe(&builder);
        builder.finish()
    }
}

fn in_order<'b>(bits: &Bits<'b>, order: BitOrder) -> Vec<Bit<'b>> {
    let mut bits = bits.to_vec();
    if order == BitOrder::MsbFirst {
        bits.reverse();
    }
    bits
}

#[track_caller]
fn group<'b, V: Value<'b>>(name: impl Into<String>) -> Group {
    let width = u32::try_from(V::WIDTH).expect("a group has fewer than 2^32 bits");
    Group { encoding: V::ENCODING, ..Group::uint(name, width) }
}
