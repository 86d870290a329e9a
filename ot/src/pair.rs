//! Both directions at once, for parties who each hold a Δ: what one sends of its set-up crosses what the other sends.
//!
//! ```text
//! -> Y, r in four messages          <- Y, r in four messages
//! -> trees and their check          <- trees and their check
//! ```

use halfgate_channel::{Channel, Kind, Length};
use halfgate_crypto::{Backend, Delta, Entropy, SessionId};

use crate::base::POINT_LENGTH;
use crate::{
    BaseDomain, BaseUse, CotReceiver, CotSender, OtError, POINT_MESSAGES, POINTS_LENGTH, ReceiverSetup,
    SETUP_LENGTH, SenderSetup,
};

/// Which party's Δ a direction is for; the two sides say opposite things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// This side is the garbler.
    Garbler,
    /// This side is the evaluator.
    Evaluator,
}

impl Holder {
    /// The uses of this side's Δ and of the peer's.
    fn uses(self) -> [BaseUse; 2] {
        let (garbler, evaluator) = (BaseUse::GarblerCorrelation, BaseUse::EvaluatorCorrelation);
        match self {
            Holder::Garbler => [garbler, evaluator],
            Holder::Evaluator => [evaluator, garbler],
        }
    }
}

/// Sets up a stream of correlated OTs in each direction: the sender's end for this side's Δ, the receiver's for the peer's.
/// The peer calls it at the same time. Only once per session: its domains are the session's.
///
/// # Errors
/// [`OtError::Cheating`] if the peer's messages fail a check, or the channel's error.
pub async fn setup_pair(
    channel: &mut Channel,
    sid: &SessionId,
    holder: Holder,
    delta: &Delta,
    backend: Backend,
    entropy: &mut Entropy,
) -> Result<(CotSender, CotReceiver), OtError> {
    let [ours, theirs] = holder.uses().map(|purpose| BaseDomain::new(sid, purpose, 0));
    let mut sender = SenderSetup::new(ours, delta);
    let mut receiver = ReceiverSetup::new(theirs, entropy);
    // -> Y
    channel.send_crossing(Kind::BaseOtPoints, receiver.announcement().to_vec()).await?;
    while let Some(points) = sender.points(entropy) {
        // -> r
        channel.send_crossing(Kind::BaseOtPoints, points).await?;
    }
    // <- Y
    let announcement = channel.receive_crossing(Kind::BaseOtPoints, Length::Exactly(POINT_LENGTH)).await?;
    sender.hear(announcement.as_slice().try_into().map_err(|_| OtError::Cheating)?)?;
    for _ in 0..POINT_MESSAGES {
        // <- r
        let points = channel.receive_crossing(Kind::BaseOtPoints, Length::Exactly(POINTS_LENGTH)).await?;
        receiver.take_points(&points)?;
    }
    let (receiver, trees) = receiver.finish(backend, entropy);
    // -> trees
    channel.send_crossing(Kind::OtSetup, trees).await?;
    // <- trees
    let trees = channel.receive_crossing(Kind::OtSetup, Length::Exactly(SETUP_LENGTH)).await?;
    let sender = sender.finish(&trees, backend)?;
    Ok((CotSender::ready(sender), CotReceiver::ready(receiver)))
}
