//! The canonical bytes of a circuit, and their digest.
//!
//! Version 1, all numbers little endian:
//!
//! ```text
//! circuit = "halfgate circuit 1\n"
//!           count:u64 input*   count:u64 gate*   count:u64 output*
//! input   = group owner:u8                         owner: 0 garbler, 1 evaluator
//! output  = group wire:u32*                        as many wires as the group is wide
//! group   = length:u64 name(UTF-8) width:u32 encoding:u8 order:u8 scale:u32? shape?
//!                                                  encoding: 0 uint, 1 int, 2 bytes, 3 bits
//!                                                  order: 0 lsb-first, 1 msb-first
//!                                                  plus 2 if a scale follows, which none of 0 does,
//!                                                  plus 4 if a shape follows
//! shape   = length:u64 text(UTF-8)                 as `Shape` is displayed
//! gate    = 0 a:u32 b:u32 (XOR) | 1 a:u32 b:u32 (AND) | 2 a:u32 (NOT) | 3 a:u32 (copy) | 4 bit:u8 (constant)
//! ```
//!
//! Every length stands before what it measures and every gate's kind before its operands, so no two circuits have the
//! same bytes.

use crate::{BitOrder, Circuit, Encoding, Gate, Group, Party};

const HEADER: &[u8] = b"halfgate circuit 1\n";

/// A hasher works best on many kilobytes at a time; a gate has only a few bytes.
const CHUNK: usize = 1 << 16;

impl Circuit {
    /// Gives the canonical bytes to `feed`, chunk by chunk: all that the circuit is, names, owners and encodings
    /// included. Two circuits have the same canonical bytes exactly if they are equal.
    pub fn canonical_bytes(&self, feed: impl FnMut(&[u8])) {
        let mut encoder = Encoder { chunk: Vec::with_capacity(CHUNK), feed };
        encoder.put(HEADER);
        encoder.count(self.inputs().len());
        for input in self.inputs() {
            encoder.group(&input.group);
            encoder.put(&[party_code(input.owner)]);
        }
        encoder.count(self.gates().len());
        for gate in self.gates() {
            encoder.gate(*gate);
        }
        encoder.count(self.outputs().len());
        for output in self.outputs() {
            encoder.group(&output.group);
            for wire in &output.wires {
                encoder.put(&wire.raw().to_le_bytes());
            }
        }
        encoder.flush();
    }

    /// The BLAKE3 hash of the [canonical bytes](Circuit::canonical_bytes), by which two parties know that they hold
    /// the same circuit.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        self.canonical_bytes(|chunk| {
            hasher.update(chunk);
        });
        hasher.finalize().into()
    }
}

struct Encoder<F> {
    chunk: Vec<u8>,
    feed: F,
}

impl<F: FnMut(&[u8])> Encoder<F> {
    fn put(&mut self, bytes: &[u8]) {
        if self.chunk.len() + bytes.len() > CHUNK {
            self.flush();
        }
        self.chunk.extend_from_slice(bytes);
    }

    fn flush(&mut self) {
        (self.feed)(&self.chunk);
        self.chunk.clear();
    }

    fn count(&mut self, count: usize) {
        self.put(&(count as u64).to_le_bytes());
    }

    fn group(&mut self, group: &Group) {
        self.count(group.name.len());
        self.put(group.name.as_bytes());
        self.put(&group.width.to_le_bytes());
        let scaled = group.scale != 0;
        self.put(&[
            encoding_code(group.encoding),
            order_code(group.order) | u8::from(scaled) << 1 | u8::from(group.shape.is_some()) << 2,
        ]);
        if scaled {
            self.put(&group.scale.to_le_bytes());
        }
        if let Some(shape) = &group.shape {
            let shape = shape.to_string();
            self.count(shape.len());
            self.put(shape.as_bytes());
        }
    }

    fn gate(&mut self, gate: Gate) {
        match gate {
            Gate::Xor(a, b) => self.operands(0, [a.raw(), b.raw()]),
            Gate::And(a, b) => self.operands(1, [a.raw(), b.raw()]),
            Gate::Not(a) => self.operands(2, [a.raw()]),
            Gate::Copy(a) => self.operands(3, [a.raw()]),
            Gate::Constant(bit) => self.put(&[4, u8::from(bit)]),
        }
    }

    fn operands<const N: usize>(&mut self, code: u8, wires: [u32; N]) {
        let mut bytes = [0; 9];
        bytes[0] = code;
        for (place, wire) in bytes[1..].chunks_exact_mut(4).zip(wires) {
            place.copy_from_slice(&wire.to_le_bytes());
        }
        self.put(&bytes[..1 + 4 * N]);
    }
}

fn party_code(party: Party) -> u8 {
    match party {
        Party::Garbler => 0,
        Party::Evaluator => 1,
    }
}

fn encoding_code(encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Uint => 0,
        Encoding::Int => 1,
        Encoding::Bytes => 2,
        Encoding::Bits => 3,
    }
}

