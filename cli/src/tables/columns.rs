//! Which column of a table is what.

use std::borrow::Cow;

use halfgate::circuits::Group;

use super::{Fault, Located, fault};
use crate::cells::{Cells, Rows};

/// A party's own file need not say whose its columns are.
const PREFIXES: [&str; 2] = ["host_", "guest_"];

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The values of the group of this index.
    Group(usize),
    Id,
}

/// The columns in the order of the file.
pub(super) struct Columns<'a> {
    groups: &'a [&'a Group],
    id_column: Option<&'a str>,
    columns: Vec<Column>,
}

/// The cells of a header row with their places.
type Header<'a> = Vec<(usize, Cow<'a, str>)>;

impl<'a> Columns<'a> {
    /// Takes the order from the header if the first row is one; otherwise it is that of the groups.
    pub(super) fn find(
        groups: &'a [&'a Group],
        id_column: Option<&'a str>,
        rows: &mut Rows<'_>,
    ) -> Result<Self, (usize, Located)> {
        let with_wires = (0..groups.len()).filter(|&index| groups[index].width > 0).map(Column::Group);
        let columns = id_column.map(|_| Column::Id).into_iter().chain(with_wires).collect();
        let mut columns = Columns { groups, id_column, columns };
        let Some((line, row)) = rows.clone().next() else { return Ok(columns) };
        if let Some(header) = columns.header(row).map_err(|fault| (line, fault))? {
            columns.columns = columns.ordered(&header, row).map_err(|fault| (line, fault))?;
            rows.next();
        }
        Ok(columns)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Column> {
        self.columns.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(super) fn group(&self, index: usize) -> &'a Group {
        self.groups[index]
    }

    pub(super) fn name(&self, column: Column) -> String {
        match column {
            Column::Group(index) => self.groups[index].name.clone(),
            Column::Id => self.id_column.unwrap_or_default().to_owned(),
        }
    }

    pub(super) fn names(&self) -> String {
        self.iter().map(|column| format!("`{}`", self.name(column))).collect::<Vec<_>>().join(", ")
    }

    /// The cells of the first row, if it is a header: with a column of ids it has to be.
    fn header<'r>(&self, row: &'r [u8]) -> Result<Option<Header<'r>>, Located> {
        let mut cells = Cells::new(row);
        if self.id_column.is_some() {
            let header: Result<Header<'r>, _> = std::iter::from_fn(|| cells.text()).collect();
            return header.map(Some).map_err(fault);
        }
        let header: Result<Header<'r>, _> =
            cells.map(|cell| cell.map(|(at, text)| (at, text.into()))).collect();
        // Values with a type may begin with a letter, too; then a header is what names some column.
        let is_named = |cell: &(usize, Cow<'_, str>)| self.named(cell).is_ok_and(|column| column.is_some());
        let plain = self.groups.iter().all(|group| group.shape.is_none());
        let is_header = |header: &Header<'_>| {
            self.in_order(header) || looks_like_names(header) && (plain || header.iter().any(is_named))
        };
        Ok(header.ok().filter(|header| !self.is_empty() && is_header(header)))
    }

    /// Names may look like anything, but a row of exactly those of the groups is a header.
    fn in_order(&self, header: &Header<'_>) -> bool {
        header.iter().map(|(_, text)| text.trim()).eq(self.iter().map(|column| self.name(column)))
    }

    /// What each cell of a header names.
    fn ordered(&self, header: &Header<'_>, row: &[u8]) -> Result<Vec<Column>, Located> {
        let expected = || self.names();
        let found: Vec<Option<Column>> =
            header.iter().map(|cell| self.named(cell)).collect::<Result<_, _>>()?;
        let mut columns = Vec::with_capacity(found.len());
        for ((at, text), column) in header.iter().zip(&found) {
            match column {
                Some(column) if columns.contains(column) => {
                    let name = format!("`{}`", self.name(*column));
                    return Err((*at, Fault::RepeatedColumn { name }));
                }
                Some(column) => columns.push(*column),
                // Values without a header may look like names, so names are shown only beside one that is known.
                None if found.iter().all(Option::is_none) => {
                    let expected = expected();
                    let fault = if self.id_column.is_some() {
                        Fault::NoHeader { expected }
                    } else {
                        Fault::Header { expected }
                    };
                    return Err((*at, fault));
                }
                None => {
                    let name = text.trim().to_owned();
                    return Err((*at, Fault::UnknownColumn { name, expected: expected() }));
                }
            }
        }
        match self.iter().find(|column| !columns.contains(column)) {
            None => Ok(columns),
            Some(column) => {
                let missing = format!("`{}`", self.name(column));
                Err((row.len() + 1, Fault::MissingColumn { missing, expected: expected() }))
            }
        }
    }

    /// The column that a cell of a header names, by its whole name or without whose it is.
    fn named(&self, (at, text): &(usize, Cow<'_, str>)) -> Result<Option<Column>, Located> {
        let name = text.trim();
        if self.id_column == Some(name) {
            return Ok(Some(Column::Id));
        }
        let groups = || self.iter().filter(|column| *column != Column::Id);
        if let Some(column) = groups().find(|column| self.name(*column) == name) {
            return Ok(Some(column));
        }
        let short = |column: &Column| {
            let whole = self.name(*column);
            PREFIXES.iter().any(|prefix| whole.strip_prefix(prefix) == Some(name))
        };
        let candidates: Vec<Column> = groups().filter(short).collect();
        if candidates.len() > 1 {
            let names = candidates.iter().map(|column| format!("`{}`", self.name(*column)));
            let candidates = names.collect::<Vec<_>>().join(" or ");
            return Err((*at, Fault::AmbiguousColumn { name: name.to_owned(), candidates }));
        }
        Ok(candidates.first().copied())
    }
}

/// Whether every cell begins like a name; no value does.
fn looks_like_names(header: &Header<'_>) -> bool {
    let is_name = |text: &str| text.starts_with(|first: char| first.is_alphabetic() || first == '_');
    header.iter().all(|(_, text)| is_name(text.trim()))
}
