//! Dealers that fill pools, and dealers that begin with one. The last part of `authenticated.md` says why this is sound.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::Party;
use halfgate_crypto::{Backend, Entropy, Oracle, SessionId};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::dealer::{Dealer, exchange_starts};
use crate::opening::party;
use crate::pool::{Head, Section};
use crate::{NewPool, PoolError, PoolId, PoolSize, Prepared, Statistical, TripleError};

/// Bytes that each side adds to a pool's id; also those of the confirmation.
const NONCE: usize = 32;

/// Where a session's correlations come from.
pub enum Supply {
    /// The session makes all of them, with this statistical security.
    Made(Statistical),
    /// An earlier session has prepared some.
    Prepared(Box<Prepared>),
}

impl From<Statistical> for Supply {
    fn from(statistical: Statistical) -> Self {
        Supply::Made(statistical)
    }
}

impl From<Prepared> for Supply {
    fn from(prepared: Prepared) -> Self {
        Supply::Prepared(Box::new(prepared))
    }
}

impl Dealer {
    /// [Starts](Dealer::start) or [starts prepared](Dealer::start_prepared).
    ///
    /// # Errors
    /// As these; and if what was prepared is another party's.
    pub async fn start_with(
        channel: &mut Channel,
        sid: SessionId,
        own: Party,
        supply: Supply,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<Self, TripleError> {
        match supply {
            Supply::Made(statistical) => {
                Dealer::start(channel, sid, own, statistical, backend, entropy).await
            }
            Supply::Prepared(prepared) if prepared.0.party() != own => {
                Err(prepared.0.of_other_party(own).into())
            }
            Supply::Prepared(prepared) => {
                Dealer::start_prepared(channel, sid, *prepared, backend, entropy).await
            }
        }
    }

    /// Starts on a channel whose handshake is done, with what was prepared: first the pool is used up, and more is made when
    /// it is empty. The session id has to depend on [`Pool::id`](crate::Pool::id), as it does if that is among the terms.
    ///
    /// The pool is spent before anything is sent, and destroyed with the dealer or at its first error.
    ///
    /// # Errors
    /// If the pool cannot be spent or is not the other half of the peer's, or the channel fails.
    pub async fn start_prepared(
        channel: &mut Channel,
        sid: SessionId,
        prepared: Prepared,
        backend: Backend,
        mut entropy: Entropy,
    ) -> Result<Self, TripleError> {
        let Prepared(mut pool) = prepared;
        channel.begin_phase("pool");
        let offset = pool.spend()?;
        let ours = [&pool.id().as_bytes()[..], &offset.to_le_bytes()].concat();
        let (hashes, theirs) = exchange_starts(channel, backend, &mut entropy, &ours).await?;
        if theirs != ours {
            return Err(PoolError::Different.into());
        }
        let head = pool.head();
        let (own, statistical, delta) = (head.party, head.statistical, head.delta.duplicate());
        let mut dealer = Dealer::with(sid, own, statistical, backend, entropy, delta, hashes);
        dealer.draw_from(pool)?;
        Ok(dealer)
    }

    /// Prepares a pool of this size for a later session with this peer, under this dealer's Δ, which serves nothing else. `peer`
    /// is what the peer will be known by then, such as its certificate's fingerprint. Files are written while it runs.
    ///
    /// When this returns, the peer has made all of its checks. It may still fail to write its file; then this one is good for
    /// nothing, and does no harm.
    ///
    /// # Errors
    /// If the channel or a check fails or the file cannot be written. There is no pool then.
    pub async fn prepare(
        mut self,
        channel: &mut Channel,
        pool: NewPool,
        size: PoolSize,
        peer: [u8; 32],
    ) -> Result<PoolId, TripleError> {
        let size = size.stored(self.statistical).ok_or(PoolError::TooLarge { size })?;
        let id = self.agree_on_id(channel, size).await?;
        let (party, statistical, delta) = (self.own, self.statistical, self.delta.duplicate());
        let key = Zeroizing::new(self.entropy.bytes());
        let head = Head { party, statistical, size, id, peer, delta, key };
        self.fill_triples(channel, &pool, &head).await?;
        self.fill_bits(channel, &pool, &head).await?;
        pool.sync()?;
        self.confirm(channel, id).await?;
        pool.complete(&head)?;
        Ok(id)
    }

    /// What both call the pool: it depends on the session and on randomness of either side.
    async fn agree_on_id(&mut self, channel: &mut Channel, size: PoolSize) -> Result<PoolId, TripleError> {
        let numbers = [size.triples.to_le_bytes(), size.bits.to_le_bytes()].concat();
        let ours = [&self.entropy.bytes::<NONCE>()[..], &numbers].concat();
        let length = Length::Exactly(ours.len());
        // -> nonce, size, <- nonce, size
        let theirs = channel.exchange(Kind::Start, ours.clone(), length).await?;
        if theirs[NONCE..] != numbers {
            return Err(PoolError::Different.into());
        }
        let [first, second] = match self.own {
            Party::Garbler => [&ours, &theirs],
            Party::Evaluator => [&theirs, &ours],
        };
        let oracle = Oracle::new("pool id", &self.sid).number(self.statistical.bits().into());
        Ok(PoolId::new(oracle.field(first).field(second).digest()))
    }

    async fn fill_triples(
        &mut self,
        channel: &mut Channel,
        pool: &NewPool,
        head: &Head,
    ) -> Result<(), TripleError> {
        let mut left = usize::try_from(head.size.triples).unwrap_or(usize::MAX);
        for block in head.size.blocks(Section::Triples) {
            let count = head.size.records_in(Section::Triples, block);
            self.provide(channel, count, left).await?;
            let (triples, shares) = self.take(count)?;
            pool.write_triples(head, block, triples, shares)?;
            left -= count;
        }
        Ok(())
    }

    async fn fill_bits(
        &mut self,
        channel: &mut Channel,
        pool: &NewPool,
        head: &Head,
    ) -> Result<(), TripleError> {
        for block in head.size.blocks(Section::Bits) {
            let bits = self.bits(channel, head.size.records_in(Section::Bits, block)).await?;
            pool.write_bits(head, block, &bits)?;
        }
        Ok(())
    }

    /// Tells the peer that all checks of this side have passed, and hears the same.
    async fn confirm(&mut self, channel: &mut Channel, id: PoolId) -> Result<(), TripleError> {
        let proof = |side| {
            let oracle = Oracle::new("pool complete", &self.sid).number(party(side));
            oracle.field(id.as_bytes()).digest()
        };
        // -> RO(id), <- RO(id)
        let length = Length::Exactly(NONCE);
        let theirs = channel.exchange(Kind::Confirm, proof(self.own).to_vec(), length).await?;
        let expected = proof(self.own.peer());
        if bool::from(expected.as_slice().ct_eq(&theirs)) { Ok(()) } else { Err(TripleError::Cheating) }
    }
}
