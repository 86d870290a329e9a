//! Results on standard output: CSV and JSON.

use std::io::{self, BufWriter, Write};

use halfgate::Values;
use halfgate::circuits::{BitOrder, Encoding, Group, Radix, format_literal};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::failure::Failure;

/// The version of every JSON object that this command prints. It grows when a field changes its meaning or goes away;
/// new fields may come at any time.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// Output groups with their values and how to show them.
pub(crate) struct Results<'a> {
    pub(crate) groups: Vec<&'a Group>,
    pub(crate) values: &'a [Values],
    pub(crate) radix: Radix,
}

impl Results<'_> {
    /// CSV without a header: one row per lane, one column per group with wires.
    pub(crate) fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let columns: Vec<_> = self.columns().filter(|(group, _)| group.width > 0).collect();
        for lane in 0..self.values.first().map_or(0, Values::lanes) {
            for (index, (group, values)) in columns.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(out, "{comma}{}", format_literal(group, values.lane(lane), self.radix))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn columns(&self) -> impl Iterator<Item = (&Group, &Values)> {
        self.groups.iter().copied().zip(self.values)
    }
}

/// In JSON, a list of groups, each with one text per lane: numbers of 64 bits would lose digits in many readers.
impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.columns().map(|(group, values)| Column {
            name: &group.name,
            width: group.width,
            encoding: encoding_name(group.encoding),
            bit_order: order_name(group.order),
            values: Lanes { group, values, radix: self.radix },
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
    values: Lanes<'a>,
}

struct Lanes<'a> {
    group: &'a Group,
    values: &'a Values,
    radix: Radix,
}

impl Serialize for Lanes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lanes = self.values.lanes();
        let mut list = serializer.serialize_seq(Some(lanes))?;
        for lane in 0..lanes {
            list.serialize_element(&format_literal(self.group, self.values.lane(lane), self.radix))?;
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
