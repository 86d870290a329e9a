//! What this party puts in.

use halfgate::Values;
use halfgate::circuits::{Circuit, Group, Party};
use halfgate_meet::Ids;

use crate::failure::Failure;
use crate::source::Source;
use crate::tables::{self, Table};

/// This party's values and what it knows about the number of lanes.
pub(crate) struct Inputs {
    /// One entry per input group of the circuit, filled for those that this party owns.
    values: Vec<Option<Values>>,
    /// The number of lanes; nothing if only the peer knows.
    lanes: Option<u64>,
    /// The ids of the rows, if the table has a column of them.
    ids: Option<Ids>,
}

impl Inputs {
    /// Reads the table. A party without wires needs none.
    pub(crate) fn read(
        circuit: &Circuit,
        own: Party,
        source: Option<&Source>,
        id_column: Option<&str>,
    ) -> Result<Self, Failure> {
        let groups = groups_of(circuit, own);
        let owns_wires = groups.iter().any(|group| group.width > 0);
        let table = source.map(|source| tables::read(source, &groups, id_column)).transpose()?;
        match (table, source) {
            (Some(table), Some(source)) if owns_wires => Inputs::of_rows(circuit, own, table, source),
            _ if owns_wires => Err(missing(&groups, own)),
            _ => {
                // Without inputs the function has one value. Otherwise the peer has the rows.
                let lanes = (circuit.input_width() == 0).then_some(1);
                Ok(Inputs { values: circuit.inputs().iter().map(|_| None).collect(), lanes, ids: None })
            }
        }
    }

    fn of_rows(circuit: &Circuit, own: Party, table: Table, source: &Source) -> Result<Self, Failure> {
        let Table { values: table, ids } = table;
        let lanes = table.first().map_or(0, Values::lanes) as u64;
        if lanes == 0 {
            let reason = "the table has no rows; a run needs at least one";
            return Err(Failure::Input { name: source.name(), reason });
        }
        let mut table = table.into_iter();
        let values =
            circuit.inputs().iter().map(|input| if input.owner == own { table.next() } else { None });
        Ok(Inputs { values: values.collect(), lanes: Some(lanes), ids })
    }

    /// The number of lanes, if this party knows it.
    pub(crate) fn lanes(&self) -> Option<u64> {
        self.lanes
    }

    /// The ids of this party's rows, if its table has a column of them.
    pub(crate) fn ids(&self) -> Option<&Ids> {
        self.ids.as_ref()
    }

    /// Gives the empty groups of this party so many lanes, and hands out the values of each group.
    pub(crate) fn with_lanes(&mut self, circuit: &Circuit, own: Party, lanes: usize) -> Vec<Option<&Values>> {
        for (input, values) in circuit.inputs().iter().zip(&mut self.values) {
            if input.owner == own && values.is_none() {
                *values = Some(Values::new(input.group.width, lanes));
            }
        }
        self.values.iter().map(Option::as_ref).collect()
    }
}

/// The input groups of a party.
pub(crate) fn groups_of(circuit: &Circuit, party: Party) -> Vec<&Group> {
    circuit.inputs().iter().filter(|input| input.owner == party).map(|input| &input.group).collect()
}

fn missing(groups: &[&Group], own: Party) -> Failure {
    let groups = groups.iter().filter(|group| group.width > 0);
    let names = groups.map(|group| group.name.as_str()).collect::<Vec<_>>().join(",");
    Failure::Usage(format!(
        "the {own} has inputs ({names}): give a table with --input FILE, or - for standard input"
    ))
}
