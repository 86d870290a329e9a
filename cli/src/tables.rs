//! Input tables: CSV with one row per lane and one column per value group.

use halfgate::Values;
use halfgate::circuits::{Group, LiteralError, parse_literal};
use thiserror::Error;

use crate::cells::{CellError, Cells, Rows};
use crate::failure::Failure;
use crate::memory;
use crate::source::Source;

/// Where and why a table was rejected. What the table holds may be secret and is never shown.
#[derive(Debug, Error)]
#[error("{file}:{line}:{column}: {fault}")]
pub(crate) struct TableError {
    file: String,
    line: usize,
    /// In bytes, from 1.
    column: usize,
    fault: Fault,
}

#[derive(Debug, Error)]
enum Fault {
    #[error("{0}")]
    Literal(#[from] LiteralError),
    #[error("this looks like a header row, but the columns are {expected}")]
    Header { expected: String },
    #[error("the row ends before `{missing}`; expected the columns {expected}")]
    TooFewCells { missing: String, expected: String },
    #[error("the row has too many columns; expected {expected}")]
    TooManyCells { expected: String },
    #[error("this party owns no wires, so its table can have no rows")]
    NoColumns,
    #[error("{0}")]
    Cell(#[from] CellError),
}

/// Reads a table from a file or standard input.
pub(crate) fn read(source: &Source, groups: &[&Group]) -> Result<Vec<Values>, Failure> {
    let name = source.name();
    let text = source.read().map_err(|source| Failure::Unreadable { name: name.clone(), source })?;
    parse(&text, &name, groups)
}

/// Reads a table. The answer has one entry per group, each with as many lanes as the table has rows. Groups of zero
/// wires have no column.
pub(crate) fn parse(text: &[u8], file: &str, groups: &[&Group]) -> Result<Vec<Values>, Failure> {
    let table = Table { columns: groups.iter().copied().filter(|group| group.width > 0).collect() };
    let mut rows = Rows::new(text);
    let fail = |line, (column, fault)| TableError { file: file.to_owned(), line, column, fault };
    table.skip_header(&mut rows).map_err(|(line, fault)| fail(line, fault))?;
    let lanes = rows.clone().count();
    memory::check("the input values", groups.iter().copied(), lanes as u64)?;
    let mut values: Vec<Values> = groups.iter().map(|group| Values::new(group.width, lanes)).collect();
    for (lane, (line, row)) in rows.enumerate() {
        table.row(row, lane, &mut values).map_err(|fault| fail(line, fault))?;
    }
    Ok(values)
}

/// A fault and the column of its cell.
type Located = (usize, Fault);

struct Table<'a> {
    columns: Vec<&'a Group>,
}

impl Table<'_> {
    /// Passes by the first row if it is a header.
    fn skip_header(&self, rows: &mut Rows<'_>) -> Result<(), (usize, Located)> {
        let Some((line, row)) = rows.clone().next() else { return Ok(()) };
        if self.is_header(row) {
            rows.next();
        } else if looks_like_header(row) && !self.columns.is_empty() {
            return Err((line, (1, Fault::Header { expected: self.names() })));
        }
        Ok(())
    }

    fn is_header(&self, row: &[u8]) -> bool {
        let names = self.columns.iter().map(|group| Ok(group.name.as_str()));
        !self.columns.is_empty() && Cells::new(row).map(|cell| cell.map(|(_, text)| text)).eq(names)
    }

    /// Reads a row into a lane of the values.
    fn row(&self, row: &[u8], lane: usize, values: &mut [Values]) -> Result<(), Located> {
        let mut cells = Cells::new(row);
        let filled = values.iter_mut().filter(|values| values.width() > 0);
        for (group, values) in self.columns.iter().zip(filled) {
            let Some(cell) = cells.next() else {
                let (missing, expected) = (group.name.clone(), self.names());
                return Err((row.len() + 1, Fault::TooFewCells { missing, expected }));
            };
            let (column, text) = cell.map_err(|(column, error)| (column, error.into()))?;
            parse_literal(group, text, values.lane_mut(lane)).map_err(|error| locate(column, error))?;
        }
        match cells.next() {
            None => Ok(()),
            Some(Err((column, error))) => Err((column, error.into())),
            Some(Ok((column, _))) if self.columns.is_empty() => Err((column, Fault::NoColumns)),
            Some(Ok((column, _))) => Err((column, Fault::TooManyCells { expected: self.names() })),
        }
    }

    fn names(&self) -> String {
        self.columns.iter().map(|group| format!("`{}`", group.name)).collect::<Vec<_>>().join(", ")
    }
}

/// A bad character is pointed at itself. Those before it are digits, of one byte each.
fn locate(column: usize, error: LiteralError) -> Located {
    match error {
        LiteralError::NotADigit { position, .. } => (column + position - 1, error.into()),
        error => (column, error.into()),
    }
}

/// Whether every cell begins like a name; no value does.
fn looks_like_header(row: &[u8]) -> bool {
    let is_name = |text: &str| text.starts_with(|first: char| first.is_alphabetic() || first == '_');
    Cells::new(row).all(|cell| cell.is_ok_and(|(_, text)| is_name(text)))
}
