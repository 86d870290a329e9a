//! What a measured session would take over other links.

use super::report::{Cost, Scenario};

/// A way between two machines.
pub(crate) struct Link {
    pub(crate) name: &'static str,
    bits_per_second: f64,
    round_trip_seconds: f64,
}

/// Gigabits per second and the round trip.
pub(crate) const LINKS: [Link; 4] = [
    Link { name: "10 Gbit/s, 20 ms", bits_per_second: 1e10, round_trip_seconds: 0.020 },
    Link { name: "10 Gbit/s, 80 ms", bits_per_second: 1e10, round_trip_seconds: 0.080 },
    Link { name: "1 Gbit/s, 20 ms", bits_per_second: 1e9, round_trip_seconds: 0.020 },
    Link { name: "1 Gbit/s, 80 ms", bits_per_second: 1e9, round_trip_seconds: 0.080 },
];

impl Scenario {
    /// As measured here, over loopback.
    pub(crate) fn seconds(&self) -> f64 {
        self.garbler.seconds.max(self.evaluator.seconds)
    }

    /// Round trips of the side that waits more often; an exchange is half of one.
    pub(crate) fn round_trips(&self) -> f64 {
        let trips = |cost: &Cost| cost.round_trips as f64 + cost.exchanges as f64 / 2.0;
        trips(&self.garbler).max(trips(&self.evaluator))
    }

    /// Seconds over a link: the longer of what was measured here and of the fuller direction's bytes, as computing and
    /// sending overlap, and a round trip for the connect and for each of the session's.
    pub(crate) fn over(&self, link: &Link) -> f64 {
        let bytes = self.garbler.bytes_sent.max(self.evaluator.bytes_sent) as f64;
        let carry = bytes * 8.0 / link.bits_per_second;
        self.seconds().max(carry) + link.round_trip_seconds * (1.0 + self.round_trips())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::LINKS;

    #[test]
    fn the_slower_of_computing_and_carrying_counts_and_each_round_trip() {
        // 0.5 s here; 1 Gbit one way; 2 round trips and 3 exchanges.
        let scenario = &sample::report().scenarios[0];
        assert_eq!(scenario.round_trips(), 3.5);
        let seconds = LINKS.map(|link| scenario.over(&link));
        let expected = [0.5 + 4.5 * 0.02, 0.5 + 4.5 * 0.08, 1.0 + 4.5 * 0.02, 1.0 + 4.5 * 0.08];
        for (seconds, expected) in seconds.into_iter().zip(expected) {
            assert!((seconds - expected).abs() < 1e-9, "{seconds} {expected}");
        }
    }
}
