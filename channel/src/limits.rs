use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

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
    pub(crate) fn new(start: Instant) -> Self {
        Activity { start, last: Arc::new(AtomicU64::new(0)), odometer: Odometer::default() }
    }

    /// Notes that so many bytes moved now.
    pub(crate) fn moved(&self, bytes: usize) {
        self.odometer.add(bytes);
        let now = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Starts the clock again, though nothing moved.
    pub(crate) fn touch(&self) {
        self.moved(0);
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

/// Ends channels from outside, such as when the user gives up: what they wait for and what they are asked next fails
/// with [`ChannelError::Stopped`], so that whoever uses them tells the peer as after any other error.
///
/// ```
/// use halfgate_channel::{Channel, ChannelError, Kind, Length, Limits, Stopper};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (mut channel, _peer) = Channel::memory_pair(Limits::default());
/// let stopper = Stopper::default();
/// channel.obey(&stopper);
/// stopper.stop();
/// let error = channel.receive(Kind::Rows, Length::Exactly(64)).await.unwrap_err();
/// assert!(matches!(error, ChannelError::Stopped { .. }));
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Ends all channels that obey, now and later.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether a channel obeys that has not been dropped.
    pub fn is_obeyed(&self) -> bool {
        self.0.receiver_count() > 0
    }
}

/// Holds the waits of one channel to its limits.
pub(crate) struct Watch {
    limits: Limits,
    activity: Activity,
    end: Option<Instant>,
    stop: Option<watch::Receiver<bool>>,
}

impl Watch {
    /// A watch whose total time starts now.
    pub(crate) fn new(limits: Limits) -> Self {
        let start = Instant::now();
        let end = limits.total.and_then(|total| start.checked_add(total));
        Watch { limits, activity: Activity::new(start), end, stop: None }
    }

    /// Lets somebody else end all waits.
    pub(crate) fn obey(&mut self, stopper: &Stopper) {
        self.stop = Some(stopper.0.subscribe());
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

    /// Fails if the session's time is over, or somebody has ended it.
    pub(crate) fn check(&self, waiting: Waiting) -> Result<(), ChannelError> {
        if self.stop.as_ref().is_some_and(|stop| *stop.borrow()) {
            return Err(ChannelError::Stopped { waiting });
        }
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
        let Some(mut stop) = self.stop.clone() else { return self.guard_time(waiting, event).await };
        tokio::select! {
            biased;
            value = self.guard_time(waiting, event) => value,
            Ok(_) = stop.wait_for(|stop| *stop) => Err(ChannelError::Stopped { waiting }),
        }
    }

    async fn guard_time<T>(
        &self,
        waiting: Waiting,
        event: impl Future<Output = T>,
    ) -> Result<T, ChannelError> {
        let mut event = pin!(event);
        let since = Instant::now();
        loop {
            // No later than if bytes moved now: a clock that stands may start again.
            let latest = Instant::now().checked_add(self.limits.idle);
            let idle_end = latest.map(|latest| self.idle_end(since).map_or(latest, |end| end.min(latest)));
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
    async fn a_stopper_ends_waits_and_what_comes_after() {
        let (mut watch, stopper) = (watch(10, None), Stopper::default());
        assert!(!stopper.is_obeyed());
        watch.obey(&stopper);
        let waiting = Waiting::For(Kind::Rows);
        assert!(watch.check(waiting).is_ok() && watch.guard(waiting, async { 7 }).await.unwrap() == 7);
        let start = Instant::now();
        let stop = async {
            sleep(SECOND * 3).await;
            stopper.stop();
        };
        let (error, ()) = tokio::join!(watch.guard::<()>(waiting, pending()), stop);
        assert!(matches!(error, Err(ChannelError::Stopped { .. })) && start.elapsed() == SECOND * 3);
        assert!(matches!(watch.check(waiting), Err(ChannelError::Stopped { .. })));
        drop(watch);
        assert!(!stopper.is_obeyed());
    }

    #[tokio::test(start_paused = true)]
    async fn endless_limits_do_not_overflow() {
        let limits = Limits { idle: Duration::MAX, total: Some(Duration::MAX), linger: Duration::MAX };
        let watch = Watch::new(limits);
        assert!(watch.guard(Waiting::For(Kind::Rows), sleep(SECOND * 1000)).await.is_ok());
    }
}
