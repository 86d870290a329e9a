//! Authenticated garbling: private and correct whatever the peer does. It computes with one thread, whatever there are.

use std::io;
use std::sync::Arc;

use halfgate_channel::Channel;
use halfgate_circuits::{BitRows, Reveal, Values};
use halfgate_compiler::Program;
use halfgate_crypto::{ActiveLabels, ZeroLabels};
use halfgate_evaluator::AuthenticatedEvaluator;
use halfgate_garbler::AuthenticatedGarbler;
use halfgate_triples::Wires;
use rayon::ThreadPool;

use super::{Call, Driver, Held};
use crate::Error;

impl Driver for AuthenticatedGarbler {
    fn channel(&mut self) -> &mut Channel {
        AuthenticatedGarbler::channel(self)
    }

    fn into_channel(self) -> Channel {
        AuthenticatedGarbler::into_channel(self)
    }

    fn use_threads(&mut self, _pool: Option<Arc<ThreadPool>>) {}

    async fn input(&mut self, bits: BitRows, lanes: usize) -> Result<Held, Error> {
        Ok(Held::AuthenticatedGarbler(AuthenticatedGarbler::input(self, &bits, lanes).await?))
    }

    async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<Held, Error> {
        Ok(Held::AuthenticatedGarbler(AuthenticatedGarbler::peer_input(self, wires, lanes).await?))
    }

    async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<Held>>, Error> {
        let mut outputs = Vec::with_capacity(calls.len());
        for &Call { program, inputs, lanes } in calls {
            let inputs: Vec<_> = inputs.iter().map(|value| garblers(&value.held)).collect();
            let wires = AuthenticatedGarbler::call(self, program, &inputs, lanes).await?;
            outputs.push(wires.into_iter().map(Held::AuthenticatedGarbler).collect());
        }
        Ok(outputs)
    }

    async fn reveal(&mut self, context: &[u8], held: &Held, to: Reveal) -> Result<Option<BitRows>, Error> {
        Ok(AuthenticatedGarbler::reveal(self, context, &garblers(held).bits, to).await?)
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
        Ok(AuthenticatedGarbler::run(self, program, lanes, own, to, context, before_opening).await?)
    }
}

impl Driver for AuthenticatedEvaluator {
    fn channel(&mut self) -> &mut Channel {
        AuthenticatedEvaluator::channel(self)
    }

    fn into_channel(self) -> Channel {
        AuthenticatedEvaluator::into_channel(self)
    }

    fn use_threads(&mut self, _pool: Option<Arc<ThreadPool>>) {}

    async fn input(&mut self, bits: BitRows, lanes: usize) -> Result<Held, Error> {
        Ok(Held::AuthenticatedEvaluator(AuthenticatedEvaluator::input(self, &bits, lanes).await?))
    }

    async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<Held, Error> {
        Ok(Held::AuthenticatedEvaluator(AuthenticatedEvaluator::peer_input(self, wires, lanes).await?))
    }

    async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<Held>>, Error> {
        let mut outputs = Vec::with_capacity(calls.len());
        for &Call { program, inputs, lanes } in calls {
            let inputs: Vec<_> = inputs.iter().map(|value| evaluators(&value.held)).collect();
            let wires = AuthenticatedEvaluator::call(self, program, &inputs, lanes).await?;
            outputs.push(wires.into_iter().map(Held::AuthenticatedEvaluator).collect());
        }
        Ok(outputs)
    }

    async fn reveal(&mut self, context: &[u8], held: &Held, to: Reveal) -> Result<Option<BitRows>, Error> {
        Ok(AuthenticatedEvaluator::reveal(self, context, &evaluators(held).bits, to).await?)
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
        Ok(AuthenticatedEvaluator::run(self, program, lanes, own, to, context, before_opening).await?)
    }
}

fn garblers(held: &Held) -> &Wires<ZeroLabels> {
    match held {
        Held::AuthenticatedGarbler(wires) => wires,
        _ => unreachable!("a value of this session is of this party's kind"),
    }
}

fn evaluators(held: &Held) -> &Wires<ActiveLabels> {
    match held {
        Held::AuthenticatedEvaluator(wires) => wires,
        _ => unreachable!("a value of this session is of this party's kind"),
    }
}
