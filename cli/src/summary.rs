//! The summary of a run: what crossed the channel and how long it took.

use std::fmt::Write;
use std::time::Duration;

use halfgate::Meter;
use halfgate::channel::{Phase, Traffic};

use crate::human::{bytes, count, scaled, time};

/// The phases that a session goes through once, however long it is.
const SETUP_PHASES: [&str; 3] = ["handshake", "hash key", "OT setup"];

/// Time spent on the function itself.
pub(crate) fn computing(meter: &Meter) -> Duration {
    of_the_function(meter).map(|phase| phase.duration).sum()
}

/// Bytes that were sent and received for the function itself.
fn moved(meter: &Meter) -> [u64; 2] {
    let ways: [fn(&Phase) -> u64; 2] = [|phase| phase.sent.bytes, |phase| phase.received.bytes];
    ways.map(|way| of_the_function(meter).map(way).sum())
}

fn of_the_function(meter: &Meter) -> impl Iterator<Item = &Phase> {
    meter.phases.iter().filter(|phase| !SETUP_PHASES.contains(&phase.name))
}

/// Round trips, with exchanges as half of one.
fn round_trips(round_trips: u64, exchanges: u64) -> String {
    let halves = 2 * round_trips + exchanges;
    format!("{}{}", count(halves / 2), if halves % 2 == 1 { ".5" } else { "" })
}

/// A table of phases, and the rate with its limit.
pub(crate) fn table(meter: &Meter, ands: u64) -> String {
    let width = meter.phases.iter().map(|phase| phase.name.len()).max().unwrap_or(0).max(10);
    let mut text = format!(
        "{:<width$} {:>10} {:>10} {:>9} {:>9} {:>9} {:>9} {:>12}\n",
        "phase", "time", "waiting", "sent", "messages", "received", "messages", "round trips"
    );
    for phase in meter.phases.iter().chain([&total(meter)]) {
        text += &row(phase, width);
    }
    let _infallible = write!(text, "{}", rate(ands, moved(meter), computing(meter)));
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

fn row(phase: &Phase, width: usize) -> String {
    let cell = |traffic: Traffic| format!("{:>9} {:>9}", bytes(traffic.bytes), count(traffic.messages));
    format!(
        "{:<width$} {:>10} {:>10} {} {} {:>12}\n",
        phase.name,
        time(phase.duration),
        time(phase.waited),
        cell(phase.sent),
        cell(phase.received),
        round_trips(phase.round_trips, phase.exchanges),
    )
}

/// How fast it was, and how fast the wire would have let it be, whose two ways do not share their rate.
fn rate(ands: u64, moved: [u64; 2], computing: Duration) -> String {
    let seconds = computing.as_secs_f64();
    if ands == 0 || seconds == 0.0 {
        return format!("{} ANDs", count(ands));
    }
    let (bytes, busier) = (moved[0] + moved[1], moved[0].max(moved[1]));
    let (per_second, each) = (ands as f64 / seconds, bytes as f64 / ands as f64);
    format!(
        "{} ANDs in {} after the setup: {}AND/s. Each puts {each:.0} bytes on the wire, both ways together, {}B/s here; \
         a link of 1 Gbit/s allows {}AND/s",
        count(ands),
        time(computing),
        scaled(per_second),
        scaled(bytes as f64 / seconds),
        scaled(1e9 / 8.0 * ands as f64 / busier.max(1) as f64),
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
        let text = rate(1_000_000, [32_000_000, 4_000_000], Duration::from_millis(500));
        assert!(text.starts_with("1,000,000 ANDs in 500 ms after the setup: 2.0 MAND/s."), "{text}");
        assert!(
            text.contains("Each puts 36 bytes")
                && text.contains("72 MB/s here")
                && text.ends_with("allows 3.9 MAND/s"),
            "{text}"
        );
        assert_eq!(rate(0, [0, 0], Duration::from_secs(1)), "0 ANDs");
    }
}
