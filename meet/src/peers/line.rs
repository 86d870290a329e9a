//! One line of the peers file.

use halfgate::channel::{Address, ChannelError};

use super::Peer;

/// The longest name, in characters.
const MAX_NAME: usize = 64;

/// The most addresses of one peer.
const MAX_ADDRESSES: usize = 8;

/// What is wrong with a line, and at which column from 1.
pub(super) struct Problem {
    pub(super) column: usize,
    pub(super) problem: String,
}

/// A line that was understood.
pub(super) struct Line {
    pub(super) peer: Peer,
    /// The column of the name.
    pub(super) name: usize,
    /// The column of the fingerprint.
    pub(super) fingerprint: usize,
}

/// Understands a line; `None` if it says nothing.
pub(super) fn parse(line: &str) -> Result<Option<Line>, Problem> {
    let said = without_comment(line);
    let mut words = Cursor { line: said, at: 0 };
    let Some((name_at, name)) = words.next() else { return Ok(None) };
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(name_at
            .problem(format!("a name has at most {MAX_NAME} characters, none of them a control character")));
    }
    let end = words.end();
    let missing = || end.problem("the fingerprint is missing".into());
    let (fingerprint_at, text) = words.next().ok_or_else(missing)?;
    let fingerprint = text.parse().map_err(|error| fingerprint_at.problem(format!("{error}")))?;
    let addresses = match words.next() {
        Some((place, list)) => parse_addresses(place, list)?,
        None => Vec::new(),
    };
    if let Some((place, _)) = words.next() {
        return Err(
            place.problem("nothing may follow the addresses, which are separated by commas only".into())
        );
    }
    let peer = Peer { name: name.to_owned(), fingerprint, addresses };
    Ok(Some(Line { peer, name: name_at.0, fingerprint: fingerprint_at.0 }))
}

/// A `#` begins a comment where a word might begin; within a word it is part of it.
fn without_comment(line: &str) -> &str {
    let begins = |(at, _): &(usize, &str)| line[..*at].chars().next_back().is_none_or(char::is_whitespace);
    let comment = line.match_indices('#').find(begins);
    comment.map_or(line, |(at, _)| &line[..at])
}

/// The line that says a peer.
pub(super) fn write(peer: &Peer) -> String {
    let addresses: Vec<String> = peer.addresses.iter().map(Address::to_string).collect();
    let line = format!("{} {} {}", peer.name, peer.fingerprint, addresses.join(","));
    format!("{}\n", line.trim_end())
}

fn parse_addresses(Place(mut column): Place, list: &str) -> Result<Vec<Address>, Problem> {
    let mut addresses = Vec::new();
    for text in list.split(',') {
        let place = Place(column);
        if text.is_empty() {
            return Err(place.problem("an address is missing".into()));
        }
        if addresses.len() == MAX_ADDRESSES {
            return Err(place.problem(format!("a peer has at most {MAX_ADDRESSES} addresses")));
        }
        addresses.push(text.parse().map_err(|error: ChannelError| place.problem(error.to_string()))?);
        column += text.chars().count() + 1;
    }
    Ok(addresses)
}

/// A column, from 1.
#[derive(Clone, Copy)]
struct Place(usize);

impl Place {
    fn problem(self, problem: String) -> Problem {
        Problem { column: self.0, problem }
    }
}

/// Takes words from a line, and knows where they stand.
struct Cursor<'a> {
    line: &'a str,
    /// In bytes.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn next(&mut self) -> Option<(Place, &'a str)> {
        let rest = &self.line[self.at..];
        let start = self.at + rest.find(|c: char| !c.is_whitespace())?;
        let word = &self.line[start..];
        let word = &word[..word.find(char::is_whitespace).unwrap_or(word.len())];
        let place = Place(self.line[..start].chars().count() + 1);
        self.at = start + word.len();
        Some((place, word))
    }

    /// Where the last word ended.
    fn end(&self) -> Place {
        Place(self.line[..self.at].chars().count() + 1)
    }
}
