//! Input tables: CSV with one row per lane, one column per value group, and perhaps one of ids; or the same as JSON.

mod columns;
mod objects;

use std::borrow::Cow;

use halfgate::Values;
use halfgate::circuits::{Group, LiteralError, number, parse_literal};
use halfgate_meet::Ids;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::cells::{Cell, CellError, Cells, Rows};
use crate::failure::Failure;
use crate::memory;
use crate::source::Source;
use columns::{Column, Columns};

/// What a table holds.
pub(crate) struct Table {
    /// One entry per group, each with as many lanes as the table has rows.
    pub(crate) values: Vec<Values>,
    /// One per row, if the table has a column of them.
    pub(crate) ids: Option<Ids>,
}

/// Where and why a table was rejected. The values of the table may be secret and are never shown; ids may be.
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
    #[error(
        "the first row has to be a header, as there are ids; expected the columns {expected}, in any order"
    )]
    NoHeader { expected: String },
    #[error(
        "no column is called `{name}`; expected the columns {expected}, in any order (a column of row ids is named \
         with --id-column)"
    )]
    UnknownColumn { name: String, expected: String },
    #[error("column `{name}` could be {candidates}: write the whole name")]
    AmbiguousColumn { name: String, candidates: String },
    #[error("there is no `{name}`: `{group}` is {ty}")]
    NoPart { name: String, group: String, ty: String },
    #[error("column {name} stands here a second time")]
    RepeatedColumn { name: String },
    #[error("the header row has no column {missing}; expected the columns {expected}, in any order")]
    MissingColumn { missing: String, expected: String },
    #[error("the row ends before `{missing}`; expected the columns {expected}")]
    TooFewCells { missing: String, expected: String },
    #[error("the row has too many columns; expected {expected}")]
    TooManyCells { expected: String },
    #[error("this party owns no wires, so its table can have no rows")]
    NoColumns,
    #[error("the row has no id in the column `{name}`")]
    NoId { name: String },
    #[error("the id `{id}` stands in line {before} already; every row needs one of its own")]
    RepeatedId { id: String, before: usize },
    #[error("{0}")]
    Cell(#[from] CellError),
    #[error("{0}; a value with commas in it has to stand in double quotes, with every quote in it doubled")]
    Unquoted(LiteralError),
    #[error("expected {expected}")]
    Json { expected: &'static str },
    #[error("this is no JSON: {reason}")]
    NotJson { reason: String },
    #[error("the file is not text (UTF-8)")]
    NotText,
}

/// Reads a table from a file or standard input.
pub(crate) fn read(source: &Source, groups: &[&Group], id_column: Option<&str>) -> Result<Table, Failure> {
    let name = source.name();
    let text = source.read().map_err(|source| Failure::Unreadable { name: name.clone(), source })?;
    match objects::is_json(&text) {
        true => objects::parse(&text, &name, groups, id_column),
        false => parse(&text, &name, groups, id_column),
    }
}

/// Reads a table. Groups of zero wires have no column. With a header row columns may stand in any order; a column of ids
/// needs one.
pub(crate) fn parse(
    text: &[u8],
    file: &str,
    groups: &[&Group],
    id_column: Option<&str>,
) -> Result<Table, Failure> {
    let mut rows = Rows::new(text);
    let fail = |line, (column, fault)| TableError { file: file.to_owned(), line, column, fault };
    let columns = Columns::find(groups, id_column, &mut rows).map_err(|(line, fault)| fail(line, fault))?;
    let lanes = rows.clone().count();
    memory::check("the input values", groups.iter().copied(), lanes as u64)?;
    let values = groups.iter().map(|group| Values::new(group.width, lanes)).collect();
    let mut table = Table { values, ids: id_column.map(|name| Ids::new(name, lanes)) };
    for (lane, (line, row)) in rows.clone().enumerate() {
        table.row(&columns, row, lane).map_err(|fault| fail(line, fault))?;
    }
    if let Some((before, row)) = table.ids.as_ref().and_then(Ids::repeated) {
        let line = |row| rows.clone().nth(row).map_or(0, |(line, _)| line);
        let id = table.ids.as_ref().map_or("", |ids| ids.get(row)).to_owned();
        return Err(fail(line(row), (1, Fault::RepeatedId { id, before: line(before) })).into());
    }
    Ok(table)
}

/// A fault and the column of its cell, in bytes.
type Located = (usize, Fault);

impl Table {
    /// Reads a row into a lane of the values, and its id.
    fn row(&mut self, columns: &Columns<'_>, row: &[u8], lane: usize) -> Result<(), Located> {
        let mut cells = Cells::new(row);
        for column in columns.iter() {
            let found = match column {
                Column::Group(index) => {
                    value(columns.group(*index), &mut cells, row, self.values[*index].lane_mut(lane))
                }
                Column::Part { index, at, part } => {
                    let mut words = Zeroizing::new(vec![0; part.width.div_ceil(64) as usize]);
                    let found = value(part, &mut cells, row, &mut words);
                    let whole = &mut self.values[*index];
                    let ones = (0..part.width).filter(|&bit| number(&words, bit as usize, 1) == 1);
                    ones.for_each(|bit| whole.set_bit(lane, at + bit, true));
                    found
                }
                Column::Id => cells.text().map(|cell| self.id(cell)),
            };
            found.unwrap_or_else(|| {
                let (missing, expected) = (columns.name(column), columns.names());
                Err((row.len() + 1, Fault::TooFewCells { missing, expected }))
            })?;
        }
        match cells.next() {
            None => Ok(()),
            Some(Err(error)) => Err(fault(error)),
            Some(Ok((at, _))) if columns.is_empty() => Err((at, Fault::NoColumns)),
            Some(Ok((at, _))) => Err((at, Fault::TooManyCells { expected: columns.names() })),
        }
    }

    fn id(&mut self, cell: Cell<Cow<'_, str>>) -> Result<(), Located> {
        let (at, text) = cell.map_err(fault)?;
        let Some(ids) = &mut self.ids else { return Ok(()) };
        if text.is_empty() {
            return Err((at, Fault::NoId { name: ids.column().to_owned() }));
        }
        ids.push(&text);
        Ok(())
    }
}

/// The value in the next cell, if there is one.
fn value(group: &Group, cells: &mut Cells<'_>, row: &[u8], words: &mut [u64]) -> Option<Result<(), Located>> {
    if is_scalar(group) {
        let cell = cells.next()?.map_err(fault);
        return Some(
            cell.and_then(|(at, text)| parse_literal(group, text, words).map_err(|error| locate(at, error))),
        );
    }
    let cell = cells.text()?.map_err(fault);
    Some(cell.and_then(|(at, text)| typed_value(group, at, text, row, words)))
}

/// A value that may have commas and quotes in it.
fn typed_value(
    group: &Group,
    at: usize,
    text: Cow<'_, str>,
    row: &[u8],
    words: &mut [u64],
) -> Result<(), Located> {
    let result = parse_literal(group, &text, words);
    if let Cow::Owned(mut text) = text {
        text.zeroize();
    }
    let is_quoted = row.get(at - 1) == Some(&b'"');
    result.map_err(|error| (at, if is_quoted { error.into() } else { Fault::Unquoted(error) }))
}

/// Whether the values of a group are single numbers or words.
fn is_scalar(group: &Group) -> bool {
    group.shape.as_ref().is_none_or(|shape| shape.is_scalar())
}

fn fault((column, error): (usize, CellError)) -> Located {
    (column, error.into())
}

/// A bad character is pointed at itself. Those before it are digits, of one byte each.
fn locate(column: usize, error: LiteralError) -> Located {
    match error {
        LiteralError::NotADigit { position, .. } => (column + position - 1, error.into()),
        error => (column, error.into()),
    }
}
