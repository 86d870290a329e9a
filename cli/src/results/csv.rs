//! Results as CSV: one row per lane, one column per group, or one per number inside the groups' values.

use std::borrow::Cow;
use std::io::{self, Write};

use halfgate::Values;
use halfgate::circuits::{Group, format_literal, number};
use zeroize::Zeroizing;

use super::{Lanes, Results};

/// The values of a group, or a part of each.
struct Column<'a> {
    lanes: Lanes<'a>,
    part: Option<Part>,
}

/// What the way leads to that its group is called by.
struct Part {
    group: Group,
    at: usize,
    /// Whether it stands first among those of its group.
    is_first: bool,
}

impl Results<'_> {
    /// Groups and parts without wires have no column; ids come first.
    pub(crate) fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let lanes = self.columns().filter(|lanes| lanes.group.width > 0);
        let columns: Vec<_> = match self.parts {
            true => lanes.flat_map(Column::parts).collect(),
            false => lanes.map(|lanes| Column { lanes, part: None }).collect(),
        };
        if self.ids.is_some() || self.header || self.parts {
            let ids = self.ids.map(|ids| quoted(ids.column()));
            let names = columns.iter().map(|column| quoted(column.name()));
            writeln!(out, "{}", ids.into_iter().chain(names).collect::<Vec<_>>().join(","))?;
        }
        for lane in 0..self.values.first().map_or(0, Values::lanes) {
            let mut comma = "";
            if let Some(ids) = self.ids {
                out.write_all(quoted(ids.get(lane)).as_bytes())?;
                comma = ",";
            }
            for column in &columns {
                write!(out, "{comma}{}", column.cell(lane))?;
                comma = ",";
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

impl<'a> Column<'a> {
    fn parts(lanes: Lanes<'a>) -> Vec<Self> {
        let Some(shape) = &lanes.group.shape else { return vec![Column { lanes, part: None }] };
        let parts = shape.leaves().into_iter().enumerate().filter_map(|(index, (way, at, part))| {
            let group = Group::shaped(format!("{}{way}", lanes.group.name), part.clone())?;
            Some(Part { group, at: usize::try_from(at).ok()?, is_first: index == 0 })
        });
        parts.map(|part| Column { lanes, part: Some(part) }).collect()
    }

    fn name(&self) -> &str {
        self.part.as_ref().map_or(&self.lanes.group.name, |part| &part.group.name)
    }

    fn cell(&self, lane: usize) -> Cow<'_, str> {
        let text = match (&self.part, self.lanes.is_lost(lane)) {
            (_, true) => Cow::Borrowed(""),
            (None, false) => self.lanes.text(lane),
            (Some(part), false) => self.part_text(part, lane),
        };
        if self.lanes.group.shape.is_some() { quoted(text) } else { text }
    }

    /// Where the program stopped, all columns of its result are empty but the first, which says why.
    fn part_text(&self, part: &Part, lane: usize) -> Cow<'static, str> {
        let words = self.lanes.values.lane(lane);
        let stopped = self.lanes.group.shape.as_ref().is_some_and(|shape| shape.fault(words).is_some());
        match (stopped, part.is_first) {
            (true, true) => self.lanes.text(lane),
            (true, false) => Cow::Borrowed(""),
            (false, _) => {
                let bits = 0..part.group.width;
                let own = bits
                    .step_by(64)
                    .map(|bit| number(words, part.at + bit as usize, (part.group.width - bit).min(64)));
                format_literal(&part.group, &Zeroizing::new(own.collect::<Vec<_>>()), self.lanes.radix).into()
            }
        }
    }
}

/// A text as a cell of CSV: in quotes where it would be read as something else without them.
fn quoted<'t>(text: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
    let text = text.into();
    let special = |letter: char| matches!(letter, ',' | '"' | '#' | '\r' | '\n');
    if text.is_empty() || text.contains(special) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text
    }
}
