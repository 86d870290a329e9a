//! Which session a connection that comes back belongs to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use halfgate::channel::{Again, Agreement, Fingerprint, Inbox, Line, Reconnect, Returned};
use tokio::sync::mpsc;

/// The sessions that may be resumed, by their public names.
#[derive(Clone, Default)]
pub(super) struct Desk(Arc<Mutex<HashMap<[u8; 32], Entry>>>);

struct Entry {
    peer: Fingerprint,
    inbox: mpsc::Sender<Returned>,
}

impl Desk {
    /// Opens an inbox for a session with this peer, until it is dropped.
    pub(super) fn open(&self, session: [u8; 32], peer: Fingerprint) -> Registered {
        let (sender, inbox) = Inbox::new();
        self.entries().insert(session, Entry { peer, inbox: sender });
        Registered { session, desk: self.clone(), inbox }
    }

    /// Hands a connection to its session, which checks the peer's proof; gives it back if there is no such session with
    /// this peer.
    pub(super) fn deliver(&self, line: Line, peer: Fingerprint, resume: Agreement) -> Result<(), Line> {
        let session = resume.digest(SESSION);
        let inbox = session.and_then(|session| {
            let entries = self.entries();
            entries.get(&session).filter(|entry| entry.peer == peer).map(|entry| entry.inbox.clone())
        });
        let Some(inbox) = inbox else { return Err(line) };
        inbox.try_send(Returned { line, resume: Some(resume) }).map_err(|error| error.into_inner().line)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<[u8; 32], Entry>> {
        // No holder of the lock leaves the entries half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The field of a resume that names its session.
const SESSION: &str = "session";

/// The inbox of a session that may be resumed.
pub(super) struct Registered {
    session: [u8; 32],
    desk: Desk,
    inbox: Inbox,
}

impl Reconnect for Registered {
    fn again(&mut self) -> Again<'_> {
        self.inbox.again()
    }

    fn resumed(&mut self) {
        self.inbox.resumed();
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.desk.entries().remove(&self.session);
    }
}

#[cfg(test)]
mod tests {
    use halfgate::channel::End;

    use super::*;

    fn line() -> Line {
        Line::over(tokio::io::duplex(1).0, [0; 32], End::Listening)
    }

    fn resume(session: u8) -> Agreement {
        Agreement::new().with(SESSION, [session; 32])
    }

    #[tokio::test]
    async fn a_connection_goes_to_its_own_session_only() {
        let (desk, peer, other) = (Desk::default(), Fingerprint([1; 32]), Fingerprint([2; 32]));
        let mut inbox = desk.open([7; 32], peer);
        assert!(desk.deliver(line(), peer, resume(8)).is_err());
        assert!(desk.deliver(line(), other, resume(7)).is_err());
        assert!(desk.deliver(line(), peer, Agreement::new()).is_err());
        assert!(desk.deliver(line(), peer, resume(7)).is_ok());
        assert_eq!(inbox.again().await.unwrap().resume, Some(resume(7)));
    }

    #[tokio::test]
    async fn a_session_that_ended_is_forgotten() {
        let (desk, peer) = (Desk::default(), Fingerprint([1; 32]));
        drop(desk.open([7; 32], peer));
        assert!(desk.deliver(line(), peer, resume(7)).is_err());
        assert!(desk.entries().is_empty());
    }

    #[tokio::test]
    async fn connections_that_nobody_takes_do_not_pile_up() {
        let (desk, peer) = (Desk::default(), Fingerprint([1; 32]));
        let _inbox = desk.open([7; 32], peer);
        let taken = (0..1000).take_while(|_| desk.deliver(line(), peer, resume(7)).is_ok()).count();
        assert!((1..100).contains(&taken), "{taken}");
    }
}
