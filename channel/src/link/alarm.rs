//! Waking up at a moment: the runtime's timers know milliseconds only, and a link of a data centre is shorter.

use std::{
    collections::BTreeMap,
    sync::{
        OnceLock,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant as RealInstant},
};

use tokio::{
    sync::oneshot,
    time::{Instant, sleep_until},
};

/// The last bit of a wait, which the runtime's timers are too coarse for.
const FINE: Duration = Duration::from_millis(2);

/// Waits until a moment of the runtime's clock, which may be paused, and not much longer.
pub(super) async fn wait_until(due: Instant) {
    if Instant::now() + FINE < due {
        sleep_until(due - FINE).await;
    }
    loop {
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        // The runtime's timer decides alone where there is no thread, and on a paused clock, of which a thread knows nothing.
        tokio::select! {
            Ok(()) = ring(left) => {}
            () = sleep_until(due) => {}
        }
    }
}

/// Who is to be woken when.
type Call = (RealInstant, oneshot::Sender<()>);

/// Rings after a time; fails at once if it never will.
fn ring(after: Duration) -> oneshot::Receiver<()> {
    static CLOCK: OnceLock<Option<Sender<Call>>> = OnceLock::new();
    let (bell, rung) = oneshot::channel();
    if let Some(clock) = CLOCK.get_or_init(start) {
        // If the thread is gone the bell is dropped, and with it the hope of a ring.
        let _ = clock.send((RealInstant::now() + after, bell));
    }
    rung
}

fn start() -> Option<Sender<Call>> {
    let (calls, heard) = channel();
    let thread = thread::Builder::new().name("link clock".to_owned());
    thread.spawn(move || keep_time(&heard)).ok().map(|_| calls)
}

fn keep_time(calls: &Receiver<Call>) {
    let mut bells = BTreeMap::new();
    for number in 0u64.. {
        let call = match bells.first_key_value() {
            None => calls.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some((&(due, _), _)) => {
                let left = RealInstant::saturating_duration_since(&due, RealInstant::now());
                calls.recv_timeout(left)
            }
        };
        match call {
            Ok((due, bell)) => drop(bells.insert((due, number), bell)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let later = bells.split_off(&(RealInstant::now(), u64::MAX));
        for bell in std::mem::replace(&mut bells, later).into_values() {
            // Whoever asked may have stopped waiting.
            let _ = bell.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waits_are_finer_than_a_millisecond() {
        let mut excess: Vec<Duration> = Vec::new();
        for _ in 0..20 {
            let due = Instant::now() + Duration::from_micros(200);
            wait_until(due).await;
            excess.push(due.elapsed());
        }
        excess.sort();
        // The best of them: the machine may be busy.
        assert!(excess[0] < Duration::from_micros(600), "{excess:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_paused_clock_is_obeyed() {
        let began = Instant::now();
        wait_until(began + Duration::from_secs(3600)).await;
        assert!((3600.0..3600.01).contains(&began.elapsed().as_secs_f64()));
    }
}
