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
use halfgate_crypto::{Backend, Block, Delta, Entropy, SessionId};

use crate::base::POINT_LENGTH;
use crate::plan::{LARGEST_BATCH, Plan};
use crate::pool::Pool;
use crate::rows::{ReceiverRows, Rows, SenderRows, copy_bits};
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
        setup.hear(announcement)?;
        // <- trees
        let trees = channel.receive(Kind::OtSetup, Length::Exactly(SETUP_LENGTH)).await?;
        Ok(CotSender::ready(setup.finish(&trees, backend)?))
    }

    /// The end of a stream whose set-up is done.
    pub(crate) fn ready(state: SoftSpokenSender) -> Self {
        CotSender { state: Some(state), plan: Plan::default(), pool: Pool::new() }
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
            let size = self.plan.next(count - self.pool.available());
            self.receive_for_later(channel, size).await?;
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

    /// Fills `rows` with the next rows, all of them checked. Whole batches are made in place, without a copy.
    ///
    /// # Errors
    /// As [`CotSender::provide`]. What stands in `rows` then must not be used.
    pub async fn extend_into(&mut self, channel: &mut Channel, rows: &mut [Block]) -> Result<(), OtError> {
        if self.state.is_none() {
            return Err(OtError::Destroyed);
        }
        let (whole, rest) = rows.split_at_mut(rows.len() - rows.len() % LARGEST_BATCH);
        for place in whole.chunks_exact_mut(LARGEST_BATCH) {
            self.plan.skip_to_largest();
            self.receive(channel, place).await?;
        }
        let mut filled = self.hand_out(rest);
        while filled < rest.len() {
            let missing = &mut rest[filled..];
            let size = self.plan.next(missing.len());
            if let Some(place) = missing.get_mut(..size) {
                self.receive(channel, place).await?;
                filled += size;
            } else {
                self.receive_for_later(channel, size).await?;
                filled += self.hand_out(missing);
            }
        }
        Ok(())
    }

    /// Receives and checks a batch of as many rows.
    async fn receive(&mut self, channel: &mut Channel, rows: &mut [Block]) -> Result<(), OtError> {
        // <- d, ũ, Ṽ
        let message = channel.receive(Kind::OtBatch, Length::Exactly(batch_length(rows.len()))).await?;
        self.check(&message, rows)?;
        channel.recycle(message);
        Ok(())
    }

    async fn receive_for_later(&mut self, channel: &mut Channel, size: usize) -> Result<(), OtError> {
        let mut batch = SenderRows::zeroed(size);
        self.receive(channel, batch.rows_mut()).await?;
        self.pool.push(batch);
        Ok(())
    }

    /// Moves rows out of the pool, as many as there are and as fit; returns how many.
    fn hand_out(&mut self, rows: &mut [Block]) -> usize {
        let count = rows.len().min(self.pool.available());
        self.pool.drain(count, |at, batch, from, step| {
            rows[at..][..step].copy_from_slice(&batch.rows()[from..][..step]);
        });
        count
    }

    fn check(&mut self, message: &[u8], rows: &mut [Block]) -> Result<(), OtError> {
        let state = self.state.take().ok_or(OtError::Destroyed)?;
        match state.batch(message, rows) {
            Ok(state) => {
                self.state = Some(state);
                Ok(())
            }
            Err(error) => {
                self.pool.clear();
                Err(error)
            }
        }
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
        Ok(CotReceiver::ready(state))
    }

    /// The end of a stream whose set-up is done.
    pub(crate) fn ready(state: SoftSpokenReceiver) -> Self {
        CotReceiver { state, plan: Plan::default(), pool: Pool::new() }
    }

    /// Makes and sends batches until `count` rows are there to be taken, without taking them: called ahead of need, it
    /// keeps the peer's checks off the critical path.
    ///
    /// # Errors
    /// The channel's error, or that of a counter.
    pub async fn provide(&mut self, channel: &mut Channel, count: usize) -> Result<(), OtError> {
        while self.pool.available() < count {
            let mut batch = ReceiverRows::zeroed(self.plan.next(count - self.pool.available()));
            let (choices, rows) = batch.parts_mut();
            self.make(channel, choices, rows).await?;
            self.pool.push(batch);
        }
        Ok(())
    }

    async fn make(
        &mut self,
        channel: &mut Channel,
        choices: &mut [u64],
        rows: &mut [Block],
    ) -> Result<(), OtError> {
        let mut message = channel.take_buffer_of_length(batch_length(rows.len()));
        self.state.batch(choices, rows, &mut message)?;
        // -> d, ũ, Ṽ
        channel.send(Kind::OtBatch, message).await?;
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

    /// Fills `rows` with the next rows, and `choices` with theirs, 64 to a word, the first in the lowest bit; bits beyond
    /// the last become zero. Whole batches are made in place, without a copy.
    ///
    /// # Errors
    /// As [`CotReceiver::provide`].
    ///
    /// # Panics
    /// If there are not just as many words of choices as rows need.
    pub async fn extend_into(
        &mut self,
        channel: &mut Channel,
        choices: &mut [u64],
        rows: &mut [Block],
    ) -> Result<(), OtError> {
        assert_eq!(choices.len(), rows.len().div_ceil(64), "words for a choice for each row");
        let whole = rows.len() - rows.len() % LARGEST_BATCH;
        let (whole_choices, choices) = choices.split_at_mut(whole / 64);
        let (whole_rows, rows) = rows.split_at_mut(whole);
        let batches = whole_choices.chunks_exact_mut(LARGEST_BATCH / 64);
        for (choices, rows) in batches.zip(whole_rows.chunks_exact_mut(LARGEST_BATCH)) {
            self.plan.skip_to_largest();
            self.make(channel, choices, rows).await?;
        }
        choices.fill(0);
        let mut filled = 0;
        while filled < rows.len() {
            filled += self.hand_out(choices, rows, filled);
            let missing = &mut rows[filled..];
            if missing.is_empty() {
                break;
            }
            let size = self.plan.next(missing.len());
            if size <= missing.len() && filled.is_multiple_of(64) {
                self.make(channel, &mut choices[filled / 64..][..size / 64], &mut missing[..size]).await?;
                filled += size;
            } else {
                let mut batch = ReceiverRows::zeroed(size);
                let (choices, rows) = batch.parts_mut();
                self.make(channel, choices, rows).await?;
                self.pool.push(batch);
            }
        }
        Ok(())
    }

    /// Moves rows out of the pool to row `first` and after it, as many as there are and as fit; returns how many.
    fn hand_out(&mut self, choices: &mut [u64], rows: &mut [Block], first: usize) -> usize {
        let count = (rows.len() - first).min(self.pool.available());
        self.pool.drain(count, |at, batch, from, step| {
            rows[first + at..][..step].copy_from_slice(&batch.rows()[from..][..step]);
            copy_bits(choices, first + at, batch.choices(), from, step);
        });
        count
    }
}

/// The extension with the garbler's Δ happens once in a session.
fn domain(sid: &SessionId) -> BaseDomain {
    BaseDomain::new(sid, BaseUse::GarblerCorrelation, 0)
}
