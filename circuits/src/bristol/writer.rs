use std::io::{self, Write};
use std::ops::Range;

use thiserror::Error;

use super::Format;
use super::numbering::Numbering;
use crate::{Circuit, Gate, WireId};

/// How many bytes are written at a time.
const CHUNK: usize = 1 << 16;

/// The most ANDs in one MAND, to bound the length of lines.
const MAX_MAND: usize = 1 << 12;

/// Choices in writing a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Whether consecutive ANDs that do not depend on each other become one MAND. Few other programs read it; the old
    /// format does not have it.
    pub mand: bool,
}

/// Why a circuit could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Writing failed.
    #[error("the circuit could not be written: {0}")]
    Write(#[from] io::Error),
    /// The groups do not suit the old format.
    #[error(
        "the old Bristol format holds 1 or 2 inputs and 1 output, this circuit has {inputs} and {outputs}; \
         write it in the Fashion format"
    )]
    OldGroups {
        /// The number of input groups.
        inputs: usize,
        /// The number of output groups.
        outputs: usize,
    },
    /// The old format has no constants and needs a wire to make one.
    #[error(
        "the old Bristol format cannot express the constants of a circuit without input wires; \
         write it in the Fashion format"
    )]
    NoWireForConstants,
    /// With the copies that outputs need there are more wires than numbers.
    #[error("the file would have {wires} wires; at most {} are supported", u32::MAX - 1)]
    TooManyWires {
        /// The number of wires.
        wires: u64,
    },
}

/// Writes a circuit with the default options.
///
/// Files keep the groups and their widths, the function and the order of the gates; names, owners, encodings and scales are
/// not part of them, so that a file read back has whole numbers. Outputs that no gate can be numbered for get a copy: EQW in Fashion, an XOR with a zero wire in the
/// old format. There, constants are made of `w ⊕ w`, and a single input gets an empty second one.
///
/// # Errors
/// If the circuit does not suit the format or `out` fails.
pub fn write(circuit: &Circuit, format: Format, out: impl Write) -> Result<(), WriteError> {
    write_with(circuit, format, WriteOptions::default(), out)
}

/// Writes a circuit as [`write()`] does, with options.
///
/// # Errors
/// If the circuit does not suit the format or `out` fails.
pub fn write_with(
    circuit: &Circuit,
    format: Format,
    options: WriteOptions,
    out: impl Write,
) -> Result<(), WriteError> {
    if format == Format::Old {
        check_old(circuit)?;
    }
    let numbering = Numbering::new(circuit, format)?;
    let mand = options.mand && format == Format::Fashion;
    let mut writer = Writer { circuit, format, numbering, mand, text: Vec::with_capacity(CHUNK), out };
    writer.header()?;
    writer.gates()?;
    Ok(writer.finish()?)
}

fn check_old(circuit: &Circuit) -> Result<(), WriteError> {
    let (inputs, outputs) = (circuit.inputs().len(), circuit.outputs().len());
    if !matches!((inputs, outputs), (1 | 2, 1)) {
        return Err(WriteError::OldGroups { inputs, outputs });
    }
    // Without inputs, every wire is the constant of some gate.
    if circuit.input_width() == 0 && !circuit.gates().is_empty() {
        return Err(WriteError::NoWireForConstants);
    }
    Ok(())
}

struct Writer<'a, W> {
    circuit: &'a Circuit,
    format: Format,
    numbering: Numbering,
    mand: bool,
    text: Vec<u8>,
    out: W,
}

