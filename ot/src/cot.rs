//! The drivers: they move the messages of the pure states over a channel, in the order
//!
//! ```text
//! CotSender (Δ)                      CotReceiver
//!              <- Y
//!              -> r, in four messages
//!              <- trees and their check
//!              <- batch, batch, …
//! ```

use halfgate_channel::{Channel, Kind, Length};
use halfgate_crypto::{Backend, Delta, Entropy, SessionId};

use crate::base::POINT_LENGTH;
use crate::plan::Plan;
use crate::pool::Pool;
use crate::rows::{ReceiverRows, Rows, SenderRows};
use crate::{
    BaseDomain, BaseUse, OtError, POINT_MESSAGES, POINTS_LENGTH, ReceiverSetup, SETUP_LENGTH, SenderSetup,
    SoftSpokenReceiver, SoftSpokenSender, batch_length,
};

/// The garbler's end of a stream of correlated OTs: it gets rows `q_j` for its Δ.
///
/// Sender and receiver must make the same calls, [`provide`](CotSender::provide) and [`extend`](CotSender::extend)
/// with the same numbers, in the same order; a call of one may come earlier than that of the other.
pub struct CotSender {
    /// Gone after a failure.
    state: Option<SoftSpokenSender>,
    plan: Plan,
    pool: Pool<SenderRows>,
}

impl CotSender {
    /// Sets up with the peer's [`CotReceiver::setup`]. Only one set-up per session: its domain is the session's.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the peer's messages fail the check, or the channel's error.
    pub async fn setup(
        channel: &mut Channel,
        sid: &SessionId,
        delta: &Delta,
        backend: Backend,
        entropy: &mut Entropy,
    ) -> Result<Self, OtError> {
        let mut setup = SenderSetup::new(domain(sid), delta);
        while let Some(points) = setup.points(entropy) {
            // -> r
            channel.send(Kind::BaseOtPoints, points).await?;
        }
        // <- Y
        let announcement = channel.receive(Kind::BaseOtPoints, Length::Exactly(POINT_LENGTH)).await?;
        let announcement = announcement.as_slice().try_into().map_err(|_| OtError::Cheating)?;
        // <- trees
        let trees = channel.receive(Kind::OtSetup, Length::Exactly(SETUP_LENGTH)).await?;
        let state = setup.finish(announcement, &trees, backend)?;
        Ok(CotSender { state: Some(state), plan: Plan::default(), pool: Pool::new() })
    }

    /// Receives and checks batches until `count` rows are there to be taken, without taking them.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if a batch fails its check; all rows that were not handed out and everything that depends on
    /// Δ are destroyed then. Otherwise the channel's error, or that of a counter.
    pub async fn provide(&mut self, channel: &mut Channel, count: usize) -> Result<(), OtError> {
        if self.state.is_none() {
            return Err(OtError::Destroyed);
        }
        while self.pool.available() < count {
            let rows = self.plan.next(count - self.pool.available());
            // <- d, ũ, Ṽ
            let message = channel.receive(Kind::OtBatch, Length::Exactly(batch_length(rows))).await?;
            self.accept(rows, &message)?;
            channel.recycle(message);
        }
        Ok(())
    }

    /// The next `count` rows, all of them checked.
    ///
    /// # Errors
    /// As [`CotSender::provide`].
    pub async fn extend(&mut self, channel: &mut Channel, count: usize) -> Result<SenderRows, OtError> {
        self.provide(channel, count).await?;
        Ok(self.pool.take(count))
    }

    fn accept(&mut self, rows: usize, message: &[u8]) -> Result<(), OtError> {
        let state = self.state.take().ok_or(OtError::Destroyed)?;
        let mut batch = SenderRows::zeroed(rows);
        match state.batch(message, batch.rows_mut()) {
            Ok(state) => self.state = Some(state),
            Err(error) => {
                self.pool.clear();
                return Err(error);
            }
        }
        self.pool.push(batch);
        Ok(())
    }
}

/// The evaluator's end of a stream of correlated OTs: it gets random bits `u_j` and rows `t_j`.
///
/// See [`CotSender`] for the calls that both ends must make.
pub struct CotReceiver {
    state: SoftSpokenReceiver,
    plan: Plan,
    pool: Pool<ReceiverRows>,
}

impl CotReceiver {
    /// Sets up with the peer's [`CotSender::setup`].
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the peer's points are none, or the channel's error.
    pub async fn setup(
        channel: &mut Channel,
        sid: &SessionId,
        backend: Backend,
        entropy: &mut Entropy,
    ) -> Result<Self, OtError> {
        let mut setup = ReceiverSetup::new(domain(sid), entropy);
        // -> Y
        channel.send(Kind::BaseOtPoints, setup.announcement().to_vec()).await?;
        for _ in 0..POINT_MESSAGES {
            // <- r
            let points = channel.receive(Kind::BaseOtPoints, Length::Exactly(POINTS_LENGTH)).await?;
            setup.take_points(&points)?;
        }
        let (state, trees) = setup.finish(backend, entropy);
        // -> trees
        channel.send(Kind::OtSetup, trees).await?;
        Ok(CotReceiver { state, plan: Plan::default(), pool: Pool::new() })
    }

    /// Makes and sends batches until `count` rows are there to be taken, without taking them: called ahead of need, it
    /// keeps the peer's checks off the critical path.
    ///
    /// # Errors
    /// The channel's error, or that of a counter.
    pub async fn provide(&mut self, channel: &mut Channel, count: usize) -> Result<(), OtError> {
        while self.pool.available() < count {
            let mut batch = ReceiverRows::zeroed(self.plan.next(count - self.pool.available()));
            let mut message = channel.take_buffer();
            let (choices, rows) = batch.parts_mut();
            self.state.batch(choices, rows, &mut message)?;
            // -> d, ũ, Ṽ
            channel.send(Kind::OtBatch, message).await?;
            self.pool.push(batch);
        }
        Ok(())
    }

    /// The next `count` choices and rows. Their message is sent; whether the peer has checked it is not known.
    ///
    /// # Errors
    /// As [`CotReceiver::provide`].
    pub async fn extend(&mut self, channel: &mut Channel, count: usize) -> Result<ReceiverRows, OtError> {
        self.provide(channel, count).await?;
        Ok(self.pool.take(count))
    }
}

/// The extension with the garbler's Δ happens once in a session.
fn domain(sid: &SessionId) -> BaseDomain {
    BaseDomain::new(sid, BaseUse::GarblerCorrelation, 0)
}
