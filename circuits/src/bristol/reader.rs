use std::io::{self, Read};
use std::ops::ControlFlow;

use super::BristolErrorKind as Kind;
use super::blocks::Blocks;
use super::error::{Fault, Place, Spot};
use super::gates::Gates;
use super::header::{HeaderLine, HeaderLines};
use super::scanner::{Scanner, column_of, unless_binary};
use super::{BristolError, Format};
use crate::Circuit;

/// Reads a circuit and tells the format it was in. `file` is the name that errors show; `source` needs no buffer of its
/// own.
///
/// Groups are called `in0`, `in1`, … and `out0`, …; they are unsigned and least significant bit first. Group 0 is the
/// garbler's, the others are the evaluator's. The gates keep their order and get new wire numbers. An old file without
/// second input has an empty group `in1`.
///
/// # Errors
/// If the file cannot be read or is not a circuit: the first fault.
pub fn read(source: impl Read, file: &str) -> Result<(Circuit, Format), BristolError> {
    Reader::new(file, 1).run(source).map_err(|mut errors| errors.swap_remove(0))
}

/// Reads a file as [`read`] does and returns its first `limit` faults, at most one per line; none if `read` succeeds.
pub fn check(source: impl Read, file: &str, limit: usize) -> Vec<BristolError> {
    let mut errors = Reader::new(file, limit.max(1)).run(source).err().unwrap_or_default();
    errors.truncate(limit);
    errors
}

struct Reader<'a> {
    file: &'a str,
    /// The reader gives up at so many errors.
    limit: usize,
    errors: Vec<BristolError>,
    /// The number of the current line.
    line: u64,
    /// The numbers of the current line.
    numbers: Vec<u64>,
    header: HeaderLines,
    /// What follows the header, once that is complete.
    gates: Option<Gates>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, limit: usize) -> Self {
        let (errors, numbers) = (Vec::new(), Vec::new());
        Reader { file, limit, errors, line: 0, numbers, header: HeaderLines::default(), gates: None }
    }

    /// Reads to the end, or until there are too many errors. There is at least one error, or a circuit.
    fn run(mut self, source: impl Read) -> Result<(Circuit, Format), Vec<BristolError>> {
        let mut blocks = Blocks::new(source);
        if self.blocks(&mut blocks).is_continue() {
            self.end(blocks.bytes());
        }
        match self.gates {
            Some(gates) if self.errors.is_empty() => Ok(gates.into_circuit()),
            _ => Err(self.errors),
        }
    }

    fn blocks(&mut self, blocks: &mut Blocks<impl Read>) -> ControlFlow<()> {
        loop {
            if let Some(gates) = &mut self.gates {
                gates.set_bytes_read(blocks.bytes());
            }
            match blocks.next() {
                Ok(Some(block)) => self.block(block)?,
                Ok(None) => return ControlFlow::Continue(()),
                Err(error) => return self.read_failed(error),
            }
        }
    }

    fn block(&mut self, block: &[u8]) -> ControlFlow<()> {
        let mut scanner = Scanner::new(block);
        if self.line == 0 {
            scanner.skip_byte_order_mark();
        }
        while self.plain_lines(&mut scanner) {
            let start = scanner.position();
            self.line += 1;
            if let Err(fault) = self.line(&mut scanner, start) {
                self.line_failed(scanner.skip_line(start), fault)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Takes plain gate lines; true if another line comes then.
    #[inline]
    fn plain_lines(&mut self, scanner: &mut Scanner<'_>) -> bool {
        if let Some(gates) = &mut self.gates {
            self.line += gates.plain_lines(scanner);
        }
        !scanner.at_end()
    }

    #[inline]
    fn line(&mut self, scanner: &mut Scanner<'_>, start: usize) -> Result<(), Fault> {
        self.numbers.clear();
        let word = match (scanner.line(&mut self.numbers), &mut self.gates) {
            (Ok(word), _) => word,
            (Err(fault), Some(gates)) => {
                gates.count_line();
                return Err(fault);
            }
            (Err(fault), None) => return Err(fault),
        };
        match &mut self.gates {
            _ if self.numbers.is_empty() && word.is_empty() => Ok(()),
            Some(gates) => gates.line(&self.numbers, word),
            None => self.header_line(scanner.skip_line(start), word),
        }
    }

    fn header_line(&mut self, text: &[u8], word: &[u8]) -> Result<(), Fault> {
        if word.is_empty() {
            let line = HeaderLine { line: self.line, numbers: self.numbers.clone(), text: text.to_vec() };
            self.gates = self.header.push(line)?.map(Gates::new);
            return Ok(());
        }
        if !self.header.next_may_be_a_gate() {
            return Err(Fault::new(
                self.numbers.len(),
                unless_binary(word, |found| Kind::NotANumber { found }),
            ));
        }
        let header = self.header.finish(Place { line: self.line, column: 1 })?;
        self.gates.insert(Gates::new(header)).line(&self.numbers, word)
    }

    fn end(&mut self, bytes: u64) {
        let end = Place { line: self.line + 1, column: 1 };
        if self.gates.is_none() {
            match self.header.finish(end) {
                Ok(header) => self.gates = Some(Gates::new(header)),
                Err(fault) => self.errors.push(self.error(fault, b"")),
            }
        }
        if let Some(gates) = &self.gates {
            let room = self.limit.saturating_sub(self.errors.len());
            let faults = gates.faults_at_end(end, bytes).take(room).map(|fault| self.error(fault, b""));
            self.errors.extend(faults.collect::<Vec<_>>());
        }
    }

    /// Notes the fault of a line and makes ready for the next one, if there is hope.
    #[cold]
    fn line_failed(&mut self, text: &[u8], fault: Fault) -> ControlFlow<()> {
        self.errors.push(self.error(fault, text));
        match &mut self.gates {
            Some(gates) if self.errors.len() < self.limit => {
                gates.recover(&self.numbers);
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Break(()),
        }
    }

    #[cold]
    fn read_failed(&mut self, error: io::Error) -> ControlFlow<()> {
        let place = Place { line: self.line + 1, column: 1 };
        self.errors.push(self.error(Fault::at(place, Kind::Read(error)), b""));
        ControlFlow::Break(())
    }

    /// A fault as an error; `text` is the current line.
    fn error(&self, fault: Fault, text: &[u8]) -> BristolError {
        let Place { line, column } = match fault.spot {
            Spot::Place(place) => place,
            Spot::Token(token) => Place { line: self.line, column: column_of(text, token) },
        };
        BristolError { file: self.file.to_owned(), line, column, kind: fault.kind }
    }
}
