//! The canonical bytes of a program, and their digest.
//!
//! Version 1, all numbers little endian:
//!
//! ```text
//! program = "halfgate program 1\n"
//!           slots:u32 tile:u32 zero:slot
//!           count:u64 input*   count:u64 xor*   count:u64 and*   count:u64 step*   count:u64 output*
//! input   = group owner:u8 slot*                   owner: 0 garbler, 1 evaluator; as many slots as the group is wide
//! output  = group operand*                         as many operands as the group is wide
//! group   = length:u64 name(UTF-8) width:u32 encoding:u8 order:u8 scale:u32? shape?
//!                                                  encoding: 0 uint, 1 int, 2 bytes, 3 bits
//!                                                  order: 0 lsb-first, 1 msb-first
//!                                                  plus 2 if a scale follows, which none of 0 does,
//!                                                  plus 4 if a shape follows
//! shape   = length:u64 text(UTF-8)                 as `Shape` is displayed
//! xor     = left:u32 right:u32 out:u32
//! and     = left:operand right:operand out:u32
//! step    = xors_end:u32 ands_end:u32              the gates before these belong to this step or an earlier one
//! slot    = u32                                    2^32 - 1: none
//! operand = u32                                    2 · slot + inversion
//! ```
//!
//! Every count stands before what it counts, so no two programs have the same bytes.

use halfgate_circuits::{BitOrder, Encoding, Group, Party};

use crate::{Operand, Program, Slot};

const HEADER: &[u8] = b"halfgate program 1\n";

/// A hasher works best on many kilobytes at a time; a gate has only a few bytes.
const CHUNK: usize = 1 << 16;

impl Program {
    /// Gives the canonical bytes to `feed`, chunk by chunk: all that the program is, names, owners and encodings
    /// included. Two programs have the same canonical bytes exactly if they are equal.
    pub fn canonical_bytes(&self, feed: impl FnMut(&[u8])) {
        let mut encoder = Encoder { chunk: Vec::with_capacity(CHUNK), feed };
        encoder.put(HEADER);
        encoder.words([self.slots, self.tile, slot_code(self.zero)]);
        encoder.inputs(self);
        encoder.count(self.xors.len());
        for gate in &self.xors {
            encoder.words([gate.left.raw(), gate.right.raw(), gate.out.raw()]);
        }
        encoder.count(self.ands.len());
        for gate in &self.ands {
            encoder.words([gate.left.raw(), gate.right.raw(), gate.out.raw()]);
        }
        encoder.count(self.steps.len());
        for step in &self.steps {
            encoder.words([step.xors_end, step.ands_end]);
        }
        encoder.count(self.outputs.len());
        for output in &self.outputs {
            encoder.group(&output.group);
            output.bits.iter().map(|bit: &Operand| bit.raw()).for_each(|bit| encoder.words([bit]));
        }
        encoder.flush();
    }

    /// The BLAKE3 hash of the [canonical bytes](Program::canonical_bytes), by which two parties know that they run the
    /// same program: rows and tweaks follow its order.
    pub fn digest(&self) -> [u8; 32] {
        *self.digest.0.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            self.canonical_bytes(|chunk| {
                hasher.update(chunk);
            });
            hasher.finalize().into()
        })
    }
}

struct Encoder<F> {
    chunk: Vec<u8>,
    feed: F,
}

impl<F: FnMut(&[u8])> Encoder<F> {
    fn inputs(&mut self, program: &Program) {
        self.count(program.inputs.len());
        let mut slots = program.input_slots.iter();
        for input in &program.inputs {
            self.group(&input.group);
            self.put(&[party_code(input.owner)]);
            for &slot in slots.by_ref().take(input.group.width as usize) {
                self.words([slot_code(slot)]);
            }
        }
    }

