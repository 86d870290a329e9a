use zeroize::Zeroize;

/// Gives a list so many items, to be written anew; what they are until then means nothing. Where there is too little memory the
/// old is wiped before other memory is taken, for a list that grew would leave a copy of its secrets.
pub fn refit<T: Clone + Default + Zeroize>(list: &mut Vec<T>, count: usize) {
    if list.capacity() < count {
        list.zeroize();
        *list = Vec::with_capacity(count);
    }
    list.resize(count, T::default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Block;

    #[test]
    fn memory_that_is_enough_stays() {
        let mut list = Vec::new();
        refit(&mut list, 100);
        let place = list.as_ptr();
        for count in [3, 0, 100] {
            refit(&mut list, count);
            assert_eq!((list.len(), list.as_ptr()), (count, place));
            list.fill(Block::new(7));
        }
        refit(&mut list, 101);
        assert!(list.len() == 101 && list.iter().all(|&block| block == Block::ZERO), "nothing was copied");
    }
}
