use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::{Again, Line, Reconnect, Returned};
use crate::{ChannelError, Kind, Waiting, dial::Backoff};

/// The pauses between two attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The longest attempt.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(20);

/// A connection that stays up for so long is a healthy one: after it, the first attempt is made at once.
const HEALTHY: Duration = Duration::from_secs(1);

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

#[cfg(test)]
mod tests {
    use std::{
        future::ready,
        sync::{Arc, Mutex},
    };

    use tokio::{io::duplex, time::sleep};

    use super::*;
    use crate::End;

    fn line() -> Line {
        Line::over(duplex(1).0, [0; 32], End::Connecting)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_attempt_is_made_at_once_and_the_pauses_grow() {
        let times = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&times);
        let mut dialler = Dialler::new(move || {
            noted.lock().unwrap().push(Instant::now());
            ready(Err(ChannelError::Ended))
        });
        let start = Instant::now();
        for _ in 0..10 {
            assert!(dialler.again().await.is_err());
        }
        let times = times.lock().unwrap();
        assert_eq!(times[0], start);
        let pauses: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses[0] <= FIRST_PAUSE + Duration::from_millis(1), "{pauses:?}");
        assert!(pauses[8] >= LONGEST_PAUSE / 2 && pauses[8] <= LONGEST_PAUSE + Duration::from_millis(1));
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_connection_that_stays_up_makes_it_forget_the_pauses() {
        let mut dialler = Dialler::new(|| ready(Ok(line())));
        for (lifetime, is_healthy) in
            [(HEALTHY / 100, false), (HEALTHY / 100, false), (HEALTHY, true), (HEALTHY, true)]
        {
            dialler.again().await.unwrap();
            dialler.resumed();
            sleep(lifetime).await;
            let start = Instant::now();
            dialler.again().await.unwrap();
            assert_eq!(start.elapsed() == Duration::ZERO, is_healthy, "{lifetime:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_does_not_take_for_ever() {
        let mut dialler = Dialler::new(std::future::pending);
        let start = Instant::now();
        assert!(matches!(dialler.again().await, Err(ChannelError::Late { .. })));
        assert_eq!(start.elapsed(), LONGEST_ATTEMPT);
    }
}
