/// Asks for the memory of an item that will be read or written soon. Only a hint: it changes nothing but the time that the
/// access takes, and does nothing where there is no such item or the processor has no such instruction.
#[inline]
pub fn prefetch<T>(items: &[T], index: usize) {
    let Some(item) = items.get(index) else { return };
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        #[allow(unsafe_code)]
        // SAFETY: every x86-64 has the instruction, and it does not access memory in any way that a program can see.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = item;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_that_are_not_there_may_be_asked_for() {
        let items = [1_u64, 2, 3];
        (0..5).chain([usize::MAX]).for_each(|index| prefetch(&items, index));
        prefetch::<u8>(&[], 0);
        assert_eq!(items, [1, 2, 3]);
    }
}
