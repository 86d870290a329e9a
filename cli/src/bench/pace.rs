//! How long and how often something is measured.

use std::time::{Duration, Instant};

use super::options::Suite;

/// The sizes of a suite.
pub(crate) struct Pace {
    /// The least time of one run of something that takes less.
    sample: Duration,
    /// Runs of what is measured in this process.
    samples: usize,
    /// Runs of what two processes do.
    pub(crate) sessions: usize,
    /// Processes that are started to see how long that takes.
    pub(crate) starts: usize,
    /// Runs of the two long rows of chained calls.
    pub(crate) chains: usize,
    /// ANDs of the two long rows of chained calls.
    pub(crate) chained_ands: u64,
    /// ANDs of one run in lanes.
    pub(crate) session_ands: u64,
    /// Rows of the table of comparisons.
    pub(crate) comparisons: usize,
    /// OTs of a run.
    pub(crate) transfers: usize,
    /// Bytes sent to find out how fast a transport is.
    pub(crate) transport_bytes: usize,
    /// The factors of the product that is read and compiled.
    pub(crate) product: &'static str,
}

impl Pace {
    pub(crate) fn of(suite: Suite) -> Self {
        match suite {
            Suite::Quick => Pace {
                sample: Duration::from_millis(20),
                samples: 7,
                sessions: 5,
                starts: 15,
                chains: 3,
                chained_ands: 20_000_000,
                session_ands: 10_000_000,
                comparisons: 50_000,
                transfers: 1 << 20,
                transport_bytes: 64 << 20,
                product: "mul256",
            },
            Suite::Full => Pace {
                sample: Duration::from_millis(100),
                samples: 15,
                sessions: 9,
                starts: 51,
                chains: 3,
                chained_ands: 1_000_000_000,
                session_ands: 200_000_000,
                comparisons: 1_000_000,
                transfers: 1 << 23,
                transport_bytes: 512 << 20,
                product: "mul768",
            },
        }
    }

    /// Seconds per call, once for each run. What is short is called many times in a run.
    pub(crate) fn time(&self, mut work: impl FnMut()) -> Vec<f64> {
        let mut run = |calls: u32| {
            let start = Instant::now();
            (0..calls).for_each(|_| work());
            start.elapsed()
        };
        // The first calls also warm the caches.
        let mut calls = 1;
        let mut took = run(calls);
        while took < self.sample / 4 {
            calls *= 2;
            took = run(calls);
        }
        let calls = (f64::from(calls) * self.sample.div_duration_f64(took)).ceil().max(1.0) as u32;
        (0..self.samples).map(|_| run(calls).as_secs_f64() / f64::from(calls)).collect()
    }

    /// Seconds of each run of something that tells its own time, after one that is not counted.
    pub(crate) fn repeat<E>(
        &self,
        runs: usize,
        mut work: impl FnMut() -> Result<Duration, E>,
    ) -> Result<Vec<f64>, E> {
        work()?;
        (0..runs).map(|_| work().map(|took| took.as_secs_f64())).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Pace, Suite};

    #[test]
    fn short_work_is_repeated_until_a_run_is_long_enough() {
        let (pace, mut calls) = (Pace::of(Suite::Quick), 0u64);
        let runs = pace.time(|| {
            calls += 1;
            std::thread::sleep(Duration::from_micros(100));
        });
        assert_eq!(runs.len(), 7);
        assert!(calls > 7 * 5 && runs.iter().all(|&seconds| seconds >= 1e-4), "{calls} {runs:?}");
    }

    #[test]
    fn the_first_run_is_not_counted() {
        let mut durations = [9, 1, 2, 3].into_iter().map(Duration::from_secs);
        let runs = Pace::of(Suite::Quick).repeat(3, || durations.next().ok_or(()));
        assert_eq!(runs, Ok(vec![1.0, 2.0, 3.0]));
    }
}
