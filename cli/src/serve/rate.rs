//! How often something may happen. A bucket of tokens, and not the `governor` crate: a bucket is dropped with its peer's
//! entry, is asked for rows as well as for sessions, and has to be left untouched when another limit refuses.

use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::duration;

/// So many in a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    count: u64,
    per: Duration,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected a number and a time, such as 60/1m or 1000/1h".to_owned();
        let (count, per) = text.split_once('/').ok_or_else(expected)?;
        let count = count.trim().parse().ok().filter(|count| *count > 0).ok_or_else(expected)?;
        Ok(Rate { count, per: duration::parse(per.trim())? })
    }
}

/// Tokens that come back in time. Full, it holds as many as its rate names.
#[derive(Clone, Copy)]
pub(crate) struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Bucket { rate, tokens: rate.count as f64, at: now }
    }

    /// Takes tokens, or says how long it takes until there are enough. More than the bucket holds are let through when it is
    /// full, and paid for afterwards.
    pub(crate) fn take(&mut self, count: u64, now: Instant) -> Result<(), Duration> {
        let (full, per_second) =
            (self.rate.count as f64, self.rate.count as f64 / self.rate.per.as_secs_f64());
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * per_second).min(full);
        self.at = now;
        let needed = (count as f64).min(full);
        if self.tokens + 1e-9 < needed {
            let wait = ((needed - self.tokens) / per_second).min(1e9);
            return Err(Duration::from_secs_f64(wait));
        }
        self.tokens -= count as f64;
        Ok(())
    }

    /// Whether nothing would change if it were made anew.
    pub(crate) fn is_full(mut self, now: Instant) -> bool {
        self.take(0, now).is_ok() && self.tokens >= self.rate.count as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        let rate = |count, seconds| Ok(Rate { count, per: Duration::from_secs(seconds) });
        assert_eq!("60/1m".parse::<Rate>(), rate(60, 60));
        assert_eq!("5/1h30m".parse::<Rate>(), rate(5, 5400));
        for text in ["", "60", "0/1m", "-1/1m", "60/", "60/m", "x/1s"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    #[test]
    fn tokens_go_and_come_back() {
        let start = Instant::now();
        let after = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let mut bucket = Bucket::full("2/10s".parse().unwrap(), start);
        assert_eq!([bucket.take(1, start), bucket.take(1, start)], [Ok(()), Ok(())]);
        assert_eq!(bucket.take(1, start), Err(Duration::from_secs(5)));
        assert_eq!(bucket.take(1, after(4.0)), Err(Duration::from_secs(1)));
        assert_eq!(bucket.take(1, after(5.0)), Ok(()));
        assert!(!bucket.is_full(after(14.0)) && bucket.is_full(after(15.1)));
        // Two at most, however long nobody came.
        assert_eq!(
            [bucket.take(2, after(900.0)), bucket.take(1, after(900.0))].map(|t| t.is_ok()),
            [true, false]
        );
    }

    #[test]
    fn more_than_it_holds_is_paid_for_afterwards() {
        let start = Instant::now();
        let mut bucket = Bucket::full("10/10s".parse().unwrap(), start);
        assert_eq!(bucket.take(25, start), Ok(()));
        assert_eq!(bucket.take(1, start), Err(Duration::from_secs(16)));
    }
}
