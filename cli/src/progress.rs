//! A progress bar on standard error, if that is a terminal.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use halfgate::Program;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::odometer::Odometer;

/// How often the bar is drawn.
const INTERVAL: Duration = Duration::from_millis(100);

/// The bytes that rows take on the wire for each AND and lane: nearly all that a long run sends.
pub(crate) const BYTES_PER_AND: u64 = 32;

/// Waits for a run and meanwhile shows how far it is, by the bytes that pass.
pub(crate) async fn show<T>(
    run: impl Future<Output = T>,
    odometer: &Odometer,
    program: &Program,
    lanes: u64,
) -> T {
    if !stderr().is_terminal() {
        return run.await;
    }
    let bar = bar((program.and_count() as u64).saturating_mul(lanes).saturating_mul(BYTES_PER_AND));
    let start = odometer.bytes();
    let mut run = std::pin::pin!(run);
    let mut ticks = tokio::time::interval(INTERVAL);
    let result = loop {
        tokio::select! {
            result = &mut run => break result,
            _ = ticks.tick() => bar.set_position((odometer.bytes() - start).min(bar.length().unwrap_or(0))),
        }
    };
    bar.finish_and_clear();
    result
}

fn bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{percent:>3}% {wide_bar} {decimal_bytes}/{decimal_total_bytes}, {eta} left",
    );
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    bar.with_style(style.expect("the template is well-formed"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_template_is_well_formed() {
        assert_eq!(super::bar(7).length(), Some(7));
    }
}
