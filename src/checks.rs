//! What a session asks of its caller before anything is sent.

use halfgate_circuits::{Group, Party, Values};
use halfgate_compiler::Program;
use halfgate_crypto::SessionId;

use crate::{Misuse, Value};

/// The most labels that one value may have: 64 GiB of them. A number of lanes may be a peer's word.
const MOST_LABELS: u64 = 1 << 32;

/// The most output bits that a run may have: 64 GiB of them.
const MOST_BITS: u64 = 1 << 39;

/// The lanes of a value that may be made.
pub(crate) fn size(width: u32, lanes: usize) -> Result<usize, Misuse> {
    bounded(u64::from(width), lanes, MOST_LABELS)
}

fn bounded(wires: u64, lanes: usize, most: u64) -> Result<usize, Misuse> {
    if lanes == 0 {
        return Err(Misuse::NoLanes);
    }
    let bits = wires.max(1).checked_mul(lanes as u64);
    if bits.is_some_and(|bits| bits <= most) { Ok(lanes) } else { Err(Misuse::TooLarge { wires, lanes }) }
}

/// Session ids differ between sessions and labels between parties of one process, so both are compared.
pub(crate) fn own_value(index: usize, value: &Value, sid: SessionId, own: Party) -> Result<(), Misuse> {
    if value.sid == sid && value.holder == own { Ok(()) } else { Err(Misuse::ForeignValue { index }) }
}

/// The lanes of a call, if the values fit the program.
pub(crate) fn call(
    program: &Program,
    inputs: &[&Value],
    sid: SessionId,
    own: Party,
) -> Result<usize, Misuse> {
    count(program, inputs.len())?;
    let lanes = inputs.first().map_or(1, |value| value.lanes());
    for (index, (value, input)) in inputs.iter().zip(program.inputs()).enumerate() {
        own_value(index, value, sid, own)?;
        shape(&input.group, value.width(), value.lanes(), lanes)?;
    }
    Ok(lanes)
}

pub(crate) fn run(
    program: &Program,
    lanes: usize,
    values: &[Option<&Values>],
    own: Party,
) -> Result<(), Misuse> {
    count(program, values.len())?;
    self::lanes(program, lanes)?;
    for (values, input) in values.iter().zip(program.inputs()) {
        let group = || input.group.name.clone();
        match values {
            None if input.owner == own => return Err(Misuse::MissingInput { group: group() }),
            Some(_) if input.owner != own => return Err(Misuse::PeersInput { group: group() }),
            Some(values) => shape(&input.group, values.width() as usize, values.lanes(), lanes)?,
            None => {}
        }
    }
    Ok(())
}

/// Whether a run may have so many lanes.
pub(crate) fn lanes(program: &Program, lanes: usize) -> Result<usize, Misuse> {
    // Values take whole words per lane.
    let words = program.outputs().iter().map(|output| output.bits.len().div_ceil(64) as u64);
    bounded(64 * words.sum::<u64>(), lanes, MOST_BITS)
}

fn count(program: &Program, got: usize) -> Result<(), Misuse> {
    let expected = program.inputs().len();
    if got == expected { Ok(()) } else { Err(Misuse::InputCount { expected, got }) }
}

fn shape(group: &Group, width: usize, got: usize, lanes: usize) -> Result<(), Misuse> {
    let name = || group.name.clone();
    if width != group.width as usize {
        return Err(Misuse::InputWidth { group: name(), expected: group.width as usize, got: width });
    }
    if got != lanes {
        return Err(Misuse::InputLanes { group: name(), expected: lanes, got });
    }
    Ok(())
}
