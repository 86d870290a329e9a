//! What this party puts in.

use halfgate::Values;
use halfgate::circuits::{Circuit, Group, Party, parse_literal};
use halfgate_meet::{Exposed, Ids};

use crate::failure::Failure;
use crate::notes;
use crate::question::Person;
use crate::source::Source;
use crate::tables::{self, Table};

/// This party's values and what it knows about the number of lanes.
pub(crate) struct Inputs {
    /// One entry per input group of the circuit, filled for those that this party owns.
    values: Vec<Option<Values>>,
    /// The number of lanes; nothing if only the peer knows.
    lanes: Option<u64>,
    ids: Option<Ids>,
}

/// Where the values come from, as the command line says.
#[derive(Clone, Copy)]
pub(crate) struct From<'a> {
    pub(crate) source: Option<&'a Source>,
    pub(crate) id_column: Option<&'a str>,
}

impl Inputs {
    /// Reads the table, or asks for one row of it. A party without wires needs none.
    pub(crate) fn read(circuit: &Circuit, own: Party, from: From<'_>) -> Result<Self, Failure> {
        let groups = groups_of(circuit, own);
        let owns_wires = groups.iter().any(|group| group.width > 0);
        if let Some(Source::File(path)) = from.source
            && let Ok(Some(warning)) = Exposed::check(path)
        {
            notes::say(format_args!("warning: {warning}"));
        }
        let table = from.source.map(|source| tables::read(source, &groups, from.id_column)).transpose()?;
        match (table, from.source) {
            (Some(table), Some(source)) if owns_wires => {
                Inputs::of_table(circuit, own, table, &source.name())
            }
            _ if owns_wires => match Person::find() {
                Some(person) if from.id_column.is_none() => {
                    Inputs::of_table(circuit, own, ask(person, &groups)?, "the answers")
                }
                _ => Err(missing(&groups, own)),
            },
            _ => {
                // Without inputs the function has one value. Otherwise the peer has the rows.
                let lanes = (circuit.input_width() == 0).then_some(1);
                Ok(Inputs { values: circuit.inputs().iter().map(|_| None).collect(), lanes, ids: None })
            }
        }
    }

    fn of_table(circuit: &Circuit, own: Party, table: Table, name: &str) -> Result<Self, Failure> {
        let lanes = table.values.first().map_or(0, Values::lanes) as u64;
        if lanes == 0 {
            let reason = "the table has no rows; a run needs at least one";
            return Err(Failure::Input { name: name.to_owned(), reason });
        }
        let mut columns = table.values.into_iter();
        let values =
            circuit.inputs().iter().map(|input| if input.owner == own { columns.next() } else { None });
        Ok(Inputs { values: values.collect(), lanes: Some(lanes), ids: table.ids })
    }

    /// The ids of the rows, if the table has them.
    pub(crate) fn ids(&self) -> Option<&Ids> {
        self.ids.as_ref()
    }

    /// The number of lanes, if this party knows it.
    pub(crate) fn lanes(&self) -> Option<u64> {
        self.lanes
    }

    /// Gives the empty groups of this party so many lanes.
    pub(crate) fn fill(&mut self, circuit: &Circuit, own: Party, lanes: usize) {
        for (input, values) in circuit.inputs().iter().zip(&mut self.values) {
            if input.owner == own && values.is_none() {
                *values = Some(Values::new(input.group.width, lanes));
            }
        }
    }

    /// Takes the one row out, for a run with as many rows as the peer has.
    pub(crate) fn take_row(&mut self) -> Vec<Option<Values>> {
        self.lanes = None;
        self.values.iter_mut().map(Option::take).collect()
    }

    /// The values of each group that is this party's.
    pub(crate) fn values(&self) -> Vec<Option<&Values>> {
        self.values.iter().map(Option::as_ref).collect()
    }
}

/// The input groups of a party.
pub(crate) fn groups_of(circuit: &Circuit, party: Party) -> Vec<&Group> {
    circuit.inputs().iter().filter(|input| input.owner == party).map(|input| &input.group).collect()
}

/// One row, value by value, from the person at the terminal, who is asked again after a mistake.
fn ask(person: Person, groups: &[&Group]) -> Result<Table, Failure> {
    let mut values: Vec<Values> = groups.iter().map(|group| Values::new(group.width, 1)).collect();
    for (group, value) in groups.iter().zip(&mut values).filter(|(group, _)| group.width > 0) {
        loop {
            let prompt = match &group.shape {
                Some(shape) => format!("{} ({shape}): ", group.name),
                None => format!("{}: ", group.name),
            };
            let text = person.line_now(&prompt)?;
            match parse_literal(group, text.trim(), value.lane_mut(0)) {
                Ok(()) => break,
                Err(error) => notes::say(format_args!("{error}; once more")),
            }
        }
    }
    Ok(Table { values, ids: None })
}

fn missing(groups: &[&Group], own: Party) -> Failure {
    let groups = groups.iter().filter(|group| group.width > 0);
    let names = groups.map(|group| group.name.as_str()).collect::<Vec<_>>().join(",");
    Failure::Usage(format!(
        "the {own} has inputs ({names}): give a table with --input FILE, or - for standard input"
    ))
}
