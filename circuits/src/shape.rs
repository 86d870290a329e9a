//! Types of values that are more than one number: what a program's parameters and results are made of.

mod parse;
mod parts;
mod show;
mod text;

use std::fmt;

use crate::{BitOrder, Encoding, Group};

pub use parse::NotAShape;
pub(crate) use text::{Problem, Reader};

/// What the wires of a group mean, as a tree.
///
/// Wires stand in the order of the parts: integers least significant bit first, the elements of an array and the fields of
/// a tuple or struct one after the other, an enum as its tag (see [`tag_width`]) and the fields of the variant, with
/// zeros up to the width of the widest one.
///
/// ```
/// use halfgate_circuits::{Field, Shape};
///
/// let pay = Shape::Struct {
///     name: "Pay".to_owned(),
///     fields: vec![
///         Field { name: "base".to_owned(), shape: Shape::Uint(32) },
///         Field { name: "bonus".to_owned(), shape: Shape::Tuple(vec![Shape::Bool, Shape::Int(8)]) },
///     ],
/// };
/// assert_eq!(pay.width(), 32 + 1 + 8);
/// assert_eq!(pay.to_string(), "Pay { base: u32, bonus: (bool, i8) }");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// An unsigned integer of so many bits.
    Uint(u32),
    /// A two's complement integer of so many bits.
    Int(u32),
    /// So many values of one shape.
    Array(Box<Shape>, u32),
    /// Values one after the other.
    Tuple(Vec<Shape>),
    /// Values with names.
    Struct {
        /// The name of the type.
        name: String,
        /// In the order of their wires.
        fields: Vec<Field>,
    },
    /// One of several variants.
    Enum {
        /// The name of the type.
        name: String,
        /// The tag of a variant is its place here.
        variants: Vec<Variant>,
    },
    /// The result of a program that may stop: a tag, 0 for a value, otherwise a place of `faults` counted from 1;
    /// then the wires of the value, which are all zero if the program stopped.
    Checked {
        /// What the program computes.
        value: Box<Shape>,
        /// Why and where it may stop instead.
        faults: Vec<Fault>,
    },
}

/// A part of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is.
    pub shape: Shape,
}

/// One of the things that an enum can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// The values that come with it.
    pub fields: Vec<Shape>,
}

/// A reason for a program to stop, and the place in its source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Such as `overflow`.
    pub reason: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

/// The bits of a tag that tells so many things apart.
pub fn tag_width(count: usize) -> u32 {
    count.next_power_of_two().trailing_zeros()
}

impl Shape {
    /// The number of wires; `u64::MAX` if there are more.
    pub fn width(&self) -> u64 {
        match self {
            Shape::Bool => 1,
            Shape::Uint(width) | Shape::Int(width) => u64::from(*width),
            Shape::Array(element, count) => element.width().saturating_mul(u64::from(*count)),
            Shape::Tuple(fields) => widths(fields),
            Shape::Struct { fields, .. } => {
                fields.iter().fold(0, |sum, field| sum.saturating_add(field.shape.width()))
            }
            Shape::Enum { variants, .. } => {
                let widest = variants.iter().map(|variant| widths(&variant.fields)).max().unwrap_or(0);
                widest.saturating_add(u64::from(tag_width(variants.len())))
            }
            Shape::Checked { value, faults } => {
                value.width().saturating_add(u64::from(tag_width(faults.len() + 1)))
            }
        }
    }

    /// Why the program stopped, if this is the result of one and it did.
    ///
    /// # Panics
    /// If `words` does not hold `⌈width / 64⌉` words.
    pub fn fault(&self, words: &[u64]) -> Option<&Fault> {
        let Shape::Checked { faults, .. } = self else { return None };
        let tag = number(words, 0, tag_width(faults.len() + 1)) as usize;
        faults.get(tag.checked_sub(1)?)
    }

    /// As in a list of terms: the type of a result, and that it may be an error instead.
    pub fn summary(&self) -> String {
        match self {
            Shape::Checked { value, faults } if faults.len() == 1 => format!("{value}, or an error"),
            Shape::Checked { value, faults } => format!("{value}, or one of {} errors", faults.len()),
            shape => shape.to_string(),
        }
    }

    /// Whether a value is a single number or truth value.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Shape::Bool | Shape::Uint(_) | Shape::Int(_))
    }
}

fn widths(shapes: &[Shape]) -> u64 {
    shapes.iter().fold(0, |sum, shape| sum.saturating_add(shape.width()))
}

/// A number of at most 64 bits that begins at bit `at`.
pub fn number(words: &[u64], at: usize, width: u32) -> u64 {
    (0..width as usize)
        .fold(0, |number, bit| number | (words[(at + bit) / 64] >> ((at + bit) % 64) & 1) << bit)
}

/// The group of a number inside a value.
fn leaf(name: &str, shape: &Shape) -> Group {
    let (encoding, width) = match shape {
        Shape::Int(width) => (Encoding::Int, *width),
        Shape::Uint(width) => (Encoding::Uint, *width),
        _ => (Encoding::Uint, 1),
    };
    Group { encoding, order: BitOrder::LsbFirst, ..Group::uint(name, width) }
}

/// Everything there is to know about a shape, so that two shapes have one text only if they are equal.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Bool => f.write_str("bool"),
            Shape::Uint(width) => write!(f, "u{width}"),
            Shape::Int(width) => write!(f, "i{width}"),
            Shape::Array(element, count) => write!(f, "[{element}; {count}]"),
            Shape::Tuple(fields) => write!(f, "({})", Listed(fields)),
            Shape::Struct { name, fields } => write!(f, "{name} {{ {} }}", Listed(fields)),
            Shape::Enum { name, variants } => write!(f, "{name}::{{ {} }}", Listed(variants)),
            Shape::Checked { value, faults } => write!(f, "{value}, or {}", Listed(faults)),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.shape)
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fields.as_slice() {
            [] => f.write_str(&self.name),
            fields => write!(f, "{}({})", self.name, Listed(fields)),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}", self.reason, self.line, self.column)
    }
}

/// With commas between.
struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, item)| {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")
        })
    }
}
