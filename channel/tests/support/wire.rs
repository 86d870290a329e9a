//! A peer that writes its bytes by hand.

use halfgate_channel::{Channel, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// A channel and the raw far end of its connection, which holds `capacity` bytes each way.
pub(crate) fn raw_peer(capacity: usize, limits: Limits) -> (Channel, DuplexStream) {
    let (near, far) = tokio::io::duplex(capacity);
    (Channel::over(near, limits), far)
}

/// The bytes of a frame, as the wire format says.
pub(crate) fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    [&[kind, 0, 0, 0], &(payload.len() as u32).to_le_bytes()[..], payload].concat()
}

/// Writes these bytes, closes, and gives back what the other side says until it closes as well.
pub(crate) async fn say_and_close(mut peer: DuplexStream, bytes: &[u8]) -> Vec<u8> {
    let mut heard = Vec::new();
    // The other side may stop listening at any time.
    let _ = peer.write_all(bytes).await;
    let _ = peer.shutdown().await;
    let _ = peer.read_to_end(&mut heard).await;
    heard
}
