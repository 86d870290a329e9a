use std::alloc::{Layout, handle_alloc_error};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
#[cfg(target_os = "linux")]
use memmap2::Advice;
use memmap2::MmapMut;
use zeroize::Zeroize;

/// A large array in memory of its own, in huge pages where the system has them; wiped on drop.
///
/// What is read in random order waits more for the tables of small pages than for the memory, and the first touch of each small
/// page costs more than the work on what lies in it.
pub(crate) struct Pages<T: Pod> {
    /// None if there is nothing in it.
    map: Option<MmapMut>,
    len: usize,
    item: PhantomData<T>,
}

impl<T: Pod> Pages<T> {
    /// So many zeros. As for a `Vec`, the process ends if there is not so much memory.
    pub(crate) fn zeroed(len: usize) -> Self {
        let map = (len > 0).then(|| {
            let layout = Layout::array::<T>(len).expect("no array is longer than memory");
            let Ok(map) = MmapMut::map_anon(layout.size()) else { handle_alloc_error(layout) };
            // Only advice: nothing is wrong without.
            #[cfg(target_os = "linux")]
            let _ = map.advise(Advice::HugePage);
            map
        });
        Pages { map, len, item: PhantomData }
    }
}

impl<T: Pod> Default for Pages<T> {
    fn default() -> Self {
        Pages::zeroed(0)
    }
}

impl<T: Pod> Deref for Pages<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        let length = self.len * size_of::<T>();
        self.map.as_deref().map_or(&[], |bytes| bytemuck::cast_slice(&bytes[..length]))
    }
}

impl<T: Pod> DerefMut for Pages<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let length = self.len * size_of::<T>();
        self.map.as_deref_mut().map_or(&mut [], |bytes| bytemuck::cast_slice_mut(&mut bytes[..length]))
    }
}

impl<T: Pod> Zeroize for Pages<T> {
    fn zeroize(&mut self) {
        // Whole words, for each is written by itself.
        let (start, words, end) = bytemuck::pod_align_to_mut::<T, u64>(self);
        words.zeroize();
        for rest in [start, end] {
            bytemuck::cast_slice_mut::<T, u8>(rest).zeroize();
        }
    }
}

impl<T: Pod> Drop for Pages<T> {
    fn drop(&mut self) {
        self.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_what_is_written_and_nothing_else() {
        for len in [0, 1, 100_000] {
            let mut pages = Pages::<u64>::zeroed(len);
            assert!(pages.len() == len && pages.iter().all(|&word| word == 0));
            pages.iter_mut().zip(1..).for_each(|(word, number)| *word = number);
            assert!(pages.iter().copied().eq(1..=len as u64));
            pages.zeroize();
            assert!(pages.iter().all(|&word| word == 0));
        }
    }
}
