//! Ctrl-C: the first tells the peer and ends cleanly, the second ends at once.

use std::sync::LazyLock;
use std::time::Duration;

use halfgate::Channel;
use halfgate::channel::Stopper;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use crate::failure::Failure;
use crate::notes;

/// How long the clean end may take; telling the peer takes at most two seconds.
const PATIENCE: Duration = Duration::from_secs(5);

static STOPPER: LazyLock<Stopper> = LazyLock::new(Stopper::default);

/// Lets Ctrl-C end a channel.
pub(crate) fn obeyed_by(mut channel: Channel) -> Channel {
    channel.obey(&STOPPER);
    channel
}

/// Runs a command until it ends or is interrupted.
pub(crate) async fn guard(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let mut command = std::pin::pin!(command);
    // One listener for both, so that a second that comes at once is not missed.
    let listening = signal(SignalKind::interrupt());
    let mut interrupts = listening.map_err(|source| Failure::System { what: "listen for Ctrl-C", source })?;
    tokio::select! {
        result = &mut command => return result,
        _ = interrupts.recv() => {}
    }
    if STOPPER.is_obeyed() {
        notes::say("interrupted: telling the peer; Ctrl-C again ends at once");
        STOPPER.stop();
        tokio::select! {
            _ = timeout(PATIENCE, &mut command) => {}
            _ = interrupts.recv() => {}
        }
    }
    Err(Failure::Interrupted)
}