    fn group(&mut self, group: &Group) {
        self.count(group.name.len());
        self.put(group.name.as_bytes());
        self.words([group.width]);
        let scaled = group.scale != 0;
        self.put(&[
            encoding_code(group.encoding),
            order_code(group.order) | u8::from(scaled) << 1 | u8::from(group.shape.is_some()) << 2,
        ]);
        if scaled {
            self.words([group.scale]);
        }
        if let Some(shape) = &group.shape {
            let shape = shape.to_string();
            self.count(shape.len());
            self.put(shape.as_bytes());
        }
    }

    fn count(&mut self, count: usize) {
        self.put(&(count as u64).to_le_bytes());
    }

    fn words<const N: usize>(&mut self, words: [u32; N]) {
        words.into_iter().for_each(|word| self.put(&word.to_le_bytes()));
    }

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
}

fn slot_code(slot: Option<Slot>) -> u32 {
    slot.map_or(u32::MAX, Slot::raw)
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
    use halfgate_circuits::{BitOrder, Circuit, Encoding, Gate, Group, Input, Output, Party, Shape, WireId};

    use crate::{Operand, Program, Slot, schedule};

    fn program() -> Program {
        let input = Input { group: Group::uint("x", 3), owner: Party::Evaluator };
        let gates = vec![Gate::Not(WireId::new(0)), Gate::And(WireId::new(3), WireId::new(1))];
        let output = Output { group: Group::uint("yz", 1), wires: vec![WireId::new(4)] };
        schedule(&Circuit::new(vec![input], gates, vec![output]).unwrap()).unwrap()
    }

    #[test]
    fn the_bytes_are_as_documented() {
        let mut bytes = Vec::new();
        program().canonical_bytes(|chunk| bytes.extend_from_slice(chunk));
        let none = [0xff; 4].as_slice();
        let expected = [
            b"halfgate program 1\n".as_slice(),
            // Two slots, 32 lanes, no zero.
            &[2, 0, 0, 0, 32, 0, 0, 0],
            none,
            // The input, of which two wires are read.
            &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, b'x', 3, 0, 0, 0, 0, 0, 1],
            &[0, 0, 0, 0, 1, 0, 0, 0],
            none,
            // No exclusive or, and one AND.
            &[0, 0, 0, 0, 0, 0, 0, 0],
            &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0],
            // One step, and the output.
            &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
            &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, b'y', b'z', 1, 0, 0, 0, 0, 0, 2, 0, 0, 0],
        ];
        assert_eq!(bytes, expected.concat());
        assert_eq!(program().digest(), *blake3::hash(&bytes).as_bytes());
    }

    #[test]
    fn every_part_counts() {
        let changes: [fn(&mut Program); 18] = [
            |program| program.inputs[0].owner = Party::Garbler,
            |program| program.inputs[0].group.name.push('x'),
            |program| program.inputs[0].group.encoding = Encoding::Int,
            |program| program.inputs[0].group.encoding = Encoding::Bytes,
            |program| program.outputs[0].group.encoding = Encoding::Bits,
            |program| program.outputs[0].group.order = BitOrder::MsbFirst,
            |program| program.inputs[0].group.scale = 2,
            |program| program.outputs[0].group.scale = 1,
            |program| program.inputs[0].group.shape = Some(Shape::Uint(3).into()),
            |program| program.inputs[0].group.shape = Some(Shape::Int(3).into()),
            |program| program.outputs[0].bits[0] = Operand::new(Slot::new(1), true),
            |program| program.input_slots[0] = None,
            |program| program.zero = Some(Slot::new(1)),
            |program| program.ands[0].left = Operand::new(Slot::new(0), false),
            |program| program.steps[0].ands_end = 0,
            |program| program.slots = 3,
            |program| program.tile = 16,
            |program| program.steps.clear(),
        ];
        let mut digests = vec![program().digest()];
        for change in changes {
            let mut program = program();
            change(&mut program);
            digests.push(program.digest());
        }
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), changes.len() + 1);
    }
}
