//! AES and ChaCha20 against the standards and the reference crates.

use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use halfgate_circuits::{Builder, Party, library};
use proptest::prelude::{any, proptest};

use crate::byte_strings::{Strings, hex, random, run_named, run_strings};
use crate::plaintext::cases;

const LANES: usize = 256;

/// FIPS 197, appendices B and C.
#[test]
fn aes_of_fips_197() {
    let plain = hex("00112233445566778899aabbccddeeff");
    let key: Vec<u8> = (0..32).collect();
    for (bits, expected) in [
        (128, "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (192, "dda97ca4864cdfe06eaf70a0ec0d7191"),
        (256, "8ea2b7ca516745bfeafc49904b496089"),
    ] {
        let (key, message, ciphertext) =
            (vec![key[..bits / 8].to_vec()], vec![plain.clone()], vec![hex(expected)]);
        assert_eq!(run_named(&format!("aes{bits}"), &[&key, &message]), ciphertext);
        assert_eq!(run_named(&format!("aes{bits}-decrypt"), &[&key, &ciphertext]), message);
    }
    let (key, message) = (hex("2b7e151628aed2a6abf7158809cf4f3c"), hex("3243f6a8885a308d313198a2e0370734"));
    let expected = hex("3925841d02dc09fbdc118597196a0b32");
    assert_eq!(run_named("aes128", &[&vec![key], &vec![message]]), [expected]);
}

/// FIPS 197, appendix A: the last word of each expansion.
#[test]
fn aes_keys_of_fips_197() {
    for (key, last) in [
        ("2b7e151628aed2a6abf7158809cf4f3c", "b6630ca6"),
        ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "01002202"),
        ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "706c631e"),
    ] {
        let builder = Builder::new();
        let width = u32::try_from(4 * key.len()).unwrap();
        let bits = builder.input_bytes("key", width, Party::Garbler);
        builder.output_bytes("round_keys", &library::aes_expand_key(&bits));
        let expanded = run_strings(&builder.finish().unwrap(), &[&vec![hex(key)]]).remove(0);
        assert_eq!(expanded.len(), 16 * (key.len() / 8 + 7));
        assert_eq!(expanded[..key.len() / 2], hex(key));
        assert_eq!(expanded[expanded.len() - 4..], hex(last));
        let message = vec![(0..16).collect::<Vec<u8>>()];
        let name = format!("aes{width}");
        let expected = run_named(&name, &[&vec![hex(key)], &message]);
        assert_eq!(run_named(&format!("{name}-expanded"), &[&vec![expanded], &message]), expected);
    }
}

/// RFC 8439, section 2.3.2.
#[test]
fn chacha20_of_rfc_8439() {
    let key = (0..32).collect();
    let position = hex("01000000000000090000004a00000000");
    let expected = "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e\
                    d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e";
    assert_eq!(run_named("chacha20", &[&vec![key], &vec![position]]), [hex(expected)]);
}

fn check_aes<C: KeyInit + BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt + BlockCipherDecrypt>(
    seed: u64,
    bits: usize,
) {
    let (keys, blocks) = (random(seed, "keys", LANES, bits / 8), random(seed, "blocks", LANES, 16));
    let expected = |apply: fn(&C, &mut aes::Block)| -> Strings {
        let pairs = keys.iter().zip(&blocks);
        pairs
            .map(|(key, block)| {
                let mut block = aes::Block::try_from(block.as_slice()).unwrap();
                apply(&C::new_from_slice(key).unwrap(), &mut block);
                block.to_vec()
            })
            .collect()
    };
    assert_eq!(
        run_named(&format!("aes{bits}"), &[&keys, &blocks]),
        expected(|c, block| c.encrypt_block(block))
    );
    let decrypted = run_named(&format!("aes{bits}-decrypt"), &[&keys, &blocks]);
    assert_eq!(decrypted, expected(|c, block| c.decrypt_block(block)));
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn aes_of_random_blocks(seed in any::<u64>()) {
        check_aes::<Aes128>(seed, 128);
        check_aes::<Aes192>(seed, 192);
        check_aes::<Aes256>(seed, 256);
    }

    #[test]
    fn chacha20_of_random_keys(seed in any::<u64>()) {
        let (keys, positions) = (random(seed, "keys", LANES, 32), random(seed, "positions", LANES, 16));
        let expected: Strings = keys.iter().zip(&positions).map(|(key, position)| {
            let (counter, nonce) = position.split_at(4);
            let mut cipher = ChaCha20::new_from_slices(key, nonce).unwrap();
            let counter = u32::from_le_bytes(counter.try_into().unwrap());
            cipher.seek(u64::from(counter) * 64);
            let mut block = vec![0; 64];
            cipher.apply_keystream(&mut block);
            block
        }).collect();
        assert_eq!(run_named("chacha20", &[&keys, &positions]), expected);
    }
}
