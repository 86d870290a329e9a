use super::BristolErrorKind as Kind;
use super::Format;
use super::error::{Fault, Place};
use super::header::Header;
use super::plain::PlainLine;
use super::scanner::{Scanner, unless_binary};
use super::wires::{HEADROOM, WireMap};
use crate::{Circuit, Gate, Group, Input, Output, Party, WireId};

/// The gate lines of a file, on their way to a circuit.
pub(super) struct Gates {
    header: Header,
    wires: WireMap,
    gates: Vec<Gate>,
    /// Gate lines so far; an n-bit MAND is one line and n gates.
    lines: u64,
    /// Whether a faulty line may have written wires that are unknown.
    lost: bool,
}

impl Gates {
    pub(super) fn new(header: Header) -> Self {
        let wires = WireMap::new(header.inputs.iter().sum(), header.wires);
        // Memory that is never touched costs nothing, so room may follow the promise for a while; growing costs copies.
        let gates = Vec::with_capacity(header.gates.min(HEADROOM) as usize);
        Gates { header, wires, gates, lines: 0, lost: false }
    }

    pub(super) fn set_bytes_read(&mut self, bytes: u64) {
        self.wires.set_bytes_read(bytes);
    }

    /// Takes plain lines until something else comes, and be it a fault, and tells how many.
    pub(super) fn plain_lines(&mut self, scanner: &mut Scanner<'_>) -> u64 {
        let before = self.lines;
        while self.lines < self.header.gates
            && let Some(line) = scanner.window().and_then(PlainLine::parse)
            && self.plain(&line).is_some()
        {
            self.lines += 1;
            scanner.advance(line.length());
        }
        self.lines - before
    }

    /// Takes a plain line, unless the careful way has to look at it.
    #[inline]
    fn plain(&mut self, line: &PlainLine) -> Option<()> {
        match *line {
            PlainLine::Binary { is_and, reads: [a, b], out, .. } => {
                let (a, b) = (self.wires.find(a)?, self.wires.find(b)?);
                self.wires.define_near(out)?;
                self.gates.push(if is_and { Gate::And(a, b) } else { Gate::Xor(a, b) });
            }
            PlainLine::Unary { is_not, read, out, .. } => {
                let a = self.wires.find(read)?;
                self.wires.define_near(out)?;
                self.gates.push(if is_not { Gate::Not(a) } else { Gate::Copy(a) });
            }
        }
        Some(())
    }

    /// Takes one gate line.
    #[inline]
    pub(super) fn line(&mut self, numbers: &[u64], name: &[u8]) -> Result<(), Fault> {
        self.lines += 1;
        if self.lines == self.header.gates + 1 {
            return Err(Fault::new(0, Kind::TooManyGates { promised: self.header.gates }));
        }
        match (name, numbers) {
            (b"XOR", &[2, 1, a, b, out]) => self.binary(Gate::Xor, a, b, out),
            (b"AND", &[2, 1, a, b, out]) => self.binary(Gate::And, a, b, out),
            (b"INV" | b"NOT", &[1, 1, a, out]) => self.unary(Gate::Not, a, out),
            (b"EQW", &[1, 1, a, out]) => self.unary(Gate::Copy, a, out),
            (b"EQ", &[1, 1, bit @ (0 | 1), out]) => self.write(3, out, Gate::Constant(bit == 1)),
            (b"MAND", &[inputs, outputs, ref wires @ ..])
                if outputs > 0
                    && outputs.checked_mul(2) == Some(inputs)
                    && outputs.checked_mul(3) == Some(wires.len() as u64) =>
            {
                self.many(wires, outputs as usize)
            }
            _ => Err(explain(name, numbers)),
        }
    }

    /// Counts a line that could not even be taken apart.
    pub(super) fn count_line(&mut self) {
        self.lines += 1;
    }

    /// After a fault, defines the wires that the line would have written, so that those who read them do not look
    /// faulty, too.
    pub(super) fn recover(&mut self, numbers: &[u64]) {
        match numbers {
            [inputs, outputs, wires @ ..] if inputs.checked_add(*outputs) == Some(wires.len() as u64) => {
                for out in &wires[*inputs as usize..] {
                    self.lost |= self.wires.define(*out).is_err();
                }
            }
            _ => self.lost = true,
        }
    }

    #[inline]
    fn binary(&mut self, gate: fn(WireId, WireId) -> Gate, a: u64, b: u64, out: u64) -> Result<(), Fault> {
        let a = self.wires.get(a).map_err(|kind| Fault::new(2, kind))?;
        let b = self.wires.get(b).map_err(|kind| Fault::new(3, kind))?;
        self.write(4, out, gate(a, b))
    }

    #[inline]
    fn unary(&mut self, gate: fn(WireId) -> Gate, a: u64, out: u64) -> Result<(), Fault> {
        let a = self.wires.get(a).map_err(|kind| Fault::new(2, kind))?;
        self.write(3, out, gate(a))
    }

