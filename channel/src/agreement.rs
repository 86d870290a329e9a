use std::fmt;

use bincode::{Decode, Encode};

use crate::codec::{self, CodecError};

/// The most fields that an agreement may have.
pub const MAX_FIELDS: usize = 64;

/// The longest name of a field, in bytes.
pub const MAX_NAME: usize = 64;

/// The longest text of a field, in bytes.
pub const MAX_TEXT: usize = 1024;

/// What a mismatch of versions names.
const VERSION: &str = "the protocol version";

/// What a mismatch of the lists of terms names, with a number.
const TERM: &str = "the name of term";

/// One term of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Field {
    /// This side has no opinion and takes the peer's.
    Unspecified,
    /// A word, such as the name of a mode.
    Text(String),
    /// A number, such as that of lanes.
    Number(u64),
    /// The digest of something too long to send, such as a program.
    Digest([u8; 32]),
}

impl Field {
    /// Agrees on one term: equal values stand, and an unspecified one gives way. This is the only place where halfgate
    /// compares terms.
    pub(crate) fn agree(name: &str, ours: &Field, theirs: &Field) -> Result<Field, Mismatch> {
        match (ours, theirs) {
            (ours, Field::Unspecified) => Ok(ours.clone()),
            (Field::Unspecified, theirs) => Ok(theirs.clone()),
            (ours, theirs) if ours == theirs => Ok(ours.clone()),
            _ => Err(Mismatch { field: name.to_owned(), ours: ours.clone(), theirs: theirs.clone() }),
        }
    }

    /// Appends the field in an encoding that no other field has.
    fn append_canonical(&self, out: &mut Vec<u8>) {
        let (tag, value): (u8, &[u8]) = match self {
            Field::Unspecified => (0, &[]),
            Field::Text(text) => (1, text.as_bytes()),
            Field::Number(number) => (2, &number.to_le_bytes()),
            Field::Digest(digest) => (3, digest),
        };
        out.push(tag);
        append_bytes(out, value);
    }
}

impl From<u64> for Field {
    fn from(number: u64) -> Self {
        Field::Number(number)
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Field::Text(text.to_owned())
    }
}

impl From<[u8; 32]> for Field {
    fn from(digest: [u8; 32]) -> Self {
        Field::Digest(digest)
    }
}

/// As it may be shown on a terminal: a peer's text cannot move the cursor.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Unspecified => f.write_str("unspecified"),
            Field::Text(text) => write!(f, "`{}`", text.escape_debug()),
            Field::Number(number) => write!(f, "{number}"),
            Field::Digest(digest) => digest.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

/// What two parties have to see alike, in the order in which it is compared.
///
/// ```
/// use halfgate_channel::{Agreement, Field};
///
/// let ours = Agreement::new().with("program", [7; 32]).with("lanes", Field::Unspecified);
/// let theirs = Agreement::new().with("program", [7; 32]).with("lanes", 1000);
/// assert_eq!(ours.resolve(&theirs)?.number("lanes"), Some(1000));
///
/// let other = Agreement::new().with("program", [8; 32]).with("lanes", 1000);
/// assert_eq!(ours.resolve(&other).unwrap_err().field, "program");
/// # Ok::<(), halfgate_channel::Mismatch>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Agreement {
    fields: Vec<(String, Field)>,
}

impl Agreement {
    /// No terms yet.
    pub fn new() -> Self {
        Agreement::default()
    }

    /// Adds a term.
    #[must_use]
    pub fn with(mut self, name: &str, field: impl Into<Field>) -> Self {
        self.fields.push((name.to_owned(), field.into()));
        self
    }

