//! Values with a type as JSON: structs are objects, arrays and tuples are lists, an enum is the name of its variant, or
//! an object from it to the field, or to the list of fields. Integers of up to 32 bits are numbers; wider ones are texts,
//! as many readers would lose digits.

use halfgate::circuits::{Group, Radix, Shape, format_literal, number, tag_width};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// Wider integers are written as texts.
const WIDEST_NUMBER: u32 = 32;

/// A value that begins at a bit of a lane.
pub(crate) struct Typed<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) words: &'a [u64],
    pub(crate) at: usize,
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Typed { shape, words, at } = *self;
        match shape {
            Shape::Bool => serializer.serialize_bool(number(words, at, 1) == 1),
            Shape::Uint(width) if *width <= WIDEST_NUMBER => {
                serializer.serialize_u64(number(words, at, *width))
            }
            Shape::Int(width @ 1..=WIDEST_NUMBER) => {
                let unused = 64 - width;
                serializer.serialize_i64((number(words, at, *width) << unused) as i64 >> unused)
            }
            Shape::Uint(_) | Shape::Int(_) => serializer.serialize_str(&self.digits()),
            Shape::Array(element, count) => list(serializer, (0..*count).map(|_| &**element), words, at),
            Shape::Tuple(fields) => list(serializer, fields.iter(), words, at),
            Shape::Struct { fields, .. } => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                let mut at = at;
                for field in fields {
                    map.serialize_entry(&field.name, &Typed { shape: &field.shape, words, at })?;
                    at += field.shape.width() as usize;
                }
                map.end()
            }
            Shape::Enum { variants, .. } => {
                let tag = tag_width(variants.len());
                let at_fields = at + tag as usize;
                let variant = variants.get(number(words, at, tag) as usize);
                // A peer that does not follow the protocol can put in a tag that means nothing.
                let Some(variant) = variant else { return serializer.serialize_str("?") };
                match variant.fields.as_slice() {
                    [] => serializer.serialize_str(&variant.name),
                    [field] => one(serializer, &variant.name, &Typed { shape: field, words, at: at_fields }),
                    fields => one(serializer, &variant.name, &Fields { fields, words, at: at_fields }),
                }
            }
            Shape::Checked { value, faults } => match shape.fault(words) {
                Some(fault) => {
                    let mut map = serializer.serialize_map(Some(3))?;
                    map.serialize_entry("error", &fault.reason)?;
                    map.serialize_entry("line", &fault.line)?;
                    map.serialize_entry("column", &fault.column)?;
                    map.end()
                }
                None => {
                    let at = at + tag_width(faults.len() + 1) as usize;
                    Typed { shape: value, words, at }.serialize(serializer)
                }
            },
        }
    }
}

impl Typed<'_> {
    fn digits(&self) -> String {
        let width = self.shape.width() as usize;
        let parts = (0..width).step_by(64);
        let words = parts.map(|bit| number(self.words, self.at + bit, (width - bit).min(64) as u32));
        match Group::shaped("", self.shape.clone()) {
            Some(group) => format_literal(&group, &words.collect::<Vec<_>>(), Radix::Dec),
            None => String::new(),
        }
    }
}

/// The fields of a variant.
struct Fields<'a> {
    fields: &'a [Shape],
    words: &'a [u64],
    at: usize,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        list(serializer, self.fields.iter(), self.words, self.at)
    }
}

fn list<'a, S: Serializer>(
    serializer: S,
    shapes: impl Iterator<Item = &'a Shape>,
    words: &[u64],
    mut at: usize,
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    for shape in shapes {
        list.serialize_element(&Typed { shape, words, at })?;
        at += shape.width() as usize;
    }
    list.end()
}

fn one<S: Serializer>(serializer: S, name: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, value)?;
    map.end()
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::{Fault, Field, Group, Shape, Variant, parse_literal};

    use super::Typed;

    fn json(shape: &Shape, words: &[u64]) -> String {
        serde_json::to_string(&Typed { shape, words, at: 0 }).unwrap()
    }

    /// The JSON of a value is read as that value.
    fn there_and_back(shape: Shape, literal: &str, expected: &str) {
        let group = Group::shaped("v", shape.clone()).unwrap();
        let read = |text: &str| {
            let mut words = vec![0; group.width.div_ceil(64) as usize];
            parse_literal(&group, text, &mut words).unwrap();
            words
        };
        let words = read(literal);
        assert_eq!(json(&shape, &words), expected);
        assert_eq!(read(expected), words);
    }

    #[test]
    fn values_of_every_shape() {
        let variants =
            [("No", vec![]), ("One", vec![Shape::Uint(8)]), ("Two", vec![Shape::Bool, Shape::Int(16)])];
        let variants = variants.map(|(name, fields)| Variant { name: name.to_owned(), fields });
        let answer = Shape::Enum { name: "Answer".to_owned(), variants: variants.to_vec() };
        there_and_back(answer.clone(), "Answer::No", "\"No\"");
        there_and_back(answer.clone(), "Answer::One(255)", "{\"One\":255}");
        there_and_back(answer, "Answer::Two(true, -2)", "{\"Two\":[true,-2]}");
        let fields = [("a", Shape::Int(32)), ("b", Shape::Array(Box::new(Shape::Uint(64)), 2))];
        let fields = fields.map(|(name, shape)| Field { name: name.to_owned(), shape });
        let pay = Shape::Struct { name: "Pay".to_owned(), fields: fields.to_vec() };
        let expected = r#"{"a":-2147483648,"b":["18446744073709551615","7"]}"#;
        there_and_back(pay, "Pay { a: -2147483648, b: [18446744073709551615, 7] }", expected);
        there_and_back(Shape::Tuple(vec![]), "()", "[]");
    }

    #[test]
    fn a_stop_is_no_value() {
        let fault = Fault { reason: "overflow".to_owned(), line: 3, column: 5 };
        let result = Shape::Checked { value: Box::new(Shape::Uint(8)), faults: vec![fault] };
        assert_eq!(json(&result, &[1]), r#"{"error":"overflow","line":3,"column":5}"#);
        assert_eq!(json(&result, &[7 << 1]), "7");
    }
}
