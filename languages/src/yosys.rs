//! Netlists in Yosys's JSON (`write_json`): Verilog, and all else that Yosys reads.
//!
//! Cells of one bit (`$_AND_`) and cells for words (`$add`) are known. Words are better: they become the library's
//! arithmetic. So let Yosys stop before it makes gates:
//!
//! ```text
//! yosys -p 'read_verilog bid.v; prep -flatten; write_json bid.json'
//! ```
//!
//! Ports become groups in the order in which the module lists them, `signed` ones as `int`. The first input is the
//! garbler's and the others are the evaluator's, unless an attribute says otherwise:
//! `(* party = "evaluator" *) input [31:0] bid`. Unknown bits (`x`) are zeros, and so are results that Verilog leaves
//! unknown, but for divisions by zero, which are the library's.

mod file;

use std::collections::HashMap;
use std::io::Read;

use halfgate_circuits::{Circuit, Encoding, Party};

use crate::netlist::{
    Cell, Cover, Function, Instance, Netlist, NetlistError, NetlistErrorKind as Kind, Place, Port, Signal,
    shown,
};
use file::{CellEntry, File, Module, PortEntry, Wire};

/// Reads a netlist and makes a circuit of its top module.
///
/// ```
/// let json = r#"{"modules": {"both": {
///     "ports": {
///         "a": {"direction": "input", "bits": [2]},
///         "b": {"direction": "input", "bits": [3]},
///         "y": {"direction": "output", "bits": [4]}},
///     "cells": {"gate": {"type": "$_AND_", "connections": {"A": [2], "B": [3], "Y": [4]}}}}}}"#;
/// let circuit = halfgate_languages::yosys::read(json.as_bytes(), "both.json")?;
/// assert_eq!(circuit.gates().len(), 1);
/// # Ok::<(), halfgate_languages::NetlistError>(())
/// ```
///
/// # Errors
/// If the file cannot be read, is no such JSON, or describes what is no combinational circuit. `file` names it in
/// messages.
pub fn read(mut from: impl Read, file: &str) -> Result<Circuit, NetlistError> {
    let error = |kind| NetlistError::new(file, Place::Unknown, kind);
    let mut text = Vec::new();
    from.read_to_end(&mut text).map_err(|source| error(Kind::Read(source)))?;
    let parsed: File = serde_json::from_slice(&text).map_err(|source| {
        let line = source.line() as u64;
        NetlistError::new(file, Place::Line(line), Kind::Json(source))
    })?;
    let module = top(&parsed).map_err(error)?;
    Reading { file, nets: HashMap::new(), netlist: Netlist::default() }.module(module)?.build(file)
}

fn top(file: &File) -> Result<&Module, Kind> {
    let marked = file.modules.values().find(|module| module.attributes.contains_key("top"));
    let only = || (file.modules.len() == 1).then(|| file.modules.values().next()).flatten();
    marked.or_else(only).ok_or_else(|| {
        let names: Vec<_> = file.modules.keys().take(8).map(|name| shown(name).to_string()).collect();
        if names.is_empty() { Kind::NoModule } else { Kind::NoTop { names: names.join(", ") } }
    })
}

struct Reading<'a> {
    file: &'a str,
    /// Net numbers of the file, which may be anything, as indices.
    nets: HashMap<u64, usize>,
    netlist: Netlist,
}

impl Reading<'_> {
    fn module(mut self, module: &Module) -> Result<Netlist, NetlistError> {
        for (name, wire) in &module.netnames {
            for (index, &bit) in wire.bits.iter().enumerate() {
                let known = self.nets.len();
                if let Signal::Net(net) = self.signal(bit)
                    && net == known
                {
                    self.netlist.nets[net] =
                        if wire.bits.len() == 1 { name.clone() } else { format!("{name}[{index}]") };
                }
            }
        }
        for (name, port) in &module.ports {
            self.port(name, port, module)?;
        }
        for (name, cell) in &module.cells {
            let cells = self.cell(name, cell)?;
            self.netlist.cells.extend(cells);
        }
        Ok(self.netlist)
    }

    fn signal(&mut self, wire: Wire) -> Signal {
        let Wire::Net(number) = wire else { return Signal::Constant(wire == Wire::One) };
        let next = self.nets.len();
        let net = *self.nets.entry(number).or_insert(next);
        if net == next {
            self.netlist.nets.push(format!("net {number}"));
        }
        Signal::Net(net)
    }

    fn signals(&mut self, wires: &[Wire]) -> Vec<Signal> {
        wires.iter().map(|&wire| self.signal(wire)).collect()
    }

    fn port(&mut self, name: &str, port: &PortEntry, module: &Module) -> Result<(), NetlistError> {
        let wire = module.netnames.get(name);
        let signed = port.signed != 0 || wire.is_some_and(|wire| wire.signed != 0);
        let encoding = if signed { Encoding::Int } else { Encoding::Uint };
        let attribute = wire.and_then(|wire| wire.attributes.get("party")).map(file::Parameter::text);
        let owner = match attribute.as_deref() {
            None => None,
            Some("garbler") => Some(Party::Garbler),
            Some("evaluator") => Some(Party::Evaluator),
            Some(other) => {
                let (port, owner) = (shown(name).to_string(), shown(other).to_string());
                return Err(NetlistError::new(self.file, Place::Unknown, Kind::Owner { port, owner }));
            }
        };
        let made = Port { name: name.to_owned(), bits: self.signals(&port.bits), encoding, owner };
        match port.direction.as_str() {
            "input" => self.netlist.inputs.push(made),
            "output" => self.netlist.outputs.push(made),
            _ => {
                let port = shown(name).to_string();
                return Err(NetlistError::new(self.file, Place::Unknown, Kind::Inout { port }));
            }
        }
        Ok(())
    }

    fn cell(&mut self, name: &str, cell: &CellEntry) -> Result<Vec<Cell>, NetlistError> {
        let place = cell.attributes.get("src").map_or(Place::Unknown, |source| Place::Source(source.text()));
        let ports =
            cell.connections.iter().map(|(port, wires)| (port.clone(), self.signals(wires))).collect();
        let signed =
            ["A_SIGNED", "B_SIGNED"].map(|key| cell.parameters.get(key).is_some_and(file::Parameter::is_set));
        let instance = Instance { name: name.to_owned(), place, kind: cell.kind.clone(), ports, signed };
        match cell.kind.as_str() {
            "$lut" => self.lut(cell, &instance).map(|cell| vec![cell]),
            // Notes of Yosys that compute nothing.
            "$scopeinfo" => Ok(Vec::new()),
            _ => instance.into_cells(self.file, true),
        }
    }

    fn lut(&self, cell: &CellEntry, instance: &Instance) -> Result<Cell, NetlistError> {
        let operand = instance.port(self.file, "A", None)?;
        let table = cell.parameters.get("LUT").map(file::Parameter::bits).unwrap_or_default();
        let entries = u32::try_from(operand.len()).ok().and_then(|width| 1_usize.checked_shl(width));
        if operand.len() > 24 || entries != Some(table.len()) {
            return Err(instance.error(self.file, Kind::Table { cell: instance.shown() }));
        }
        let function = Function::Table(Cover::of_table(operand.len(), &table));
        let result = instance.result(self.file)?;
        Ok(Cell { place: instance.place.clone(), function, operands: vec![operand], result })
    }
}
