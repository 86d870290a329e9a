//! Input tables as JSON: an array of objects, one for each row, or one object for one row. Keys are the names of the
//! groups. Values are read where they stand, as they may be secret: there is no tree of them in memory.

use std::borrow::Cow;
use std::fmt;

use halfgate::Values;
use halfgate::circuits::{Group, LiteralError, parse_literal};
use halfgate_meet::Ids;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Fault, Table, TableError, is_scalar};
use crate::failure::Failure;
use crate::memory;

/// Whether a text looks like rows of JSON, which no CSV does.
pub(super) fn is_json(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    match text.first() {
        Some(b'{') => true,
        Some(b'[') => matches!(text[1..].trim_ascii_start().first(), Some(b'{' | b']')),
        _ => false,
    }
}

/// Reads the rows.
pub(super) fn parse(
    text: &[u8],
    file: &str,
    groups: &[&Group],
    id_column: Option<&str>,
) -> Result<Table, Failure> {
    let fail_at = |(line, column), fault| TableError { file: file.to_owned(), line, column, fault };
    let fail = |at, fault| fail_at(place(text, at), fault);
    let utf8 = std::str::from_utf8(text).map_err(|error| fail(error.valid_up_to(), Fault::NotText))?;
    let rows =
        rows(utf8).map_err(|error| fail_at((error.line(), error.column().max(1)), not_json(&error)))?;
    memory::check("the input values", groups.iter().copied(), rows.len() as u64)?;
    let values = groups.iter().map(|group| Values::new(group.width, rows.len())).collect();
    let mut table = Table { values, ids: id_column.map(|name| Ids::new(name, rows.len())) };
    let objects = Objects { text: utf8, groups, id_column };
    for (lane, row) in rows.iter().enumerate() {
        objects.row(row, lane, &mut table).map_err(|(at, fault)| fail(at, fault))?;
    }
    if let Some((before, row)) = table.ids.as_ref().and_then(Ids::repeated) {
        let id = table.ids.as_ref().map_or("", |ids| ids.get(row)).to_owned();
        let (before, _) = place(text, objects.start(rows[before]));
        return Err(fail(objects.start(rows[row]), Fault::RepeatedId { id, before }).into());
    }
    Ok(table)
}

/// The texts of the rows. Where this is no error, all of the text is JSON.
fn rows(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    if text.trim_ascii_start().starts_with('[') {
        return serde_json::from_str(text);
    }
    serde_json::from_str(text).map(|row| vec![row])
}

/// What serde_json says, without the place, which stands in front.
fn not_json(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    Fault::NotJson { reason: text.strip_suffix(&place).unwrap_or(&text).to_owned() }
}

/// The line and, in bytes, the column of a byte of the text, both from 1.
fn place(text: &[u8], at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len())];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    (line, before.len() - start + 1)
}

/// A fault and its place in the text.
type Placed = (usize, Fault);

struct Objects<'a> {
    text: &'a str,
    groups: &'a [&'a Group],
    id_column: Option<&'a str>,
}

impl Objects<'_> {
    /// Where a part of the text begins.
    fn start(&self, part: &RawValue) -> usize {
        part.get().as_ptr().addr() - self.text.as_ptr().addr()
    }

    fn row(&self, row: &RawValue, lane: usize, table: &mut Table) -> Result<(), Placed> {
        let start = self.start(row);
        let Entries(entries) = serde_json::from_str(row.get())
            .map_err(|_| (start, Fault::Json { expected: "an object with the values of a row" }))?;
        let mut seen = vec![false; self.groups.len()];
        let mut has_id = false;
        for (key, value) in entries {
            let name = string(key).unwrap_or_default();
            if self.id_column == Some(&name) && !has_id {
                has_id = true;
                self.id(value, table)?;
                continue;
            }
            let group = self.groups.iter().position(|group| group.name == name && group.width > 0);
            let Some(index) = group.filter(|&index| !seen[index]) else {
                let repeated = group.is_some() || self.id_column == Some(&name);
                return Err((self.start(key), self.unknown(&name, repeated)));
            };
            seen[index] = true;
            self.value(self.groups[index], value, table.values[index].lane_mut(lane))?;
        }
        let end = start + row.get().len() - 1;
        let missing = self.groups.iter().zip(&seen).find(|(group, seen)| group.width > 0 && !**seen);
        match (missing, self.id_column) {
            (Some((group, _)), _) => {
                let missing = group.name.clone();
                Err((end, Fault::TooFewCells { missing, expected: self.names() }))
            }
            (None, Some(name)) if !has_id => Err((end, Fault::NoId { name: name.to_owned() })),
            _ => Ok(()),
        }
    }

    fn unknown(&self, key: &str, repeated: bool) -> Fault {
        match repeated {
            true => Fault::RepeatedColumn { name: format!("`{key}`") },
            false => Fault::UnknownColumn { name: key.to_owned(), expected: self.names() },
        }
    }

    /// Numbers may stand in quotes: not every writer of JSON has such long ones.
    fn value(&self, group: &Group, value: &RawValue, words: &mut [u64]) -> Result<(), Placed> {
        let quoted = value.get().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let (text, quote) = match quoted {
            Some(text) if is_scalar(group) => (text, 1),
            _ => (value.get(), 0),
        };
        parse_literal(group, text, words).map_err(|error| {
            let position = match &error {
                LiteralError::NotADigit { position, .. }
                | LiteralError::Misshapen { position, .. }
                | LiteralError::Inside { position, .. } => position - 1,
                _ => 0,
            };
            let place = text.char_indices().nth(position).map_or(text.len(), |(at, _)| at);
            (self.start(value) + quote + place, error.into())
        })
    }

    /// A text, or a number as it stands.
    fn id(&self, value: &RawValue, table: &mut Table) -> Result<(), Placed> {
        let Some(ids) = &mut table.ids else { return Ok(()) };
        let number = value.get().starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let id = if number { Some(Cow::Borrowed(value.get())) } else { string(value) };
        match id {
            Some(id) if id.is_empty() => {
                Err((self.start(value), Fault::NoId { name: ids.column().to_owned() }))
            }
            Some(id) => {
                ids.push(&id);
                Ok(())
            }
            None => Err((self.start(value), Fault::Json { expected: "an id: a text or a number" })),
        }
    }

    fn names(&self) -> String {
        let groups = self.groups.iter().filter(|group| group.width > 0).map(|group| group.name.as_str());
        let names = self.id_column.into_iter().chain(groups).map(|name| format!("`{name}`"));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// The text that a JSON string stands for.
fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    match value.get().strip_prefix('"')?.strip_suffix('"')? {
        plain if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
        _ => serde_json::from_str(value.get()).ok().map(Cow::Owned),
    }
}

