use std::{ops::AddAssign, time::Duration};

use tokio::time::Instant;

use crate::frame::HEADER;

/// Messages one way, and their bytes with the eight of each frame's header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes of headers and payloads.
    pub bytes: u64,
    /// Frames.
    pub messages: u64,
}

impl Traffic {
    /// So many messages with so many bytes of payload in all.
    pub const fn of(messages: u64, payload: u64) -> Self {
        Traffic { bytes: HEADER as u64 * messages + payload, messages }
    }

    fn count(&mut self, payload: usize) {
        *self += Traffic::of(1, payload as u64);
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.messages += other.messages;
    }
}

/// What crossed a channel, in all and per phase. Messages count as sent when they are queued and as received when they
/// are asked for, so the figures depend on the protocol alone and not on timing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meter {
    /// Sent to the peer.
    pub sent: Traffic,
    /// Received from the peer.
    pub received: Traffic,
    /// Waits for an answer: for a message, having sent something since the previous wait.
    ///
    /// Together with half the [exchanges](Meter::exchanges) this is the time on a long line in round trips where each wait is for
    /// what the peer could send only after it had heard us: in a run of one chunk. Where inputs go ahead and outputs come
    /// later, as in runs of several chunks, a side seldom stands still when it asks for a message, and one side cannot
    /// tell; the count is then an upper bound, and `halfgate::estimate` knows the true number.
    pub round_trips: u64,
    /// Exchanges: waits for a message that the peer sends without waiting for ours. Each costs half a round trip.
    pub exchanges: u64,
    /// Time since the channel was opened.
    pub duration: Duration,
    /// Part of `duration` in which this side waited for the peer or the network.
    pub waited: Duration,
    /// The same by phase, in the order in which phases began.
    pub phases: Vec<Phase>,
}

/// What crossed a channel in one phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The name that it was begun with.
    pub name: &'static str,
    /// Sent to the peer.
    pub sent: Traffic,
    /// Received from the peer.
    pub received: Traffic,
    /// Waits for an answer.
    pub round_trips: u64,
    /// Exchanges, half a round trip each.
    pub exchanges: u64,
    /// Time spent in this phase.
    pub duration: Duration,
    /// Part of `duration` in which this side waited for the peer or the network.
    pub waited: Duration,
}

impl Phase {
    fn new(name: &'static str) -> Self {
        Phase {
            name,
            sent: Traffic::default(),
            received: Traffic::default(),
            round_trips: 0,
            exchanges: 0,
            duration: Duration::ZERO,
            waited: Duration::ZERO,
        }
    }
}

/// The name of what happens before the first named phase.
const UNNAMED: &str = "start";

/// What was sent since this side last waited.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Nothing,
    /// Last of all a message that crosses one of the peer's.
    Crossing,
    Something,
}

/// Counts for a [`Meter`].
pub(crate) struct Recorder {
    phases: Vec<Phase>,
    current: usize,
    opened: Instant,
    phase_began: Instant,
    asked: Asked,
}

