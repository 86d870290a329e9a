//! What a server offers: a function, and its own rows.

use halfgate::Values;
use halfgate::channel::Agreement;
use halfgate_meet::{Questions, Seat, Subject};

use crate::args::ServeArgs;
use crate::deal::{self, Batches, Bounds, Deal, Draft, Parts};
use crate::failure::Failure;
use crate::inputs::From;

/// A deal that many guests make.
pub(crate) struct Offer {
    pub(crate) deal: Deal,
    /// The one row that each row of a guest meets.
    row: Option<Vec<Option<Values>>>,
}

impl Offer {
    pub(crate) fn new(args: &ServeArgs) -> Result<Self, Failure> {
        let choice = args.function.load_owned(&args.owners)?;
        let garbler = Seat::from(args.garbler);
        let mut deal = Deal::new(Draft {
            name: choice.text,
            function: choice.function,
            circuit: deal::seated(choice.circuit, garbler)?,
            program: choice.program,
            parts: Parts { seat: Seat::Host, garbler, reveal: deal::reveal(args.reveal, garbler) },
            security: args.mode.security()?,
            pool: None,
            inputs: From { source: args.input.as_ref(), id_column: args.id_column.as_deref() },
            // Sessions share the threads; none has some of its own.
            bounds: Bounds { lanes: args.quotas.max_rows.get(), threads: 1 },
            batches: Batches { batch: None, journal: None },
        })?;
        let row = match (args.broadcast, deal.inputs.lanes()) {
            (false, _) => None,
            (true, Some(1)) => {
                let row = deal.inputs.take_row();
                // A guest may have many rows.
                deal.try_out()?;
                Some(row)
            }
            (true, _) => {
                return Err(Failure::Usage("--broadcast takes an input of exactly one row".to_owned()));
            }
        };
        Ok(Offer { deal, row })
    }

    /// How many questions about the same row so many rows of a guest are.
    pub(crate) fn questions(&self, rows: u64) -> u64 {
        // Each row of a table meets one row of the guest.
        if self.deal.inputs.lanes().is_some() { 1 } else { rows }
    }

    /// The rows that a proposal is about.
    pub(crate) fn rows(&self, proposal: &Agreement) -> u64 {
        self.deal.inputs.lanes().or(proposal.number("lanes")).unwrap_or(1)
    }

    /// This side's rows that meet so many of a guest; nothing if the table has them.
    pub(crate) fn repeated(&self, lanes: usize) -> Option<Vec<Option<Values>>> {
        if self.deal.inputs.lanes().is_some() {
            return None;
        }
        let own = self.deal.parts.own();
        let inputs = self.deal.circuit.inputs().iter().enumerate();
        Some(
            inputs
                .map(|(group, input)| {
                    let row = self.row.as_ref().and_then(|row| row[group].as_ref());
                    (input.owner == own).then(|| repeat(row, input.group.width, lanes))
                })
                .collect(),
        )
    }

    /// The counts of questions about this offer.
    pub(crate) fn count_questions(&self, args: &ServeArgs) -> Result<Questions, Failure> {
        let values = match &self.row {
            Some(row) => row.iter().map(Option::as_ref).collect(),
            None => self.deal.inputs.values(),
        };
        let subject = Subject { circuit: &self.deal.circuit, own: self.deal.parts.own(), inputs: &values };
        Ok(Questions::open(args.quotas.state.as_deref(), subject)?)
    }
}

fn repeat(row: Option<&Values>, width: u32, lanes: usize) -> Values {
    let mut values = Values::new(width, lanes);
    if let Some(row) = row {
        (0..lanes).for_each(|lane| values.lane_mut(lane).copy_from_slice(row.lane(0)));
    }
    values
}
