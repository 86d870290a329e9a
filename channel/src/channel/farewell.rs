//! How a channel ends.

use std::time::Duration;

use tokio::{select, sync::watch, time::timeout};

use super::Channel;
use crate::{
    ChannelError, Kind, Length, LineState, Meter, frame::Frame, lasting::LONGEST_PAUSE, pump::Order,
};

/// The longest that a side whose session is complete waits for the peer's sake, however often the peer comes back.
const LONGEST_FAREWELL: Duration = Duration::from_secs(60);

impl Channel {
    /// Says goodbye, ahead of [`Channel::finish`]: nothing else is sent after it. Who still has something to hear need
    /// not keep the peer waiting for it.
    ///
    /// # Errors
    /// As [`Channel::send`].
    pub async fn say_goodbye(&mut self) -> Result<(), ChannelError> {
        if !std::mem::replace(&mut self.said_goodbye, true) {
            self.send_crossing(Kind::Bye, Vec::new()).await?;
        }
        Ok(())
    }

    /// Says goodbye unless that is done, waits for the peer's goodbye, and closes the connection: both sides know that the session is
    /// complete.
    ///
    /// # Errors
    /// As [`Channel::send`] and [`Channel::receive`].
    pub async fn finish(mut self) -> Result<Meter, ChannelError> {
        self.say_goodbye().await?;
        self.receive_crossing(Kind::Bye, Length::Exactly(0)).await?;
        match self.line_state.clone() {
            Some(line) => self.see_goodbye_off(line).await,
            None => self.flush().await?,
        }
        Ok(self.meter())
    }

    /// Waits until the peer has our goodbye, too, over another connection if need be.
    async fn see_goodbye_off(&mut self, line: watch::Receiver<LineState>) {
        self.orders = None;
        let in_vain = timeout(LONGEST_FAREWELL, silence(line, self.watch.linger()));
        // For this side the session is complete; it only waits for the peer's sake.
        select! {
            _ = self.writer.end() => {}
            _ = in_vain => {}
        }
    }

    /// Tells the peer that this side gives up, not why, and closes the connection. It takes no longer than
    /// [`Limits::linger`](crate::Limits::linger) and cannot fail; the channel is of no use afterwards.
    pub async fn abort(&mut self) {
        // A second abort has nobody to tell and nothing to wait for.
        let Some(orders) = self.orders.take() else { return };
        let last_words = async {
            // If the writer has ended there is nobody left to tell.
            let _ = orders.send(Order::Send(Frame { kind: Kind::Abort, payload: Vec::new() })).await;
            drop(orders);
            self.writer.end().await
        };
        // To close with bytes unread would reset the connection, and the peer might lose what we said last.
        let unread = async { while self.frames.recv().await.is_some() {} };
        // Out of time, the connection is closed all the same.
        let ending = async { tokio::join!(last_words, unread) };
        match &self.give_up {
            None => drop(timeout(self.watch.linger(), ending).await),
            Some(give_up) => {
                // A peer that is behind by a whole window would not hear it in time, and look for this side in vain.
                let half = self.watch.linger() / 2;
                let mut ending = std::pin::pin!(ending);
                if timeout(half, &mut ending).await.is_err() {
                    give_up();
                    let _ = timeout(half, ending).await;
                }
            }
        }
        self.failed.get_or_insert(ChannelError::Ended);
    }

    /// Passes on the outcome of a step that decides whether the session goes on; if it does not, closes the channel so
    /// that the peer still gets everything that was sent.
    pub(crate) async fn or_abort<T>(&mut self, outcome: Result<T, ChannelError>) -> Result<T, ChannelError> {
        if let Err(error) = &outcome {
            self.fail(error.clone());
            self.abort().await;
        }
        outcome
    }
}

/// Ends when nothing has become of a connection for so long, or no new one has come for as long as a peer may pause in between.
async fn silence(mut line: watch::Receiver<LineState>, linger: Duration) {
    loop {
        let patience = match *line.borrow_and_update() {
            LineState::Up => linger,
            LineState::Lost { .. } => LONGEST_PAUSE + linger,
        };
        if !matches!(timeout(patience, line.changed()).await, Ok(Ok(()))) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::lasting::Cut;

    const LINGER: Duration = Duration::from_secs(2);

    #[tokio::test(start_paused = true)]
    async fn a_peer_without_a_connection_has_the_time_of_its_pause() {
        let (state, line) = watch::channel(LineState::Up);
        let start = Instant::now();
        silence(line.clone(), LINGER).await;
        assert_eq!(start.elapsed(), LINGER);

        state.send_replace(LineState::Lost { cause: Cut::Closed });
        let start = Instant::now();
        let coming_back = async {
            tokio::time::sleep(LONGEST_PAUSE).await;
            state.send_replace(LineState::Up);
        };
        tokio::join!(silence(line.clone(), LINGER), coming_back);
        assert_eq!(start.elapsed(), LONGEST_PAUSE + LINGER);
    }
}
