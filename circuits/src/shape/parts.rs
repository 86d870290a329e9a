//! Parts of a value by the way to them, as errors write it: `.bonus.0`, `.salaries[3]`.

use super::{Field, Shape};

impl Shape {
    /// The part at the end of a way such as `.bonus.0` or `[3].base`, and the wire at which it begins. What an enum holds
    /// has no way to it, as it depends on the variant.
    ///
    /// ```
    /// use halfgate_circuits::Shape;
    ///
    /// let rows: Shape = "[Row { id: u16, pay: (bool, i8) }; 4]".parse()?;
    /// assert_eq!(rows.part("[2].pay.1"), Some((2 * 25 + 17, &Shape::Int(8))));
    /// assert_eq!(rows.part("[4]"), None);
    /// assert_eq!(rows.way_to(2 * 25 + 20), "[2].pay.1");
    /// # Ok::<(), halfgate_circuits::NotAShape>(())
    /// ```
    pub fn part(&self, way: &str) -> Option<(u64, &Shape)> {
        if way.is_empty() {
            return Some((0, self));
        }
        let (step, rest) = match way.strip_prefix('[') {
            Some(way) => way.split_once(']')?,
            None => {
                let way = way.strip_prefix('.')?;
                way.split_at(way.find(['.', '[']).unwrap_or(way.len()))
            }
        };
        let (at, part) = match self {
            Shape::Array(element, count) if way.starts_with('[') => {
                let index = number(step).filter(|index| index < count)?;
                (u64::from(index) * element.width(), &**element)
            }
            Shape::Tuple(fields) if way.starts_with('.') => {
                let index = number(step)? as usize;
                (fields.iter().take(index).map(Shape::width).sum(), fields.get(index)?)
            }
            Shape::Struct { fields, .. } if way.starts_with('.') => {
                let index = fields.iter().position(|field| field.name == step)?;
                (fields.iter().take(index).map(|field| field.shape.width()).sum(), &fields[index].shape)
            }
            _ => return None,
        };
        let (within, part) = part.part(rest)?;
        Some((at + within, part))
    }

    /// The way to the smallest part that holds a wire.
    pub fn way_to(&self, wire: u64) -> String {
        let found = match self {
            Shape::Array(element, count) => {
                let index = wire.checked_div(element.width()).filter(|index| *index < u64::from(*count));
                index.map(|index| (format!("[{index}]"), index * element.width(), &**element))
            }
            Shape::Tuple(fields) => {
                let names = (0..).map(|index: u32| format!(".{index}"));
                holding(wire, names.zip(fields))
            }
            Shape::Struct { fields, .. } => {
                let named = |field: &Field| format!(".{}", field.name);
                holding(wire, fields.iter().map(|field| (named(field), &field.shape)))
            }
            _ => None,
        };
        found.map_or(String::new(), |(step, at, part)| step + &part.way_to(wire - at))
    }
}

/// The part that holds a wire, with its name and where it begins.
fn holding<'s>(
    wire: u64,
    parts: impl Iterator<Item = (String, &'s Shape)>,
) -> Option<(String, u64, &'s Shape)> {
    let mut at = 0;
    for (name, part) in parts {
        if wire - at < part.width() {
            return Some((name, at, part));
        }
        at += part.width();
    }
    None
}

/// A place, written in one way only.
fn number(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|number: &u32| number.to_string() == digits)
}
