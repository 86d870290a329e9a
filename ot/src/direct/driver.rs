//! Moves the messages of the pure states over a channel.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_crypto::{Block, Delta, Entropy, SessionId};
use subtle::Choice;
use zeroize::Zeroizing;

use super::labels::{LABELS_LENGTH, LabelReceiver, LabelSender};
use crate::OtError;
use crate::base::{BaseDomain, BaseUse, PAIR_LENGTH, POINT_LENGTH};

/// So many OTs a session makes directly at most; an input that would exceed it takes the extension, whose set-up is 128
/// base OTs.
pub const DIRECT_OTS: usize = 127;

/// OTs whose points go into one message, so that both parties compute at the same time; part of the wire format.
const OTS_PER_MESSAGE: usize = 16;

/// The lengths of the messages of points for so many direct OTs, in bytes.
pub fn direct_points(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(OTS_PER_MESSAGE).map(move |first| (count - first).min(OTS_PER_MESSAGE) * PAIR_LENGTH)
}

/// The length of the garbler's answer to the points of so many direct OTs, in bytes.
pub const fn direct_answer(count: usize) -> usize {
    count * LABELS_LENGTH
}

/// The garbler's end of a session's direct OTs.
///
/// Both ends must make the same calls in the same order: [`announce`](DirectSender::announce) answers to
/// [`hear`](DirectReceiver::hear), and [`transfer`](DirectSender::transfer) to [`choose`](DirectReceiver::choose) and
/// [`receive`](DirectReceiver::receive). Only one pair per session: its domain is the session's.
///
/// ```text
/// DirectSender (Δ)                   DirectReceiver (x)
///              -> Y                                         once, at any time before c
///              <- r, 16 OTs a message
///              -> c
/// ```
pub struct DirectSender {
    /// Gone after a failure.
    state: Option<LabelSender>,
    announced: bool,
    used: usize,
}

impl DirectSender {
    /// Samples y.
    pub fn new(sid: &SessionId, entropy: &mut Entropy) -> Self {
        DirectSender { state: Some(LabelSender::new(domain(sid), entropy)), announced: false, used: 0 }
    }

    /// Whether so many more OTs may be made.
    pub fn has_room(&self, count: usize) -> bool {
        count <= DIRECT_OTS - self.used
    }

    /// Sends Y, if that has not happened; sent early, it lets the evaluator make its keys sooner.
    ///
    /// # Errors
    /// The channel's error, or [`OtError::Destroyed`] after a failure.
    pub async fn announce(&mut self, channel: &mut Channel) -> Result<(), OtError> {
        let state = self.state.as_ref().ok_or(OtError::Destroyed)?;
        if !self.announced {
            // -> Y
            channel.send(Kind::BaseOtPoints, state.announcement().to_vec()).await?;
            self.announced = true;
        }
        Ok(())
    }

    /// Makes `count` OTs of fresh label pairs that differ by Δ, and returns the zero labels.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the evaluator's points are none; [`OtError::Destroyed`] afterwards, and after a call that
    /// failed or was cancelled. Otherwise the channel's error.
    ///
    /// # Panics
    /// If there is [no room](DirectSender::has_room).
    pub async fn transfer(
        &mut self,
        channel: &mut Channel,
        delta: &Delta,
        count: usize,
        entropy: &mut Entropy,
    ) -> Result<Zeroizing<Vec<Block>>, OtError> {
        assert!(self.has_room(count), "{count} direct OTs after {}", self.used);
        self.announce(channel).await?;
        self.used += count;
        let mut state = self.state.take().ok_or(OtError::Destroyed)?;
        let mut zero_labels = Zeroizing::new(Vec::with_capacity(count));
        let mut message = Vec::with_capacity(count * LABELS_LENGTH);
        while zero_labels.len() < count {
            let due = (count - zero_labels.len()).min(OTS_PER_MESSAGE);
            // <- r
            let points = channel.receive(Kind::BaseOtPoints, Length::Exactly(due * PAIR_LENGTH)).await?;
            state.answer(&points, delta, &mut zero_labels, &mut message, entropy)?;
        }
        // -> c
        channel.send(Kind::InputChoices, message).await?;
        self.state = Some(state);
        Ok(zero_labels)
    }
}

