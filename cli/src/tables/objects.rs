//! Input tables as JSON: an array of objects, one for each row, or one object for one row. Keys are the names of the
//! groups. Values are read where they stand, as they may be secret: there is no tree of them in memory.

use halfgate::Values;
use halfgate::circuits::{Group, LiteralError, parse_leading_literal};
use halfgate_meet::Ids;

use super::{Fault, Table, TableError};
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
    let fail = |text: &[u8], at: usize, fault| {
        let before = &text[..at.min(text.len())];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let column = before.len() - before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1) + 1;
        TableError { file: file.to_owned(), line, column, fault }
    };
    let utf8 = std::str::from_utf8(text).map_err(|error| fail(text, error.valid_up_to(), Fault::NotText))?;
    let mut objects = Objects { text: utf8, at: 0, groups, id_column };
    let lanes = objects.rows().map_err(|(at, fault)| fail(text, at, fault))?;
    memory::check("the input values", groups.iter().copied(), lanes as u64)?;
    let values = groups.iter().map(|group| Values::new(group.width, lanes)).collect();
    let mut table = Table { values, ids: id_column.map(|name| Ids::new(name, lanes)) };
    let starts = objects.read(&mut table).map_err(|(at, fault)| fail(text, at, fault))?;
    if let Some((before, row)) = table.ids.as_ref().and_then(Ids::repeated) {
        let id = table.ids.as_ref().map_or("", |ids| ids.get(row)).to_owned();
        let before = text[..starts[before]].iter().filter(|&&byte| byte == b'\n').count() + 1;
        return Err(fail(text, starts[row], Fault::RepeatedId { id, before }).into());
    }
    Ok(table)
}

/// A fault and its place in the text.
type Placed = (usize, Fault);

struct Objects<'a> {
    text: &'a str,
    at: usize,
    groups: &'a [&'a Group],
    id_column: Option<&'a str>,
}

