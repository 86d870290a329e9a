use super::settings::Settings;
use super::{FunctionError, bands, median, weights};
use crate::{Encoding, Group, Radix, format_literal, parse_literal};

/// Something public that both sides agree on, and that becomes part of the circuit.
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What it means and how it is written, in one line.
    pub about: &'static str,
    /// Whether the function cannot do without it.
    pub required: bool,
    pub(super) kind: Kind,
}

/// How the text of a parameter is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value as the parties have them.
    Value,
    /// The sum of two values, which needs one bit more.
    Sum,
    /// The distance of two values, which is never negative.
    Distance,
    /// How many values each side has in a row.
    Count,
    /// The weights of one side's factors.
    Weights,
    /// The scores at which bands begin.
    Bands,
}

impl Parameter {
    /// Checks what was typed and writes it in the one form that stands for it.
    pub(super) fn canonical(&self, settings: &Settings, given: &str) -> Result<String, FunctionError> {
        match self.kind {
            Kind::Value | Kind::Sum | Kind::Distance => {
                let group = self.group(settings);
                let words = parse(&group, self.name, given)?;
                Ok(format_literal(&group, &words, Radix::Dec))
            }
            Kind::Count => median::read_count(self.name, given, settings.bits).map(|count| count.to_string()),
            Kind::Weights => {
                let weights = weights::read(self.name, given)?;
                Ok(weights.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
            }
            Kind::Bands => Ok(bands::read(self.name, given)?.join(",")),
        }
    }

    /// The group that a single number belongs to.
    pub(super) fn group(&self, settings: &Settings) -> Group {
        let width = settings.bits + u32::from(self.kind == Kind::Sum);
        let signed = settings.signed && self.kind != Kind::Distance;
        let encoding = if signed { Encoding::Int } else { Encoding::Uint };
        Group { encoding, scale: settings.scale, ..Group::uint(self.name, width) }
    }
}

/// The words of a number.
pub(super) fn parse(group: &Group, name: &'static str, given: &str) -> Result<Vec<u64>, FunctionError> {
    let mut words = vec![0; group.width.div_ceil(64) as usize];
    parse_literal(group, given, &mut words).map_err(|source| FunctionError::Literal {
        name,
        given: given.to_owned(),
        source,
    })?;
    Ok(words)
}
