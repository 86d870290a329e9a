use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    io::{self, ErrorKind},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpStream, UnixStream},
    time::{Instant, sleep, timeout},
};

use crate::{Address, ChannelError, transport::Stream};

/// The first pause between two attempts; short, as both sides are often started by one script.
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The longest attempt: a lost packet at the start of a connection should not use up all the time there is.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(10);

/// Connects to a peer that may not be listening yet: tries again, at growing intervals, for as long as `connect_timeout`.
///
/// # Errors
/// [`ChannelError::Dial`] with the last attempt's cause: when time is up, or at once if trying again cannot help.
pub async fn dial(address: &Address, connect_timeout: Duration) -> Result<Stream, ChannelError> {
    let start = Instant::now();
    let mut pauses = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
    let mut attempts = 0u32;
    loop {
        attempts = attempts.saturating_add(1);
        let left = connect_timeout.saturating_sub(start.elapsed()).min(LONGEST_ATTEMPT);
        let source = match timeout(left, attempt(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(source)) => source,
            Err(_) => ErrorKind::TimedOut.into(),
        };
        let (waited, pause) = (start.elapsed(), pauses.next());
        if is_hopeless(&source) || waited + pause >= connect_timeout {
            let (address, source) = (address.clone(), Arc::new(source));
            return Err(ChannelError::Dial { address, attempts, waited, source });
        }
        sleep(pause).await;
    }
}

async fn attempt(address: &Address) -> io::Result<Stream> {
    match address {
        Address::Tcp { host, port } => {
            let stream = TcpStream::connect((host.as_str(), *port)).await?;
            if stream.local_addr()? == stream.peer_addr()? {
                // With nobody listening on a local port, the kernel may choose that very port for our end.
                return Err(ErrorKind::ConnectionRefused.into());
            }
            Stream::tcp(stream)
        }
        Address::Unix(path) => Stream::unix(UnixStream::connect(path).await?),
    }
}

/// Whether no later attempt can fare better.
fn is_hopeless(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported)
}

/// Pauses that double, each shortened by chance so that many diallers do not knock together.
pub(crate) struct Backoff {
    next: Duration,
    longest: Duration,
}

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Backoff { next: first, longest }
    }

    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        // The standard library's hash keys are random enough for this.
        let chance = RandomState::new().hash_one(0) >> 32;
        pause / 2 + pause.mul_f64(chance as f64 / (1u64 << 33) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_with_jitter() {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut bound = FIRST_PAUSE;
        for _ in 0..20 {
            let pause = backoff.next();
            assert!(pause >= bound / 2 && pause <= bound, "{pause:?} of {bound:?}");
            bound = (bound * 2).min(LONGEST_PAUSE);
        }
        assert_eq!(bound, LONGEST_PAUSE);
        let pauses: Vec<_> = (0..8).map(|_| backoff.next()).collect();
        assert!(pauses.iter().any(|pause| *pause != pauses[0]));
    }
}
