use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, timeout_at};

use crate::{ChannelError, Odometer, Waiting};

/// How long a channel waits before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a side waits while not one byte moves in either direction. A peer that computes for longer than this
    /// between two messages is taken for lost. Two minutes by default. In a [lasting](crate::Channel::lasting) channel
    /// this is about messages of the protocol: what only keeps the connection alive does not count, and the clock stands
    /// while there is no connection.
    pub idle: Duration,
    /// How long the whole session may take, from the opening of the channel; `None` is for ever. It also stops a peer
    /// that keeps the idle clock happy with a byte now and then. One day by default.
    pub total: Option<Duration>,
    /// How long a side that gives up waits for its last words to be taken. Two seconds by default.
    pub linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            idle: Duration::from_secs(120),
            total: Some(Duration::from_secs(24 * 60 * 60)),
            linger: Duration::from_secs(2),
        }
    }
}

/// When bytes last moved and how many did in all, as the tasks of a channel tell it.
#[derive(Clone)]
pub(crate) struct Activity {
    start: Instant,
    last: Arc<AtomicU64>,
    odometer: Odometer,
}

impl Activity {
    fn new(start: Instant) -> Self {
        Activity { start, last: Arc::new(AtomicU64::new(0)), odometer: Odometer::default() }
    }

    /// Another clock that starts now, and counts bytes on the same odometer.
    pub(crate) fn sibling(&self) -> Self {
        Activity { odometer: self.odometer.clone(), ..Activity::new(Instant::now()) }
    }

    /// Notes that so many bytes moved now.
    pub(crate) fn moved(&self, bytes: usize) {
        self.odometer.add(bytes);
        self.touch();
    }

    /// Notes that something happened now.
    pub(crate) fn touch(&self) {
        let now = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Stops the clock until the next touch: nothing can move now, and nobody is to blame for that.
    pub(crate) fn hold(&self) {
        self.last.store(u64::MAX, Ordering::Relaxed);
    }

    /// When bytes last moved; some centuries ahead while the clock stands.
    pub(crate) fn last(&self) -> Instant {
        self.start + Duration::from_nanos(self.last.load(Ordering::Relaxed))
    }
}

/// Holds the waits of one channel to its limits.
pub(crate) struct Watch {
    limits: Limits,
    activity: Activity,
    end: Option<Instant>,
}

impl Watch {
    /// A watch whose total time starts now.
    pub(crate) fn new(limits: Limits) -> Self {
        let start = Instant::now();
        let end = limits.total.and_then(|total| start.checked_add(total));
        Watch { limits, activity: Activity::new(start), end }
    }

    /// The clock that the tasks keep.
    pub(crate) fn activity(&self) -> Activity {
        self.activity.clone()
    }

    /// The bytes that moved.
    pub(crate) fn odometer(&self) -> Odometer {
        self.activity.odometer.clone()
    }

    /// Changes how long a wait may be idle, and returns how long it was.
    pub(crate) fn set_idle(&mut self, idle: Duration) -> Duration {
        std::mem::replace(&mut self.limits.idle, idle)
    }

    /// How long to wait for last words.
    pub(crate) fn linger(&self) -> Duration {
        self.limits.linger
    }

    /// Fails if the session's time is over.
    pub(crate) fn check(&self, waiting: Waiting) -> Result<(), ChannelError> {
        match (self.end, self.limits.total) {
            (Some(end), Some(limit)) if Instant::now() >= end => {
                Err(ChannelError::TotalTimeout { waiting, limit })
            }
            _ => Ok(()),
        }
    }

    /// Waits for `event` for as long as bytes move and the session's time is not over.
    pub(crate) async fn guard<T>(
        &self,
        waiting: Waiting,
        event: impl Future<Output = T>,
    ) -> Result<T, ChannelError> {
        let mut event = pin!(event);
        let since = Instant::now();
        loop {
            let idle_end = self.idle_end(since);
            let wake = match (idle_end, self.end) {
                (Some(idle), Some(end)) => idle.min(end),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => return Ok(event.await),
            };
            if let Ok(value) = timeout_at(wake, &mut event).await {
                return Ok(value);
            }
            self.check(waiting)?;
            if self.idle_end(since).is_some_and(|end| Instant::now() >= end) {
                return Err(ChannelError::IdleTimeout { waiting, limit: self.limits.idle });
            }
        }
    }

    /// When a wait that began at `since` has been idle for too long; `None` if that is beyond all time.
    fn idle_end(&self, since: Instant) -> Option<Instant> {
        since.max(self.activity.last()).checked_add(self.limits.idle)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;
    use crate::Kind;

    const SECOND: Duration = Duration::from_secs(1);

    fn watch(idle: u32, total: Option<u32>) -> Watch {
        Watch::new(Limits { idle: SECOND * idle, total: total.map(|t| SECOND * t), ..Limits::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn idle_counts_from_the_last_byte() {
        let watch = watch(10, None);
        let activity = watch.activity();
        let bytes = async {
            for _ in 0..5 {
                sleep(SECOND * 9).await;
                activity.moved(1);
            }
            pending::<()>().await;
        };
        let start = Instant::now();
        let error = watch.guard(Waiting::For(Kind::Rows), bytes).await.unwrap_err();
        assert!(matches!(error, ChannelError::IdleTimeout { limit, .. } if limit == SECOND * 10));
        assert_eq!(start.elapsed().as_secs(), 55);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_before_the_wait_does_not_count() {
        let watch = watch(10, None);
        sleep(SECOND * 100).await;
        let answer = watch.guard(Waiting::For(Kind::Rows), sleep(SECOND * 9)).await;
        assert!(answer.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_stands_is_never_idle() {
        let watch = watch(10, None);
        let activity = watch.activity();
        let cut = async {
            activity.hold();
            sleep(SECOND * 1000).await;
            activity.touch();
            pending::<()>().await;
        };
        let start = Instant::now();
        assert!(watch.guard(Waiting::For(Kind::Rows), cut).await.is_err());
        assert_eq!(start.elapsed().as_secs(), 1010);
    }

    #[tokio::test(start_paused = true)]
    async fn total_time_ends_a_trickle() {
        let watch = watch(10, Some(60));
        let activity = watch.activity();
        let trickle = async {
            loop {
                sleep(SECOND).await;
                activity.moved(1);
            }
        };
        let start = Instant::now();
        let error = watch.guard::<()>(Waiting::For(Kind::Rows), trickle).await.unwrap_err();
        assert!(matches!(error, ChannelError::TotalTimeout { .. }));
        assert_eq!(start.elapsed().as_secs(), 60);
        assert!(watch.check(Waiting::For(Kind::Rows)).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn endless_limits_do_not_overflow() {
        let limits = Limits { idle: Duration::MAX, total: Some(Duration::MAX), linger: Duration::MAX };
        let watch = Watch::new(limits);
        assert!(watch.guard(Waiting::For(Kind::Rows), sleep(SECOND * 1000)).await.is_ok());
    }
}
