use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// The bytes that have passed through a channel, both ways together. Clones read the same; it can be read at any time,
/// also while the channel is at work, which its [`Meter`](crate::Meter) cannot.
#[derive(Clone, Debug, Default)]
pub struct Odometer(Arc<AtomicU64>);

impl Odometer {
    /// The number of bytes so far: of frames, without what the connection below adds.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}
