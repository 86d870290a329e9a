use super::BristolErrorKind as Kind;
use super::error::{Fault, Place};
use super::scanner::column_of;
use super::{Format, HeaderPart};

/// A line of a header.
pub(super) struct HeaderLine {
    pub(super) line: u64,
    pub(super) numbers: Vec<u64>,
    /// The text, to find columns in.
    pub(super) text: Vec<u8>,
}

/// What a header says, checked as far as it can be without the gates.
pub(super) struct Header {
    pub(super) format: Format,
    /// The number of gate lines.
    pub(super) gates: u64,
    /// The number of wires, below `u32::MAX`.
    pub(super) wires: u32,
    pub(super) wires_place: Place,
    /// The widths of the input groups; their sum is at most `wires`.
    pub(super) inputs: Vec<u32>,
    /// The widths of the output groups; their sum is at most `wires`.
    pub(super) outputs: Vec<u32>,
    pub(super) outputs_place: Place,
}

/// The header lines seen so far.
#[derive(Default)]
pub(super) struct HeaderLines(Vec<HeaderLine>);

impl HeaderLines {
    /// Whether the next line can tell the format: if it ends in a name it is the first gate of an old file.
    pub(super) fn next_may_be_a_gate(&self) -> bool {
        matches!(self.0.as_slice(), [_, groups] if groups.numbers.len() == 3)
    }

    /// Takes the next line of numbers; returns the header if that completes it.
    pub(super) fn push(&mut self, line: HeaderLine) -> Result<Option<Header>, Fault> {
        self.0.push(line);
        match self.0.as_slice() {
            [counts] => counts.two().map(|_| None),
            [counts, inputs, outputs] => fashion(counts, inputs, outputs).map(Some),
            _ => Ok(None),
        }
    }

    /// The header of an old file, or of a file that ends at `end`.
    pub(super) fn finish(&self, end: Place) -> Result<Header, Fault> {
        let missing = |part| Err(Fault::at(end, Kind::HeaderMissing(part)));
        match self.0.as_slice() {
            [] => missing(HeaderPart::Counts),
            [_] => missing(HeaderPart::Inputs),
            [counts, groups, ..] => match *groups.numbers.as_slice() {
                [first, second, output] => {
                    header(Format::Old, counts, (groups, &[first, second]), (groups, &[output]))
                }
                _ => missing(HeaderPart::Outputs),
            },
        }
    }
}

impl HeaderLine {
    fn place(&self, token: usize) -> Place {
        Place { line: self.line, column: column_of(&self.text, token) }
    }

    fn fault(&self, token: usize, kind: Kind) -> Fault {
        Fault::at(self.place(token), kind)
    }

    fn two(&self) -> Result<[u64; 2], Fault> {
        let found = self.numbers.len();
        self.numbers.as_slice().try_into().map_err(|_| self.fault(found.min(2), Kind::CountsLength { found }))
    }

    /// The widths that follow their number.
    fn widths(&self) -> Result<&[u64], Fault> {
        let (promised, widths) =
            self.numbers.split_first().map_or((0, [].as_slice()), |(n, widths)| (*n, widths));
        let found = widths.len();
        if promised == found as u64 {
            return Ok(widths);
        }
        let first_wrong = found.min(usize::try_from(promised).unwrap_or(usize::MAX));
        Err(self.fault(1 + first_wrong, Kind::GroupsLength { promised, found }))
    }
}

fn fashion(counts: &HeaderLine, inputs: &HeaderLine, outputs: &HeaderLine) -> Result<Header, Fault> {
    header(Format::Fashion, counts, (inputs, inputs.widths()?), (outputs, outputs.widths()?))
}

fn header(
    format: Format,
    counts: &HeaderLine,
    (inputs_line, inputs): (&HeaderLine, &[u64]),
    (outputs_line, outputs): (&HeaderLine, &[u64]),
) -> Result<Header, Fault> {
    let [gates, wires] = counts.two()?;
    let wires = match u32::try_from(wires) {
        Ok(wires) if wires < u32::MAX => wires,
        _ => return Err(counts.fault(1, Kind::TooManyWires { wires })),
    };
    let (inputs, input_width) = fit(inputs_line, inputs, wires)?;
    let (outputs, _) = fit(outputs_line, outputs, wires)?;
    let room = wires - input_width;
    if gates > u64::from(room) {
        return Err(counts.fault(0, Kind::GatesExceedWires { gates, room }));
    }
    let (wires_place, outputs_place) = (counts.place(1), outputs_line.place(0));
    Ok(Header { format, gates, wires, wires_place, inputs, outputs, outputs_place })
}

/// Widths that add up to no more than the circuit's wires, and their sum.
fn fit(line: &HeaderLine, widths: &[u64], wires: u32) -> Result<(Vec<u32>, u32), Fault> {
    let width = widths.iter().fold(0u64, |sum, width| sum.saturating_add(*width));
    match u32::try_from(width) {
        Ok(sum) if sum <= wires => Ok((widths.iter().map(|&width| width as u32).collect(), sum)),
        _ => Err(line.fault(0, Kind::GroupsExceedWires { width, wires })),
    }
}
