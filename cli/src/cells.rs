//! The rows and cells of CSV, borrowed from the text.

use std::borrow::Cow;

use thiserror::Error;

/// Why a cell cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum CellError {
    #[error("the quote is not closed on this line")]
    OpenQuote,
    #[error("something follows the closing quote; expected a comma or the end of the line")]
    AfterQuote,
    #[error("the cell is not text (UTF-8)")]
    NotText,
    #[error("a text with a quote or a `#` has to stand in quotes, with every quote in it doubled")]
    NeedsQuotes,
}

/// The content of a cell, or what is wrong with it, and its column in bytes, from 1.
pub(crate) type Cell<T> = Result<(usize, T), (usize, CellError)>;

/// The rows of a table with their line numbers, from 1; blank lines and comments are left out.
#[derive(Clone)]
pub(crate) struct Rows<'a> {
    rest: Option<&'a [u8]>,
    line: usize,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        // Spreadsheets begin their files with a byte order mark.
        Rows { rest: Some(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)), line: 0 }
    }

    fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        self.line += 1;
        let end = rest.iter().position(|&byte| byte == b'\n');
        self.rest = end.map(|end| &rest[end + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.next_line()?.trim_ascii_end();
            if !matches!(line.trim_ascii_start().first(), None | Some(b'#')) {
                return Some((self.line, line));
            }
        }
    }
}

/// The cells of a row: each with its column in bytes, from 1, and without the blanks and quotes around it. The row ends
/// at a `#` outside quotes. There is no way to write a quote inside a value, as none needs it; [`Cells::text`] reads texts that
/// may hold anything.
pub(crate) struct Cells<'a> {
    row: &'a [u8],
    /// Where the next cell begins; beyond the last cell there is none.
    next: Option<usize>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(row: &'a [u8]) -> Self {
        Cells { row, next: Some(0) }
    }

    /// The next cell as RFC 4180 has texts: quotes within quotes are doubled, and blanks within quotes stay.
    pub(crate) fn text(&mut self) -> Option<Cell<Cow<'a, str>>> {
        let start = self.next.take()?;
        Some(self.text_cell(start))
    }

    fn text_cell(&mut self, start: usize) -> Cell<Cow<'a, str>> {
        let begin = self.skip_blanks(start);
        let column = begin + 1;
        let quoted = self.row.get(begin) == Some(&b'"');
        let (content, end) = if quoted { self.quoted_text(begin)? } else { self.bare_text(begin)? };
        self.next = (self.row.get(end) == Some(&b',')).then_some(end + 1);
        let text = std::str::from_utf8(content).map_err(|_| (column, CellError::NotText))?;
        let doubled = quoted && text.contains('"');
        Ok((column, if doubled { text.replace("\"\"", "\"").into() } else { text.into() }))
    }

    fn bare_text(&self, begin: usize) -> Result<(&'a [u8], usize), (usize, CellError)> {
        let rest = &self.row[begin..];
        let length = rest.iter().position(|&byte| byte == b',').unwrap_or(rest.len());
        match rest[..length].iter().position(|byte| matches!(byte, b'"' | b'#')) {
            Some(place) => Err((begin + place + 1, CellError::NeedsQuotes)),
            None => Ok((rest[..length].trim_ascii_end(), begin + length)),
        }
    }

    fn quoted_text(&self, begin: usize) -> Result<(&'a [u8], usize), (usize, CellError)> {
        let rest = &self.row[begin + 1..];
        let mut length = 0;
        loop {
            let quote = rest[length..].iter().position(|&byte| byte == b'"');
            length += quote.ok_or((begin + 1, CellError::OpenQuote))?;
            if rest.get(length + 1) != Some(&b'"') {
                break;
            }
            length += 2;
        }
        Ok((&rest[..length], self.end_of_quoted(begin + length + 2)?))
    }

    /// Where a quoted cell ends whose closing quote stands before `from`.
    fn end_of_quoted(&self, from: usize) -> Result<usize, (usize, CellError)> {
        let end = self.skip_blanks(from);
        match self.row.get(end) {
            None | Some(b',' | b'#') => Ok(end),
            Some(_) => Err((end + 1, CellError::AfterQuote)),
        }
    }

    fn cell(&mut self, start: usize) -> Cell<&'a str> {
        let begin = self.skip_blanks(start);
        let quoted = self.row.get(begin) == Some(&b'"');
        let (content, end) = if quoted { self.quoted(begin)? } else { self.bare(begin) };
        self.next = (self.row.get(end) == Some(&b',')).then_some(end + 1);
        let column = begin + 1;
        std::str::from_utf8(content).map(|text| (column, text)).map_err(|_| (column, CellError::NotText))
    }

    fn bare(&self, begin: usize) -> (&'a [u8], usize) {
        let rest = &self.row[begin..];
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'#')).unwrap_or(rest.len());
        (rest[..length].trim_ascii_end(), begin + length)
    }

    fn quoted(&self, begin: usize) -> Result<(&'a [u8], usize), (usize, CellError)> {
        let rest = &self.row[begin + 1..];
        let length = rest.iter().position(|&byte| byte == b'"').ok_or((begin + 1, CellError::OpenQuote))?;
        Ok((rest[..length].trim_ascii(), self.end_of_quoted(begin + length + 2)?))
    }

    fn skip_blanks(&self, from: usize) -> usize {
        let blanks = self.row[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        from + blanks
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cell<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.next.take()?;
        Some(self.cell(start))
    }
}

