//! Netlists in BLIF, the Berkeley logic interchange format, as Yosys (`write_blif`) and ABC write them.
//!
//! `.model`, `.inputs`, `.outputs`, `.names` and Yosys's gates (`.subckt $_AND_`, `.gate`, `.conn`) are read; latches and
//! submodels are refused. Names such as `bid[3]` are bits of one group, in the order in which the file lists the groups,
//! least significant first by their numbers. The first input group is the garbler's and the others are the evaluator's.

use std::collections::HashMap;
use std::io::Read;

use halfgate_circuits::{Circuit, Encoding};

use crate::netlist::{
    Cell, Cover, Function, Instance, Netlist, NetlistError, NetlistErrorKind as Kind, Place, Port, Signal,
    shown,
};

/// Reads a netlist and makes a circuit of it.
///
/// ```
/// let blif = "
/// .model majority
/// .inputs a b[0] b[1]
/// .outputs y
/// .names a b[0] b[1] y
/// 11- 1
/// 1-1 1
/// -11 1
/// .end";
/// let circuit = halfgate_languages::blif::read(blif.as_bytes(), "majority.blif")?;
/// assert_eq!(circuit.inputs().len(), 2);
/// # Ok::<(), halfgate_languages::NetlistError>(())
/// ```
///
/// # Errors
/// If the file cannot be read, is no BLIF, or describes what is no combinational circuit. `file` names it in messages.
pub fn read(mut from: impl Read, file: &str) -> Result<Circuit, NetlistError> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)
        .map_err(|source| NetlistError::new(file, Place::Unknown, Kind::Read(source)))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut reading = Reading {
        file,
        nets: HashMap::new(),
        netlist: Netlist::default(),
        ports: [Vec::new(), Vec::new()],
        table: None,
    };
    for (line, words) in logical_lines(&text) {
        if !reading.line(line, &words)? {
            break;
        }
    }
    reading.finish()?.build(file)
}

/// Lines with their numbers: comments left out, and lines that end in `\` joined with the next.
fn logical_lines(text: &str) -> Vec<(u64, Vec<&str>)> {
    let mut lines: Vec<(u64, Vec<&str>)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim_end();
        let (line, continues) = line.strip_suffix('\\').map_or((line, false), |line| (line, true));
        match lines.last_mut().filter(|_| goes_on) {
            Some((_, words)) => words.extend(line.split_ascii_whitespace()),
            None => lines.push((number, line.split_ascii_whitespace().collect())),
        }
        goes_on = continues;
    }
    lines.retain(|(_, words)| !words.is_empty());
    lines
}

/// A `.names` whose rows may still come.
struct Table {
    line: u64,
    operands: Vec<Signal>,
    result: Signal,
    name: String,
    rows: Vec<Vec<Option<bool>>>,
    value: Option<bool>,
}

struct Reading<'a> {
    file: &'a str,
    nets: HashMap<String, usize>,
    netlist: Netlist,
    /// The bits of inputs and of outputs, as listed.
    ports: [Vec<String>; 2],
    table: Option<Table>,
}

