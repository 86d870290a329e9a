//! From a netlist to a circuit.

use halfgate_circuits::{Bit, BitOrder, Builder, Circuit, Group, Party};

use super::error::shown;
use super::{Cell, Function, Netlist, NetlistError, NetlistErrorKind as Kind, Place, Port, Signal};

/// Who drives a net.
#[derive(Clone, Copy)]
enum Driver {
    Nobody,
    Input,
    Cell(usize),
}

/// How far a cell is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// Waits for its operands.
    Begun,
    Done,
}

impl Netlist {
    /// Computes what the outputs need, in an order that follows from the outputs.
    pub(crate) fn build(&self, file: &str) -> Result<Circuit, NetlistError> {
        let builder = Builder::new();
        let mut making = Making {
            netlist: self,
            file,
            builder: &builder,
            bits: vec![None; self.nets.len()],
            drivers: Vec::new(),
        };
        making.drivers = making.drivers()?;
        making.inputs();
        making.cells()?;
        for port in &self.outputs {
            let bits = port.bits.iter().map(|&signal| making.bit(signal)).collect::<Vec<_>>();
            builder.output(group(port), &bits);
        }
        builder.finish().map_err(|error| NetlistError::new(file, Place::Unknown, Kind::Circuit(error)))
    }
}

struct Making<'b, 'n> {
    netlist: &'n Netlist,
    file: &'n str,
    builder: &'b Builder,
    bits: Vec<Option<Bit<'b>>>,
    drivers: Vec<Driver>,
}

impl<'b> Making<'b, '_> {
    fn drivers(&self) -> Result<Vec<Driver>, NetlistError> {
        let mut drivers = vec![Driver::Nobody; self.netlist.nets.len()];
        let mut drive = |net: usize, driver, place: &Place| match drivers[net] {
            Driver::Nobody => {
                drivers[net] = driver;
                Ok(())
            }
            _ => Err(self.error(place.clone(), |net| Kind::DrivenTwice { net }, net)),
        };
        for signal in self.netlist.inputs.iter().flat_map(|port| &port.bits) {
            if let &Signal::Net(net) = signal {
                drive(net, Driver::Input, &Place::Unknown)?;
            }
        }
        for (index, cell) in self.netlist.cells.iter().enumerate() {
            cell.result.iter().try_for_each(|&net| drive(net, Driver::Cell(index), &cell.place))?;
        }
        Ok(drivers)
    }

    /// The first input is the garbler's and all others the evaluator's, unless the file says otherwise.
    fn inputs(&mut self) {
        for (index, port) in self.netlist.inputs.iter().enumerate() {
            let usual = if index == 0 { Party::Garbler } else { Party::Evaluator };
            let bits = self.builder.input(group(port), port.owner.unwrap_or(usual));
            for (&signal, &bit) in port.bits.iter().zip(bits.iter()) {
                if let Signal::Net(net) = signal {
                    self.bits[net] = Some(bit);
                }
            }
        }
    }

    /// Depth first and without recursion: netlists are deep.
    fn cells(&mut self) -> Result<(), NetlistError> {
        let netlist = self.netlist;
        let mut states = vec![State::New; netlist.cells.len()];
        let mut stack = Vec::new();
        for signal in netlist.outputs.iter().flat_map(|port| &port.bits) {
            stack.extend(self.open(*signal, Place::Unknown)?);
            while let Some(&index) = stack.last() {
                let cell = &netlist.cells[index];
                if states[index] != State::New {
                    stack.pop();
                    if states[index] == State::Begun {
                        states[index] = State::Done;
                        self.compute(cell);
                    }
                    continue;
                }
                states[index] = State::Begun;
                for &operand in cell.operands.iter().flatten() {
                    let Some(needed) = self.open(operand, cell.place.clone())? else { continue };
                    if states[needed] == State::Begun {
                        let net = cell.result.first().copied().unwrap_or_default();
                        return Err(self.error(cell.place.clone(), |net| Kind::Loop { net }, net));
                    }
                    stack.push(needed);
                }
            }
        }
        Ok(())
    }

    /// The cell that must be computed before the signal is known.
    fn open(&self, signal: Signal, place: Place) -> Result<Option<usize>, NetlistError> {
        let Signal::Net(net) = signal else { return Ok(None) };
        match self.drivers[net] {
            _ if self.bits[net].is_some() => Ok(None),
            Driver::Cell(cell) => Ok(Some(cell)),
            Driver::Nobody | Driver::Input => Err(self.error(place, |net| Kind::Undriven { net }, net)),
        }
    }

    fn compute(&mut self, cell: &Cell) {
        let operands: Vec<_> = cell
            .operands
            .iter()
            .map(|bits| self.builder.bits(bits.iter().map(|&signal| self.bit(signal)).collect::<Vec<_>>()))
            .collect();
        let results = match &cell.function {
            Function::Gate(rule) => {
                let bits: Vec<_> = operands.iter().map(|bits| bits[0]).collect();
                self.builder.bits([rule(&bits)])
            }
            Function::Table(cover) => self.builder.bits([cover.build(self.builder, &operands[0])]),
            Function::Word(rule, signs) => rule(self.builder, &operands, *signs),
        };
        for (&net, &bit) in cell.result.iter().zip(results.iter()) {
            self.bits[net] = Some(bit);
        }
    }

    fn bit(&self, signal: Signal) -> Bit<'b> {
        match signal {
            Signal::Constant(value) => self.builder.constant(value),
            Signal::Net(net) => self.bits[net].expect("the cell that drives it has been computed"),
        }
    }

    fn error(&self, place: Place, kind: impl Fn(String) -> Kind, net: usize) -> NetlistError {
        NetlistError::new(self.file, place, kind(shown(&self.netlist.nets[net]).to_string()))
    }
}

fn group(port: &Port) -> Group {
    let width = u32::try_from(port.bits.len()).expect("a port of 2^32 wires does not fit in memory");
    Group { encoding: port.encoding, order: BitOrder::LsbFirst, ..Group::uint(port.name.as_str(), width) }
}
