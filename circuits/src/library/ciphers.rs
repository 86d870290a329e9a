//! Block and stream ciphers.

mod aes;
mod aes_sbox;
mod aes_transform;
mod chacha20;

pub use aes::{
    aes_expand_key, aes_expanded, aes_s_box, aes128, aes128_decrypt, aes192, aes192_decrypt, aes256,
    aes256_decrypt,
};
pub(super) use chacha20::QUARTERS;
pub use chacha20::chacha20_block;
