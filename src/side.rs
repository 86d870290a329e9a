//! One party in one mode: all that a [`Session`](crate::Session) does not do the same in every one of them.

mod malicious;
mod semi_honest;

use std::io;
use std::sync::Arc;

use halfgate_channel::Channel;
use halfgate_circuits::{BitRows, Party, Reveal, Values};
use halfgate_compiler::Program;
use halfgate_crypto::{ActiveLabels, Backend, Entropy, SessionId, ZeroLabels};
use halfgate_evaluator::{AuthenticatedEvaluator, Evaluator};
use halfgate_garbler::{AuthenticatedGarbler, Garbler};
use halfgate_triples::{Supply, Wires};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::prepare::peer_of;
use crate::{Error, Pool, Security, Value};

/// The party that a session drives.
pub(crate) enum Side {
    Garbler(Box<Garbler>),
    Evaluator(Box<Evaluator>),
    AuthenticatedGarbler(Box<AuthenticatedGarbler>),
    AuthenticatedEvaluator(Box<AuthenticatedEvaluator>),
}

/// What a party holds of a value: the same variants as [`Side`].
pub(crate) enum Held {
    Garbler(ZeroLabels),
    Evaluator(ActiveLabels),
    AuthenticatedGarbler(Wires<ZeroLabels>),
    AuthenticatedEvaluator(Wires<ActiveLabels>),
}

/// Does the same with whichever of the listed variants it is.
macro_rules! whichever {
    ($kind:ident: $one:expr, $it:ident => $answer:expr) => {
        match $one {
            $kind::Garbler($it) => $answer,
            $kind::Evaluator($it) => $answer,
            $kind::AuthenticatedGarbler($it) => $answer,
            $kind::AuthenticatedEvaluator($it) => $answer,
        }
    };
}

/// A program on values of this party.
pub(crate) struct Call<'a> {
    pub(crate) program: &'a Program,
    pub(crate) inputs: &'a [&'a Value],
    pub(crate) lanes: usize,
}

/// What every party of every mode can do. Bits lie in the order of labels.
trait Driver {
    fn channel(&mut self) -> &mut Channel;

    fn into_channel(self) -> Channel;

    fn use_threads(&mut self, pool: Option<Arc<ThreadPool>>);

    /// Receives what the peer sends before its first operation, if that is still to come.
    async fn begin(&mut self) -> Result<(), Error> {
        Ok(())
    }

    async fn input(&mut self, bits: BitRows, lanes: usize) -> Result<Held, Error>;

    async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<Held, Error>;

    /// The outputs of each call.
    async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<Held>>, Error>;

    async fn reveal(&mut self, context: &[u8], held: &Held, to: Reveal) -> Result<Option<BitRows>, Error>;

    /// Sends what a run begins with and what hides everything, whatever the peer means to run.
    async fn choose_first(
        &mut self,
        _program: &Program,
        _lanes: usize,
        _own: &[Option<&Values>],
    ) -> Result<(), Error> {
        Ok(())
    }

    async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        to: Reveal,
        context: &[u8],
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, Error>;
}

impl Side {
    /// Starts a party on a channel whose handshake is done.
    pub(crate) async fn start(
        security: Security,
        own: Party,
        channel: Channel,
        sid: SessionId,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<Self, Error> {
        Ok(match (security, own) {
            (Security::SemiHonest, Party::Garbler) => {
                Side::Garbler(Box::new(Garbler::start(channel, sid, backend, entropy).await?))
            }
            (Security::SemiHonest, Party::Evaluator) => {
                Side::Evaluator(Box::new(Evaluator::new(channel, sid, backend, entropy)))
            }
            (Security::Malicious { statistical }, _) => {
                Side::authenticated(statistical.into(), own, channel, sid, backend, entropy).await?
            }
        })
    }

    /// Starts a party of the mode that has a use for a pool. The caller has checked that it is meant for this session.
    pub(crate) async fn start_prepared(
        pool: Pool,
        own: Party,
        channel: Channel,
        sid: SessionId,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<Self, Error> {
        let statistical = pool.statistical();
        let prepared = pool.meant_for(own, statistical, &peer_of(&channel))?;
        Side::authenticated(prepared.into(), own, channel, sid, backend, entropy).await
    }

    async fn authenticated(
        supply: Supply,
        own: Party,
        channel: Channel,
        sid: SessionId,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<Self, Error> {
        Ok(match own {
            Party::Garbler => {
                let party = AuthenticatedGarbler::start(channel, sid, supply, backend, entropy);
                Side::AuthenticatedGarbler(Box::new(party.await?))
            }
            Party::Evaluator => {
                let party = AuthenticatedEvaluator::start(channel, sid, supply, backend, entropy);
                Side::AuthenticatedEvaluator(Box::new(party.await?))
            }
        })
    }

    pub(crate) fn channel(&mut self) -> &mut Channel {
        whichever!(Side: self, party => Driver::channel(&mut **party))
    }

    pub(crate) fn into_channel(self) -> Channel {
        whichever!(Side: self, party => Driver::into_channel(*party))
    }

    /// Threads for calls; one thread is none beside the caller's.
    pub(crate) fn use_threads(&mut self, count: usize) -> Result<(), Error> {
        let pool = if count > 1 {
            let pool = ThreadPoolBuilder::new().num_threads(count).build();
            Some(Arc::new(pool.map_err(|error| Error::NoThreads(error.to_string()))?))
        } else {
            None
        };
        whichever!(Side: self, party => Driver::use_threads(&mut **party, pool));
        Ok(())
    }

    /// Receives what the peer sends before its first operation, if that is still to come.
    pub(crate) async fn begin(&mut self) -> Result<(), Error> {
        whichever!(Side: self, party => Driver::begin(&mut **party).await)
    }

    pub(crate) async fn input(&mut self, bits: BitRows, lanes: usize) -> Result<Held, Error> {
        whichever!(Side: self, party => Driver::input(&mut **party, bits, lanes).await)
    }

    pub(crate) async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<Held, Error> {
        whichever!(Side: self, party => Driver::peer_input(&mut **party, wires, lanes).await)
    }

    /// Makes calls on values of this party.
    pub(crate) async fn calls(&mut self, calls: &[Call<'_>]) -> Result<Vec<Vec<Held>>, Error> {
        whichever!(Side: self, party => Driver::calls(&mut **party, calls).await)
    }

    /// Opens a value of this party.
    pub(crate) async fn reveal(
        &mut self,
        context: &[u8],
        held: &Held,
        to: Reveal,
    ) -> Result<Option<BitRows>, Error> {
        whichever!(Side: self, party => Driver::reveal(&mut **party, context, held, to).await)
    }

    /// Sends what a run begins with and what hides everything, whatever the peer means to run.
    pub(crate) async fn choose_first(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
    ) -> Result<(), Error> {
        whichever!(Side: self, party => Driver::choose_first(&mut **party, program, lanes, own).await)
    }

    pub(crate) async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        to: Reveal,
        context: &[u8],
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, Error> {
        whichever!(Side: self, party => {
            Driver::run(&mut **party, program, lanes, own, to, context, before_opening).await
        })
    }
}

impl Held {
    pub(crate) fn wires(&self) -> usize {
        whichever!(Held: self, held => held.wires())
    }

    pub(crate) fn lanes(&self) -> usize {
        whichever!(Held: self, held => held.lanes())
    }
}