/// The evaluator's end of a session's direct OTs. See [`DirectSender`] for the calls that both ends must make.
pub struct DirectReceiver {
    /// Gone after a failure.
    state: Option<LabelReceiver>,
    announcement: Option<[u8; POINT_LENGTH]>,
    used: usize,
}

impl DirectReceiver {
    /// Starts; nothing is secret yet.
    pub fn new(sid: &SessionId) -> Self {
        let state = LabelReceiver::new(domain(sid), DIRECT_OTS);
        DirectReceiver { state: Some(state), announcement: None, used: 0 }
    }

    /// Whether so many more OTs may be made.
    pub fn has_room(&self, count: usize) -> bool {
        count <= DIRECT_OTS - self.used
    }

    /// Whether labels of bits that were chosen are still to come.
    pub fn is_waiting(&self) -> bool {
        self.state.as_ref().is_some_and(|state| state.pending() > 0)
    }

    /// Receives Y, if that has not happened.
    ///
    /// # Errors
    /// The channel's error.
    pub async fn hear(&mut self, channel: &mut Channel) -> Result<(), OtError> {
        if self.announcement.is_none() {
            // <- Y
            let point = channel.receive_unasked(Kind::BaseOtPoints, Length::Exactly(POINT_LENGTH)).await?;
            self.announcement = Some(point.as_slice().try_into().map_err(|_| OtError::Cheating)?);
        }
        Ok(())
    }

    /// Chooses labels for these bits and does not wait for them.
    ///
    /// # Errors
    /// The channel's error, or [`OtError::Destroyed`] after a failure.
    ///
    /// # Panics
    /// If there is [no room](DirectReceiver::has_room), or labels of an earlier call are still to come.
    pub async fn choose(
        &mut self,
        channel: &mut Channel,
        bits: impl IntoIterator<Item = bool>,
        entropy: &mut Entropy,
    ) -> Result<(), OtError> {
        let mut state = self.state.take().ok_or(OtError::Destroyed)?;
        assert_eq!(state.pending(), 0, "labels before new choices");
        let mut choices = bits.into_iter().map(|bit| Choice::from(u8::from(bit)));
        loop {
            let points = state.points(choices.by_ref().take(OTS_PER_MESSAGE), entropy);
            if points.is_empty() {
                break;
            }
            // -> r
            channel.send(Kind::BaseOtPoints, points).await?;
        }
        self.used += state.pending();
        self.state = Some(state);
        Ok(())
    }

    /// The labels of the bits that were chosen, in order.
    ///
    /// # Errors
    /// [`OtError::Cheating`] if the garbler's Y is no point; [`OtError::Destroyed`] afterwards, and after a call that
    /// failed or was cancelled. Otherwise the channel's error.
    pub async fn receive(&mut self, channel: &mut Channel) -> Result<Zeroizing<Vec<Block>>, OtError> {
        let mut state = self.state.take().ok_or(OtError::Destroyed)?;
        self.hear(channel).await?;
        // While the garbler makes its own.
        state.prepare(&self.announcement.ok_or(OtError::Destroyed)?)?;
        // <- c
        let length = Length::Exactly(direct_answer(state.pending()));
        let message = channel.receive(Kind::InputChoices, length).await?;
        let labels = state.labels(&message)?;
        self.state = Some(state);
        Ok(labels)
    }
}

/// All direct OTs of a session are one run.
fn domain(sid: &SessionId) -> BaseDomain {
    BaseDomain::new(sid, BaseUse::EvaluatorInputs, 0)
}
