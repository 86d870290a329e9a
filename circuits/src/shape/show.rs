//! Values of a shape as text, as programs write them.

use zeroize::Zeroizing;

use super::{Shape, leaf, number, tag_width};
use crate::{Radix, format_literal};

impl Shape {
    /// The value that begins at bit `at` of the words of a lane.
    pub(crate) fn show(&self, words: &[u64], at: usize, radix: Radix) -> String {
        match self {
            Shape::Bool => (number(words, at, 1) == 1).to_string(),
            Shape::Uint(_) | Shape::Int(_) => format_literal(&leaf("", self), &self.words(words, at), radix),
            Shape::Array(element, count) => {
                let elements = (0..*count).map(|_| &**element);
                format!("[{}]", list(elements, words, at, radix))
            }
            Shape::Tuple(fields) => format!("({})", list(fields.iter(), words, at, radix)),
            Shape::Struct { name, fields } => {
                let mut at = at;
                let fields = fields.iter().map(|field| {
                    let text = format!("{}: {}", field.name, field.shape.show(words, at, radix));
                    at += field.shape.width() as usize;
                    text
                });
                format!("{name} {{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
            Shape::Enum { name, variants } => {
                let tag = tag_width(variants.len());
                let at_fields = at + tag as usize;
                match variants.get(number(words, at, tag) as usize) {
                    Some(variant) if variant.fields.is_empty() => format!("{name}::{}", variant.name),
                    Some(variant) => {
                        let fields = list(variant.fields.iter(), words, at_fields, radix);
                        format!("{name}::{}({fields})", variant.name)
                    }
                    None => format!("{name}::?"),
                }
            }
            Shape::Checked { value, faults } => match self.fault(words) {
                Some(fault) => format!("error: {fault}"),
                None => value.show(words, at + tag_width(faults.len() + 1) as usize, radix),
            },
        }
    }

    /// The bits of a value by themselves.
    fn words(&self, words: &[u64], at: usize) -> Zeroizing<Vec<u64>> {
        let width = self.width() as usize;
        let parts = (0..width).step_by(64).map(|bit| number(words, at + bit, (width - bit).min(64) as u32));
        Zeroizing::new(parts.collect())
    }
}

fn list<'a>(shapes: impl Iterator<Item = &'a Shape>, words: &[u64], mut at: usize, radix: Radix) -> String {
    let texts = shapes.map(|shape| {
        let text = shape.show(words, at, radix);
        at += shape.width() as usize;
        text
    });
    texts.collect::<Vec<_>>().join(", ")
}
