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
