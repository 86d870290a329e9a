//! Those at the door who have not shown who they are, in the order in which they came.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::task::AbortHandle;

/// So many strangers may stand at the door. One more makes the oldest leave: who means to come in needs a few round trips,
/// so whoever has stood longest is the most likely to only stand there, and nobody can keep the others out by that.
pub(super) struct Hall {
    most: usize,
    strangers: Mutex<VecDeque<Stranger>>,
}

struct Stranger {
    address: String,
    task: AbortHandle,
    known: Known,
}

/// Whether a visitor has shown that it may be here.
#[derive(Clone, Default)]
pub(super) struct Known(Arc<AtomicBool>);

impl Known {
    /// From here on nobody sends it away to make room.
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Stranger {
    fn is_here(&self) -> bool {
        !self.task.is_finished() && !self.known.0.load(Ordering::Relaxed)
    }
}

impl Hall {
    pub(super) fn new(most: usize) -> Self {
        Hall { most, strangers: Mutex::default() }
    }

    /// One more has come, with this task. Gives the address of the one who had to leave for it, if there was no room.
    pub(super) fn enter(&self, address: String, task: AbortHandle, known: Known) -> Option<String> {
        // No holder of the lock leaves the list half changed.
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.push_back(Stranger { address, task, known });
        if strangers.len() > self.most {
            strangers.retain(Stranger::is_here);
        }
        if strangers.len() <= self.most {
            return None;
        }
        let oldest = strangers.pop_front()?;
        oldest.task.abort();
        Some(oldest.address)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn the_oldest_stranger_makes_room() {
        let hall = Hall::new(2);
        let stands = || tokio::spawn(pending::<()>()).abort_handle();
        let enter = |name: &str, task, known: &Known| hall.enter(name.to_owned(), task, known.clone());
        let (guest, stranger) = (Known::default(), Known::default());
        assert_eq!(enter("guest", stands(), &guest), None);
        assert_eq!(enter("first", stands(), &stranger), None);
        guest.set();
        // The guest does not count any more, nor does who has left.
        assert_eq!(enter("second", stands(), &stranger), None);
        let left = tokio::spawn(ready(()));
        let gone = left.abort_handle();
        left.await.unwrap();
        assert_eq!(enter("gone", gone, &stranger), None);
        assert_eq!(enter("third", stands(), &stranger), Some("first".to_owned()));
        let last = stands();
        assert_eq!(enter("fourth", last.clone(), &stranger), Some("second".to_owned()));
        assert!(!last.is_finished());
    }
}