/// The keys and values of an object as they stand in the text, also those that come twice.
struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::{Field, Group, Shape};

    use super::{is_json, parse};
    use crate::tables::Table;

    fn read(text: &str, id: Option<&str>) -> Result<Table, String> {
        let fields = vec![Field { name: "x".to_owned(), shape: Shape::Uint(4) }];
        let pay = Group::shaped("pay", Shape::Struct { name: "Pay".to_owned(), fields }).unwrap();
        let age = Group::uint("age", 8);
        parse(text.as_bytes(), "in.json", &[&pay, &age], id).map_err(|failure| failure.to_string())
    }

    #[test]
    fn rows_are_objects() {
        let table = read(
            " [ {\"age\": 7, \"pay\": {\"x\": 3}},\n {\"pay\": {\"x\": 4}, \"age\": \"0x10\"} ]\n",
            None,
        )
        .unwrap();
        assert_eq!(table.values[0].to_u64s(), [3, 4]);
        assert_eq!(table.values[1].to_u64s(), [7, 16]);
        let table = read("{\"id\": \"A 7\", \"pay\": {\"x\": 15}, \"age\": 1}", Some("id")).unwrap();
        assert_eq!((table.values[0].to_u64s(), table.ids.unwrap().get(0)), (vec![15], "A 7"));
        assert_eq!(read("[]", None).unwrap().values[0].lanes(), 0);
    }

    #[test]
    fn faults_say_where() {
        let cases = [
            (
                "[{\"age\": 7,\n \"pay\": {\"x\": 16}}]",
                "in.json:2:15: character 7 of the value of `pay`: the value of `pay.x` does not fit",
            ),
            ("{\"age\": 300}", "in.json:1:9: the value of `age` does not fit"),
            ("{\"age\": 7}", "in.json:1:10: the row ends before `pay`"),
            ("{\"age\": 7, \"age\": 8}", "in.json:1:12: column `age` stands here a second time"),
            ("{\"wage\": 7}", "in.json:1:2: no column is called `wage`"),
            ("{\"age\": \"7x\"}", "in.json:1:11: character 2 of the value of `age` is not a decimal digit"),
            ("{\"age\": null}", "in.json:1:9: character 1 of the value of `age` is not a decimal digit"),
            ("{\"age\": 7 \"pay\": 1}", "in.json:1:11: this is no JSON: expected `,` or `}`"),
            (
                "[{\"age\": 7,\n \"pay\": {\"x\": 1}}",
                "in.json:2:17: this is no JSON: EOF while parsing a list",
            ),
            ("{\"age\": 7, \"pay\": {\"x\": 1}} 5", "in.json:1:29: this is no JSON: trailing characters"),
            ("{\"age\": 0x10}", "in.json:1:10: this is no JSON: expected `,` or `}`"),
            ("[5]", "in.json:1:2: expected an object with the values of a row"),
        ];
        for (text, expected) in cases {
            let error = read(text, None).err().unwrap();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
        let row = "{\"id\": 1, \"pay\": {\"x\": 1}, \"age\": 1}";
        let error = read(&format!("[{row},\n{row}]"), Some("id")).err().unwrap();
        assert!(error.starts_with("in.json:2:1: the id `1` stands in line 1 already"), "{error}");
    }

    #[test]
    fn csv_is_none() {
        for text in ["1,2", "\"{\"\"x\"\": 1}\",2", "[Pay { x: 1 }]", "", "# {"] {
            assert!(!is_json(text.as_bytes()), "{text}");
        }
        assert!(is_json(b" {") && is_json(b"[ {") && is_json(b"[ ]"));
    }
}
