//! The JSON of Yosys's `write_json`, as far as it says what is computed.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Deserialize;

/// A JSON object in the order of the file, which is the order of a module's ports.
type Entries<T> = IndexMap<String, T>;

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) modules: Entries<Module>,
}

#[derive(Deserialize)]
pub(super) struct Module {
    #[serde(default)]
    pub(super) attributes: HashMap<String, Parameter>,
    #[serde(default)]
    pub(super) ports: Entries<PortEntry>,
    #[serde(default)]
    pub(super) cells: Entries<CellEntry>,
    #[serde(default)]
    pub(super) netnames: Entries<WireEntry>,
}

#[derive(Deserialize)]
pub(super) struct PortEntry {
    pub(super) direction: String,
    #[serde(default)]
    pub(super) signed: u8,
    pub(super) bits: Vec<Wire>,
}

#[derive(Deserialize)]
pub(super) struct CellEntry {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) parameters: HashMap<String, Parameter>,
    #[serde(default)]
    pub(super) attributes: HashMap<String, Parameter>,
    pub(super) connections: HashMap<String, Vec<Wire>>,
}

#[derive(Deserialize)]
pub(super) struct WireEntry {
    pub(super) bits: Vec<Wire>,
    #[serde(default)]
    pub(super) signed: u8,
    #[serde(default)]
    pub(super) attributes: HashMap<String, Parameter>,
}

/// A bit of a signal: a net's number, or a string for a constant. Unknown bits are zeros.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawWire")]
pub(super) enum Wire {
    Net(u64),
    Zero,
    One,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawWire {
    Net(u64),
    Constant(String),
}

impl TryFrom<RawWire> for Wire {
    type Error = String;

    fn try_from(raw: RawWire) -> Result<Self, String> {
        match raw {
            RawWire::Net(number) => Ok(Wire::Net(number)),
            RawWire::Constant(text) => match text.as_str() {
                "1" => Ok(Wire::One),
                "0" | "x" => Ok(Wire::Zero),
                other => Err(format!("a wire is a number, \"0\", \"1\" or \"x\", not {other:?}")),
            },
        }
    }
}

/// A parameter or attribute: a string, of bits or of letters, or a number.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Parameter {
    Number(u64),
    Text(String),
}

impl Parameter {
    pub(super) fn text(&self) -> String {
        match self {
            Parameter::Number(number) => number.to_string(),
            Parameter::Text(text) => text.clone(),
        }
    }

    /// Whether it is a number other than zero.
    pub(super) fn is_set(&self) -> bool {
        match self {
            Parameter::Number(number) => *number != 0,
            Parameter::Text(text) => text.contains('1'),
        }
    }

    /// The bits of a string, least significant first.
    pub(super) fn bits(&self) -> Vec<bool> {
        match self {
            Parameter::Number(number) => (0..64).map(|bit| number >> bit & 1 == 1).collect(),
            Parameter::Text(text) => text.bytes().rev().map(|byte| byte == b'1').collect(),
        }
    }
}