    /// The terms in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.fields.iter().map(|(name, field)| (name.as_str(), field))
    }

    /// The term of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|(other, _)| *other == name).map(|(_, field)| field)
    }

    /// The number of this name, if it is specified.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.field(name)? {
            Field::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The text of this name, if it is specified.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.field(name)? {
            Field::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The digest of this name, if it is specified.
    pub fn digest(&self, name: &str) -> Option<[u8; 32]> {
        match self.field(name)? {
            Field::Digest(digest) => Some(*digest),
            _ => None,
        }
    }

    /// The terms that hold if both sides said these; both sides get the same.
    ///
    /// # Errors
    /// The first term on which they differ, or that only one of them has.
    pub fn resolve(&self, theirs: &Agreement) -> Result<Agreement, Mismatch> {
        let mut fields = Vec::with_capacity(self.fields.len());
        for place in 0..self.fields.len().max(theirs.fields.len()) {
            let (ours, theirs) = (self.fields.get(place), theirs.fields.get(place));
            fields.push(match (ours, theirs) {
                (Some((name, ours)), Some((other, theirs))) if name == other => {
                    (name.clone(), Field::agree(name, ours, theirs)?)
                }
                _ => return Err(Mismatch::of_names(place, ours, theirs)),
            });
        }
        Ok(Agreement { fields })
    }

    /// Whether both sides said the same, with nothing left open on one side only.
    ///
    /// # Errors
    /// The first term on which they differ, or that only one of them has.
    pub fn require_equal(&self, theirs: &Agreement) -> Result<(), Mismatch> {
        self.resolve(theirs)?;
        for ((name, ours), (_, theirs)) in self.fields.iter().zip(&theirs.fields) {
            if ours != theirs {
                return Err(Mismatch { field: name.clone(), ours: ours.clone(), theirs: theirs.clone() });
            }
        }
        Ok(())
    }

    /// Bytes that no other agreement has, for hashing.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&(self.fields.len() as u64).to_le_bytes());
        for (name, field) in &self.fields {
            append_bytes(&mut out, name.as_bytes());
            field.append_canonical(&mut out);
        }
        out
    }

    /// The terms as the payload of a message.
    ///
    /// # Errors
    /// If something in them is over its limit.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        self.check_bounds()?;
        let mut bytes = Vec::new();
        codec::encode(self, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads the payload of a message.
    ///
    /// # Errors
    /// If the bytes are not exactly terms within all limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let terms: Agreement = codec::decode(bytes)?;
        terms.check_bounds()?;
        Ok(terms)
    }

    /// Holds an agreement, ours or a peer's, to the limits of its parts.
    pub(crate) fn check_bounds(&self) -> Result<(), CodecError> {
        within("fields of an agreement", self.fields.len(), MAX_FIELDS)?;
        for (name, field) in &self.fields {
            within("bytes of a field's name", name.len(), MAX_NAME)?;
            if let Field::Text(text) = field {
                within("bytes of a field's text", text.len(), MAX_TEXT)?;
            }
        }
        Ok(())
    }
}

/// A term on which two parties differ.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the two sides disagree on {}: {ours} here, {theirs} at the peer; {}", field.escape_debug(), self.advice())]
pub struct Mismatch {
    /// The name of the term.
    pub field: String,
    /// What this side said.
    pub ours: Field,
    /// What the peer said.
    pub theirs: Field,
}

impl Mismatch {
    /// The sides do not even list the same terms.
    fn of_names(place: usize, ours: Option<&(String, Field)>, theirs: Option<&(String, Field)>) -> Self {
        let name = |term: Option<&(String, Field)>| match term {
            Some((name, _)) => Field::Text(name.clone()),
            None => Field::Unspecified,
        };
        Mismatch { field: format!("{TERM} {}", place + 1), ours: name(ours), theirs: name(theirs) }
    }

    /// The sides speak different versions of the protocol.
    pub(crate) fn of_versions(ours: u32, theirs: u32) -> Self {
        let number = |version| Field::Number(u64::from(version));
        Mismatch { field: VERSION.to_owned(), ours: number(ours), theirs: number(theirs) }
    }

    fn advice(&self) -> &'static str {
        match (&self.ours, &self.theirs) {
            _ if self.field == VERSION => "install the same version of halfgate on both sides",
            _ if self.field.starts_with(TERM) => {
                "start both sides in the same mode, from the same version of halfgate"
            }
            (Field::Digest(_), _) | (_, Field::Digest(_)) => {
                "start both sides with the same files and options (they were read or made differently)"
            }
            _ => "settle on one value and start both sides with it",
        }
    }
}

