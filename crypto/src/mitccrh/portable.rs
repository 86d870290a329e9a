//! The garbling hash one block at a time, to be read beside the paper (2019/1168, section 4) and to be the oracle of
//! the faster kernels.

use aes::Aes128Enc;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use super::List;
use crate::Block;

pub(super) fn hash(start: Block, list: List<'_>, out: &mut [Block]) {
    for ((&x, out), tweak) in list.x.iter().zip(out).zip(list.first_tweak..) {
        *out = Hash::new(start, tweak).of(x);
    }
}

pub(super) fn hash_pairs(
    start: Block,
    delta: Block,
    list: List<'_>,
    zeros: &mut [Block],
    sums: &mut [Block],
) {
    for ((&x, (zero, sum)), tweak) in list.x.iter().zip(zeros.iter_mut().zip(sums)).zip(list.first_tweak..) {
        let hash = Hash::new(start, tweak);
        *zero = hash.of(x);
        *sum = *zero ^ hash.of(x ^ delta);
    }
}

/// The garbling hash under one tweak: H(x, t) = AES_{S⊕t}(σ(x)) ⊕ σ(x).
pub(crate) struct Hash(Aes128Enc);

impl Hash {
    pub(crate) fn new(start: Block, tweak: u64) -> Self {
        let key = start ^ Block::new(u128::from(tweak));
        Hash(Aes128Enc::new(&key.to_bytes().into()))
    }

    pub(crate) fn of(&self, x: Block) -> Block {
        let sigma = x.sigma();
        let mut bytes = sigma.to_bytes().into();
        self.0.encrypt_block(&mut bytes);
        Block::from_bytes(bytes.into()) ^ sigma
    }
}
