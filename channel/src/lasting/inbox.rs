use std::future::pending;

use tokio::sync::mpsc;

use super::{Again, Reconnect, Returned};

/// Connections that may wait to be looked at. A peer whose connection finds no room comes again.
const PLACES: usize = 4;

/// Where the listening side's channel gets the connections that come back to it: whoever accepts connections reads the
/// first message of each and puts those that name the session in here.
pub struct Inbox(mpsc::Receiver<Returned>);

impl Inbox {
    /// An inbox, and the way into it.
    pub fn new() -> (mpsc::Sender<Returned>, Inbox) {
        let (sender, receiver) = mpsc::channel(PLACES);
        (sender, Inbox(receiver))
    }
}

impl Reconnect for Inbox {
    fn again(&mut self) -> Again<'_> {
        Box::pin(async {
            match self.0.recv().await {
                Some(returned) => Ok(returned),
                // Nobody listens any more; the channel gives up when its time comes.
                None => pending().await,
            }
        })
    }
}
