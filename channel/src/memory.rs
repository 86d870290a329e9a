use crate::{Channel, Limits};

/// Bytes between the two ends of a pair: large enough for a frame of rows, small enough for back-pressure.
const CAPACITY: usize = 256 * 1024;

impl Channel {
    /// Two ends of a channel within this process. It has the frames, queues and tasks of any other channel, over a pipe
    /// in memory.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn memory_pair(limits: Limits) -> (Channel, Channel) {
        let (left_read, right_write) = tokio::io::simplex(CAPACITY);
        let (right_read, left_write) = tokio::io::simplex(CAPACITY);
        (
            Channel::over_halves(left_read, left_write, limits),
            Channel::over_halves(right_read, right_write, limits),
        )
    }
}
