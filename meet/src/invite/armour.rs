//! Bytes as text that survives copying, and what may have happened to it on the way.
//!
//! `HALFGATE` version `:` then base32 (RFC 4648, no padding) of: length of the body as `u16` big endian, body, first
//! [`CHECKSUM`] bytes of BLAKE3 over version, length and body. Base32 costs a fifth more characters than base64 but
//! knows no case and no signs, and a QR code packs it tighter (5.5 bits for 5 against 8 for 6).

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::InviteError;

/// What every invite begins with.
const MARK: &str = "HALFGATE";

/// The version of the text and the body.
const VERSION: u8 = 1;

/// The longest version number of other versions that is understood as one.
const MAX_VERSION_DIGITS: usize = 4;

/// Bytes of the length.
const LENGTH: usize = 2;

/// Bytes of the checksum: of 2^40 ways of damage, one is missed.
const CHECKSUM: usize = 5;

/// The characters of a line.
const LINE: usize = 64;

/// The characters that carry the length.
const LENGTH_CHARACTERS: usize = 4;

/// A body as one line of text.
pub(super) fn write(body: &[u8]) -> Zeroizing<String> {
    let length = u16::try_from(body.len()).expect("the longest invite is shorter than 2^16 bytes");
    let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH + body.len() + CHECKSUM));
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(body);
    let checksum = checksum(&bytes);
    bytes.extend_from_slice(&checksum);
    let mut text =
        Zeroizing::new(String::with_capacity(MARK.len() + 2 + BASE32_NOPAD.encode_len(bytes.len())));
    text.push_str(MARK);
    text.push(char::from(b'0' + VERSION));
    text.push(':');
    BASE32_NOPAD.encode_append(&bytes, &mut text);
    text
}

/// The text in lines.
pub(super) fn wrap(text: &str) -> Zeroizing<String> {
    let mut lines = Zeroizing::new(String::with_capacity(text.len() + text.len() / LINE + 1));
    for line in text.as_bytes().chunks(LINE) {
        lines.extend(line.iter().copied().map(char::from));
        lines.push('\n');
    }
    lines
}

/// The body that a text carries.
pub(super) fn read(text: &str) -> Result<Zeroizing<Vec<u8>>, InviteError> {
    let text = Zeroizing::new(text.chars().filter_map(Seen::of).collect::<Vec<Seen>>());
    let start = after_mark(&text).ok_or(InviteError::NotAnInvite)?;
    let rest = after_version(&text[start..])?;
    let expected = characters(rest)?;
    let carried = carried(rest, expected)?;
    let bytes = BASE32_NOPAD.decode(&carried).map_err(|_| altered("its characters do not fit together"))?;
    let mut bytes = Zeroizing::new(bytes);
    let end = bytes.len() - CHECKSUM;
    if checksum(&bytes[..end]) != bytes[end..] {
        return Err(altered("its checksum does not fit"));
    }
    bytes.truncate(end);
    bytes.drain(..LENGTH);
    Ok(bytes)
}

fn altered(what: &'static str) -> InviteError {
    InviteError::Altered { what }
}

fn checksum(length_and_body: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = blake3::Hasher::new_derive_key("halfgate 2026-11 invite checksum");
    hasher.update(&[VERSION]);
    hasher.update(length_and_body);
    let mut checksum = [0; CHECKSUM];
    hasher.finalize_xof().fill(&mut checksum);
    checksum
}

/// A character of the text that came.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Seen {
    /// A letter, digit or sign, letters as capitals.
    Said(u8),
    /// A character that never stands in an invite.
    Foreign,
    /// Where text may be broken, quoted or set off.
    #[default]
    Gap,
}

impl zeroize::DefaultIsZeroes for Seen {}

impl Seen {
    /// `None` for characters that are not seen.
    fn of(character: char) -> Option<Seen> {
        match character {
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' => None,
            '>' | '<' | '|' | '"' | '\'' | '`' | '«' | '»' | '‘'..='‟' => Some(Seen::Gap),
            character if character.is_whitespace() => Some(Seen::Gap),
            character if character.is_ascii_graphic() => {
                Some(Seen::Said(character.to_ascii_uppercase() as u8))
            }
            _ => Some(Seen::Foreign),
        }
    }
}

/// The place behind the first mark of an invite.
fn after_mark(text: &[Seen]) -> Option<usize> {
    let mark: Vec<Seen> = MARK.bytes().map(Seen::Said).collect();
    let looks_like_one = |rest: &[Seen]| {
        let digits = rest.iter().take_while(|seen| matches!(seen, Seen::Said(b'0'..=b'9'))).count();
        (1..=MAX_VERSION_DIGITS).contains(&digits) && rest.get(digits) == Some(&Seen::Said(b':'))
    };
    let starts = text.windows(mark.len()).enumerate().filter(|(_, window)| *window == mark);
    starts.map(|(start, _)| start + mark.len()).find(|after| looks_like_one(&text[*after..]))
}

/// What follows version and colon, if the version is ours.
fn after_version(text: &[Seen]) -> Result<&[Seen], InviteError> {
    let digits = text.iter().map_while(|seen| match seen {
        Seen::Said(digit @ b'0'..=b'9') => Some(u32::from(digit - b'0')),
        _ => None,
    });
    let (count, version) = digits.fold((0, 0), |(count, number), digit| (count + 1, 10 * number + digit));
    match version {
        version if version == u32::from(VERSION) => Ok(&text[count + 1..]),
        0 => Err(InviteError::NotAnInvite),
        version => Err(InviteError::Newer { version }),
    }
}

/// How many characters carry the invite, as the first of them say.
fn characters(text: &[Seen]) -> Result<usize, InviteError> {
    let (head, _) = said(text, LENGTH_CHARACTERS);
    if head.len() < LENGTH_CHARACTERS {
        return Err(InviteError::Truncated { expected: LENGTH_CHARACTERS, got: head.len() });
    }
    let bits = head.iter().try_fold(0u32, |bits, &character| {
        let digit = BASE32_NOPAD.interpret_byte(character).is_symbol()?;
        Some(bits << 5 | digit as u32)
    });
    // Four characters are twenty bits, sixteen of which are the length.
    let length = (bits.ok_or_else(|| altered("a character is none that an invite has"))? >> 4) as usize;
    match length {
        length if length > super::Invite::MAX_LENGTH => Err(altered("the length that it says is too great")),
        length => Ok(BASE32_NOPAD.encode_len(LENGTH + length + CHECKSUM)),
    }
}

/// The characters that carry the invite, once it is clear that none is missing.
fn carried(text: &[Seen], expected: usize) -> Result<Zeroizing<Vec<u8>>, InviteError> {
    let (carried, rest) = said(text, expected);
    if carried.len() < expected {
        return Err(InviteError::Truncated { expected, got: carried.len() });
    }
    match rest.first() {
        Some(Seen::Said(character)) if character.is_ascii_alphanumeric() => {
            Err(altered("it goes on behind its end"))
        }
        _ => Ok(carried),
    }
}

/// Up to so many characters without the gaps between them, and what follows. A foreign one stands as a zero byte, which
/// base32 does not have.
fn said(text: &[Seen], limit: usize) -> (Zeroizing<Vec<u8>>, &[Seen]) {
    let (mut said, mut rest) = (Zeroizing::new(Vec::with_capacity(limit)), text);
    while let (true, [seen, others @ ..]) = (said.len() < limit, rest) {
        rest = others;
        match seen {
            Seen::Said(character) => said.push(*character),
            Seen::Foreign => said.push(0),
            Seen::Gap => {}
        }
    }
    (said, rest)
}
