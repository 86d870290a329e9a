//! The summary of a run: what crossed the channel and how long it took.

use std::fmt::Write;
use std::time::Duration;

use halfgate::Meter;
use halfgate::channel::{Phase, Traffic};

use crate::human::{bytes, count, scaled, time};
use crate::progress::BYTES_PER_AND;

/// The phases that a session goes through once, however long it is.
const SETUP_PHASES: [&str; 3] = ["handshake", "hash key", "OT setup"];

/// Time spent on the function itself.
pub(crate) fn computing(meter: &Meter) -> Duration {
    let phases = meter.phases.iter().filter(|phase| !SETUP_PHASES.contains(&phase.name));
    phases.map(|phase| phase.duration).sum()
}

/// Round trips, with exchanges as half of one.
fn round_trips(round_trips: u64, exchanges: u64) -> String {
    let halves = 2 * round_trips + exchanges;
    format!("{}{}", count(halves / 2), if halves % 2 == 1 { ".5" } else { "" })
}

/// A table of phases, and the rate with its limit.
pub(crate) fn table(meter: &Meter, ands: u64) -> String {
    let mut text = format!(
        "{:<10} {:>10} {:>10} {:>9} {:>9} {:>9} {:>9} {:>12}\n",
        "phase", "time", "waiting", "sent", "messages", "received", "messages", "round trips"
    );
    for phase in &meter.phases {
        text += &row(phase.name, phase);
    }
    text += &row("total", &total(meter));
    let _infallible = write!(text, "{}", rate(ands, computing(meter)));
    text
}

fn total(meter: &Meter) -> Phase {
    Phase {
        name: "total",
        sent: meter.sent,
        received: meter.received,
        round_trips: meter.round_trips,
        exchanges: meter.exchanges,
        duration: meter.duration,
        waited: meter.waited,
    }
}

fn row(name: &str, phase: &Phase) -> String {
    let cell = |traffic: Traffic| format!("{:>9} {:>9}", bytes(traffic.bytes), count(traffic.messages));
    format!(
        "{name:<10} {:>10} {:>10} {} {} {:>12}\n",
        time(phase.duration),
        time(phase.waited),
        cell(phase.sent),
        cell(phase.received),
        round_trips(phase.round_trips, phase.exchanges),
    )
}

/// How fast it was, and how fast the wire would have let it be: each AND of each lane is 32 bytes.
pub(crate) fn rate(ands: u64, computing: Duration) -> String {
    let seconds = computing.as_secs_f64();
    if ands == 0 || seconds == 0.0 {
        return format!("{} ANDs", count(ands));
    }
    let (per_second, gigabit) = (ands as f64 / seconds, 1e9 / 8.0 / BYTES_PER_AND as f64);
    format!(
        "{} ANDs in {} after the setup: {}AND/s. Each puts {BYTES_PER_AND} bytes on the wire, {}B/s here; \
         a link of 1 Gbit/s allows {}AND/s",
        count(ands),
        time(computing),
        scaled(per_second),
        scaled(per_second * BYTES_PER_AND as f64),
        scaled(gigabit),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{rate, round_trips};

    #[test]
    fn an_exchange_is_half_a_round_trip() {
        assert_eq!(round_trips(3, 0), "3");
        assert_eq!(round_trips(3, 3), "4.5");
    }

    #[test]
    fn the_rate_names_the_limit_of_the_wire() {
        let text = rate(1_000_000, Duration::from_millis(500));
        assert!(text.starts_with("1,000,000 ANDs in 500 ms after the setup: 2.0 MAND/s."), "{text}");
        assert!(text.contains("64 MB/s here") && text.ends_with("allows 3.9 MAND/s"), "{text}");
        assert_eq!(rate(0, Duration::from_secs(1)), "0 ANDs");
    }
}