impl Objects<'_> {
    /// How many rows there are: objects that are in no other.
    fn rows(&self) -> Result<usize, Placed> {
        let (mut rows, mut open, mut quoted, mut escaped) = (0, 0usize, false, false);
        for (at, byte) in self.text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' => {
                    rows += usize::from(open == 0);
                    open += 1;
                }
                b'}' => open = open.checked_sub(1).ok_or((at, Fault::Json { expected: "`{` before `}`" }))?,
                _ => {}
            }
        }
        Ok(rows)
    }

    /// Fills the table, and says where each row begins.
    fn read(&mut self, table: &mut Table) -> Result<Vec<usize>, Placed> {
        let mut starts = Vec::new();
        if !self.eats('[') {
            starts.push(self.skip());
            self.row(table, 0)?;
        } else if !self.eats(']') {
            loop {
                starts.push(self.skip());
                self.row(table, starts.len() - 1)?;
                if self.eats(']') {
                    break;
                }
                self.expects(',', "`,` and another row, or `]`")?;
            }
        }
        let end = self.skip();
        if end < self.text.len() {
            return Err((end, Fault::Json { expected: "nothing behind the rows" }));
        }
        Ok(starts)
    }

    fn row(&mut self, table: &mut Table, lane: usize) -> Result<(), Placed> {
        self.expects('{', "an object with the values of a row")?;
        let mut seen = vec![false; self.groups.len()];
        let mut has_id = false;
        while !self.eats('}') {
            let at = self.skip();
            let key = self.string()?;
            self.expects(':', "`:`")?;
            if self.id_column == Some(key) && !has_id {
                has_id = true;
                self.id(table)?;
            } else {
                let group = self.groups.iter().position(|group| group.name == key && group.width > 0);
                let Some(index) = group.filter(|&index| !seen[index]) else {
                    return Err((at, self.unknown(key, group.is_some() || self.id_column == Some(key))));
                };
                seen[index] = true;
                self.value(self.groups[index], table.values[index].lane_mut(lane))?;
            }
            if !self.eats(',') && self.peek() != Some('}') {
                return Err((self.skip(), Fault::Json { expected: "`,` and another value, or `}`" }));
            }
        }
        let missing = self.groups.iter().zip(&seen).find(|(group, seen)| group.width > 0 && !**seen);
        match (missing, self.id_column) {
            (Some((group, _)), _) => {
                let missing = group.name.clone();
                Err((self.at - 1, Fault::TooFewCells { missing, expected: self.names() }))
            }
            (None, Some(name)) if !has_id => Err((self.at - 1, Fault::NoId { name: name.to_owned() })),
            _ => Ok(()),
        }
    }

    fn unknown(&self, key: &str, repeated: bool) -> Fault {
        match repeated {
            true => Fault::RepeatedColumn { name: format!("`{key}`") },
            false => Fault::UnknownColumn { name: key.to_owned(), expected: self.names() },
        }
    }

    fn value(&mut self, group: &Group, words: &mut [u64]) -> Result<(), Placed> {
        let start = self.skip();
        let length = parse_leading_literal(group, &self.text[start..], words).map_err(|error| {
            let position = match &error {
                LiteralError::NotADigit { position, .. }
                | LiteralError::Misshapen { position, .. }
                | LiteralError::Inside { position, .. } => position - 1,
                _ => 0,
            };
            let place =
                self.text[start..].char_indices().nth(position).map_or(self.text.len(), |(at, _)| start + at);
            (place, error.into())
        })?;
        self.at = start + length;
        Ok(())
    }

    /// A text, or a number as it stands.
    fn id(&mut self, table: &mut Table) -> Result<(), Placed> {
        let at = self.skip();
        let id = match self.peek() {
            Some('"') => self.string()?,
            _ => {
                let rest = &self.text[at..];
                let end = rest.find([',', '}', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
                self.at += end;
                &rest[..end]
            }
        };
        let Some(ids) = &mut table.ids else { return Ok(()) };
        if id.is_empty() {
            return Err((at, Fault::NoId { name: ids.column().to_owned() }));
        }
        ids.push(id);
        Ok(())
    }

    fn names(&self) -> String {
        let groups = self.groups.iter().filter(|group| group.width > 0).map(|group| group.name.as_str());
        let names = self.id_column.into_iter().chain(groups).map(|name| format!("`{name}`"));
        names.collect::<Vec<_>>().join(", ")
    }
}

impl<'a> Objects<'a> {
    /// A text in quotes, without escapes: no name needs one.
    fn string(&mut self) -> Result<&'a str, Placed> {
        self.expects('"', "a name in double quotes")?;
        let rest = &self.text[self.at..];
        match rest.find(['"', '\\', '\n']) {
            Some(end) if rest[end..].starts_with('"') => {
                self.at += end + 1;
                Ok(&rest[..end])
            }
            _ => Err((self.at, Fault::Json { expected: "a name in double quotes, without escapes" })),
        }
    }

    fn expects(&mut self, character: char, expected: &'static str) -> Result<(), Placed> {
        if self.eats(character) { Ok(()) } else { Err((self.at, Fault::Json { expected })) }
    }

    fn eats(&mut self, character: char) -> bool {
        let eats = self.peek() == Some(character);
        self.at += if eats { character.len_utf8() } else { 0 };
        eats
    }

    fn peek(&mut self) -> Option<char> {
        let at = self.skip();
        self.text[at..].chars().next()
    }

    fn skip(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at
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
        let table = read("{\"id\": \"A 7\", \"pay\": {\"x\": 15}, \"age\": 1,}", Some("id")).unwrap();
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
            ("{\"age\": 7 \"pay\": 1}", "in.json:1:11: expected `,` and another value, or `}`"),
            ("[{\"age\": 7, \"pay\": {\"x\": 1}}", "in.json:1:29: expected `,` and another row, or `]`"),
            ("{\"age\": 7, \"pay\": {\"x\": 1}} 5", "in.json:1:29: expected nothing behind the rows"),
            ("[5]", "in.json:1:2: expected an object with the values of a row"),
            ("}", "in.json:1:1: expected `{` before `}`"),
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
