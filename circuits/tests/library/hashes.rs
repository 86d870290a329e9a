//! Hash functions against the standards and the reference crates.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Digest;

use crate::byte_strings::{Strings, hex, mixed, random, run_named, run_strings};
use crate::plaintext::cases;
use halfgate_circuits::{Bits, Builder, Party, library};
use proptest::prelude::{any, proptest};

const LANES: usize = 64;

type Hash = fn(&[u8]) -> Vec<u8>;

fn hash<D: Digest>(message: &[u8]) -> Vec<u8> {
    D::digest(message).to_vec()
}

/// Names of families, and lengths around the ends of their blocks; those whose padding is SHA-256's leave the second block's
/// to it.
const FAMILIES: [(&str, Hash, &[usize]); 12] = [
    ("md5-of", hash::<md5::Md5>, &[1, 55, 56, 64]),
    ("sha1-of", hash::<sha1::Sha1>, &[1, 55, 56, 64]),
    ("sha224-of", hash::<sha2::Sha224>, &[1, 55, 56, 100]),
    ("sha256-of", hash::<sha2::Sha256>, &[1, 55, 56, 64, 119, 120]),
    ("sha384-of", hash::<sha2::Sha384>, &[1, 111, 112]),
    ("sha512-of", hash::<sha2::Sha512>, &[1, 111, 112, 128]),
    ("sha3-224-of", hash::<sha3::Sha3_224>, &[1, 143, 144]),
    ("sha3-256-of", hash::<sha3::Sha3_256>, &[1, 135, 136, 200]),
    ("sha3-384-of", hash::<sha3::Sha3_384>, &[103, 104]),
    ("sha3-512-of", hash::<sha3::Sha3_512>, &[71, 72, 73]),
    ("blake3-of", |message| blake3::hash(message).as_bytes().to_vec(), &[1, 63, 64, 65, 128, 200, 1024]),
    ("shake128-of", |message| shake(168, message, 32), &[1, 167, 168]),
];

/// SHAKE by hand on the permutation of the `keccak` crate.
fn shake(rate: usize, message: &[u8], bytes: usize) -> Vec<u8> {
    let mut padded = message.to_vec();
    padded.push(0x1f);
    padded.resize(padded.len().next_multiple_of(rate), 0);
    *padded.last_mut().unwrap() |= 0x80;
    let mut state = vec![0; 200];
    let mut output = Vec::new();
    for block in padded.chunks(rate) {
        state.iter_mut().zip(block).for_each(|(byte, next)| *byte ^= next);
        state = keccak_f(&state);
    }
    while output.len() < bytes {
        output.extend_from_slice(&state[..rate]);
        state = keccak_f(&state);
    }
    output.truncate(bytes);
    output
}

fn keccak_f(state: &[u8]) -> Vec<u8> {
    let mut lanes = [0; 25];
    for (lane, bytes) in lanes.iter_mut().zip(state.chunks(8)) {
        *lane = u64::from_le_bytes(bytes.try_into().unwrap());
    }
    keccak::Keccak::new().with_f1600(|f| f(&mut lanes));
    lanes.iter().flat_map(|lane| lane.to_le_bytes()).collect()
}