impl<W: Write> Writer<'_, W> {
    fn header(&mut self) -> io::Result<()> {
        let copies = self.numbering.copies.len() + usize::from(self.numbering.zero.is_some());
        let lines = runs(self.circuit, self.mand).count() + copies;
        writeln!(self.text, "{lines} {}", self.numbering.wires)?;
        let inputs: Vec<_> = self.circuit.inputs().iter().map(|input| input.group.width).collect();
        let outputs: Vec<_> = self.circuit.outputs().iter().map(|output| output.group.width).collect();
        match self.format {
            Format::Old => {
                let second = inputs.get(1).copied().unwrap_or(0);
                writeln!(self.text, "{} {second}   {}", inputs[0], outputs[0])?;
            }
            Format::Fashion => {
                for widths in [inputs, outputs] {
                    self.number(widths.len() as u32);
                    widths.iter().for_each(|&width| self.number(width));
                    self.text.push(b'\n');
                }
            }
        }
        self.text.push(b'\n');
        self.flush_above(CHUNK)
    }

    fn gates(&mut self) -> io::Result<()> {
        let circuit = self.circuit;
        if let Some(zero) = self.numbering.zero {
            self.line(&[0, 0], zero, "XOR")?;
        }
        for run in runs(circuit, self.mand) {
            if run.len() == 1 {
                self.gate(circuit.gates()[run.start], self.numbering.of_gate(run.start))?;
            } else {
                self.ands(run)?;
            }
        }
        for index in 0..self.numbering.copies.len() {
            let (wire, number) = self.numbering.copies[index];
            self.gate(Gate::Copy(wire), number)?;
        }
        Ok(())
    }

    fn gate(&mut self, gate: Gate, out: u32) -> io::Result<()> {
        let number = |wire: WireId| self.numbering.of(wire);
        match (gate, self.numbering.zero) {
            (Gate::Xor(a, b), _) => self.line(&[number(a), number(b)], out, "XOR"),
            (Gate::And(a, b), _) => self.line(&[number(a), number(b)], out, "AND"),
            (Gate::Not(a), _) => self.line(&[number(a)], out, "INV"),
            (Gate::Copy(a), None) => self.line(&[number(a)], out, "EQW"),
            (Gate::Copy(a), Some(zero)) => self.line(&[number(a), zero], out, "XOR"),
            (Gate::Constant(true), Some(zero)) => self.line(&[zero], out, "INV"),
            (Gate::Constant(false), _) if self.format == Format::Old => self.line(&[0, 0], out, "XOR"),
            (Gate::Constant(bit), _) => self.line(&[u32::from(bit)], out, "EQ"),
        }
    }

    fn line(&mut self, reads: &[u32], out: u32, name: &str) -> io::Result<()> {
        self.number(reads.len() as u32);
        self.number(1);
        reads.iter().for_each(|&wire| self.number(wire));
        self.number(out);
        self.text.extend_from_slice(name.as_bytes());
        self.text.push(b'\n');
        self.flush_above(CHUNK)
    }

    /// One MAND for several gates, all of them ANDs.
    fn ands(&mut self, run: Range<usize>) -> io::Result<()> {
        let circuit = self.circuit;
        self.number(2 * run.len() as u32);
        self.number(run.len() as u32);
        let gates = &circuit.gates()[run.clone()];
        and_operands(gates).for_each(|(left, _)| self.number(self.numbering.of(left)));
        and_operands(gates).for_each(|(_, right)| self.number(self.numbering.of(right)));
        for gate in run {
            self.number(self.numbering.of_gate(gate));
        }
        self.text.extend_from_slice(b"MAND\n");
        self.flush_above(CHUNK)
    }

    /// Adds a number and a space.
    fn number(&mut self, mut number: u32) {
        let mut digits = [b' '; 11];
        let mut start = digits.len() - 1;
        loop {
            start -= 1;
            digits[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.text.extend_from_slice(&digits[start..]);
    }

    fn flush_above(&mut self, size: usize) -> io::Result<()> {
        if self.text.len() >= size {
            self.out.write_all(&self.text)?;
            self.text.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.flush_above(0)?;
        self.out.flush()
    }
}

/// The gates in runs, one line each: single gates or, if asked, ANDs of which none reads what another writes.
fn runs(circuit: &Circuit, mand: bool) -> impl Iterator<Item = Range<usize>> {
    let (inputs, gates) = (circuit.input_width(), circuit.gates());
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = gates.get(start..).filter(|rest| !rest.is_empty())?;
        let independent = |gate: &&Gate| match gate {
            Gate::And(a, b) => a.index().max(b.index()) < inputs + start,
            _ => false,
        };
        let length = if mand { first.iter().take(MAX_MAND).take_while(independent).count() } else { 1 };
        let run = start..start + length.max(1);
        start = run.end;
        Some(run)
    })
}

fn and_operands(gates: &[Gate]) -> impl Iterator<Item = (WireId, WireId)> {
    gates.iter().filter_map(|gate| match gate {
        Gate::And(left, right) => Some((*left, *right)),
        _ => None,
    })
}