fn append_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    out.extend_from_slice(bytes);
}

fn within(what: &'static str, count: usize, limit: usize) -> Result<(), CodecError> {
    if count <= limit { Ok(()) } else { Err(CodecError::TooMany { what, count, limit }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Agreement {
        Agreement::new().with("mode", "semi-honest").with("lanes", 3).with("program", [1; 32])
    }

    #[test]
    fn unspecified_gives_way_on_either_side() {
        let open = Agreement::new()
            .with("mode", Field::Unspecified)
            .with("lanes", Field::Unspecified)
            .with("program", Field::Unspecified);
        assert_eq!(open.resolve(&terms()), Ok(terms()));
        assert_eq!(terms().resolve(&open), Ok(terms()));
        assert_eq!(open.resolve(&open).unwrap().number("lanes"), None);
    }

    #[test]
    fn the_first_difference_is_named_with_both_values() {
        let theirs = Agreement::new().with("mode", "semi-honest").with("lanes", 4).with("program", [2; 32]);
        let mismatch = terms().resolve(&theirs).unwrap_err();
        assert_eq!((mismatch.field.as_str(), mismatch.ours, mismatch.theirs), ("lanes", 3.into(), 4.into()));
    }

    #[test]
    fn a_value_of_another_type_is_another_value() {
        let theirs = Agreement::new().with("mode", 0).with("lanes", 3).with("program", [1; 32]);
        assert_eq!(terms().resolve(&theirs).unwrap_err().field, "mode");
    }

    #[test]
    fn missing_extra_and_renamed_terms_are_found() {
        let (fewer, more) = (Agreement::new().with("mode", "semi-honest"), terms().with("tile", 16));
        let renamed = Agreement::new().with("mode", "semi-honest").with("rows", 3).with("program", [1; 32]);
        for (theirs, place, name) in [(fewer, 2, None), (more, 4, Some("tile")), (renamed, 2, Some("rows"))] {
            let mismatch = terms().resolve(&theirs).unwrap_err();
            assert_eq!(mismatch.field, format!("the name of term {place}"));
            assert_eq!(mismatch.theirs, name.map_or(Field::Unspecified, Field::from));
        }
    }

    #[test]
    fn canonical_bytes_tell_terms_apart() {
        let alike = [
            Agreement::new(),
            Agreement::new().with("a", Field::Unspecified),
            Agreement::new().with("a", ""),
            Agreement::new().with("a", 0),
            Agreement::new().with("a", "\0\0\0\0\0\0\0\0"),
            Agreement::new().with("a", [0; 32]),
            Agreement::new().with("", "a"),
            Agreement::new().with("a", "").with("a", ""),
        ];
        for (i, one) in alike.iter().enumerate() {
            for other in &alike[i + 1..] {
                assert_ne!(one.canonical_bytes(), other.canonical_bytes(), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_peers_text_is_escaped() {
        let mismatch =
            Agreement::new().with("mode", "a").resolve(&Agreement::new().with("mode", "\x1b[2Jb\n"));
        let message = mismatch.unwrap_err().to_string();
        assert!(message.contains("`\\u{1b}[2Jb\\n`") && !message.contains('\x1b'), "{message}");
    }

    #[test]
    fn bounds_hold() {
        let many = (0..=MAX_FIELDS).fold(Agreement::new(), |terms, _| terms.with("a", 0));
        let long_name = Agreement::new().with(&"n".repeat(MAX_NAME + 1), 0);
        let long_text = Agreement::new().with("a", "t".repeat(MAX_TEXT + 1).as_str());
        for terms in [many, long_name, long_text] {
            assert!(matches!(terms.check_bounds(), Err(CodecError::TooMany { .. })));
        }
        assert!(Agreement::new().with("a", "t".repeat(MAX_TEXT).as_str()).check_bounds().is_ok());
    }
}
