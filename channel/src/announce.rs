use crate::{Channel, ChannelError, Kind, Length, MAX_CONTROL, Misbehaviour, Operation};

/// Whether one side announces an operation or both do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// One side.
    Alone,
    /// Both at once, and the announcements cross.
    Crossing,
}

/// Says what this side is about to do, ahead of its first message of the operation.
///
/// # Errors
/// If the operation is over a limit, and whatever a channel may fail with.
pub async fn announce(channel: &mut Channel, operation: &Operation, turn: Turn) -> Result<(), ChannelError> {
    let payload = operation.encode().map_err(|reason| ChannelError::TermsTooLong { reason })?;
    // -> operation
    match turn {
        Turn::Alone => channel.send(Kind::Operation, payload).await,
        Turn::Crossing => channel.send_crossing(Kind::Operation, payload).await,
    }
}

/// Hears what the peer is about to do and compares it with what this side means, before it takes the peer's first
/// message of the operation.
///
/// The peer does not wait for this: what it sends behind its announcement is what it has agreed to send. So an
/// operation costs no round trip, and a difference is found before anything of it is used.
///
/// # Errors
/// [`ChannelError::Mismatch`] with the first difference, and whatever a channel may fail with. The channel is closed
/// then, as after a failed [`handshake`](crate::handshake).
pub async fn expect(channel: &mut Channel, operation: &Operation, turn: Turn) -> Result<(), ChannelError> {
    let outcome = hear(channel, operation, turn).await;
    channel.or_abort(outcome).await
}

async fn hear(channel: &mut Channel, ours: &Operation, turn: Turn) -> Result<(), ChannelError> {
    let (kind, length) = (Kind::Operation, Length::AtMost(MAX_CONTROL));
    // <- operation
    let payload = match turn {
        Turn::Alone => channel.receive(kind, length).await?,
        Turn::Crossing => channel.receive_crossing(kind, length).await?,
    };
    let theirs = Operation::decode(&payload).map_err(|reason| Misbehaviour::Undecodable { kind, reason })?;
    ours.require_equal(&theirs)?;
    Ok(())
}
