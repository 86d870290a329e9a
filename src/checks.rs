//! What a session asks of its caller before anything is sent.

use halfgate_circuits::{Group, Party, Values};
use halfgate_compiler::Program;
use halfgate_crypto::SessionId;

use crate::{Misuse, Value};

pub(crate) fn lanes(lanes: usize) -> Result<usize, Misuse> {
    if lanes == 0 { Err(Misuse::NoLanes) } else { Ok(lanes) }
}

/// Session ids differ between sessions and labels between parties of one process, so both are compared.
pub(crate) fn own_value(index: usize, value: &Value, sid: SessionId, own: Party) -> Result<(), Misuse> {
    if value.sid == sid && value.holder() == own { Ok(()) } else { Err(Misuse::ForeignValue { index }) }
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
    self::lanes(lanes)?;
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
