use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::{Again, Line, Reconnect, Returned};
use crate::{ChannelError, Kind, Waiting, dial::Backoff};

/// The pauses between two attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The longest attempt.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(20);

/// A connection that stays up for so long is a healthy one: after it, the first attempt is made at once.
const HEALTHY: Duration = Duration::from_secs(5);

/// Makes the connecting side's next connection by calling a function, at growing intervals while that fails or what it
/// makes does not stay up.
pub struct Dialler<F> {
    dial: F,
    pauses: Backoff,
    not_before: Option<Instant>,
    resumed: Option<Instant>,
}

impl<F, Attempt> Dialler<F>
where
    F: FnMut() -> Attempt + Send + 'static,
    Attempt: Future<Output = Result<Line, ChannelError>> + Send,
{
    /// `dial` makes one attempt: it connects and sees that it is the peer who answers.
    pub fn new(dial: F) -> Self {
        Dialler { dial, pauses: pauses(), not_before: None, resumed: Some(Instant::now()) }
    }

    async fn attempt(&mut self) -> Result<Line, ChannelError> {
        if self.resumed.take().is_some_and(|at| at.elapsed() >= HEALTHY) {
            (self.pauses, self.not_before) = (pauses(), None);
        }
        if let Some(time) = self.not_before {
            sleep_until(time).await;
        }
        // Ahead of the attempt, which may be dropped.
        let pause = self.pauses.next();
        self.not_before = Some(Instant::now() + pause);
        let outcome = timeout(LONGEST_ATTEMPT, (self.dial)()).await;
        self.not_before = Some(Instant::now() + pause);
        let (waiting, limit) = (Waiting::ToSend(Kind::Resume), LONGEST_ATTEMPT);
        outcome.unwrap_or(Err(ChannelError::Late { waiting, limit }))
    }
}

fn pauses() -> Backoff {
    Backoff::new(FIRST_PAUSE, LONGEST_PAUSE)
}

impl<F, Attempt> Reconnect for Dialler<F>
where
    F: FnMut() -> Attempt + Send + 'static,
    Attempt: Future<Output = Result<Line, ChannelError>> + Send,
{
    fn again(&mut self) -> Again<'_> {
        Box::pin(async { Ok(Returned { line: self.attempt().await?, resume: None }) })
    }

    fn resumed(&mut self) {
        self.resumed = Some(Instant::now());
    }
}
