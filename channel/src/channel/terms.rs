//! Messages that are terms.

use super::Channel;
use crate::{Agreement, ChannelError, Kind, Length, MAX_CONTROL, Misbehaviour};

/// The length of a message of terms.
const LENGTH: Length = Length::AtMost(MAX_CONTROL);

impl Channel {
    /// Sends terms.
    ///
    /// # Errors
    /// If they are too long, and as [`Channel::send`].
    pub async fn send_terms(&mut self, kind: Kind, terms: &Agreement) -> Result<(), ChannelError> {
        self.send(kind, encode(terms)?).await
    }

    /// Receives terms.
    ///
    /// # Errors
    /// If the peer sent something else, and as [`Channel::receive`].
    pub async fn receive_terms(&mut self, kind: Kind) -> Result<Agreement, ChannelError> {
        let payload = self.receive(kind, LENGTH).await?;
        self.decode(kind, &payload)
    }

    /// Sends terms and takes those that the peer sends at the same time.
    ///
    /// # Errors
    /// As [`Channel::send_terms`] and [`Channel::receive_terms`].
    pub async fn exchange_terms(&mut self, kind: Kind, terms: &Agreement) -> Result<Agreement, ChannelError> {
        let payload = self.exchange(kind, encode(terms)?, LENGTH).await;
        // On a plain connection nothing comes before the proposal, so it shows who is there.
        let first = kind == Kind::Proposal && self.binding().exporter.is_empty();
        let payload = payload.map_err(|error| if first { error.of_a_stranger() } else { error })?;
        self.decode(kind, &payload)
    }

    fn decode(&mut self, kind: Kind, payload: &[u8]) -> Result<Agreement, ChannelError> {
        Agreement::decode(payload)
            .map_err(|reason| self.fail(Misbehaviour::Undecodable { kind, reason }.into()))
    }
}

fn encode(terms: &Agreement) -> Result<Vec<u8>, ChannelError> {
    terms.encode().map_err(|reason| ChannelError::TermsTooLong { reason })
}

#[cfg(test)]
mod tests {
    use crate::{Agreement, Channel, ChannelError, Kind, Limits, Misbehaviour};

    #[tokio::test]
    async fn terms_cross() {
        let (mut left, mut right) = Channel::memory_pair(Limits::default());
        let ours = Agreement::new().with("rows", 3);
        let theirs = Agreement::new().with("rows", 4);
        let (a, b) = tokio::join!(
            left.exchange_terms(Kind::Proposal, &ours),
            right.exchange_terms(Kind::Proposal, &theirs)
        );
        assert_eq!((a.unwrap(), b.unwrap()), (theirs, ours));
    }

    #[tokio::test]
    async fn what_is_no_terms_ends_the_channel() {
        let (mut left, mut right) = Channel::memory_pair(Limits::default());
        left.send(Kind::Answer, vec![200; 7]).await.unwrap();
        let error = right.receive_terms(Kind::Answer).await.unwrap_err();
        let undecodable =
            |error| matches!(error, ChannelError::PeerMisbehaved(Misbehaviour::Undecodable { .. }));
        assert!(undecodable(error));
        assert!(undecodable(right.receive_terms(Kind::Answer).await.unwrap_err()));
    }
}
