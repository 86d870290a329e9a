//! What the two sides of a session tell each other between its operations: where a job of several runs stands, and
//! results that one of them lacks.

use halfgate_channel::{Kind, Length, MAX_CONTROL};

use crate::{Error, Session};

/// What such messages are metered as.
const PHASE: &str = "journal";

impl Session {
    /// The longest message of [`Session::exchange_notes`] and [`Session::send_note`], in bytes.
    pub const MAX_NOTE: usize = MAX_CONTROL;

    /// Says something about a job that the session belongs to, and hears what the peer says at the same time. It takes half a
    /// round trip. The bytes are the caller's: the session neither looks at them nor takes them into its transcript.
    ///
    /// # Errors
    /// If the message is longer than [`Session::MAX_NOTE`], the session has ended, or ends now.
    pub async fn exchange_notes(&mut self, note: Vec<u8>) -> Result<Vec<u8>, Error> {
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            side.channel().begin_phase(PHASE);
            side.channel().send_crossing(Kind::Journal, note).await?;
            side.begin().await?;
            side.channel().begin_phase(PHASE);
            Ok(side.channel().receive_crossing(Kind::Journal, Length::AtMost(Self::MAX_NOTE)).await?)
        };
        let result = result.await;
        self.settle(side, result).await
    }

    /// Sends the peer something that it waits for in [`Session::receive_note`].
    ///
    /// # Errors
    /// As [`Session::exchange_notes`].
    pub async fn send_note(&mut self, note: Vec<u8>) -> Result<(), Error> {
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            side.channel().begin_phase(PHASE);
            Ok(side.channel().send(Kind::Journal, note).await?)
        };
        let result = result.await;
        self.settle(side, result).await
    }

    /// Receives what the peer says with [`Session::send_note`]; the length is known to both.
    ///
    /// # Errors
    /// As [`Session::exchange_notes`].
    pub async fn receive_note(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            side.begin().await?;
            side.channel().begin_phase(PHASE);
            Ok(side.channel().receive(Kind::Journal, Length::Exactly(length)).await?)
        };
        let result = result.await;
        self.settle(side, result).await
    }
}
