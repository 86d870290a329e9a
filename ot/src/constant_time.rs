//! Blocks under secret bits: masks instead of branches and indices.

use halfgate_crypto::Block;
use subtle::{Choice, ConditionallySelectable};

/// Bit number `index` of a secret block; the index is public.
pub(crate) fn bit(block: Block, index: usize) -> Choice {
    Choice::from((block.bits() >> index & 1) as u8)
}

/// The block if `choice` is set and zero if not.
pub(crate) fn keep(choice: Choice, block: Block) -> Block {
    Block::new(u128::conditional_select(&0, &block.bits(), choice))
}

/// `zero` or `one`, as `choice` says.
pub(crate) fn select(zero: Block, one: Block, choice: Choice) -> Block {
    Block::new(u128::conditional_select(&zero.bits(), &one.bits(), choice))
}

/// Exchanges the blocks if `choice` is set.
pub(crate) fn swap(a: &mut Block, b: &mut Block, choice: Choice) {
    let difference = keep(choice, *a ^ *b);
    *a ^= difference;
    *b ^= difference;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_do_what_branches_would() {
        let (a, b) = (Block::new(0b1010), Block::new(u128::MAX << 64));
        for choice in [false, true] {
            let secret = Choice::from(u8::from(choice));
            assert!(keep(secret, b) == if choice { b } else { Block::ZERO });
            assert!(select(a, b, secret) == if choice { b } else { a });
            let (mut x, mut y) = (a, b);
            swap(&mut x, &mut y, secret);
            assert!((x, y) == if choice { (b, a) } else { (a, b) });
        }
        assert!(bool::from(bit(a, 1)) && !bool::from(bit(a, 2)) && bool::from(bit(b, 127)));
    }
}
