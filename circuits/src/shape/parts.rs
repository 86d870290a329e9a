//! Parts of a value by the way to them, as errors write it: `.bonus.0`, `.salaries[3]`.

use super::{Field, Shape, tag_width};

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

    /// The parts that have wires and no way to parts of their own, in the order of their wires: for each the way to it, the
    /// wire at which it begins, and what it is. They are numbers, truth values and enums; of a result that may be an error,
    /// those of the value.
    ///
    /// ```
    /// use halfgate_circuits::Shape;
    ///
    /// let row: Shape = "Row { id: u16, pay: (bool, [i8; 2]) }".parse()?;
    /// let leaves = row.leaves();
    /// let ways: Vec<&str> = leaves.iter().map(|(way, _, _)| way.as_str()).collect();
    /// assert_eq!(ways, [".id", ".pay.0", ".pay.1[0]", ".pay.1[1]"]);
    /// assert_eq!(leaves[3].1, 16 + 1 + 8);
    /// # Ok::<(), halfgate_circuits::NotAShape>(())
    /// ```
    pub fn leaves(&self) -> Vec<(String, u64, &Shape)> {
        let mut leaves = Vec::new();
        self.collect_leaves("", 0, &mut leaves);
        leaves
    }

    fn collect_leaves<'s>(&'s self, way: &str, mut at: u64, leaves: &mut Vec<(String, u64, &'s Shape)>) {
        let mut below = |step: String, part: &'s Shape| {
            part.collect_leaves(&format!("{way}{step}"), at, leaves);
            at += part.width();
        };
        match self {
            Shape::Array(element, count) => {
                (0..*count).for_each(|index| below(format!("[{index}]"), element))
            }
            Shape::Tuple(fields) => {
                (0_u32..).zip(fields).for_each(|(index, field)| below(format!(".{index}"), field))
            }
            Shape::Struct { fields, .. } => {
                fields.iter().for_each(|field| below(format!(".{}", field.name), &field.shape));
            }
            Shape::Checked { value, faults } => {
                value.collect_leaves(way, at + u64::from(tag_width(faults.len() + 1)), leaves);
            }
            Shape::Bool | Shape::Uint(_) | Shape::Int(_) | Shape::Enum { .. } if self.width() > 0 => {
                leaves.push((way.to_owned(), at, self));
            }
            _ => {}
        }
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
