use aes::Aes128Enc;
use aes::cipher::BlockCipherEncrypt;

use crate::Block;

/// Blocks that the cipher gets at once; its own backends work on up to this many side by side.
const BATCH: usize = 16;

pub(super) fn fill(cipher: &Aes128Enc, first_counter: u64, out: &mut [Block]) {
    let mut counter = first_counter;
    for chunk in out.chunks_mut(BATCH) {
        let mut blocks: [aes::Block; BATCH] =
            std::array::from_fn(|i| u128::from(counter.wrapping_add(i as u64)).to_le_bytes().into());
        let blocks = &mut blocks[..chunk.len()];
        cipher.encrypt_blocks(blocks);
        for (out, block) in chunk.iter_mut().zip(blocks) {
            *out = Block::from_bytes((*block).into());
        }
        counter = counter.wrapping_add(BATCH as u64);
    }
}
