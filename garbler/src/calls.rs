use std::sync::Arc;

use halfgate_channel::{Channel, Kind};
use halfgate_compiler::{Piece, Program, Progress, pieces, wave};
use halfgate_crypto::ZeroLabels;
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::party::CHUNK_BYTES;
use crate::{Garbler, GarblerError, Garbling};

/// A program and what it is called on.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What is computed.
    pub program: &'a Program,
    /// One matrix of zero labels for each input group.
    pub inputs: &'a [&'a ZeroLabels],
    /// The lanes of the matrices.
    pub lanes: usize,
}

impl Call<'_> {
    fn zeroed_outputs(&self) -> Vec<ZeroLabels> {
        let widths = self.program.outputs().iter().map(|output| output.bits.len());
        widths.map(|width| ZeroLabels::zeroed(width, self.lanes)).collect()
    }
}

impl Garbler {
    /// Gives calls threads to garble bands of lanes and independent calls side by side. The bytes on the wire stay what they
    /// are. They cost up to 16 MiB of memory a thread.
    pub fn use_threads(&mut self, threads: Option<Arc<ThreadPool>>) {
        self.threads = threads;
    }

    /// Garbles a call and sends its rows.
    ///
    /// # Errors
    /// If the channel fails or the session has no gate ids left.
    ///
    /// # Panics
    /// As [`Garbling::new`]: the caller has checked groups and lanes.
    pub async fn call(
        &mut self,
        program: &Program,
        inputs: &[&ZeroLabels],
        lanes: usize,
    ) -> Result<Vec<ZeroLabels>, GarblerError> {
        Ok(only(self.calls(&[Call { program, inputs, lanes }]).await?))
    }

    /// Garbles calls that do not depend on each other, side by side if there are threads, and sends their rows one call
    /// after the other.
    ///
    /// # Errors
    /// As [`Garbler::call`].
    ///
    /// # Panics
    /// As [`Garbler::call`].
    pub async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<ZeroLabels>>, GarblerError> {
        self.claim()?;
        self.channel.begin_phase("rows");
        let first_id = self.take_ids(calls.iter().map(|call| (call.program, call.lanes)))?;
        let outputs = match self.threads.clone() {
            None => self.one_by_one(calls, first_id).await?,
            Some(threads) => self.side_by_side(&threads, calls, first_id).await?,
        };
        self.spent = false;
        Ok(outputs)
    }

    async fn one_by_one(
        &mut self,
        calls: &[Call<'_>],
        mut first_id: u64,
    ) -> Result<Vec<Vec<ZeroLabels>>, GarblerError> {
        let mut outputs = Vec::with_capacity(calls.len());
        for Call { program, inputs, lanes } in calls {
            let garbling = Garbling::new(program, &self.source, inputs, 0..*lanes, first_id);
            outputs.push(stream(&mut self.channel, garbling).await?);
            first_id += program.and_count() as u64 * *lanes as u64;
        }
        Ok(outputs)
    }

    async fn side_by_side(
        &mut self,
        threads: &ThreadPool,
        calls: &[Call<'_>],
        first_id: u64,
    ) -> Result<Vec<Vec<ZeroLabels>>, GarblerError> {
        let mut outputs: Vec<_> = calls.iter().map(Call::zeroed_outputs).collect();
        let pieces = pieces(calls.iter().map(|call| (call.program, call.lanes)));
        let start = |source, piece: &Piece| {
            let Call { program, inputs, .. } = calls[piece.call];
            Garbling::new(program, source, inputs, piece.lanes.clone(), first_id + piece.rows_before)
        };
        let mut rest = &pieces[..];
        while !rest.is_empty() {
            let (now, later) =
                rest.split_at(wave(rest.iter().map(|piece| piece.rows), threads.current_num_threads()));
            rest = later;
            let garbled: Vec<Vec<ZeroLabels>> = if let [piece] = now {
                vec![stream(&mut self.channel, start(&self.source, piece)).await?]
            } else {
                let (channel, source) = (&self.channel, &self.source);
                let done: Vec<_> =
                    threads.install(|| now.par_iter().map(|p| garble(channel, start(source, p))).collect());
                let (messages, labels): (Vec<_>, Vec<_>) = done.into_iter().unzip();
                for rows in messages.into_iter().flatten() {
                    // -> (T_G, T_E) …
                    self.channel.send(Kind::Rows, rows).await?;
                }
                labels
            };
            for (piece, labels) in now.iter().zip(&garbled) {
                for (whole, part) in outputs[piece.call].iter_mut().zip(labels) {
                    whole.write_lanes(piece.lanes.start, part);
                }
            }
        }
        Ok(outputs)
    }
}

/// Garbles to the end and sends each message when it is full.
async fn stream(channel: &mut Channel, mut garbling: Garbling<'_>) -> Result<Vec<ZeroLabels>, GarblerError> {
    loop {
        let (rows, progress) = next_message(channel, &mut garbling);
        if !rows.is_empty() {
            // -> (T_G, T_E) …
            channel.send(Kind::Rows, rows).await?;
        }
        if progress == Progress::Done {
            return Ok(garbling.finish());
        }
    }
}

/// Garbles to the end and keeps the messages.
fn garble(channel: &Channel, mut garbling: Garbling<'_>) -> (Vec<Vec<u8>>, Vec<ZeroLabels>) {
    let mut messages = Vec::new();
    loop {
        let (rows, progress) = next_message(channel, &mut garbling);
        if !rows.is_empty() {
            messages.push(rows);
        }
        if progress == Progress::Done {
            return (messages, garbling.finish());
        }
    }
}

fn next_message(channel: &Channel, garbling: &mut Garbling<'_>) -> (Vec<u8>, Progress) {
    let mut rows = channel.take_buffer_of_length(CHUNK_BYTES);
    let (used, progress) = garbling.fill(&mut rows);
    rows.truncate(used);
    (rows, progress)
}

/// The outputs of the one call.
fn only(outputs: Vec<Vec<ZeroLabels>>) -> Vec<ZeroLabels> {
    outputs.into_iter().next().expect("as many sets of outputs as calls")
}
