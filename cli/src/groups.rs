//! Options about value groups: whose they are, how their values are written.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use halfgate::circuits::{BitOrder, Circuit, Encoding, Group, Party};

use crate::args::GroupArgs;
use crate::failure::Failure;

/// A list of input groups, each an index or a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupList(Vec<String>);

impl fmt::Display for GroupList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

impl FromStr for GroupList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(GroupList(Vec::new()));
        }
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        if names.iter().any(String::is_empty) {
            return Err("expected indices or names with commas between, such as 0,2".to_owned());
        }
        Ok(GroupList(names))
    }
}

/// `GROUP=ENCODING` or `GROUP=ENCODING,msb-first`.
#[derive(Clone)]
pub(crate) struct EncodingOption {
    group: String,
    encoding: Encoding,
    order: BitOrder,
}

impl FromStr for EncodingOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            "expected GROUP=uint, int, bytes or bits, with `,msb-first` if the first wire is the top bit";
        let (group, written) = text.rsplit_once('=').ok_or(expected)?;
        let (encoding, order) = written.split_once(',').unwrap_or((written, "lsb-first"));
        let encoding = match encoding {
            "uint" => Encoding::Uint,
            "int" => Encoding::Int,
            "bytes" => Encoding::Bytes,
            "bits" => Encoding::Bits,
            _ => return Err(expected.to_owned()),
        };
        let order = match order {
            "lsb-first" => BitOrder::LsbFirst,
            "msb-first" => BitOrder::MsbFirst,
            _ => return Err(expected.to_owned()),
        };
        Ok(EncodingOption { group: group.to_owned(), encoding, order })
    }
}

/// Applies all options of a command to a circuit.
pub(crate) fn apply(circuit: Circuit, args: &GroupArgs) -> Result<Circuit, Failure> {
    let owners = &args.owners;
    let circuit = apply_owners(circuit, owners.garbler_groups.as_ref(), owners.evaluator_groups.as_ref())?;
    apply_encodings(circuit, &args.encodings.encodings)
}

/// Gives the groups of each list to their party; those that no list names go to the other one.
pub(crate) fn apply_owners(
    mut circuit: Circuit,
    garbler: Option<&GroupList>,
    evaluator: Option<&GroupList>,
) -> Result<Circuit, Failure> {
    let listed = |list: Option<&GroupList>| list.map(|list| indices(&circuit, list)).transpose();
    let (garbler, evaluator) = (listed(garbler)?, listed(evaluator)?);
    if garbler.is_none() && evaluator.is_none() {
        return Ok(circuit);
    }
    for index in 0..circuit.inputs().len() {
        let lists = |list: &Option<HashSet<usize>>| list.as_ref().map(|list| list.contains(&index));
        let owner = match (lists(&garbler), lists(&evaluator)) {
            (Some(true), None | Some(false)) | (None, Some(false)) => Party::Garbler,
            (None | Some(false), Some(true)) | (Some(false), None) => Party::Evaluator,
            (garblers, _) => {
                let group = &circuit.inputs()[index].group.name;
                let lists = if garblers == Some(true) { "both" } else { "neither" };
                return Err(Failure::Usage(format!(
                    "input group {index} (`{group}`) is in {lists} of --garbler-groups and --evaluator-groups; \
                     every group has one owner (one of the two options is enough)"
                )));
            }
        };
        circuit = circuit.with_owner(index, owner).map_err(Failure::NotACircuit)?;
    }
    Ok(circuit)
}

fn indices(circuit: &Circuit, list: &GroupList) -> Result<HashSet<usize>, Failure> {
    let inputs: Vec<&Group> = circuit.inputs().iter().map(|input| &input.group).collect();
    let index = |name: &String| {
        position(&inputs, name)
            .or_else(|| name.parse().ok().filter(|index| *index < inputs.len()))
            .ok_or_else(|| {
                let names = names(&inputs);
                Failure::Usage(format!("there is no input group `{name}`; the circuit has {names}"))
            })
    };
    list.0.iter().map(index).collect()
}

/// Sets how the values of some groups are written.
pub(crate) fn apply_encodings(mut circuit: Circuit, options: &[EncodingOption]) -> Result<Circuit, Failure> {
    for option in options {
        let inputs: Vec<&Group> = circuit.inputs().iter().map(|input| &input.group).collect();
        let outputs: Vec<&Group> = circuit.outputs().iter().map(|output| &output.group).collect();
        let name = &option.group;
        // A name comes first: that of another group may look like a position.
        let places = match (position(&inputs, name), position(&outputs, name)) {
            (None, None) => (numbered(&inputs, name, "in"), numbered(&outputs, name, "out")),
            places => places,
        };
        let (encoding, order) = (option.encoding, option.order);
        circuit = match places {
            (Some(input), None) => circuit.with_input_encoding(input, encoding, order),
            (None, Some(output)) => circuit.with_output_encoding(output, encoding, order),
            (Some(input), Some(output)) => {
                return Err(Failure::Usage(format!(
                    "--encoding {name}: an input and an output have this name; write in{input} or out{output}"
                )));
            }
            (None, None) => {
                let (inputs, outputs) = (names(&inputs), names(&outputs));
                return Err(Failure::Usage(format!(
                    "--encoding {name}: there is no such group; inputs: {inputs}; outputs: {outputs}"
                )));
            }
        }
        .map_err(Failure::NotACircuit)?;
    }
    Ok(circuit)
}

fn position(groups: &[&Group], name: &str) -> Option<usize> {
    groups.iter().position(|group| group.name == name)
}

fn numbered(groups: &[&Group], name: &str, prefix: &str) -> Option<usize> {
    name.strip_prefix(prefix)?.parse().ok().filter(|index| *index < groups.len())
}

fn names(groups: &[&Group]) -> String {
    match groups {
        [] => "none".to_owned(),
        groups => groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", "),
    }
}
