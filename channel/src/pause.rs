use std::future::poll_fn;
use std::task::Poll;

/// Lets other tasks of this thread run once.
///
/// A message that was sent is written by a task which the sending woke. Where that task is queued behind the one that
/// sent, as on a worker of a multi-threaded runtime, it waits until that one waits, and so does the peer: whoever goes on
/// computing after sending has to pause.
pub(crate) async fn pause() {
    let mut paused = false;
    poll_fn(|context| {
        if std::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::pause;

    #[tokio::test]
    async fn others_run_during_a_pause() {
        let steps = Cell::new(0);
        let ours = async {
            steps.set(1);
            pause().await;
            assert_eq!(steps.get(), 2);
        };
        let theirs = async {
            assert_eq!(steps.get(), 1);
            steps.set(2);
        };
        tokio::join!(ours, theirs);
    }
}
