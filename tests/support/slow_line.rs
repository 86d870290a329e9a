//! A line with a second of delay each way, on a paused clock.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

pub(crate) const DELAY: Duration = Duration::from_secs(1);

/// Both ends of a line that holds every byte back for [`DELAY`].
pub(crate) fn slow_line() -> (DuplexStream, DuplexStream) {
    let ((left, left_far), (right, right_far)) = (duplex(1 << 20), duplex(1 << 20));
    let ((left_read, left_write), (right_read, right_write)) = (split(left_far), split(right_far));
    tokio::spawn(carry(left_read, right_write));
    tokio::spawn(carry(right_read, left_write));
    (left, right)
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin + Send + 'static) {
    let (sender, mut under_way) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = under_way.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if sender.send((Instant::now() + DELAY, buffer[..count].to_vec())).is_err() {
            return;
        }
    }
}