impl Recorder {
    /// Starts counting.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Recorder {
            phases: vec![Phase::new(UNNAMED)],
            current: 0,
            opened: now,
            phase_began: now,
            asked: Asked::Nothing,
        }
    }

    /// Enters a phase, or an earlier one again.
    pub(crate) fn begin(&mut self, name: &'static str) {
        let now = Instant::now();
        let spent = now - std::mem::replace(&mut self.phase_began, now);
        self.phase().duration += spent;
        self.current = self.phases.iter().position(|phase| phase.name == name).unwrap_or(self.phases.len());
        if self.current == self.phases.len() {
            self.phases.push(Phase::new(name));
        }
    }

    /// A message was queued.
    pub(crate) fn sent(&mut self, payload: usize) {
        self.asked = Asked::Something;
        self.phase().sent.count(payload);
    }

    /// A message was taken.
    pub(crate) fn received(&mut self, payload: usize) {
        self.phase().received.count(payload);
    }

    /// The message that was just queued crosses one of the peer's, which does not answer what was sent before it either.
    pub(crate) fn sent_crossing(&mut self) {
        self.asked = Asked::Crossing;
    }

    /// A message is asked for that answers what was sent.
    pub(crate) fn waits(&mut self) {
        if std::mem::take(&mut self.asked) != Asked::Nothing {
            self.phase().round_trips += 1;
        }
    }

    /// A message is asked for that crosses ours. What was sent behind that is still to be answered.
    pub(crate) fn crosses(&mut self) {
        match self.asked {
            Asked::Nothing => {}
            Asked::Crossing => {
                self.asked = Asked::Nothing;
                self.phase().exchanges += 1;
            }
            Asked::Something => self.phase().exchanges += 1,
        }
    }

    /// This side stood still since then.
    pub(crate) fn waited(&mut self, since: Instant) {
        self.phase().waited += since.elapsed();
    }

    /// The figures up to now.
    pub(crate) fn snapshot(&self) -> Meter {
        let mut phases = self.phases.clone();
        phases[self.current].duration += self.phase_began.elapsed();
        phases.retain(|phase| phase.name != UNNAMED || phase.sent.messages + phase.received.messages > 0);
        let mut meter = Meter { duration: self.opened.elapsed(), ..Meter::default() };
        for phase in &phases {
            meter.sent += phase.sent;
            meter.received += phase.received;
            meter.round_trips += phase.round_trips;
            meter.exchanges += phase.exchanges;
            meter.waited += phase.waited;
        }
        meter.phases = phases;
        meter
    }

    fn phase(&mut self) -> &mut Phase {
        &mut self.phases[self.current]
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[test]
    fn a_round_trip_needs_something_sent_since_the_last_wait() {
        let mut recorder = Recorder::new();
        recorder.waits();
        recorder.sent(1);
        recorder.sent(1);
        recorder.waits();
        recorder.waits();
        let meter = recorder.snapshot();
        assert_eq!((meter.round_trips, meter.exchanges), (1, 0));
    }

    #[test]
    fn messages_that_cross_take_half_a_round_trip() {
        let mut recorder = Recorder::new();
        recorder.sent(1); // nobody answers this
        recorder.sent(1);
        recorder.sent_crossing();
        recorder.crosses();
        recorder.waits();
        recorder.crosses(); // a second one at the same time
        let meter = recorder.snapshot();
        assert_eq!((meter.round_trips, meter.exchanges), (0, 1));
    }

    #[test]
    fn what_is_sent_behind_a_crossing_message_is_still_answered() {
        let mut recorder = Recorder::new();
        recorder.sent(1);
        recorder.sent_crossing();
        recorder.sent(1);
        recorder.crosses();
        recorder.waits();
        let meter = recorder.snapshot();
        assert_eq!((meter.round_trips, meter.exchanges), (1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn phases_add_up_and_can_be_entered_again() {
        let mut recorder = Recorder::new();
        recorder.begin("a");
        recorder.sent(92);
        sleep(Duration::from_secs(1)).await;
        recorder.begin("b");
        recorder.received(2);
        sleep(Duration::from_secs(2)).await;
        recorder.begin("a");
        recorder.sent(192);
        sleep(Duration::from_secs(4)).await;
        let meter = recorder.snapshot();
        let names: Vec<_> = meter.phases.iter().map(|p| (p.name, p.duration.as_secs())).collect();
        assert_eq!(names, [("a", 5), ("b", 2)]);
        assert_eq!(meter.phases[0].sent, Traffic { bytes: 300, messages: 2 });
        assert_eq!(meter.sent, meter.phases[0].sent);
        assert_eq!(meter.received, Traffic { bytes: 10, messages: 1 });
        assert_eq!(meter.duration.as_secs(), 7);
    }

    #[test]
    fn what_comes_before_the_first_phase_is_not_lost() {
        let mut recorder = Recorder::new();
        recorder.sent(0);
        recorder.begin("a");
        let meter = recorder.snapshot();
        assert_eq!(meter.phases.len(), 2);
        assert_eq!((meter.phases[0].name, meter.sent.bytes), (UNNAMED, 8));
    }
}
