use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use tokio::sync::Notify;

use crate::Misbehaviour;

/// What the reader and the writer of a lasting channel tell each other. Frames are counted from the opening of the
/// channel, over all its connections.
#[derive(Default)]
pub(super) struct Ledger {
    /// Frames of ours that were begun to be sent.
    sent: AtomicU64,
    /// Frames of ours that the peer has taken.
    acknowledged: AtomicU64,
    /// Frames of the peer that were taken here.
    taken: AtomicU64,
    /// Frames that the peer was told to be taken.
    told: AtomicU64,
    /// The peer is to be told now.
    pressing: AtomicBool,
    /// The peer's goodbye has come.
    heard_goodbye: AtomicBool,
    /// Our goodbye is among the frames of ours.
    said_goodbye: AtomicBool,
    /// Our abort has left.
    said_abort: AtomicBool,
    /// The session is over here, and the peer is to be told that.
    giving_up: AtomicBool,
    news: Notify,
}

/// What the writer does about the news.
impl Ledger {
    /// Comes back when there is news since it last did.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    /// Notes that the frame of this number, counted from 1, is about to be sent.
    pub(super) fn sends(&self, number: u64) {
        self.sent.store(number, SeqCst);
    }

    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(SeqCst)
    }

    /// Whether the peer does not know of all frames that were taken.
    pub(super) fn owes_ack(&self) -> bool {
        self.taken.load(SeqCst) != self.told.load(SeqCst)
    }

    /// Whether the peer waits to be told.
    pub(super) fn is_pressing(&self) -> bool {
        self.pressing.load(SeqCst)
    }

    /// What to tell the peer, which counts as told then.
    pub(super) fn tell(&self) -> u64 {
        self.pressing.store(false, SeqCst);
        let taken = self.taken.load(SeqCst);
        self.told.store(taken, SeqCst);
        taken
    }

    pub(super) fn says_goodbye(&self) {
        self.said_goodbye.store(true, SeqCst);
    }

    pub(super) fn says_abort(&self) {
        self.said_abort.store(true, SeqCst);
    }

    pub(super) fn gives_up(&self) -> bool {
        self.giving_up.load(SeqCst)
    }
}

/// What the reader finds out.
impl Ledger {
    /// A frame of the peer was taken.
    pub(super) fn took(&self, pressing: bool) {
        let before = self.taken.fetch_add(1, SeqCst);
        if pressing {
            self.press();
        } else if self.told.load(SeqCst) == before {
            // From here on there is something to tell, which starts the writer's clock.
            self.news.notify_one();
        }
    }

    /// Has the writer tell the peer now.
    pub(super) fn press(&self) {
        self.pressing.store(true, SeqCst);
        self.news.notify_one();
    }

    /// Hears an acknowledgement.
    pub(super) fn hear(&self, acknowledged: u64) -> Result<(), Misbehaviour> {
        let (before, sent) = (self.acknowledged.load(SeqCst), self.sent.load(SeqCst));
        if acknowledged < before || acknowledged > sent {
            return Err(Misbehaviour::ImpossibleAck { acknowledged, before, sent });
        }
        if acknowledged > before {
            self.acknowledged.store(acknowledged, SeqCst);
            self.news.notify_one();
        }
        Ok(())
    }

    pub(super) fn hears_goodbye(&self) {
        self.heard_goodbye.store(true, SeqCst);
    }
}

/// What the supervisor asks and says.
impl Ledger {
    /// Whether all is said and has arrived, so that no other connection is needed. The end of a connection proves
    /// nothing of that: anybody on the way can bring it about.
    pub(super) fn is_complete(&self) -> bool {
        let goodbyes = self.heard_goodbye.load(SeqCst) && self.said_goodbye.load(SeqCst);
        let all_taken = self.acknowledged.load(SeqCst) == self.sent.load(SeqCst);
        self.said_abort() || goodbyes && all_taken
    }

    /// Whether our abort was the last that left.
    pub(super) fn said_abort(&self) -> bool {
        self.said_abort.load(SeqCst)
    }

    /// What was told on a connection that is gone may not have arrived.
    pub(super) fn forget_told(&self) {
        self.told.store(0, SeqCst);
    }

    /// Has the writer end the connection with an abort.
    pub(super) fn give_up(&self) {
        self.giving_up.store(true, SeqCst);
        self.news.notify_one();
    }
}
