//! Programs in files: the canonical bytes (`canonical.rs`), and behind them their digest.
//!
//! The digest is what two parties compare before a run, so the last 32 bytes of a saved program say which one it is.
//! A file may come from anywhere: nothing is believed before it is checked, and no memory is taken on a count's word.

use std::io::{self, Read, Write};

use halfgate_circuits::{BitOrder, Encoding, Group, Input, Party, Shape};

use crate::program::{Digest, Step};
use crate::{AndGate, LoadError, Operand, Program, ProgramOutput, Slot, XorGate};

/// Everything up to the version.
const MAGIC: &[u8] = b"halfgate program ";
const VERSION: &[u8] = b"1\n";

/// Entries that memory is reserved for before the first of them has been read.
const AHEAD: usize = 1 << 16;
const CHUNK: usize = 1 << 16;

impl Program {
    /// Writes the program so that [`Program::load`] can read it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn save(&self, mut to: impl Write) -> io::Result<()> {
        let mut written = Ok(());
        self.canonical_bytes(|chunk| {
            if written.is_ok() {
                written = to.write_all(chunk);
            }
        });
        written?;
        to.write_all(&self.digest())?;
        to.flush()
    }

    /// Reads a program that was [saved](Program::save), and [verifies](Program::verify) it.
    ///
    /// ```
    /// use halfgate_circuits::library;
    /// use halfgate_compiler::{Program, compile};
    ///
    /// let program = compile(&library::find("lt64")?)?;
    /// let mut file = Vec::new();
    /// program.save(&mut file)?;
    /// assert!(Program::load(file.as_slice())? == program);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If reading fails, if these are not the bytes of a program of this version, if one of them was changed, or if no
    /// machine could run the program. The file is to blame.
    pub fn load(from: impl Read) -> Result<Self, LoadError> {
        let mut decoder = Decoder::new(from);
        decoder.header()?;
        let mut program = decoder.program()?;
        let digest = *decoder.hasher.finalize().as_bytes();
        let mut saved = [0; 32];
        decoder.fill(&mut saved)?;
        if saved != digest {
            return Err(LoadError::Checksum);
        }
        decoder.end()?;
        program.verify()?;
        program.digest = Digest(digest.into());
        Ok(program)
    }
}

struct Decoder<R> {
    from: R,
    hasher: blake3::Hasher,
    chunk: Vec<u8>,
    /// What has been taken of the chunk, and where the chunk stands in the file.
    taken: usize,
    before: u64,
}

impl<R: Read> Decoder<R> {
    fn new(from: R) -> Self {
        Decoder { from, hasher: blake3::Hasher::new(), chunk: Vec::new(), taken: 0, before: 0 }
    }

    fn header(&mut self) -> Result<(), LoadError> {
        let mut magic = [0; MAGIC.len()];
        match self.bytes(&mut magic) {
            Ok(()) if magic == MAGIC => {}
            Ok(()) | Err(LoadError::Truncated { .. }) => return Err(LoadError::NotAProgram),
            Err(error) => return Err(error),
        }
        let mut version = [0; VERSION.len()];
        self.bytes(&mut version)?;
        if version != VERSION {
            return Err(LoadError::Version {
                found: String::from_utf8_lossy(&version).trim_end().to_owned(),
            });
        }
        Ok(())
    }

    fn program(&mut self) -> Result<Program, LoadError> {
        let (slots, tile) = (self.word()?, self.word()?);
        if slots > 1 << 31 {
            return Err(self.wrong("a number of slots", slots));
        }
        let zero = self.slot()?;
        let mut input_slots = Vec::new();
        let inputs = self.many(|decoder| decoder.input(&mut input_slots))?;
        let xors = self.many(|decoder| {
            let [left, right, out] = decoder.gate()?.map(Slot::new);
            Ok(XorGate { left, right, out })
        })?;
        let ands = self.many(|decoder| {
            let [left, right, out] = decoder.gate()?;
            Ok(AndGate { left: operand(left), right: operand(right), out: Slot::new(out) })
        })?;
        let steps = self.many(|decoder| Ok(Step { xors_end: decoder.word()?, ands_end: decoder.word()? }))?;
        let outputs = self.many(Self::output)?;
        let digest = Digest::default();
        Ok(Program { inputs, input_slots, zero, xors, ands, steps, outputs, slots, tile, digest })
    }

    fn input(&mut self, slots: &mut Vec<Option<Slot>>) -> Result<Input, LoadError> {
        let group = self.group()?;
        let owner = match self.byte()? {
            0 => Party::Garbler,
            1 => Party::Evaluator,
            other => return Err(self.wrong("an owner", other)),
        };
        for _ in 0..group.width {
            slots.push(self.slot()?);
        }
        Ok(Input { group, owner })
    }

