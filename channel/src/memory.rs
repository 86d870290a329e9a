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
        // Not two `simplex` pipes: dropping an end of those does not close them for the other.
        let (left, right) = tokio::io::duplex(CAPACITY);
        (Channel::over(left, limits), Channel::over(right, limits))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Channel, ChannelError, Kind, Length, Limits};

    #[tokio::test]
    async fn a_dropped_end_closes_the_other() {
        let (left, mut right) = Channel::memory_pair(Limits::default());
        drop(left);
        let error = right.receive(Kind::Start, Length::Exactly(32)).await.unwrap_err();
        assert!(matches!(error, ChannelError::Closed { .. }), "{error}");
    }
}