impl Reading<'_> {
    /// Takes a line; false at the end of the model.
    fn line(&mut self, line: u64, words: &[&str]) -> Result<bool, NetlistError> {
        let [keyword, operands @ ..] = words else { return Ok(true) };
        if !keyword.starts_with('.') {
            self.row(line, words)?;
            return Ok(true);
        }
        self.end_table()?;
        let names = || operands.iter().map(|&name| name.to_owned());
        match *keyword {
            ".model" | ".attr" | ".cname" | ".param" | ".default_input_arrival" | ".area" => {}
            ".inputs" => self.ports[0].extend(names()),
            ".outputs" => self.ports[1].extend(names()),
            ".names" if !operands.is_empty() => self.begin_table(line, operands),
            ".conn" if operands.len() == 2 => self.connect(line, operands),
            ".subckt" | ".gate" if !operands.is_empty() => self.instance(line, operands)?,
            ".latch" | ".mlatch" => {
                let cell = format!("the latch `{}`", shown(operands.get(1).unwrap_or(&"")));
                return Err(self.error(line, Kind::State { cell }));
            }
            ".end" => return Ok(false),
            _ => return Err(self.error(line, Kind::Syntax { found: shown(keyword).to_string() })),
        }
        Ok(true)
    }

    fn begin_table(&mut self, line: u64, names: &[&str]) {
        let signals: Vec<_> = names.iter().map(|name| self.signal(name)).collect();
        let (&result, operands) = signals.split_last().expect("the caller looks that there is a name");
        let name = names.last().copied().unwrap_or_default().to_owned();
        let (rows, value) = (Vec::new(), None);
        self.table = Some(Table { line, operands: operands.to_vec(), result, name, rows, value });
    }

    /// A row of a table: what it asks of the inputs, and the value.
    fn row(&mut self, line: u64, words: &[&str]) -> Result<(), NetlistError> {
        let unexpected = self.error(line, Kind::Syntax { found: shown(words[0]).to_string() });
        let Some(table) = &mut self.table else { return Err(unexpected) };
        let (wanted, value) = match *words {
            [value] => ("", value),
            [wanted, value] => (wanted, value),
            _ => return Err(unexpected),
        };
        let row: Option<Vec<_>> = wanted.chars().map(want).collect();
        let value = want(value.chars().next().unwrap_or('?')).flatten().filter(|_| value.len() == 1);
        match (row, value) {
            (Some(row), Some(value))
                if row.len() == table.operands.len() && table.value.is_none_or(|before| before == value) =>
            {
                table.rows.push(row);
                table.value = Some(value);
                Ok(())
            }
            _ => {
                let cell = format!("`{}`", shown(&table.name));
                Err(self.error(line, Kind::Table { cell }))
            }
        }
    }

    /// A table without rows is zero everywhere.
    fn end_table(&mut self) -> Result<(), NetlistError> {
        let Some(Table { line, operands, result, name, rows, value }) = self.table.take() else {
            return Ok(());
        };
        let cover = Cover { inputs: operands.len(), rows, value: value.unwrap_or(true) };
        match result {
            Signal::Net(net) => {
                let function = Function::Table(cover);
                let cell =
                    Cell { place: Place::Line(line), function, operands: vec![operands], result: vec![net] };
                self.netlist.cells.push(cell);
                Ok(())
            }
            // Yosys writes the tables of its constants; any other would be a second driver.
            Signal::Constant(value)
                if operands.is_empty() && (cover.rows.is_empty() != value || name == "$undef") =>
            {
                Ok(())
            }
            Signal::Constant(_) => {
                let net = shown(&name).to_string();
                Err(self.error(line, Kind::DrivenTwice { net }))
            }
        }
    }

    /// `.conn A Y`: the second is the first.
    fn connect(&mut self, line: u64, names: &[&str]) {
        self.begin_table(line, names);
        if let Some(table) = &mut self.table {
            (table.rows, table.value) = (vec![vec![Some(true)]], Some(true));
        }
    }

    fn instance(&mut self, line: u64, words: &[&str]) -> Result<(), NetlistError> {
        let mut ports: HashMap<String, Vec<Signal>> = HashMap::new();
        for word in &words[1..] {
            let Some((port, net)) = word.split_once('=') else {
                return Err(self.error(line, Kind::Syntax { found: shown(word).to_string() }));
            };
            let signal = self.signal(net);
            ports.entry(port.to_owned()).or_default().push(signal);
        }
        let name = format!("line {line}");
        let instance =
            Instance { name, place: Place::Line(line), kind: words[0].to_owned(), ports, signed: [false; 2] };
        // BLIF does not say which words are signed.
        let cells = instance.into_cells(self.file, false)?;
        self.netlist.cells.extend(cells);
        Ok(())
    }

    fn signal(&mut self, name: &str) -> Signal {
        match name {
            "$true" => return Signal::Constant(true),
            "$false" | "$undef" => return Signal::Constant(false),
            _ => {}
        }
        if let Some(&net) = self.nets.get(name) {
            return Signal::Net(net);
        }
        let net = self.netlist.nets.len();
        self.nets.insert(name.to_owned(), net);
        self.netlist.nets.push(name.to_owned());
        Signal::Net(net)
    }

    fn finish(mut self) -> Result<Netlist, NetlistError> {
        self.end_table()?;
        let [inputs, outputs] = std::mem::take(&mut self.ports);
        if inputs.is_empty() && outputs.is_empty() {
            return Err(NetlistError::new(self.file, Place::Unknown, Kind::NoModule));
        }
        self.netlist.inputs = self.groups(&inputs);
        self.netlist.outputs = self.groups(&outputs);
        Ok(self.netlist)
    }

    fn groups(&mut self, names: &[String]) -> Vec<Port> {
        let mut groups: indexmap::IndexMap<&str, Vec<(u64, Signal)>> = indexmap::IndexMap::new();
        for name in names {
            let (stem, number) = numbered(name);
            let signal = self.signal(name);
            groups.entry(stem).or_default().push((number, signal));
        }
        let port = |(name, mut bits): (&str, Vec<(u64, Signal)>)| {
            bits.sort_by_key(|&(number, _)| number);
            let bits = bits.into_iter().map(|(_, signal)| signal).collect();
            Port { name: name.to_owned(), bits, encoding: Encoding::Uint, owner: None }
        };
        groups.into_iter().map(port).collect()
    }

    fn error(&self, line: u64, kind: Kind) -> NetlistError {
        NetlistError::new(self.file, Place::Line(line), kind)
    }
}

fn want(letter: char) -> Option<Option<bool>> {
    match letter {
        '0' => Some(Some(false)),
        '1' => Some(Some(true)),
        '-' => Some(None),
        _ => None,
    }
}

/// `bid[3]` is bit 3 of `bid`; any other name is a group of its own.
fn numbered(name: &str) -> (&str, u64) {
    let parts = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    match parts.and_then(|(stem, number)| Some((stem, number.parse().ok()?))) {
        Some((stem, number)) if !stem.is_empty() => (stem, number),
        _ => (name, 0),
    }
}
