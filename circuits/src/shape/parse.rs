//! Shapes as they are displayed, back into shapes: saved programs keep them as text.

use std::str::FromStr;

use super::{Fault, Field, Shape, Variant};

/// The deepest nesting that is read.
const DEEPEST: usize = 100;

impl FromStr for Shape {
    type Err = NotAShape;

    /// Reads what [`Display`](std::fmt::Display) writes, and nothing else.
    fn from_str(text: &str) -> Result<Self, NotAShape> {
        let mut rest = Rest { text, depth: 0 };
        let shape = rest.whole().filter(|_| rest.text.is_empty());
        // What can be written in two ways is read in one only.
        shape.filter(|shape| shape.to_string() == text).ok_or(NotAShape)
    }
}

/// A text that describes no type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text describes no type of a value")]
pub struct NotAShape;

struct Rest<'a> {
    text: &'a str,
    depth: usize,
}

impl Rest<'_> {
    fn take(&mut self, token: &str) -> Option<()> {
        self.text = self.text.strip_prefix(token)?;
        Some(())
    }

    /// A shape, and the faults of a program behind it.
    fn whole(&mut self) -> Option<Shape> {
        let value = self.shape()?;
        if self.text.is_empty() {
            return Some(value);
        }
        self.take(", or ")?;
        let faults = std::mem::take(&mut self.text).split(", ").map(fault).collect::<Option<_>>()?;
        Some(Shape::Checked { value: value.into(), faults })
    }

    fn shape(&mut self) -> Option<Shape> {
        self.depth += 1;
        let shape = if self.depth > DEEPEST { None } else { self.nested() };
        self.depth -= 1;
        shape
    }

    fn nested(&mut self) -> Option<Shape> {
        if self.take("[").is_some() {
            let element = self.shape()?;
            self.take("; ")?;
            let count = self.number()?;
            return self.take("]").map(|()| Shape::Array(element.into(), count));
        }
        if self.take("(").is_some() {
            return self.listed(")", Self::shape).map(Shape::Tuple);
        }
        let name = self.name()?;
        if self.take("::{ ").is_some() {
            return self.listed(" }", Self::variant).map(|variants| Shape::Enum { name, variants });
        }
        if self.take(" { ").is_some() {
            return self.listed(" }", Self::field).map(|fields| Shape::Struct { name, fields });
        }
        match (name.as_str(), name.get(1..).map(str::parse)) {
            ("bool", _) => Some(Shape::Bool),
            (name, Some(Ok(width))) if name.starts_with('u') => Some(Shape::Uint(width)),
            (name, Some(Ok(width))) if name.starts_with('i') => Some(Shape::Int(width)),
            _ => None,
        }
    }

    /// Items with commas between, up to `end`.
    fn listed<T>(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        while self.take(end).is_none() {
            if !items.is_empty() {
                self.take(", ")?;
            }
            items.push(item(self)?);
        }
        Some(items)
    }

    fn field(&mut self) -> Option<Field> {
        let name = self.name()?;
        self.take(": ")?;
        Some(Field { name, shape: self.shape()? })
    }

    fn variant(&mut self) -> Option<Variant> {
        let name = self.name()?;
        let fields = match self.take("(") {
            Some(()) => self.listed(")", Self::shape)?,
            None => Vec::new(),
        };
        Some(Variant { name, fields })
    }

    fn name(&mut self) -> Option<String> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let end = self.text.find(|letter| !is_part(letter)).unwrap_or(self.text.len());
        let (name, rest) = self.text.split_at(end);
        self.text = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn number(&mut self) -> Option<u32> {
        let end = self.text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.text.len());
        let (digits, rest) = self.text.split_at(end);
        self.text = rest;
        digits.parse().ok()
    }
}

fn fault(text: &str) -> Option<Fault> {
    let (reason, place) = text.rsplit_once(" at ")?;
    let (line, column) = place.split_once(':')?;
    Some(Fault { reason: reason.to_owned(), line: line.parse().ok()?, column: column.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Fault, Field, Shape, Variant};

    fn name() -> impl Strategy<Value = String> {
        "[A-Za-z_][A-Za-z0-9_]{0,5}"
    }

    fn shape() -> impl Strategy<Value = Shape> {
        let leaf = prop_oneof![
            Just(Shape::Bool),
            any::<u32>().prop_map(Shape::Uint),
            any::<u32>().prop_map(Shape::Int)
        ];
        leaf.prop_recursive(4, 30, 4, |inner| {
            let many = || prop::collection::vec(inner.clone(), 0..4);
            let field = (name(), inner.clone()).prop_map(|(name, shape)| Field { name, shape });
            let variant = (name(), many()).prop_map(|(name, fields)| Variant { name, fields });
            prop_oneof![
                (inner.clone(), any::<u32>())
                    .prop_map(|(element, count)| Shape::Array(element.into(), count)),
                many().prop_map(Shape::Tuple),
                (name(), prop::collection::vec(field, 0..4))
                    .prop_map(|(name, fields)| Shape::Struct { name, fields }),
                (name(), prop::collection::vec(variant, 0..4))
                    .prop_map(|(name, variants)| Shape::Enum { name, variants }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(shape in shape(), faults in prop::collection::vec(("[a-z]{1,9}( [a-z]{1,4})?", 1..99_u32, 1..99_u32), 0..3)) {
            prop_assert_eq!(shape.to_string().parse(), Ok(shape.clone()));
            let faults: Vec<_> =
                faults.into_iter().map(|(reason, line, column)| Fault { reason, line, column }).collect();
            if !faults.is_empty() {
                let checked = Shape::Checked { value: shape.into(), faults };
                prop_assert_eq!(checked.to_string().parse(), Ok(checked));
            }
        }

        #[test]
        fn other_texts_are_refused_without_a_panic(text in "[\\[\\](){};:, a-zA-Z0-9]{0,20}") {
            if let Ok(shape) = text.parse::<Shape>() {
                prop_assert_eq!(shape.to_string(), text);
            }
        }
    }

    #[test]
    fn deep_texts_are_refused() {
        assert!("(".repeat(1_000_000).parse::<Shape>().is_err());
        assert!("u08".parse::<Shape>().is_err(), "one shape has one text");
        assert!("u8 ".parse::<Shape>().is_err());
    }
}
