//! Which column of a table is what.

use std::borrow::Cow;
use std::ops::Range;

use halfgate::circuits::Group;

use super::{Fault, Located, fault};
use crate::cells::{Cells, Rows};

/// A party's own file need not say whose its columns are.
const PREFIXES: [&str; 2] = ["host_", "guest_"];

/// What a column holds.
#[derive(Clone, PartialEq)]
pub(super) enum Column {
    /// The values of the group of this index.
    Group(usize),
    /// Of the values of a group, the part that begins at a wire: a group of its own, called by the way to it.
    Part {
        index: usize,
        at: u32,
        part: Group,
    },
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

    pub(super) fn iter(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(super) fn group(&self, index: usize) -> &'a Group {
        self.groups[index]
    }

    pub(super) fn name(&self, column: &Column) -> String {
        match column {
            Column::Group(index) => self.groups[*index].name.clone(),
            Column::Part { part, .. } => part.name.clone(),
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
                Some(column) if columns.iter().any(|before| self.overlap(before, column)) => {
                    let name = format!("`{}`", self.name(column));
                    return Err((*at, Fault::RepeatedColumn { name }));
                }
                Some(column) => columns.push(column.clone()),
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
        match self.iter().find_map(|column| self.missing(column, &columns)) {
            None => Ok(columns),
            Some(missing) => {
                let missing = format!("`{missing}`");
                Err((row.len() + 1, Fault::MissingColumn { missing, expected: expected() }))
            }
        }
    }

    /// Whether two columns hold the same, or one of them a part of the other.
    fn overlap(&self, first: &Column, second: &Column) -> bool {
        match (self.wires(first), self.wires(second)) {
            (Some((first, a)), Some((second, b))) => {
                first == second && a.start.max(b.start) < a.end.min(b.end)
            }
            _ => first == second,
        }
    }

    /// The group of a column and the wires of it that the column holds.
    fn wires(&self, column: &Column) -> Option<(usize, Range<u32>)> {
        match column {
            Column::Group(index) => Some((*index, 0..self.groups[*index].width)),
            Column::Part { index, at, part } => Some((*index, *at..*at + part.width)),
            Column::Id => None,
        }
    }

    /// What of a column no other holds.
    fn missing(&self, column: &Column, columns: &[Column]) -> Option<String> {
        let Some((index, all)) = self.wires(column) else {
            return (!columns.contains(column)).then(|| self.name(column));
        };
        let held = columns.iter().filter_map(|column| self.wires(column));
        let mut held: Vec<Range<u32>> =
            held.filter(|(group, _)| *group == index).map(|(_, wires)| wires).collect();
        held.sort_by_key(|wires| wires.start);
        let first = held.iter().fold(0, |next, wires| if wires.start <= next { wires.end } else { next });
        let group = self.groups[index];
        let way = group.shape.as_ref().filter(|_| !held.is_empty());
        let way = way.map_or(String::new(), |shape| shape.way_to(u64::from(first)));
        (first < all.end).then(|| format!("{}{way}", group.name))
    }

    /// The column that a cell of a header names, by its whole name or without whose it is.
    fn named(&self, (at, text): &(usize, Cow<'_, str>)) -> Result<Option<Column>, Located> {
        let name = text.trim();
        if self.id_column == Some(name) {
            return Ok(Some(Column::Id));
        }
        let groups = || self.iter().filter(|column| **column != Column::Id);
        if let Some(column) = groups().find(|column| self.name(column) == name) {
            return Ok(Some(column.clone()));
        }
        let (head, way) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
        let short = |column: &&Column| {
            let whole = self.name(column);
            whole == head || PREFIXES.iter().any(|prefix| whole.strip_prefix(prefix) == Some(head))
        };
        let candidates: Vec<&Column> = groups().filter(short).collect();
        if candidates.len() > 1 {
            let names = candidates.iter().map(|column| format!("`{}{way}`", self.name(column)));
            let candidates = names.collect::<Vec<_>>().join(" or ");
            return Err((*at, Fault::AmbiguousColumn { name: name.to_owned(), candidates }));
        }
        match candidates.first() {
            Some(Column::Group(index)) if !way.is_empty() => {
                self.part(*index, way).map(Some).ok_or_else(|| {
                    let (name, ty) = (name.to_owned(), type_of(self.groups[*index]));
                    (*at, Fault::NoPart { name, group: self.groups[*index].name.clone(), ty })
                })
            }
            column => Ok(column.map(|column| (*column).clone())),
        }
    }

    fn part(&self, index: usize, way: &str) -> Option<Column> {
        let group = self.groups[index];
        let (at, shape) = group.shape.as_ref()?.part(way)?;
        let part = Group::shaped(format!("{}{way}", group.name), shape.clone())?;
        Some(Column::Part { index, at: u32::try_from(at).ok()?, part })
    }
}

fn type_of(group: &Group) -> String {
    group.shape.as_ref().map_or_else(|| "a number".to_owned(), |shape| format!("of type {shape}"))
}

/// Whether every cell begins like a name; no value does.
fn looks_like_names(header: &Header<'_>) -> bool {
    let is_name = |text: &str| text.starts_with(|first: char| first.is_alphabetic() || first == '_');
    header.iter().all(|(_, text)| is_name(text.trim()))
}
