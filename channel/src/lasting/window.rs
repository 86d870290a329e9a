use std::collections::VecDeque;

use crate::{
    MAX_FRAME,
    frame::{Frame, HEADER},
    pool::Pool,
};

/// The smallest window in bytes: with less the two sides would wait for each other's acknowledgements.
const SMALLEST: usize = 4 * MAX_FRAME;

/// The most frames in a window, which bounds what small ones cost beside their bytes.
pub(super) const MOST_FRAMES: usize = 1024;

/// A buffer may be this much longer than what is in it.
const SLACK: usize = 4096;

/// Sent frames, as they were sent, until the peer has taken them.
pub(super) struct Window {
    frames: VecDeque<Frame>,
    /// How many frames were before the first of these.
    first: u64,
    /// How many frames were written on this connection or received on an earlier one.
    written: u64,
    bytes: usize,
    limit: usize,
    pool: Pool,
}

impl Window {
    pub(super) fn new(limit: usize, pool: Pool) -> Self {
        let limit = limit.max(SMALLEST);
        Window { frames: VecDeque::new(), first: 0, written: 0, bytes: 0, limit, pool }
    }

    /// How many bytes may be in it before it is full.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether another frame may come in; it may be one of any length.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < self.limit && self.frames.len() < MOST_FRAMES
    }

    /// How many frames came in so far.
    pub(super) fn sent(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    /// Takes in the next frame to be sent.
    pub(super) fn push(&mut self, frame: Frame) {
        let frame = self.fitted(frame);
        self.bytes += weight(&frame);
        self.frames.push_back(frame);
    }

    /// The next frame to be written, if there is one.
    pub(super) fn unwritten(&self) -> Option<&Frame> {
        self.frames.get(usize::try_from(self.written - self.first).ok()?)
    }

    /// The frame that was to be written has been.
    pub(super) fn wrote(&mut self) {
        self.written += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Lets go of the first frames: the peer has taken so many, counted from the opening of the channel.
    pub(super) fn release(&mut self, taken: u64) {
        while self.first < taken
            && let Some(frame) = self.frames.pop_front()
        {
            self.first += 1;
            self.bytes -= weight(&frame);
            self.pool.put(frame.into_buffer());
        }
        self.written = self.written.max(self.first);
    }

    /// On a new connection, frames are written from where the peer stands.
    pub(super) fn rewind(&mut self, received: u64) {
        self.written = received.clamp(self.first, self.sent());
    }

    /// Forgets all frames.
    pub(super) fn clear(&mut self) {
        self.release(self.sent());
    }

    /// A short message in a long buffer is moved to one of its own, so that a window of them takes no more memory than
    /// its limit says.
    fn fitted(&self, frame: Frame) -> Frame {
        let length = frame.payload.len();
        if frame.payload.capacity() <= 2 * length + SLACK {
            return frame;
        }
        let fitted = Frame { kind: frame.kind, payload: frame.payload.clone() };
        self.pool.put(frame.into_buffer());
        fitted
    }
}

fn weight(frame: &Frame) -> usize {
    frame.payload.len() + HEADER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn window() -> Window {
        Window::new(0, Pool::default())
    }

    fn frame(kind: Kind, byte: u8, length: usize) -> Frame {
        Frame { kind, payload: vec![byte; length] }
    }

    fn unwritten(window: &mut Window) -> Vec<u8> {
        std::iter::from_fn(|| {
            let first = window.unwritten()?.payload[0];
            window.wrote();
            Some(first)
        })
        .collect()
    }

    #[test]
    fn frames_are_written_again_from_where_the_peer_stands() {
        let mut window = window();
        (0..5).for_each(|number| window.push(frame(Kind::Rows, number, 1)));
        assert_eq!(unwritten(&mut window), [0, 1, 2, 3, 4]);
        window.release(2);
        assert_eq!(unwritten(&mut window), []);
        window.rewind(3);
        assert_eq!(unwritten(&mut window), [3, 4]);
        window.rewind(2);
        window.push(frame(Kind::Rows, 5, 1));
        assert_eq!((unwritten(&mut window), window.sent()), (vec![2, 3, 4, 5], 6));
        // Taken, says the peer, but on this connection not written yet.
        window.rewind(2);
        window.release(4);
        assert_eq!(unwritten(&mut window), [4, 5]);
        window.clear();
        assert!(window.is_empty() && window.sent() == 6);
    }

    #[test]
    fn room_is_counted_in_bytes_and_frames() {
        let mut window = window();
        for _ in 0..4 {
            assert!(window.has_room());
            window.push(frame(Kind::Rows, 0, MAX_FRAME));
        }
        assert!(!window.has_room());
        window.release(1);
        assert!(window.has_room());
        window.clear();
        for _ in 0..MOST_FRAMES {
            assert!(window.has_room());
            window.push(frame(Kind::Rows, 0, 0));
        }
        assert!(!window.has_room());
    }

    #[test]
    fn keys_are_wiped_when_they_are_released() {
        let pool = Pool::default();
        let mut window = Window::new(0, pool.clone());
        window.push(frame(Kind::OutputLabels, 7, 5000));
        window.release(1);
        assert_eq!(pool.take_of_length(5000), [0; 5000]);
        window.push(frame(Kind::Rows, 7, 5000));
        window.release(2);
        assert_eq!(pool.take_of_length(5000), [7; 5000], "rows are public: this test can tell");
    }

    #[test]
    fn a_long_buffer_does_not_stay_for_a_short_message() {
        let pool = Pool::default();
        let mut window = Window::new(0, pool.clone());
        let mut payload = vec![9; 100_000];
        payload.truncate(16);
        let address = payload.as_ptr();
        window.push(Frame { kind: Kind::InputSeed, payload });
        assert_eq!(window.unwritten().map(|frame| frame.payload.capacity()), Some(16));
        let back = pool.take_of_length(16);
        assert_eq!((back.as_ptr(), &back[..]), (address, &[0; 16][..]), "it is back, and wiped");
    }
}