    fn output(&mut self) -> Result<ProgramOutput, LoadError> {
        let group = self.group()?;
        let bits = (0..group.width).map(|_| Ok(operand(self.word()?))).collect::<Result<_, LoadError>>()?;
        Ok(ProgramOutput { group, bits })
    }

    fn group(&mut self) -> Result<Group, LoadError> {
        let name = self.text()?;
        let width = self.word()?;
        let encoding = match self.byte()? {
            0 => Encoding::Uint,
            1 => Encoding::Int,
            2 => Encoding::Bytes,
            3 => Encoding::Bits,
            other => return Err(self.wrong("an encoding", other)),
        };
        let code = self.byte()?;
        let order = match code & !6 {
            0 => BitOrder::LsbFirst,
            1 => BitOrder::MsbFirst,
            _ => return Err(self.wrong("a bit order", code)),
        };
        let scale = if code & 2 == 0 { 0 } else { self.word()? };
        if code & 2 != 0 && scale == 0 {
            return Err(self.wrong("a scale", scale));
        }
        let group = Group { name, width, encoding, order, scale, shape: None };
        if code & 4 == 0 { Ok(group) } else { self.shaped(group) }
    }

    /// A group of values with a type of their own: its encoding says nothing.
    fn shaped(&mut self, group: Group) -> Result<Group, LoadError> {
        let text = self.text()?;
        let shaped = text.parse::<Shape>().ok().and_then(|shape| Group::shaped(group.name.as_str(), shape));
        let plain = |shaped: &Group| Group { shape: None, ..shaped.clone() };
        shaped.filter(|shaped| plain(shaped) == group).ok_or_else(|| self.wrong("the type of a value", text))
    }

    fn text(&mut self) -> Result<String, LoadError> {
        let text = self.many(Self::byte)?;
        String::from_utf8(text).map_err(|_| self.wrong("text in UTF-8", "other bytes"))
    }

    fn gate(&mut self) -> Result<[u32; 3], LoadError> {
        let mut bytes = [0; 12];
        self.bytes(&mut bytes)?;
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Ok([word(0), word(4), word(8)])
    }

    fn slot(&mut self) -> Result<Option<Slot>, LoadError> {
        Ok(Some(self.word()?).filter(|&slot| slot != u32::MAX).map(Slot::new))
    }

    /// A count, and so many of something.
    fn many<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, LoadError>,
    ) -> Result<Vec<T>, LoadError> {
        let mut count = [0; 8];
        self.bytes(&mut count)?;
        let count = u64::from_le_bytes(count);
        if count > u64::from(u32::MAX) {
            return Err(self.wrong("a count below 2^32", count));
        }
        let count = count as usize;
        let mut all = Vec::with_capacity(count.min(AHEAD));
        for _ in 0..count {
            all.push(read(self)?);
        }
        Ok(all)
    }

    fn word(&mut self) -> Result<u32, LoadError> {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn byte(&mut self) -> Result<u8, LoadError> {
        let mut bytes = [0];
        self.bytes(&mut bytes)?;
        Ok(bytes[0])
    }

    /// Bytes that count for the digest.
    fn bytes(&mut self, into: &mut [u8]) -> Result<(), LoadError> {
        self.fill(into)?;
        self.hasher.update(into);
        Ok(())
    }

    fn fill(&mut self, mut into: &mut [u8]) -> Result<(), LoadError> {
        while !into.is_empty() {
            if self.taken == self.chunk.len() && !self.refill()? {
                return Err(LoadError::Truncated { offset: self.offset() });
            }
            let there = &self.chunk[self.taken..];
            let (now, later) = into.split_at_mut(there.len().min(into.len()));
            now.copy_from_slice(&there[..now.len()]);
            self.taken += now.len();
            into = later;
        }
        Ok(())
    }

    fn refill(&mut self) -> Result<bool, LoadError> {
        self.before += self.chunk.len() as u64;
        self.chunk.clear();
        self.taken = 0;
        self.from.by_ref().take(CHUNK as u64).read_to_end(&mut self.chunk)?;
        Ok(!self.chunk.is_empty())
    }

    fn end(&mut self) -> Result<(), LoadError> {
        match self.taken < self.chunk.len() || self.refill()? {
            true => Err(LoadError::Longer { offset: self.offset() }),
            false => Ok(()),
        }
    }

    fn offset(&self) -> u64 {
        self.before + self.taken as u64
    }

    fn wrong(&self, expected: &'static str, found: impl ToString) -> LoadError {
        LoadError::Unexpected { expected, found: found.to_string(), offset: self.offset() }
    }
}

fn operand(raw: u32) -> Operand {
    Operand::new(Slot::new(raw >> 1), raw & 1 == 1)
}
