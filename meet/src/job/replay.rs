//! From the records of a journal to where the job stands.

use super::verdict::{State, is_entitled};
use super::{Job, JobError};
use crate::journal::{Journal, Record};

impl Job<'_> {
    /// Takes in what the journal says has happened.
    pub(super) fn replay(&mut self, journal: &mut Journal) -> Result<(), JobError> {
        for (offset, record) in journal.take_past() {
            self.take_in(record).map_err(|what| journal.damaged(offset, what))?;
        }
        Ok(())
    }

    /// One record, which has to be possible after those before it.
    fn take_in(&mut self, record: Record) -> Result<(), &'static str> {
        match record {
            Record::Header(_) => return Err("it says twice of which job it is"),
            Record::Finished => {}
            Record::Opening(batch) => match self.state(batch)? {
                state @ State::Untouched => *state = State::Opened,
                _ => return Err("it opens a batch twice"),
            },
            Record::Lost(batches) => {
                for batch in batches {
                    let place = self.state(batch)?;
                    if std::mem::replace(place, State::Lost) == State::Held {
                        self.forget(batch as usize);
                    }
                }
            }
            Record::Result { batch, resent, values } => {
                match self.state(batch)? {
                    state @ State::Opened => *state = State::Held,
                    _ => return Err("it has the result of a batch that was not opened, or has two"),
                }
                let rows = self.rows_of(batch as usize);
                let read = self.outputs.as_mut().is_some_and(|outputs| outputs.read(&rows, &values));
                if !read || !is_entitled(self.plan.own, self.plan.reveal) {
                    return Err("it has a result that is none of this program for this side");
                }
                self.resent[batch as usize] = resent;
            }
        }
        Ok(())
    }

    fn state(&mut self, batch: u64) -> Result<&mut State, &'static str> {
        let place = usize::try_from(batch).ok().and_then(|batch| self.states.get_mut(batch));
        place.ok_or("it names a batch that the job does not have")
    }

    /// Wipes a result that is of no use.
    pub(super) fn forget(&mut self, batch: usize) {
        let rows = self.rows_of(batch);
        self.resent[batch] = false;
        if let Some(outputs) = &mut self.outputs {
            outputs.clear(&rows);
        }
    }
}
