use std::ops::RangeInclusive;

use super::LibraryError;
use crate::{Circuit, CircuitError};

/// A circuit of the library, or a family of them that differ in width or in number and width.
pub struct Entry {
    name: &'static str,
    about: &'static str,
    build: Build,
}

enum Build {
    One(fn() -> Built),
    /// What its number says, and the largest.
    Family(&'static str, u32, fn(u32) -> Built),
    /// In two directions, such as the number of values and their width.
    Grid(First, u32, fn(u32, u32) -> Built),
}

/// The first number of a name such as `sort8x32`.
#[derive(Clone, Copy)]
pub(super) struct First {
    /// What it says.
    what: &'static str,
    /// Its letter in a pattern.
    letter: &'static str,
    least: u32,
    most: u32,
}

impl First {
    pub(super) const VALUES: First = First { what: "number of values", letter: "K", least: 2, most: 256 };
    pub(super) const FRACTION: First =
        First { what: "number of fraction bits", letter: "F", least: 1, most: QUADRATIC };
}

pub(super) type Built = Result<Circuit, CircuitError>;

/// Widest member of a family whose gates grow with the width.
pub(super) const LINEAR: u32 = 4096;
/// Widest member of a family whose gates grow with the square of the width.
pub(super) const QUADRATIC: u32 = 1024;

impl Entry {
    pub(super) const fn one(name: &'static str, about: &'static str, build: fn() -> Built) -> Entry {
        Entry { name, about, build: Build::One(build) }
    }

    pub(super) const fn family(
        name: &'static str,
        about: &'static str,
        widest: u32,
        build: fn(u32) -> Built,
    ) -> Entry {
        Entry { name, about, build: Build::Family("width", widest, build) }
    }

    /// A family of circuits of N bytes.
    pub(super) const fn of_bytes(
        name: &'static str,
        about: &'static str,
        longest: u32,
        build: fn(u32) -> Built,
    ) -> Entry {
        Entry { name, about, build: Build::Family("number of bytes", longest, build) }
    }

    pub(super) const fn grid(
        name: &'static str,
        about: &'static str,
        first: First,
        widest: u32,
        build: fn(u32, u32) -> Built,
    ) -> Entry {
        Entry { name, about, build: Build::Grid(first, widest, build) }
    }

    /// The name; for a family the part before its numbers.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name as a pattern: a family's width is shown as `N`, a number of values as `K`, of fraction bits as `F`.
    pub fn pattern(&self) -> String {
        match self.build {
            Build::Grid(first, ..) => self.member(first.letter, "N"),
            Build::One(_) | Build::Family(..) => self.member("", "N"),
        }
    }

    /// What the circuit computes, in one line.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// The widths of a family, or its numbers of bytes.
    pub fn widths(&self) -> Option<RangeInclusive<u32>> {
        match self.build {
            Build::One(_) => None,
            Build::Family(_, widest, _) | Build::Grid(_, widest, _) => Some(1..=widest),
        }
    }

    /// The numbers before the `x` for a family such as `sortKxN`.
    pub fn counts(&self) -> Option<RangeInclusive<u32>> {
        match self.build {
            Build::Grid(first, ..) => Some(first.least..=first.most),
            Build::One(_) | Build::Family(..) => None,
        }
    }

    /// The circuit if the name, cut before its last number, is one of this entry.
    pub(super) fn find(&self, stem: &str, digits: &str) -> Option<Result<Circuit, LibraryError>> {
        match self.build {
            Build::One(build) => (self.is_spelled(stem, digits)).then(|| Ok(build()?)),
            Build::Family(what, widest, build) => {
                (self.name == stem).then(|| Ok(build(self.number(what, digits, 1..=widest)?)?))
            }
            Build::Grid(first, widest, build) => {
                let count = stem.strip_prefix(self.name)?.strip_suffix('x')?;
                let numeric = count.bytes().all(|byte| byte.is_ascii_digit());
                numeric.then(|| {
                    let count = self.number(first.what, count, first.least..=first.most)?;
                    Ok(build(count, self.number("width", digits, 1..=widest)?)?)
                })
            }
        }
    }

    /// A name of this entry with the numbers asked for, to compare spellings with.
    pub(super) fn example(&self, digits: &str) -> String {
        self.member("8", if digits.is_empty() { "64" } else { digits })
    }

    fn member(&self, count: &str, width: &str) -> String {
        match self.build {
            Build::One(_) => self.name.to_owned(),
            Build::Family(..) => format!("{}{width}", self.name),
            Build::Grid(..) => format!("{}{count}x{width}", self.name),
        }
    }

    fn is_spelled(&self, stem: &str, digits: &str) -> bool {
        self.name.strip_prefix(stem) == Some(digits)
    }

    fn number(
        &self,
        what: &'static str,
        digits: &str,
        range: RangeInclusive<u32>,
    ) -> Result<u32, LibraryError> {
        match digits.parse() {
            // One circuit has one name, so no leading zeros.
            Ok(number) if range.contains(&number) && !digits.starts_with('0') => Ok(number),
            _ => {
                let example = self.member("8", "64");
                let given = digits.to_owned();
                Err(LibraryError::Number { family: self.name, what, example, given, range })
            }
        }
    }
}
