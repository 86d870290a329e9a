//! Records on disk: each with its length and a checksum that also depends on all before it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::record::Record;

/// The first bytes of a journal.
pub(super) const MAGIC: [u8; 8] = *b"hg-job\r\n";

/// Length of a record's body, and eight bytes that check it.
const HEAD: usize = 16;

/// The checksum behind the body.
const SUM: usize = 32;

/// The checksum of the last record, under which the next is written.
#[derive(Clone, Copy)]
pub(super) struct Chain([u8; 32]);

impl Chain {
    pub(super) fn new() -> Self {
        Chain(blake3::derive_key("halfgate 2026 journal of a job", &MAGIC))
    }

    /// The records as they are written behind those before them. A length has a checksum of its own: a record that ends
    /// before its length is up is torn, and nothing else may look like that.
    pub(super) fn append(&mut self, first: &[u8], records: &[Record]) -> Zeroizing<Vec<u8>> {
        let bodies: Vec<_> = records.iter().map(Record::encode).collect();
        let lengths = bodies.iter().map(|(note, values)| HEAD + note.len() + values.len() + SUM);
        // At once: memory that grew would leave copies of results.
        let mut out = Zeroizing::new(Vec::with_capacity(first.len() + lengths.sum::<usize>()));
        out.extend_from_slice(first);
        for (note, values) in bodies {
            let length = ((note.len() + values.len()) as u64).to_le_bytes();
            out.extend_from_slice(&length);
            out.extend_from_slice(&self.of_length(length));
            let body = out.len();
            out.extend_from_slice(&note);
            out.extend_from_slice(values);
            *self = self.after(&out[body..]);
            out.extend_from_slice(&self.0);
        }
        out
    }

    fn of_length(&self, length: [u8; 8]) -> [u8; 8] {
        let sum = blake3::keyed_hash(&self.0, &length);
        sum.as_bytes()[..8].try_into().expect("eight of 32 bytes")
    }

    fn after(&self, body: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"record").update(body);
        Chain(*hasher.finalize().as_bytes())
    }
}

/// What stands at one place of a journal.
pub(super) enum Next {
    Record(Record),
    /// The end; behind it begins a record that was not written to its end, if there is anything.
    End {
        torn: bool,
    },
    Damaged(&'static str),
}

/// Reads records in order.
pub(super) struct Reader<'a> {
    file: &'a mut File,
    pub(super) chain: Chain,
    /// Where the next record begins.
    pub(super) offset: u64,
    length: u64,
}

impl<'a> Reader<'a> {
    /// Starts behind the magic; `None` if there is none.
    pub(super) fn new(file: &'a mut File) -> io::Result<Option<Self>> {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        let mut magic = MAGIC;
        if length < MAGIC.len() as u64 {
            return Ok(None);
        }
        file.read_exact(&mut magic)?;
        let reader = Reader { file, chain: Chain::new(), offset: MAGIC.len() as u64, length };
        Ok((magic == MAGIC).then_some(reader))
    }

    pub(super) fn next(&mut self) -> io::Result<Next> {
        let left = self.length - self.offset;
        if left < HEAD as u64 {
            return Ok(Next::End { torn: left > 0 });
        }
        let mut head = [0; HEAD];
        self.file.read_exact(&mut head)?;
        let (length, check): ([u8; 8], _) = (head[..8].try_into().expect("eight bytes"), &head[8..]);
        if !bool::from(self.chain.of_length(length).as_slice().ct_eq(check)) {
            return Ok(Next::Damaged("the length of a record is not the one that was written"));
        }
        let length = u64::from_le_bytes(length);
        match length.checked_add((HEAD + SUM) as u64) {
            Some(whole) if whole <= left => self.body(length, whole),
            _ => Ok(Next::End { torn: true }),
        }
    }

    /// Reads the body of a record that is there to its end.
    fn body(&mut self, length: u64, whole: u64) -> io::Result<Next> {
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut body = Zeroizing::new(vec![0; length]);
        self.file.read_exact(&mut body)?;
        let mut sum = [0; SUM];
        self.file.read_exact(&mut sum)?;
        let chain = self.chain.after(&body);
        if !bool::from(chain.0.ct_eq(&sum)) {
            return Ok(Next::Damaged("a record is not as it was written, or not where it was"));
        }
        let Some(record) = Record::decode(&body) else {
            return Ok(Next::Damaged("a record says something that this version does not know"));
        };
        (self.chain, self.offset) = (chain, self.offset + whole);
        Ok(Next::Record(record))
    }
}