    #[inline]
    fn write(&mut self, token: usize, out: u64, gate: Gate) -> Result<(), Fault> {
        self.wires.define(out).map_err(|kind| Fault::new(token, kind))?;
        self.gates.push(gate);
        Ok(())
    }

    /// `count` ANDs on one line: all first operands, all second operands, all outputs. Every operand is looked up
    /// before any output is defined: the line cannot read what it writes.
    fn many(&mut self, wires: &[u64], count: usize) -> Result<(), Fault> {
        let (operands, outs) = wires.split_at(2 * count);
        let (left, right) = operands.split_at(count);
        for (k, (a, b)) in left.iter().zip(right).enumerate() {
            let a = self.wires.get(*a).map_err(|kind| Fault::new(2 + k, kind))?;
            let b = self.wires.get(*b).map_err(|kind| Fault::new(2 + count + k, kind))?;
            self.gates.push(Gate::And(a, b));
        }
        for (k, out) in outs.iter().enumerate() {
            self.wires.define(*out).map_err(|kind| Fault::new(2 + 2 * count + k, kind))?;
        }
        Ok(())
    }

    /// What only the end of the file shows.
    pub(super) fn faults_at_end(&self, end: Place, bytes: u64) -> impl Iterator<Item = Fault> {
        let Header { gates: promised, wires, wires_place, outputs_place, .. } = self.header;
        let too_few = (self.lines < promised).then_some(Kind::TooFewGates { promised, found: self.lines });
        let too_many_wires = (u64::from(wires) > HEADROOM.saturating_add(bytes))
            .then_some(Kind::WiresExceedFile { wires, bytes });
        // Without all gates, undefined outputs tell nothing new; with too many wires, there is no end to them.
        let look_at_outputs = !self.lost && too_few.is_none() && too_many_wires.is_none();
        let outputs = if look_at_outputs { self.output_wires() } else { 0..0 };
        let undefined = outputs.filter(|wire| self.wires.get(u64::from(*wire)).is_err());
        let too_many_wires = too_many_wires.map(|kind| Fault::at(wires_place, kind));
        let too_few = too_few.map(|kind| Fault::at(end, kind));
        too_many_wires
            .into_iter()
            .chain(too_few)
            .chain(undefined.map(move |wire| Fault::at(outputs_place, Kind::OutputUndefined { wire })))
    }

    /// The circuit of a file without faults.
    pub(super) fn into_circuit(self) -> (Circuit, Format) {
        let mut outputs = Vec::with_capacity(self.header.outputs.len());
        let mut wires = self.output_wires().map_while(|wire| self.wires.get(wire.into()).ok());
        for (index, &width) in self.header.outputs.iter().enumerate() {
            let group = Group::uint(format!("out{index}"), width);
            outputs.push(Output { group, wires: wires.by_ref().take(width as usize).collect() });
        }
        drop(wires);
        let inputs = self.header.inputs.iter().enumerate().map(|(index, &width)| Input {
            group: Group::uint(format!("in{index}"), width),
            owner: if index == 0 { Party::Garbler } else { Party::Evaluator },
        });
        let circuit = Circuit::new(inputs.collect(), self.gates, outputs);
        (circuit.expect("the wire map gave out only wires defined before"), self.header.format)
    }

    /// The numbers of the output wires in the file: the last ones.
    fn output_wires(&self) -> std::ops::Range<u32> {
        self.header.wires - self.header.outputs.iter().sum::<u32>()..self.header.wires
    }
}

/// What is wrong with a gate line whose name and numbers suit no gate.
#[cold]
fn explain(name: &[u8], numbers: &[u64]) -> Fault {
    const NAMES: [&str; 7] = ["XOR", "AND", "INV", "NOT", "EQ", "EQW", "MAND"];
    if name.is_empty() {
        return Fault::new(numbers.len(), Kind::GateNameMissing);
    }
    let Some(gate) = NAMES.into_iter().find(|gate| gate.as_bytes() == name) else {
        return Fault::new(numbers.len(), unless_binary(name, |found| Kind::UnknownGate { found }));
    };
    let &[inputs, outputs, ref wires @ ..] = numbers else {
        return Fault::new(numbers.len(), Kind::GateLengthMissing);
    };
    let suits = match gate {
        "XOR" | "AND" => [inputs, outputs] == [2, 1],
        "MAND" => outputs > 0 && outputs.checked_mul(2) == Some(inputs),
        _ => [inputs, outputs] == [1, 1],
    };
    let promised = inputs.saturating_add(outputs);
    if !suits {
        Fault::new(0, Kind::Arity { gate, inputs, outputs })
    } else if promised != wires.len() as u64 {
        let first_wrong = wires.len().min(usize::try_from(promised).unwrap_or(usize::MAX));
        Fault::new(2 + first_wrong, Kind::WireCount { promised, found: wires.len() })
    } else {
        // Only EQ looks at a number before it suits.
        Fault::new(2, Kind::NotAConstant { found: wires[0] })
    }
}
