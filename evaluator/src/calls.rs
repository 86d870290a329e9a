use std::sync::Arc;

use halfgate_channel::{Channel, Kind, Length};
use halfgate_compiler::{Piece, Program, Progress, pieces, wave};
use halfgate_crypto::ActiveLabels;
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::kernel::ROW_BYTES;
use crate::party::CHUNK_BYTES;
use crate::{Evaluating, Evaluator, EvaluatorError, HashStart};

/// A program and what it is called on.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What is computed.
    pub program: &'a Program,
    /// One matrix of active labels for each input group.
    pub inputs: &'a [&'a ActiveLabels],
    /// The lanes of the matrices.
    pub lanes: usize,
}

impl Call<'_> {
    fn zeroed_outputs(&self) -> Vec<ActiveLabels> {
        let widths = self.program.outputs().iter().map(|output| output.bits.len());
        widths.map(|width| ActiveLabels::zeroed(width, self.lanes)).collect()
    }
}

impl Evaluator {
    /// Gives calls threads to evaluate bands of lanes and independent calls side by side. The bytes on the wire stay what they
    /// are. They cost up to 16 MiB of memory a thread.
    pub fn use_threads(&mut self, threads: Option<Arc<ThreadPool>>) {
        self.threads = threads;
    }

    /// Receives a call's rows and evaluates them.
    ///
    /// # Errors
    /// If the channel fails, the rows do not fit the program, or the session has no gate ids left.
    ///
    /// # Panics
    /// As [`Evaluating::new`]: the caller has checked groups and lanes.
    pub async fn call(
        &mut self,
        program: &Program,
        inputs: &[&ActiveLabels],
        lanes: usize,
    ) -> Result<Vec<ActiveLabels>, EvaluatorError> {
        Ok(only(self.calls(&[Call { program, inputs, lanes }]).await?))
    }

    /// Receives the rows of calls that do not depend on each other, one call after the other, and evaluates them, side
    /// by side if there are threads.
    ///
    /// # Errors
    /// As [`Evaluator::call`].
    ///
    /// # Panics
    /// As [`Evaluator::call`].
    pub async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<ActiveLabels>>, EvaluatorError> {
        self.begin().await?;
        self.channel.begin_phase("rows");
        // Back again when the calls have succeeded: no operation follows one that failed.
        let start = self.start.take().ok_or(EvaluatorError::Spent)?;
        let first_id = self.take_ids(calls.iter().map(|call| (call.program, call.lanes)))?;
        let outputs = match self.threads.clone() {
            None => self.one_by_one(&start, calls, first_id).await?,
            Some(threads) => self.side_by_side(&threads, &start, calls, first_id).await?,
        };
        self.start = Some(start);
        Ok(outputs)
    }

    async fn one_by_one(
        &mut self,
        start: &HashStart,
        calls: &[Call<'_>],
        mut first_id: u64,
    ) -> Result<Vec<Vec<ActiveLabels>>, EvaluatorError> {
        let mut outputs = Vec::with_capacity(calls.len());
        for Call { program, inputs, lanes } in calls {
            let evaluating = Evaluating::new(program, start, inputs, 0..*lanes, first_id);
            outputs.push(stream(&mut self.channel, evaluating).await?);
            first_id += program.and_count() as u64 * *lanes as u64;
        }
        Ok(outputs)
    }

    async fn side_by_side(
        &mut self,
        threads: &ThreadPool,
        start: &HashStart,
        calls: &[Call<'_>],
        first_id: u64,
    ) -> Result<Vec<Vec<ActiveLabels>>, EvaluatorError> {
        let mut outputs: Vec<_> = calls.iter().map(Call::zeroed_outputs).collect();
        let pieces = pieces(calls.iter().map(|call| (call.program, call.lanes)));
        let evaluating = |piece: &Piece| {
            let Call { program, inputs, .. } = calls[piece.call];
            Evaluating::new(program, start, inputs, piece.lanes.clone(), first_id + piece.rows_before)
        };
        let mut rest = &pieces[..];
        while !rest.is_empty() {
            let (now, later) =
                rest.split_at(wave(rest.iter().map(|piece| piece.rows), threads.current_num_threads()));
            rest = later;
            let evaluated = if let [piece] = now {
                vec![stream(&mut self.channel, evaluating(piece)).await?]
            } else {
                let mut work = Vec::with_capacity(now.len());
                for piece in now {
                    work.push((piece, receive_rows(&mut self.channel, piece).await?));
                }
                let channel = &self.channel;
                let evaluate = |(piece, rows)| evaluate(channel, evaluating(piece), rows);
                threads.install(|| work.into_par_iter().map(evaluate).collect::<Result<Vec<_>, _>>())?
            };
            for (piece, labels) in now.iter().zip(&evaluated) {
                for (whole, part) in outputs[piece.call].iter_mut().zip(labels) {
                    whole.write_lanes(piece.lanes.start, part);
                }
            }
        }
        Ok(outputs)
    }
}

/// Evaluates each message when it is there.
async fn stream(
    channel: &mut Channel,
    mut evaluating: Evaluating<'_>,
) -> Result<Vec<ActiveLabels>, EvaluatorError> {
    let (_, mut progress) = evaluating.take(&[]);
    while progress == Progress::Paused {
        // <- (T_G, T_E) …
        let rows = channel.receive(Kind::Rows, Length::AtMost(CHUNK_BYTES)).await?;
        progress = take_message(channel, &mut evaluating, rows)?;
    }
    Ok(evaluating.finish())
}

/// The messages with the rows of a piece, and no more than these.
async fn receive_rows(channel: &mut Channel, piece: &Piece) -> Result<Vec<Vec<u8>>, EvaluatorError> {
    let (mut messages, mut missing) = (Vec::new(), piece.rows * ROW_BYTES);
    while missing > 0 {
        // <- (T_G, T_E) …
        let rows = channel.receive(Kind::Rows, Length::AtMost(CHUNK_BYTES)).await?;
        if rows.is_empty() || rows.len() > missing {
            return Err(EvaluatorError::MisalignedRows { got: rows.len(), used: rows.len().min(missing) });
        }
        missing -= rows.len();
        messages.push(rows);
    }
    Ok(messages)
}

/// Evaluates messages that hold all rows.
fn evaluate(
    channel: &Channel,
    mut evaluating: Evaluating<'_>,
    messages: Vec<Vec<u8>>,
) -> Result<Vec<ActiveLabels>, EvaluatorError> {
    let (_, mut progress) = evaluating.take(&[]);
    for rows in messages {
        if progress == Progress::Done {
            return Err(EvaluatorError::MisalignedRows { got: rows.len(), used: 0 });
        }
        progress = take_message(channel, &mut evaluating, rows)?;
    }
    Ok(evaluating.finish())
}

fn take_message(
    channel: &Channel,
    evaluating: &mut Evaluating<'_>,
    rows: Vec<u8>,
) -> Result<Progress, EvaluatorError> {
    let (used, progress) = evaluating.take(&rows);
    if used != rows.len() || used == 0 {
        return Err(EvaluatorError::MisalignedRows { got: rows.len(), used });
    }
    channel.recycle(rows);
    Ok(progress)
}

/// The outputs of the one call.
fn only(outputs: Vec<Vec<ActiveLabels>>) -> Vec<ActiveLabels> {
    outputs.into_iter().next().expect("as many sets of outputs as calls")
}