#[cfg(test)]
mod tests {
    use super::{CellError, Cells, Rows};

    fn cells(row: &str) -> Vec<(usize, &str)> {
        Cells::new(row.as_bytes()).map(|cell| cell.unwrap()).collect()
    }

    #[test]
    fn cells_lose_blanks_quotes_and_comments() {
        assert_eq!(cells("1,2"), [(1, "1"), (3, "2")]);
        assert_eq!(cells(" 1 ,\t2 # three, four"), [(2, "1"), (6, "2")]);
        assert_eq!(cells("\"1\" , \" #2, \""), [(1, "1"), (7, "#2,")]);
        assert_eq!(cells("1,"), [(1, "1"), (3, "")]);
        assert_eq!(cells(",#"), [(1, ""), (2, "")]);
    }

    #[test]
    fn bad_cells_are_errors() {
        let error = |row: &'static [u8]| Cells::new(row).find_map(Result::err);
        assert_eq!(error(b"1,\"2"), Some((3, CellError::OpenQuote)));
        assert_eq!(error(b"\"1\"2"), Some((4, CellError::AfterQuote)));
        assert_eq!(error(b"\"\""), None);
        assert_eq!(error(b"1, \xff"), Some((4, CellError::NotText)));
    }

    fn texts(row: &str) -> Result<Vec<String>, (usize, CellError)> {
        let mut cells = Cells::new(row.as_bytes());
        std::iter::from_fn(|| cells.text()).map(|cell| cell.map(|(_, text)| text.into_owned())).collect()
    }

    #[test]
    fn texts_keep_what_stands_in_quotes() {
        let parts = |row| texts(row).unwrap();
        assert_eq!(parts(" A 7 ,\" A,7 \" # comment"), ["A 7", " A,7 "]);
        assert_eq!(parts(r#""say ""hi""","""","#), ["say \"hi\"", "\"", ""]);
        assert_eq!(parts("\"#1\",\"\""), ["#1", ""]);
        assert_eq!(texts("a,b#1"), Err((4, CellError::NeedsQuotes)));
        assert_eq!(texts("5\" pipe"), Err((2, CellError::NeedsQuotes)));
        assert_eq!(texts("a,\"b\"\""), Err((3, CellError::OpenQuote)));
        assert_eq!(texts("\"a\"b"), Err((4, CellError::AfterQuote)));
    }

    #[test]
    fn rows_skip_what_holds_no_cell() {
        let text = b"\xef\xbb\xbf1\r\n\r\n  # no\n\n 2 \n#\n3";
        let rows: Vec<_> = Rows::new(text).collect();
        assert_eq!(rows, [(1, b"1".as_slice()), (5, b" 2"), (7, b"3")]);
        for text in ["", "\n", "# only\n", "\r\n \n"] {
            assert_eq!(Rows::new(text.as_bytes()).count(), 0, "{text:?}");
        }
    }
}
