//! Single messages on a connection before there is a channel over it: what is said at the door.

use std::{io::ErrorKind, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use crate::{
    Agreement, ChannelError, Kind, Length, Misbehaviour, Waiting,
    frame::{HEADER, Header},
};

/// What the connecting side says first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// It wants to be let in.
    Knock(Agreement),
    /// It continues an earlier connection; the listening side's [`Returned`](crate::Returned) takes this.
    Resume(Agreement),
}

impl First {
    /// Reads the first message of a fresh connection and not one byte more. It has to be there in full within `limit`
    /// and to have at most `size` bytes of payload, which is checked before memory is reserved for it.
    ///
    /// # Errors
    /// [`ChannelError::NotHalfgate`] if the bytes are no message, and whatever else may come in from the street.
    pub async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        limit: Duration,
        size: usize,
    ) -> Result<Self, ChannelError> {
        let waiting = Waiting::For(Kind::Knock);
        let read = in_time(
            waiting,
            limit,
            read_terms(stream, waiting, size, |kind| matches!(kind, Kind::Knock | Kind::Resume)),
        );
        Ok(match read.await? {
            (Kind::Resume, terms) => First::Resume(terms),
            (_, terms) => First::Knock(terms),
        })
    }
}

/// Reads one message of this kind and not one byte more, within `limit`.
///
/// # Errors
/// As [`First::read`].
pub async fn read_single(
    stream: &mut (impl AsyncRead + Unpin),
    kind: Kind,
    limit: Duration,
) -> Result<Agreement, ChannelError> {
    let waiting = Waiting::For(kind);
    let read = read_terms(stream, waiting, kind.limit(), |other| other == kind);
    Ok(in_time(waiting, limit, read).await?.1)
}

/// Writes one message and sees it off, within `limit`.
///
/// # Errors
/// If the terms are too long, the connection breaks, or time is up.
pub async fn write_single(
    stream: &mut (impl AsyncWrite + Unpin),
    kind: Kind,
    terms: &Agreement,
    limit: Duration,
) -> Result<(), ChannelError> {
    let payload = terms.encode().map_err(|reason| ChannelError::TermsTooLong { reason })?;
    let (length, most) = (payload.len(), kind.limit());
    if length > most {
        return Err(ChannelError::PayloadTooLong { kind, length, limit: most });
    }
    let waiting = Waiting::ToSend(kind);
    let bytes = [&Header { kind, length }.bytes()[..], &payload].concat();
    in_time(waiting, limit, async {
        stream.write_all(&bytes).await.map_err(|source| broken(waiting, source))?;
        stream.flush().await.map_err(|source| broken(waiting, source))
    })
    .await
}

async fn read_terms(
    stream: &mut (impl AsyncRead + Unpin),
    waiting: Waiting,
    size: usize,
    fits: impl Fn(Kind) -> bool,
) -> Result<(Kind, Agreement), ChannelError> {
    let mut bytes = [0; HEADER];
    read_exactly(stream, waiting, &mut bytes).await?;
    let header =
        Header::parse(bytes).map_err(|misbehaviour| ChannelError::from(misbehaviour).of_a_stranger())?;
    let (kind, received) = (header.kind, header.length);
    if !fits(kind) {
        let Waiting::For(expected) = waiting else { return Err(ChannelError::Ended) };
        return Err(Misbehaviour::WrongKind { expected, received: kind }.into());
    }
    if received > size {
        return Err(Misbehaviour::WrongLength { kind, expected: Length::AtMost(size), received }.into());
    }
    let mut payload = vec![0; received];
    read_exactly(stream, waiting, &mut payload).await?;
    let terms = Agreement::decode(&payload).map_err(|reason| Misbehaviour::Undecodable { kind, reason })?;
    Ok((kind, terms))
}

async fn read_exactly(
    stream: &mut (impl AsyncRead + Unpin),
    waiting: Waiting,
    bytes: &mut [u8],
) -> Result<(), ChannelError> {
    stream.read_exact(bytes).await.map(drop).map_err(|source| broken(waiting, source))
}

fn broken(waiting: Waiting, source: std::io::Error) -> ChannelError {
    match source.kind() {
        ErrorKind::UnexpectedEof => ChannelError::Closed { waiting },
        _ => ChannelError::broken(waiting, source),
    }
}

async fn in_time<T>(
    waiting: Waiting,
    limit: Duration,
    event: impl Future<Output = Result<T, ChannelError>>,
) -> Result<T, ChannelError> {
    timeout(limit, event).await.unwrap_or(Err(ChannelError::Late { waiting, limit }))
}
