//! What BLIF files and Yosys's JSON have in common: cells that drive nets, in any order.

mod build;
mod error;
mod gates;
mod table;
mod words;

use std::collections::HashMap;

use halfgate_circuits::{Encoding, Party};

pub use error::{NetlistError, NetlistErrorKind};

pub(crate) use error::shown;
pub(crate) use gates::gate;
pub(crate) use table::Cover;
pub(crate) use words::{Signs, bitwise, word};

/// A wire of a netlist: known, or the net of this index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Constant(bool),
    Net(usize),
}

/// Inputs, outputs, and what lies between.
#[derive(Default)]
pub(crate) struct Netlist {
    pub(crate) inputs: Vec<Port>,
    pub(crate) outputs: Vec<Port>,
    pub(crate) cells: Vec<Cell>,
    /// The name of each net, for messages.
    pub(crate) nets: Vec<String>,
}

/// A value that goes in or comes out, least significant bit first.
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) bits: Vec<Signal>,
    pub(crate) encoding: Encoding,
    /// Whose input it is, if the file says so.
    pub(crate) owner: Option<Party>,
}

/// Something that computes nets from other signals.
pub(crate) struct Cell {
    /// Where it comes from.
    pub(crate) place: Place,
    pub(crate) function: Function,
    /// The operands in the order that the function wants.
    pub(crate) operands: Vec<Vec<Signal>>,
    /// The nets it drives.
    pub(crate) result: Vec<usize>,
}

/// What a cell computes.
pub(crate) enum Function {
    /// One bit of one-bit operands.
    Gate(gates::Rule),
    /// One bit by a table over the bits of its operand.
    Table(Cover),
    /// A word.
    Word(words::Rule, words::Signs),
}

/// Where something stands: in the netlist, or in the source that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A line, counted from 1.
    Line(u64),
    /// As the netlist's author notes it, such as `bid.v:7.16-7.29`.
    Source(String),
    Unknown,
}

/// A cell as files have it: a type, and signals at named ports.
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) kind: String,
    pub(crate) ports: HashMap<String, Vec<Signal>>,
    /// `A_SIGNED` and `B_SIGNED`, where the file says so.
    pub(crate) signed: [bool; 2],
}

impl Instance {
    /// The name and the type, for messages.
    pub(crate) fn shown(&self) -> String {
        format!("cell `{}` of type `{}`", shown(&self.name), shown(&self.kind))
    }

    pub(crate) fn error(&self, file: &str, kind: NetlistErrorKind) -> NetlistError {
        NetlistError::new(file, self.place.clone(), kind)
    }

    /// The signals at a port, which must be there, and so many if a number is given.
    pub(crate) fn port(
        &self,
        file: &str,
        port: &str,
        needed: Option<usize>,
    ) -> Result<Vec<Signal>, NetlistError> {
        let bits = self.ports.get(port).cloned().unwrap_or_default();
        let fits = needed.map_or(!bits.is_empty(), |needed| bits.len() == needed);
        if fits {
            return Ok(bits);
        }
        let (cell, port, found) = (self.shown(), port.to_owned(), bits.len());
        Err(self.error(file, NetlistErrorKind::Width { cell, port, found, needed: needed.unwrap_or(1) }))
    }

    /// The nets that it drives at port `Y`.
    pub(crate) fn result(&self, file: &str) -> Result<Vec<usize>, NetlistError> {
        let bits = self.port(file, "Y", None)?;
        let nets = bits.iter().map(|&bit| match bit {
            Signal::Net(net) => Ok(net),
            Signal::Constant(value) => {
                let net = u8::from(value).to_string();
                Err(self.error(file, NetlistErrorKind::DrivenTwice { net }))
            }
        });
        nets.collect()
    }

    /// As cells of the netlist.
    pub(crate) fn into_cells(self, file: &str, words: bool) -> Result<Vec<Cell>, NetlistError> {
        if let Some((ports, rule)) = gate(&self.kind) {
            let operands =
                ports.iter().map(|port| self.port(file, port, Some(1))).collect::<Result<_, _>>()?;
            return Ok(vec![self.cell(Function::Gate(rule), operands, self.result(file)?)]);
        }
        match bitwise(&self.kind).filter(|_| words) {
            Some((gate, operands)) => self.bit_by_bit(file, gate, operands),
            None => self.into_word(file, words),
        }
    }

    fn cell(&self, function: Function, operands: Vec<Vec<Signal>>, result: Vec<usize>) -> Cell {
        Cell { place: self.place.clone(), function, operands, result }
    }

    fn bit_by_bit(&self, file: &str, name: &str, words: usize) -> Result<Vec<Cell>, NetlistError> {
        let (ports, rule) = gate(name).expect("bitwise cells are made of known gates");
        let result = self.result(file)?;
        let signed = self.signed[..words].iter().all(|&signed| signed);
        let mut operands = Vec::new();
        for (index, port) in ports.iter().enumerate() {
            operands.push(self.port(file, port, (index >= words).then_some(1))?);
        }
        let cells = result.iter().enumerate().map(|(bit, &net)| {
            let operand = |(index, signals): (usize, &Vec<Signal>)| match signals.get(bit) {
                _ if index >= words => vec![signals[0]],
                Some(&signal) => vec![signal],
                None if signed => vec![signals[signals.len() - 1]],
                None => vec![Signal::Constant(false)],
            };
            self.cell(Function::Gate(rule), operands.iter().enumerate().map(operand).collect(), vec![net])
        });
        Ok(cells.collect())
    }

    fn into_word(self, file: &str, words: bool) -> Result<Vec<Cell>, NetlistError> {
        let Some((ports, rule)) = word(&self.kind).filter(|_| words) else {
            let cell = self.shown();
            return Err(self.error(file, self.unknown(cell)));
        };
        let result = self.result(file)?;
        let operands = ports.iter().map(|port| self.port(file, port, None)).collect::<Result<Vec<_>, _>>()?;
        let needed = match self.kind.as_str() {
            "$pmux" => Some(("B", result.len().saturating_mul(operands[2].len()), operands[1].len())),
            "$bmux" if operands[1].len() >= 32 => Some(("S", 31, operands[1].len())),
            "$bmux" => Some(("A", result.len() << operands[1].len(), operands[0].len())),
            _ => None,
        };
        if let Some((port, needed, found)) = needed.filter(|(_, needed, found)| needed != found) {
            let (cell, port) = (self.shown(), port.to_owned());
            return Err(self.error(file, NetlistErrorKind::Width { cell, port, found, needed }));
        }
        let signs = Signs { a: self.signed[0], b: self.signed[1], width: result.len() };
        Ok(vec![self.cell(Function::Word(rule, signs), operands, result)])
    }

    /// Why a cell of this type cannot be computed.
    fn unknown(&self, cell: String) -> NetlistErrorKind {
        let state = ["ff", "dlatch", "_DFF", "_SDFF", "_ALDFF", "_DLATCH", "_SR_", "$sr", "$mem", "$fsm"];
        if self.kind.starts_with('$') && state.iter().any(|part| self.kind.contains(part)) {
            NetlistErrorKind::State { cell }
        } else if self.kind.starts_with('$') {
            NetlistErrorKind::UnknownCell { cell }
        } else {
            NetlistErrorKind::Hierarchy { cell }
        }
    }
}
