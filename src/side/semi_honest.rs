//! Half-gates: private if both parties follow the protocol.

use std::io;
use std::slice::from_ref;
use std::sync::Arc;

use halfgate_channel::Channel;
use halfgate_circuits::{BitRows, Reveal, Values};
use halfgate_compiler::Program;
use halfgate_crypto::{ActiveLabels, ZeroLabels};
use halfgate_evaluator::Evaluator;
use halfgate_garbler::Garbler;
use rayon::ThreadPool;

use super::{Call, Driver, Held};
use crate::Error;

impl Driver for Garbler {
    fn channel(&mut self) -> &mut Channel {
        Garbler::channel(self)
    }

    fn into_channel(self) -> Channel {
        Garbler::into_channel(self)
    }

    fn use_threads(&mut self, pool: Option<Arc<ThreadPool>>) {
        Garbler::use_threads(self, pool);
    }

    async fn input(&mut self, bits: BitRows, lanes: usize) -> Result<Held, Error> {
        Ok(Held::Garbler(Garbler::input(self, &bits, lanes).await?))
    }

    async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<Held, Error> {
        Ok(Held::Garbler(only(Garbler::peer_input(self, &[wires], lanes).await?)))
    }

    async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<Held>>, Error> {
        let inputs = labels_of(calls, zero_labels);
        let calls = calls.iter().zip(&inputs);
        let calls: Vec<_> = calls
            .map(|(&Call { program, lanes, .. }, inputs)| halfgate_garbler::Call { program, inputs, lanes })
            .collect();
        let outputs = Garbler::calls(self, &calls).await?;
        Ok(outputs.into_iter().map(|labels| labels.into_iter().map(Held::Garbler).collect()).collect())
    }

    async fn reveal(&mut self, context: &[u8], held: &Held, to: Reveal) -> Result<Option<BitRows>, Error> {
        Ok(Garbler::reveal(self, context, from_ref(zero_labels(held)), to).await?)
    }

    async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        to: Reveal,
        context: &[u8],
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, Error> {
        Ok(Garbler::run(self, program, lanes, own, to, context, before_opening).await?)
    }
}

impl Driver for Evaluator {
    fn channel(&mut self) -> &mut Channel {
        Evaluator::channel(self)
    }

    fn into_channel(self) -> Channel {
        Evaluator::into_channel(self)
    }

    fn use_threads(&mut self, pool: Option<Arc<ThreadPool>>) {
        Evaluator::use_threads(self, pool);
    }

    async fn begin(&mut self) -> Result<(), Error> {
        Ok(Evaluator::begin(self).await?)
    }

    async fn input(&mut self, bits: BitRows, lanes: usize) -> Result<Held, Error> {
        Ok(Held::Evaluator(only(Evaluator::input(self, from_ref(&bits), lanes).await?)))
    }

    async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<Held, Error> {
        Ok(Held::Evaluator(Evaluator::peer_input(self, wires, lanes).await?))
    }

    async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<Held>>, Error> {
        let inputs = labels_of(calls, active_labels);
        let calls = calls.iter().zip(&inputs);
        let calls: Vec<_> = calls
            .map(|(&Call { program, lanes, .. }, inputs)| halfgate_evaluator::Call { program, inputs, lanes })
            .collect();
        let outputs = Evaluator::calls(self, &calls).await?;
        Ok(outputs.into_iter().map(|labels| labels.into_iter().map(Held::Evaluator).collect()).collect())
    }

    async fn reveal(&mut self, context: &[u8], held: &Held, to: Reveal) -> Result<Option<BitRows>, Error> {
        Ok(Evaluator::reveal(self, context, from_ref(active_labels(held)), to).await?)
    }

    async fn choose_first(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
    ) -> Result<(), Error> {
        Ok(Evaluator::choose_first(self, program, lanes, own).await?)
    }

    async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        to: Reveal,
        context: &[u8],
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, Error> {
        Ok(Evaluator::run(self, program, lanes, own, to, context, before_opening).await?)
    }
}

/// The labels of each call's values, as this party holds them.
fn labels_of<'a, T>(calls: &[Call<'a>], labels: impl Fn(&'a Held) -> &'a T) -> Vec<Vec<&'a T>> {
    calls.iter().map(|call| call.inputs.iter().map(|value| labels(&value.held)).collect()).collect()
}

fn zero_labels(held: &Held) -> &ZeroLabels {
    match held {
        Held::Garbler(labels) => labels,
        _ => unreachable!("a value of this session is of this party's kind"),
    }
}

fn active_labels(held: &Held) -> &ActiveLabels {
    match held {
        Held::Evaluator(labels) => labels,
        _ => unreachable!("a value of this session is of this party's kind"),
    }
}

/// The label matrix of the one group that was input.
fn only<T>(all: Vec<T>) -> T {
    all.into_iter().next().expect("one for each that was asked for")
}
