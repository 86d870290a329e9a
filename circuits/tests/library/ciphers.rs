//! AES-128 and the SHA-256 compression function against the standards and the reference crates.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use halfgate_circuits::library;
use num_bigint::BigUint;
use proptest::prelude::{any, prop, proptest};
use sha2::block_api::compress256;

use crate::plaintext::{cases, run};

/// The first byte is the highest.
fn number(bytes: &[u8]) -> BigUint {
    BigUint::from_bytes_be(bytes)
}

fn hex(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).expect("hexadecimal digits")
}

#[test]
fn aes128_of_fips_197() {
    let circuit = library::find("aes128").unwrap();
    let keys = ["000102030405060708090a0b0c0d0e0f", "2b7e151628aed2a6abf7158809cf4f3c"].map(hex).to_vec();
    let messages = ["00112233445566778899aabbccddeeff", "3243f6a8885a308d313198a2e0370734"].map(hex).to_vec();
    let expected = ["69c4e0d86a7b0430d8cdb78070b4c55a", "3925841d02dc09fbdc118597196a0b32"].map(hex);
    assert_eq!(run(&circuit, &[keys, messages]), [expected]);
}

#[test]
fn sha256_of_fips_180() {
    let circuit = library::find("sha256").unwrap();
    let mut block = [0; 64];
    block[..4].copy_from_slice(b"abc\x80");
    block[63] = 24;
    let start = hex("6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19");
    let digest = hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(run(&circuit, &[vec![number(&block)], vec![start]]), [[digest]]);
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn aes128_of_random_blocks(lanes in prop::collection::vec(any::<([u8; 16], [u8; 16])>(), 64)) {
        let circuit = library::find("aes128").unwrap();
        let (keys, messages) = lanes.iter().map(|(key, message)| (number(key), number(message))).unzip();
        let expected: Vec<_> = lanes.iter().map(|(key, message)| {
            let mut block = (*message).into();
            Aes128::new(key.into()).encrypt_block(&mut block);
            number(&block)
        }).collect();
        assert_eq!(run(&circuit, &[keys, messages]), [expected]);
    }

    #[test]
    fn sha256_of_random_blocks(
        lanes in prop::collection::vec((prop::array::uniform32(any::<u16>()), any::<[u32; 8]>()), 64)
    ) {
        let circuit = library::find("sha256").unwrap();
        let lanes: Vec<([u8; 64], [u32; 8])> = lanes.into_iter().map(|(halves, state)| {
            let bytes: Vec<u8> = halves.into_iter().flat_map(u16::to_be_bytes).collect();
            (bytes.try_into().expect("32 halves are 64 bytes"), state)
        }).collect();
        let state_number = |state: &[u32; 8]| number(&state.map(u32::to_be_bytes).concat());
        let (blocks, states) = lanes.iter().map(|(block, state)| (number(block), state_number(state))).unzip();
        let expected: Vec<_> = lanes.iter().map(|(block, state)| {
            let mut state = *state;
            compress256(&mut state, &[*block]);
            state_number(&state)
        }).collect();
        assert_eq!(run(&circuit, &[blocks, states]), [expected]);
    }
}
