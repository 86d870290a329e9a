//! Pools of correlations: one session prepares them before anybody has an input, and one later session is faster with them.

use halfgate_channel::{Channel, Meter};
use halfgate_circuits::Party;
use halfgate_crypto::{Backend, Entropy, SessionId};
use halfgate_triples::{Dealer, NewPool, Pool, PoolId, PoolSize, Statistical};

use crate::{Error, Misuse, Security, Terms, terms};

/// Prepares a pool with the peer for one later session, [`Session::open_prepared`](crate::Session::open_prepared), in which both
/// are the same party, with the same ρ, and prove to be the same on the connection. On a plain connection nobody proves
/// anything, and the pool is for a plain connection.
///
/// The terms are those of [`Terms::for_pool`], with more if the caller likes. Files are written while it runs, by blocking
/// calls. Returns the pool's id, which is the same on both sides, and what crossed the channel.
///
/// # Errors
/// If the two do not agree, the connection or a check fails, or the file cannot be written. There is no pool then.
pub async fn prepare(
    mut channel: Channel,
    own: Party,
    terms: Terms,
    pool: NewPool,
    backend: Backend,
    mut entropy: Entropy,
) -> Result<(PoolId, Meter), Error> {
    let prepared = async {
        let (statistical, size) = terms.pool().ok_or(Misuse::NoPoolTerms)?;
        let peer = peer_of(&channel);
        let (sid, _) = terms::agree(&mut channel, own, terms, &mut entropy).await?;
        fill(&mut channel, (sid, own, statistical), (pool, size, peer), backend, entropy).await
    };
    match prepared.await {
        Ok(id) => Ok((id, channel.finish().await?)),
        Err(error) => {
            channel.abort().await;
            Err(error)
        }
    }
}

async fn fill(
    channel: &mut Channel,
    (sid, own, statistical): (SessionId, Party, Statistical),
    (pool, size, peer): (NewPool, PoolSize, [u8; 32]),
    backend: Backend,
    entropy: Entropy,
) -> Result<PoolId, Error> {
    let dealer = Dealer::start(channel, sid, own, statistical, backend, entropy).await?;
    Ok(dealer.prepare(channel, pool, size, peer).await?)
}

/// Whether a session on this channel could use the pool; [`Session::open_prepared`](crate::Session::open_prepared) finds out
/// for itself.
///
/// # Errors
/// If the mode has no use for pools, or this one is for another party, ρ or peer.
pub fn check_pool(channel: &Channel, own: Party, security: Security, pool: &Pool) -> Result<(), Error> {
    match security {
        Security::Malicious { statistical } => Ok(pool.check(own, statistical, &peer_of(channel))?),
        Security::SemiHonest => Err(Misuse::NothingToPrepare.into()),
    }
}

/// What the peer has proved to be.
pub(crate) fn peer_of(channel: &Channel) -> [u8; 32] {
    let key = &channel.binding().peer_key;
    key.as_slice().try_into().unwrap_or([0; 32])
}