fn order_code(order: BitOrder) -> u8 {
    match order {
        BitOrder::LsbFirst => 0,
        BitOrder::MsbFirst => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::{BitOrder, Circuit, Encoding, Gate, Group, Input, Output, Party, Shape, WireId};

    fn wire(index: u32) -> WireId {
        WireId::new(index)
    }

    fn circuit(inputs: &[(&str, u32)], gates: &[Gate], outputs: &[(&str, &[u32])]) -> Circuit {
        let inputs = inputs
            .iter()
            .map(|&(name, width)| Input { group: Group::uint(name, width), owner: Party::Garbler });
        let outputs = outputs.iter().map(|&(name, wires)| Output {
            group: Group::uint(name, wires.len() as u32),
            wires: wires.iter().copied().map(WireId::new).collect(),
        });
        Circuit::new(inputs.collect(), gates.to_vec(), outputs.collect()).unwrap()
    }

    fn bytes(circuit: &Circuit) -> Vec<u8> {
        let mut bytes = Vec::new();
        circuit.canonical_bytes(|chunk| bytes.extend_from_slice(chunk));
        bytes
    }

    #[test]
    fn the_bytes_are_as_documented() {
        let circuit =
            circuit(&[("a", 2)], &[Gate::And(wire(0), wire(1)), Gate::Constant(true)], &[("z", &[2])]);
        let expected = [
            b"halfgate circuit 1\n".as_slice(),
            &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, b'a', 2, 0, 0, 0, 0, 0, 0],
            &[2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 4, 1],
            &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, b'z', 1, 0, 0, 0, 0, 0, 2, 0, 0, 0],
        ]
        .concat();
        assert_eq!(bytes(&circuit), expected);
        assert_eq!(circuit.digest(), *blake3::hash(&expected).as_bytes());
    }

    #[test]
    fn a_scale_adds_bytes_and_none_adds_no_byte() {
        let scaled = |order, scale| {
            let group = Group { order, scale, ..Group::uint("a", 1) };
            let input = Input { group, owner: Party::Garbler };
            bytes(&Circuit::new(vec![input], Vec::new(), Vec::new()).unwrap())
        };
        let order = 19 + 8 + 8 + 1 + 4 + 1;
        let plain = scaled(BitOrder::MsbFirst, 0);
        let cents = scaled(BitOrder::MsbFirst, 2);
        assert_eq!((plain[order], cents[order]), (1, 3));
        assert_eq!(scaled(BitOrder::LsbFirst, 2)[order], 2);
        assert_eq!(cents[order + 1..order + 5], 2u32.to_le_bytes());
        assert_eq!(cents[order + 5..], plain[order + 1..]);
    }

    #[test]
    fn chunks_join_seamlessly() {
        let gates: Vec<_> = (0..20_000).map(|gate| Gate::Xor(wire(0), wire(gate))).collect();
        let circuit = circuit(&[("a", 1)], &gates, &[("z", &[20_000])]);
        assert_eq!(bytes(&circuit).len(), 19 + 8 + 8 + 1 + 7 + 8 + 9 * 20_000 + 8 + 8 + 1 + 6 + 4);
        assert_eq!(circuit.digest(), *blake3::hash(&bytes(&circuit)).as_bytes());
    }

    #[test]
    fn every_part_changes_bytes_and_digest() {
        let xor = [Gate::Xor(wire(0), wire(1))];
        let base = || circuit(&[("a", 2)], &xor, &[("z", &[2])]);
        let shaped = |shape| {
            let input = Input { group: Group::shaped("a", shape).unwrap(), owner: Party::Garbler };
            Circuit::new(vec![input], xor.to_vec(), base().outputs().to_vec()).unwrap()
        };
        let circuits = [
            base(),
            base().with_owner(0, Party::Evaluator).unwrap(),
            base().with_input_encoding(0, Encoding::Int, BitOrder::LsbFirst).unwrap(),
            base().with_input_encoding(0, Encoding::Bytes, BitOrder::LsbFirst).unwrap(),
            base().with_input_encoding(0, Encoding::Bits, BitOrder::LsbFirst).unwrap(),
            base().with_input_encoding(0, Encoding::Uint, BitOrder::MsbFirst).unwrap(),
            base().with_output_encoding(0, Encoding::Int, BitOrder::LsbFirst).unwrap(),
            base().with_output_encoding(0, Encoding::Uint, BitOrder::MsbFirst).unwrap(),
            shaped(Shape::Uint(2)),
            shaped(Shape::Int(2)),
            shaped(Shape::Tuple(vec![Shape::Bool; 2])),
            circuit(&[("b", 2)], &xor, &[("z", &[2])]),
            circuit(&[("a", 2)], &xor, &[("y", &[2])]),
            circuit(&[("a", 2)], &xor, &[("z", &[1])]),
            circuit(&[("a", 2)], &xor, &[("z", &[2, 2])]),
            circuit(&[("a", 2)], &xor, &[("z", &[2]), ("e", &[])]),
            circuit(&[("a", 2)], &[], &[("z", &[1])]),
            circuit(&[("a", 2), ("e", 0)], &xor, &[("z", &[2])]),
            circuit(&[("a", 1), ("b", 1)], &xor, &[("z", &[2])]),
            circuit(&[("a", 2)], &[Gate::Xor(wire(1), wire(0))], &[("z", &[2])]),
            circuit(&[("a", 2)], &[Gate::And(wire(0), wire(1))], &[("z", &[2])]),
            circuit(&[("a", 2)], &[Gate::Not(wire(0))], &[("z", &[2])]),
            circuit(&[("a", 2)], &[Gate::Copy(wire(0))], &[("z", &[2])]),
            circuit(&[("a", 2)], &[Gate::Constant(false)], &[("z", &[2])]),
            circuit(&[("a", 2)], &[Gate::Constant(true)], &[("z", &[2])]),
        ];
        let all_bytes: HashSet<_> = circuits.iter().map(bytes).collect();
        let digests: HashSet<_> = circuits.iter().map(Circuit::digest).collect();
        assert_eq!((all_bytes.len(), digests.len()), (circuits.len(), circuits.len()));
        assert_eq!(circuits[0].digest(), base().digest());
    }
}
