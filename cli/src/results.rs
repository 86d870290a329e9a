//! Results on standard output: CSV and JSON.

mod csv;

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use halfgate::Values;
use halfgate::circuits::library::functions::Function;
use halfgate::circuits::{BitOrder, Encoding, Group, Radix, format_literal};
use halfgate_meet::{Ids, Ranges};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::failure::Failure;
use crate::typed::Typed;

/// The version of every JSON object that this command prints. It grows when a field changes its meaning or goes away;
/// new fields may come at any time.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// Output groups with their values and how to show them.
pub(crate) struct Results<'a> {
    pub(crate) groups: Vec<&'a Group>,
    pub(crate) values: &'a [Values],
    pub(crate) radix: Radix,
    /// The ids of the rows, if the input named them.
    pub(crate) ids: Option<&'a Ids>,
    /// The comparison function that gave these results; its words stand for some of its numbers.
    pub(crate) function: Option<&'static Function>,
    /// Whether CSV begins with the names of the columns even if there are no ids.
    pub(crate) header: bool,
    /// Whether CSV has a column for each number inside a value.
    pub(crate) parts: bool,
    /// Rows whose values are lost: their cells are empty.
    pub(crate) lost: Option<&'a Ranges>,
}

impl Results<'_> {
    /// Fails if the program stopped in some row instead of giving a result.
    pub(crate) fn check_stops(&self) -> Result<(), Failure> {
        let mut stopped = 0;
        let mut first = None;
        let of = self.values.first().map_or(0, Values::lanes);
        for lanes in self.columns() {
            let Some(shape) = &lanes.group.shape else { continue };
            for lane in (0..of).filter(|&lane| !lanes.is_lost(lane)) {
                if let Some(fault) = shape.fault(lanes.values.lane(lane)) {
                    stopped += 1;
                    first.get_or_insert((lane as u64 + 1, fault.clone()));
                }
            }
        }
        match first {
            Some((row, fault)) => Err(Failure::Stopped { rows: stopped, of: of as u64, row, fault }),
            None => Ok(()),
        }
    }

    fn columns(&self) -> impl Iterator<Item = Lanes<'_>> {
        let radix = match (self.radix, self.function) {
            // Whoever writes values in decimal reads them so, whatever their width.
            (Radix::Natural, Some(_)) => Radix::Dec,
            (radix, _) => radix,
        };
        let words = move |group: &Group| self.function.and_then(|function| function.words(&group.name));
        let columns = self.groups.iter().copied().zip(self.values);
        columns.map(move |(group, values)| Lanes {
            group,
            values,
            radix,
            words: words(group),
            lost: self.lost,
        })
    }
}

/// In JSON, a list of groups, each with one text per lane: numbers of 64 bits would lose digits in many readers.
impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.columns().map(|values| Column {
            name: &values.group.name,
            width: values.group.width,
            encoding: encoding_name(values.group.encoding),
            bit_order: order_name(values.group.order),
            scale: values.group.scale,
            shape: values.group.shape.as_ref().map(ToString::to_string),
            words: values.words,
            values,
        });
        serializer.collect_seq(columns)
    }
}

#[derive(serde::Serialize)]
struct Column<'a> {
    name: &'a str,
    width: u32,
    encoding: &'static str,
    bit_order: &'static str,
    scale: u32,
    /// Of the values of a program, which are JSON values of that type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    shape: Option<String>,
    /// What values may be, where they are words.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'static [&'static str]>,
    values: Lanes<'a>,
}

/// The values of a group as texts.
#[derive(Clone, Copy)]
struct Lanes<'a> {
    group: &'a Group,
    values: &'a Values,
    radix: Radix,
    words: Option<&'static [&'static str]>,
    lost: Option<&'a Ranges>,
}

impl Lanes<'_> {
    fn is_lost(&self, lane: usize) -> bool {
        self.lost.is_some_and(|lost| lost.contains(lane as u64))
    }

    fn text(&self, lane: usize) -> Cow<'static, str> {
        let value = self.values.lane(lane);
        match self.words.and_then(|words| words.get(*value.first()? as usize)) {
            Some(word) => Cow::Borrowed(word),
            None => format_literal(self.group, value, self.radix).into(),
        }
    }
}

impl Serialize for Lanes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lanes = self.values.lanes();
        let mut list = serializer.serialize_seq(Some(lanes))?;
        for lane in 0..lanes {
            let is_there = !self.is_lost(lane);
            match &self.group.shape {
                Some(shape) => {
                    let value = Typed { shape, words: self.values.lane(lane), at: 0 };
                    list.serialize_element(&is_there.then_some(value))?;
                }
                None => list.serialize_element(&is_there.then(|| self.text(lane)))?,
            }
        }
        list.end()
    }
}

pub(crate) fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Uint => "uint",
        Encoding::Int => "int",
        Encoding::Bytes => "bytes",
        Encoding::Bits => "bits",
    }
}

pub(crate) fn order_name(order: BitOrder) -> &'static str {
    match order {
        BitOrder::LsbFirst => "lsb-first",
        BitOrder::MsbFirst => "msb-first",
    }
}

/// Writes to standard output. A reader that stops early (`| head`) has what it wants, so that is no failure.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Stdout(error)),
        _ => Ok(()),
    }
}

/// Writes one JSON object to standard output.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
        writeln!(out)
    })
}