/// The digests of "abc" in FIPS 180-4, RFC 1321 and FIPS 202, and of zeros in the BLAKE3 paper's test vectors.
#[test]
fn hashes_of_the_standards() {
    for (name, message, digest) in [
        ("md5-of3", "616263", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha1-of3", "616263", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("sha224-of3", "616263", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        ("sha256-of3", "616263", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("sha3-256-of3", "616263", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        ("blake3-of1", "00", "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"),
    ] {
        let (share, message) = (random(7, name, 1, message.len() / 2), vec![hex(message)]);
        assert_eq!(run_named(name, &[&share, &mixed(&share, &message)]), [hex(digest)], "{name}");
    }
}

#[test]
fn hashes_of_random_messages_of_many_lengths() {
    for (family, reference, lengths) in FAMILIES {
        for &length in lengths {
            let name = format!("{family}{length}");
            let (messages, shares) = (random(1, &name, LANES, length), random(2, &name, LANES, length));
            let expected: Strings = messages.iter().map(|message| reference(message)).collect();
            assert_eq!(run_named(&name, &[&shares, &mixed(&shares, &messages)]), expected, "{name}");
        }
    }
}

/// Digests of a message of no bytes, which no name stands for.
#[test]
fn hashes_of_nothing() {
    for (f, expected) in [
        (library::md5 as for<'b> fn(&Bits<'b>) -> Bits<'b>, hash::<md5::Md5>(&[])),
        (library::sha1, hash::<sha1::Sha1>(&[])),
        (library::sha256, hash::<sha2::Sha256>(&[])),
        (library::sha512, hash::<sha2::Sha512>(&[])),
        (library::sha3_256, hash::<sha3::Sha3_256>(&[])),
        (library::blake3, blake3::hash(&[]).as_bytes().to_vec()),
    ] {
        let builder = Builder::new();
        let message = builder.bits([]);
        builder.output_bytes("digest", &f(&message));
        let circuit = builder.finish().unwrap();
        assert_eq!(run_strings(&circuit, &[]), [expected]);
    }
}

/// More bytes than a permutation gives; the model of SHAKE itself against Python's `hashlib`.
#[test]
fn shake_of_long_outputs() {
    let message: Vec<u8> = (0..200).collect();
    let builder = Builder::new();
    let bits = builder.input_bytes("message", 1600, Party::Garbler);
    builder.output_bytes("digest", &library::shake128(&bits, 400));
    let output = run_strings(&builder.finish().unwrap(), &[&vec![message.clone()]]);
    assert_eq!(output, [shake(168, &message, 400)]);
    let digest = "38baf1ee7d97519dcce918b2f29e83605f1b40be8da4bbad02384b73ad1d4d56";
    assert_eq!(hash::<sha2::Sha256>(&output[0]), hex(digest));
    let short: Strings = vec![message[..64].to_vec()];
    let zeros: Strings = vec![vec![0; 64]];
    assert_eq!(run_named("shake256-of64", &[&short, &zeros]), [shake(136, &short[0], 64)]);
}

/// RFC 4231, test cases 1 to 3, keys filled up with zeros; the last alone for SHA-512, whose circuits are large.
#[test]
fn hmac_of_rfc_4231() {
    for (key, message, short, long) in [
        (
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
            "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "",
        ),
        (
            "4a656665",
            "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "",
        ),
        (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            &"dd".repeat(50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
    ] {
        let functions = [("hmac-sha256-of", 64, short), ("hmac-sha512-of", 128, long)];
        for (name, width, tag) in functions.into_iter().filter(|(_, _, tag)| !tag.is_empty()) {
            let (mut key, message) = (hex(key), hex(message));
            key.resize(width, 0);
            let name = format!("{name}{}", message.len());
            assert_eq!(run_named(&name, &[&vec![key], &vec![message]]), [hex(tag)], "{name}");
        }
    }
}

/// NIST SP 800-232 has no vectors of the permutation; two rounds and twelve against the crate, and Keccak-f of zeros from
/// the Keccak team's `KeccakF-1600-IntermediateValues.txt`.
#[test]
fn permutations() {
    let zeros: Strings = vec![vec![0; 200]];
    let expected =
        "e7dde140798f25f18a47c033f9ccd584eea95aa61e2698d54d49806f304715bd57d05362054e288bd46f8e7f2da497ff";
    assert_eq!(run_named("keccak-f", &[&zeros, &zeros])[0][..48], hex(expected));
    let (states, shares) = (random(3, "states", LANES, 200), random(3, "shares", LANES, 200));
    let expected: Strings = states.iter().map(|state| keccak_f(state)).collect();
    assert_eq!(run_named("keccak-f", &[&shares, &mixed(&shares, &states)]), expected);

    let (states, shares) = (random(4, "states", LANES, 40), random(4, "shares", LANES, 40));
    let expected: Strings = states.iter().map(|state| ascon_p(state, ascon::permute12)).collect();
    assert_eq!(run_named("ascon-p", &[&shares, &mixed(&shares, &states)]), expected);
    let builder = Builder::new();
    let bits = builder.input_bytes("state", 320, Party::Garbler);
    builder.output_bytes("next", &library::ascon_p(&bits, 8));
    let expected: Strings = states.iter().map(|state| ascon_p(state, ascon::permute8)).collect();
    assert_eq!(run_strings(&builder.finish().unwrap(), &[&states]), expected);
}

fn ascon_p(state: &[u8], permute: fn(&mut ascon::State)) -> Vec<u8> {
    let mut words = [0; 5];
    for (word, bytes) in words.iter_mut().zip(state.chunks(8)) {
        *word = u64::from_be_bytes(bytes.try_into().unwrap());
    }
    permute(&mut words);
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn words<const N: usize>(bytes: &[u8], read: fn([u8; 4]) -> u32) -> [u32; N] {
    let words: Vec<u32> = bytes.chunks(4).map(|word| read(word.try_into().unwrap())).collect();
    words.try_into().unwrap()
}

fn sha512_compress(block: &[u8], state: &[u8]) -> Vec<u8> {
    let words: Vec<u64> = state.chunks(8).map(|word| u64::from_be_bytes(word.try_into().unwrap())).collect();
    let mut state = words.try_into().unwrap();
    sha2::block_api::compress512(&mut state, &[block.try_into().unwrap()]);
    state.iter().flat_map(|word: &u64| word.to_be_bytes()).collect()
}

fn sha256_compress(block: &[u8], state: &[u8]) -> Vec<u8> {
    let mut state = words(state, u32::from_be_bytes);
    sha2::block_api::compress256(&mut state, &[block.try_into().unwrap()]);
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn sha1_compress(block: &[u8], state: &[u8]) -> Vec<u8> {
    let mut state = words(state, u32::from_be_bytes);
    sha1::block_api::compress(&mut state, &[block.try_into().unwrap()]);
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn md5_compress(block: &[u8], state: &[u8]) -> Vec<u8> {
    let mut state = words(state, u32::from_le_bytes);
    md5::block_api::compress(&mut state, &[block.try_into().unwrap()]);
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn compressions_of_random_blocks(seed in any::<u64>()) {
        for (name, block, state, reference) in [
            ("md5", 64, 16, md5_compress as fn(&[u8], &[u8]) -> Vec<u8>),
            ("sha1", 64, 20, sha1_compress),
            ("sha256", 64, 32, sha256_compress),
            ("sha512", 128, 64, sha512_compress),
        ] {
            let (blocks, states) = (random(seed, "blocks", 256, block), random(seed, "states", 256, state));
            let expected: Strings =
                blocks.iter().zip(&states).map(|(block, state)| reference(block, state)).collect();
            assert_eq!(run_named(name, &[&blocks, &states]), expected, "{name}");
        }
    }

    /// A whole message of one block; the output is as long as the state, which the crate shows when it extends.
    #[test]
    fn blake3_compression_of_random_blocks(seed in any::<u64>()) {
        let start = words::<8>(&hex(
            "67e6096a85ae67bb72f36e3c3af54fa57f520e518c68059babd9831f19cde05b"), u32::from_le_bytes);
        let messages = random(seed, "messages", LANES, 64);
        let states: Strings = (0..LANES as u64).map(|lane| {
            let start = start.iter().flat_map(|word| word.to_le_bytes());
            start.chain(lane.to_le_bytes()).chain([64, 0, 0, 0, 1 | 2 | 8, 0, 0, 0]).collect()
        }).collect();
        let expected: Strings = messages.iter().enumerate().map(|(lane, message)| {
            let mut output = vec![0; 64];
            let mut reader = blake3::Hasher::new().update(message).finalize_xof();
            reader.set_position(64 * lane as u64);
            reader.fill(&mut output);
            output
        }).collect();
        assert_eq!(run_named("blake3", &[&messages, &states]), expected);
    }

    #[test]
    fn hmac_of_random_messages(seed in any::<u64>(), length in 1..130usize) {
        let (keys, messages) = (random(seed, "keys", 16, 128), random(seed, "messages", 16, length));
        let expected: Strings = keys.iter().zip(&messages).map(|(key, message)| {
            let mut mac = Hmac::<sha2::Sha512>::new_from_slice(key).unwrap();
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }).collect();
        assert_eq!(run_named(&format!("hmac-sha512-of{length}"), &[&keys, &messages]), expected);
        let keys: Strings = keys.iter().map(|key| key[..64].to_vec()).collect();
        let expected: Strings = keys.iter().zip(&messages).map(|(key, message)| {
            let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }).collect();
        assert_eq!(run_named(&format!("hmac-sha256-of{length}"), &[&keys, &messages]), expected);
    }
}

#[test]
#[should_panic(expected = "a key of 65 bytes is longer than a block of 64; hash it first")]
fn keys_longer_than_a_block() {
    let builder = Builder::new();
    let key = builder.input_bytes("key", 8 * 65, Party::Garbler);
    library::hmac_sha256(&key, &key);
}

#[test]
#[should_panic(expected = "1025 bytes are more than the 1024 of one chunk")]
fn more_than_a_chunk() {
    let builder = Builder::new();
    library::blake3(&builder.input_bytes("message", 8 * 1025, Party::Garbler));
}

#[test]
#[should_panic(expected = "SHA-512 takes 1024 bits here, not 512")]
fn blocks_of_another_width() {
    let builder = Builder::new();
    let block = builder.input_bytes("block", 512, Party::Garbler);
    library::sha512_compress(&block, &block);
}
