//! Progress bars on standard error, if that is a terminal.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use halfgate::channel::Odometer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// How often the bar is drawn.
const INTERVAL: Duration = Duration::from_millis(100);

/// Waits for a run and meanwhile shows how far it is, by the bytes that pass.
pub(crate) async fn show<T>(run: impl Future<Output = T>, odometer: &Odometer, bytes: u64) -> T {
    if !stderr().is_terminal() {
        return run.await;
    }
    let bar = bar(bytes);
    // A task of its own: the run computes for long stretches without letting others in.
    let task = tokio::spawn(draw(bar.clone(), odometer.clone()));
    let _drawing = Drawing { bar, task };
    run.await
}

/// A bar that is drawn; it vanishes when this is dropped, be the run complete, failed or interrupted.
struct Drawing {
    bar: ProgressBar,
    task: JoinHandle<()>,
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.task.abort();
        self.bar.finish_and_clear();
    }
}

async fn draw(bar: ProgressBar, odometer: Odometer) {
    let start = odometer.bytes();
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        bar.set_position((odometer.bytes() - start).min(bar.length().unwrap_or(0)));
    }
}

fn bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{percent:>3}% {wide_bar} {decimal_bytes}/{decimal_total_bytes}, {eta} left",
    );
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    bar.with_style(style.expect("the template is well-formed"))
}

/// A bar for work in named steps, such as passes; it vanishes when this is dropped.
pub(crate) struct StepBar(ProgressBar);

impl StepBar {
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template("{msg:<16} {wide_bar} {pos}/{len}");
        let target = match stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        StepBar(bar.with_style(style.expect("the template is well-formed")))
    }

    /// Shows the step and how far it is.
    pub(crate) fn show(&self, step: &'static str, done: usize, total: usize) {
        self.0.set_message(step);
        self.0.set_length(total as u64);
        self.0.set_position(done as u64);
    }
}

impl Drop for StepBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_templates_are_well_formed() {
        assert_eq!(super::bar(7).length(), Some(7));
        super::StepBar::new().show("step", 3, 7);
    }
}
