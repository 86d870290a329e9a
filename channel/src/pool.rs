use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::frame::{HEADER, MAX_FRAME};

/// Buffers that are kept for reuse; one frame queue's worth.
const KEPT: usize = 16;

/// The same for a channel that lets go of many frames at once.
const KEPT_BY_LASTING: usize = 64;

/// Smaller buffers cost less to allocate than to keep.
const SMALLEST: usize = 4096;

/// Payload buffers on their way back: from the writer task to whoever fills the next message, and from whoever read a
/// message to the reader task. The lock is taken once per frame, for a push or a pop.
#[derive(Clone)]
pub(crate) struct Pool {
    buffers: Arc<Mutex<Vec<Vec<u8>>>>,
    kept: usize,
}

impl Default for Pool {
    fn default() -> Self {
        Pool { buffers: Arc::default(), kept: KEPT }
    }
}

impl Pool {
    /// A pool for a channel that keeps what it has sent for a while.
    pub(crate) fn of_lasting() -> Self {
        Pool { kept: KEPT_BY_LASTING, ..Pool::default() }
    }

    /// An empty buffer, with the memory of a former one if there is one.
    pub(crate) fn take(&self) -> Vec<u8> {
        let mut buffer = self.buffers().pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// A buffer of this length for one who writes all of it: what former messages left in it is not cleared.
    pub(crate) fn take_of_length(&self, length: usize) -> Vec<u8> {
        let mut buffer = self.buffers().pop().unwrap_or_default();
        buffer.resize(length, 0);
        buffer
    }

    /// Takes a buffer back, or frees it if it is not worth keeping or there are enough.
    pub(crate) fn put(&self, buffer: Vec<u8>) {
        if (SMALLEST..=MAX_FRAME + HEADER).contains(&buffer.capacity()) {
            let mut buffers = self.buffers();
            if buffers.len() < self.kept {
                buffers.push(buffer);
            }
        }
    }

    fn buffers(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        // A list of buffers is sound whatever happened to the thread that held it.
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_bounded_number_of_useful_buffers() {
        let pool = Pool::default();
        for _ in 0..2 * KEPT {
            pool.put(Vec::with_capacity(SMALLEST));
        }
        pool.put(Vec::with_capacity(1));
        pool.put(Vec::with_capacity(2 * MAX_FRAME));
        assert_eq!(pool.buffers().len(), KEPT);
        assert!(pool.buffers().iter().all(|buffer| buffer.capacity() == SMALLEST));
    }

    #[test]
    fn hands_out_memory_again_but_no_bytes() {
        let pool = Pool::default();
        pool.put(vec![1; SMALLEST]);
        let buffer = pool.take();
        assert!(buffer.is_empty() && buffer.capacity() == SMALLEST);
        pool.put(buffer);
        assert_eq!(pool.take_of_length(10), [0; 10]);
        assert_eq!(pool.take().capacity(), 0);
    }
}
