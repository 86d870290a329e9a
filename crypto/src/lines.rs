use crate::Block;

/// As much memory as processors move at a time between it and their caches.
pub type Line = [Block; 4];

/// Lines that are being written past the caches, in [`past_caches`].
pub struct Lines<'a>(&'a mut [Line]);

impl Lines<'_> {
    /// Writes a line.
    ///
    /// # Panics
    /// If there is no such place.
    #[inline]
    pub fn put(&mut self, place: usize, line: &Line) {
        let place = &mut self.0[place];
        #[cfg(target_arch = "x86_64")]
        for (place, block) in place.iter_mut().zip(line) {
            use std::arch::x86_64::{_mm_loadu_si128, _mm_stream_si128};
            #[allow(unsafe_code)]
            // SAFETY: every x86-64 has the instructions, and a block is aligned to its 16 bytes, as the store wants it. Nobody
            // reads it before the fence, for the lines stay borrowed until `Lines` has been dropped.
            unsafe {
                let block = _mm_loadu_si128(std::ptr::from_ref(block).cast());
                _mm_stream_si128(std::ptr::from_mut(place).cast(), block);
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            *place = *line;
        }
    }
}

impl Drop for Lines<'_> {
    /// Stores past the caches may be seen by other threads later than those that follow them, but not later than a fence.
    fn drop(&mut self) {
        #[cfg(target_arch = "x86_64")]
        #[allow(unsafe_code)]
        // SAFETY: every x86-64 has the instruction.
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
}

/// Lets `write` write lines past the caches: for memory that is not looked at soon, of which every line is written as a whole. Such
/// a line is not read before it is written, and it drives nothing else out of the caches. It is faster only where lines lie on
/// addresses divisible by 64, and a copy as any where the processor has no such instruction.
///
/// ```
/// use halfgate_crypto::{Block, past_caches};
///
/// let mut lines = vec![[Block::ZERO; 4]; 3];
/// past_caches(&mut lines, |lines| lines.put(1, &[Block::new(7); 4]));
/// assert!(lines == [[Block::ZERO; 4], [Block::new(7); 4], [Block::ZERO; 4]]);
/// ```
#[inline]
pub fn past_caches<R>(lines: &mut [Line], write: impl FnOnce(&mut Lines<'_>) -> R) -> R {
    // The closure has only a reference, so that it cannot forget the lines without a fence.
    write(&mut Lines(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_there_whatever_their_order_and_address() {
        let mut memory = vec![Block::ZERO; 4 * 1000 + 3];
        for shift in 0..4 {
            let lines: &mut [Line] = bytemuck::cast_slice_mut(&mut memory[shift..][..4000]);
            past_caches(lines, |lines| {
                for place in (0..1000).map(|i| i * 7 % 1000) {
                    lines.put(
                        place,
                        &[0, 1, 2, 3].map(|i| Block::new(((shift * 1000 + place) * 4 + i) as u128)),
                    );
                }
            });
            let blocks = memory[shift..][..4000].iter().map(|block| block.bits());
            assert!(blocks.eq((shift as u128 * 4000..).take(4000)));
        }
    }

    #[test]
    #[should_panic = "index out of bounds"]
    fn there_is_nothing_behind_the_last_line() {
        past_caches(&mut [[Block::ZERO; 4]; 2], |lines| lines.put(2, &[Block::ZERO; 4]));
    }
}
