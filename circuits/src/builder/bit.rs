use std::array;
use std::fmt;
use std::ops::{BitAnd, BitOr, BitXor, Not};
use std::ptr;

use super::Builder;
use super::graph::{Graph, Literal};

/// A bit of a circuit under construction: a cheap handle with the operators `&`, `|`, `^` and `!`.
///
/// `&` and `|` cost one AND each; `^` and `!` are free when garbled.
#[derive(Clone, Copy)]
pub struct Bit<'b> {
    builder: &'b Builder,
    literal: Literal,
}

impl<'b> Bit<'b> {
    /// The value, where it does not depend on any input.
    pub fn known(self) -> Option<bool> {
        self.literal.known()
    }

    /// `if_true` where this bit is 1, otherwise `if_false`: one AND per bit of the value.
    ///
    /// # Panics
    /// If the values differ in width or builder.
    #[track_caller]
    pub fn mux<V: Mux<'b>>(self, if_true: &V, if_false: &V) -> V {
        V::mux(self, if_true, if_false)
    }

    /// The builder this bit belongs to.
    pub fn builder(self) -> &'b Builder {
        self.builder
    }

    /// The literal within `builder`'s graph.
    #[track_caller]
    pub(super) fn literal_of(self, builder: &Builder) -> Literal {
        assert!(ptr::eq(self.builder, builder), "a bit of one builder is used with those of another builder");
        self.literal
    }

    #[track_caller]
    fn gate(self, other: Bit<'b>, add: impl FnOnce(&mut Graph, Literal, Literal) -> Literal) -> Bit<'b> {
        let other = other.literal_of(self.builder);
        self.builder.bit(add(&mut self.builder.graph.borrow_mut(), self.literal, other))
    }
}

impl Builder {
    pub(super) fn bit(&self, literal: Literal) -> Bit<'_> {
        Bit { builder: self, literal }
    }
}

impl<'b> BitAnd for Bit<'b> {
    type Output = Bit<'b>;

    #[track_caller]
    fn bitand(self, other: Bit<'b>) -> Bit<'b> {
        self.gate(other, Graph::and)
    }
}

impl<'b> BitXor for Bit<'b> {
    type Output = Bit<'b>;

    #[track_caller]
    fn bitxor(self, other: Bit<'b>) -> Bit<'b> {
        self.gate(other, Graph::xor)
    }
}

impl<'b> BitOr for Bit<'b> {
    type Output = Bit<'b>;

    #[track_caller]
    fn bitor(self, other: Bit<'b>) -> Bit<'b> {
        !(!self & !other)
    }
}

impl<'b> Not for Bit<'b> {
    type Output = Bit<'b>;

    fn not(self) -> Bit<'b> {
        Bit { literal: !self.literal, ..self }
    }
}

impl fmt::Debug for Bit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known() {
            Some(value) => write!(f, "{}", u8::from(value)),
            None => write!(f, "{}n{}", if self.literal.inverted { "!" } else { "" }, self.literal.node),
        }
    }
}

/// What a bit can choose between. Implement it for a struct of values by choosing field by field.
pub trait Mux<'b> {
    /// `if_true` where `condition` is 1, otherwise `if_false`.
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self;
}

impl<'b> Mux<'b> for Bit<'b> {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        *if_false ^ (condition & (*if_true ^ *if_false))
    }
}

impl<'b, V: Mux<'b>, const N: usize> Mux<'b> for [V; N] {
    #[track_caller]
    fn mux(condition: Bit<'b>, if_true: &Self, if_false: &Self) -> Self {
        array::from_fn(|k| V::mux(condition, &if_true[k], &if_false[k]))
    }
}
