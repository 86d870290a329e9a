use std::fmt;
use std::sync::Arc;

use crate::Shape;

/// One of the two parties of a computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// The party that garbles.
    Garbler,
    /// The party that evaluates.
    Evaluator,
}

impl Party {
    /// The other one.
    pub fn peer(self) -> Party {
        match self {
            Party::Garbler => Party::Evaluator,
            Party::Evaluator => Party::Garbler,
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Party::Garbler => "garbler",
            Party::Evaluator => "evaluator",
        })
    }
}

/// Who learns a value when it is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reveal {
    /// Both parties. The evaluator learns it first and could stop before the garbler does: fairness is impossible.
    #[default]
    Both,
    /// Only the garbler.
    Garbler,
    /// Only the evaluator.
    Evaluator,
    /// Neither: each party keeps a share, and the exclusive or of the two is the value.
    Shares,
}

impl Reveal {
    /// Whether `party` learns the value.
    pub fn reaches(self, party: Party) -> bool {
        match self {
            Reveal::Both => true,
            Reveal::Garbler => party == Party::Garbler,
            Reveal::Evaluator => party == Party::Evaluator,
            Reveal::Shares => false,
        }
    }
}

impl fmt::Display for Reveal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reveal::Both => "both",
            Reveal::Garbler => "garbler",
            Reveal::Evaluator => "evaluator",
            Reveal::Shares => "shares",
        })
    }
}

/// How the bits of a group are read and shown as text. The bits themselves are the same for all four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// An unsigned integer, shown in decimal up to 64 bits and in hexadecimal above.
    #[default]
    Uint,
    /// A two's complement integer.
    Int,
    /// A byte string, shown in hexadecimal at its full length.
    Bytes,
    /// A bit string, shown in binary at its full length.
    Bits,
}

/// Which bit of the value the first wire of a group carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BitOrder {
    /// Wire `k` carries bit `k` (weight `2^k`).
    #[default]
    LsbFirst,
    /// Wire `k` of a group of `n` carries bit `n - 1 - k`; old Bristol files of byte-oriented functions do this.
    MsbFirst,
}

/// A named run of wires that carry one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name in messages, headers and JSON; unique among the inputs and among the outputs of a circuit.
    pub name: String,
    /// The number of wires; zero is allowed.
    pub width: u32,
    /// How the value is written as text.
    pub encoding: Encoding,
    /// How bits map to wires.
    pub order: BitOrder,
    /// How many decimal digits of the number stand behind the point: with scale 2 the integer 1250 is written `12.50`.
    /// Only `uint` and `int` have them; 0 means whole numbers.
    pub scale: u32,
    /// What the wires mean where that is more than a number. Then `encoding`, `order` and `scale` are those of
    /// [`Group::uint`] and say nothing.
    pub shape: Option<Arc<Shape>>,
}

impl Group {
    /// An unsigned, least-significant-bit-first group of whole numbers.
    pub fn uint(name: impl Into<String>, width: u32) -> Self {
        Group {
            name: name.into(),
            width,
            encoding: Encoding::Uint,
            order: BitOrder::LsbFirst,
            scale: 0,
            shape: None,
        }
    }

    /// A group of values with a type of their own; `None` if they have more than `u32::MAX` bits.
    pub fn shaped(name: impl Into<String>, shape: Shape) -> Option<Self> {
        let width = u32::try_from(shape.width()).ok()?;
        Some(Group { shape: Some(Arc::new(shape)), ..Group::uint(name, width) })
    }
}
