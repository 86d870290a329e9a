use halfgate::{Session, Values};

use super::outputs::Outputs;
use super::verdict::{State, is_entitled};
use super::{Job, JobError};
use crate::journal::Record;

/// How far a job has come: what is done or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Batches that are done or lost.
    pub batches_done: usize,
    /// All batches.
    pub batches: usize,
    /// Rows of batches that are done or lost.
    pub rows_done: usize,
    /// All rows.
    pub rows: usize,
}

impl Job<'_> {
    /// Runs all batches that neither side has touched, in order, and calls `progress` before the first and after each.
    ///
    /// After an error the session has ended. The job can go on in another, from [`Job::agree`] on; so can one that is opened
    /// from the same journal by another process.
    ///
    /// # Errors
    /// If the session or the journal fails, or the sides have not agreed in this session.
    pub async fn run(
        &mut self,
        session: &mut Session,
        mut progress: impl FnMut(Progress),
    ) -> Result<(), JobError> {
        let (_, todo) =
            self.agreed.take().filter(|(sid, _)| *sid == session.id()).ok_or(JobError::NotAgreed)?;
        progress(self.progress());
        for batch in todo.iter() {
            match self.plan.batch {
                None => self.run_whole(session).await?,
                Some(_) => self.run_batch(session, batch as usize).await?,
            }
            progress(self.progress());
        }
        Ok(())
    }

    /// A job that is one run, as it would be without a job.
    async fn run_whole(&mut self, session: &mut Session) -> Result<(), JobError> {
        let plan = self.plan;
        self.states[0] = State::Opened;
        let outputs = session.run(plan.program, plan.rows, plan.inputs, plan.reveal).await?;
        if let Some(values) = outputs {
            self.states[0] = State::Held;
            self.outputs = Some(Outputs::whole(values));
        }
        Ok(())
    }

    async fn run_batch(&mut self, session: &mut Session, batch: usize) -> Result<(), JobError> {
        let (plan, rows) = (self.plan, self.rows_of(batch));
        let slices: Vec<Option<Values>> =
            plan.inputs.iter().map(|values| values.map(|values| values.slice(rows.clone()))).collect();
        let own: Vec<Option<&Values>> = slices.iter().map(Option::as_ref).collect();
        let (journal, state) = (&mut self.journal, &mut self.states[batch]);
        let before_opening = || {
            if let Some(journal) = journal {
                journal.append(&[Record::Opening(batch as u64)])?;
            }
            *state = State::Opened;
            Ok(())
        };
        let values = session.run_opening(plan.program, rows.len(), &own, plan.reveal, before_opening).await?;
        if let (Some(outputs), Some(values)) = (&mut self.outputs, values) {
            outputs.write(rows.start, &values);
            self.keep(batch, false)?;
        }
        Ok(())
    }

    /// Notes a result that has been written into the outputs.
    pub(super) fn keep(&mut self, batch: usize, resent: bool) -> Result<(), JobError> {
        debug_assert!(is_entitled(self.plan.own, self.plan.reveal), "a result for this side");
        self.states[batch] = State::Held;
        self.resent[batch] = resent;
        if let (Some(outputs), Some(_)) = (&self.outputs, &self.journal) {
            let values = outputs.bytes(&self.rows_of(batch));
            self.note(&[Record::Result { batch: batch as u64, resent, values }])?;
        }
        Ok(())
    }
}
