//! What ciphers, hashes and tables cost, beside the best count known or that of the textbook.

use std::fs;
use std::path::Path;

use halfgate_circuits::library;

use crate::function_pages::grouped;
use crate::plaintext::and_count;

// Compressions of SHA-1, MD5 and SHA-256 from their fixed starts are counted in `published_ciphers.rs`.
const SBOX: &str = "32 per S-box: Boyar and Peralta, ePrint 2011/332";
const ADDERS: &str = "the sum of its parts: n - 1 per addition, n per choice and majority";
const CHI: &str = "one per bit that chi makes, in the last round those of the digest";
const BRISTOL: &str = "the published Bristol Fashion circuit";

/// Name, ANDs, the count to compare with, and where that comes from.
#[rustfmt::skip]
pub(crate) const COUNTS: [(&str, usize, usize, &str); 38] = [
    ("aes128", 6_400, (160 + 40) * 32, SBOX),
    ("aes192", 7_168, (192 + 32) * 32, SBOX),
    ("aes256", 8_832, (224 + 52) * 32, SBOX),
    ("aes128-expanded", 5_120, 160 * 32, SBOX),
    ("aes192-expanded", 6_144, 192 * 32, SBOX),
    ("aes256-expanded", 7_168, 224 * 32, SBOX),
    ("aes128-decrypt", 6_400, 200 * 32, SBOX),
    ("aes192-decrypt", 7_168, 224 * 32, SBOX),
    ("aes256-decrypt", 8_832, 276 * 32, SBOX),
    ("chacha20", 10_400, 80 * 4 * 31 + 16 * 31, ADDERS),
    ("gf128mul", 669, 2_187, "Karatsuba and Ofman, seven levels"),
    ("md5", 9_276, 64 * 4 * 31 + 48 * 32 + 4 * 31, ADDERS),
    ("sha1", 10_953, 80 * 4 * 31 + 40 * 32 + 5 * 31, ADDERS),
    ("sha256", 22_266, 22_573, BRISTOL),
    ("sha512", 57_566, 57_947, BRISTOL),
    ("blake3", 10_298, 56 * 6 * 31, ADDERS),
    ("keccak-f", 38_400, 24 * 1600, CHI),
    ("ascon-p", 3_840, 12 * 320, "five per column and round"),
    ("md5-of55", 8_769, 9_342, "one whole block from the fixed start"),
    ("sha1-of55", 10_479, 11_054, "one whole block from the fixed start"),
    ("sha224-of55", 21_580, 22_573, BRISTOL),
    ("sha256-of55", 21_620, 22_573, BRISTOL),
    ("sha256-of64", 37_752, 2 * 22_573, BRISTOL),
    ("sha384-of111", 56_197, 57_947, BRISTOL),
    ("sha512-of111", 56_331, 57_947, BRISTOL),
    ("sha512-of128", 97_290, 2 * 57_947, BRISTOL),
    ("sha3-224-of64", 37_024, 23 * 1600 + 224, CHI),
    ("sha3-256-of64", 37_056, 23 * 1600 + 256, CHI),
    ("sha3-384-of64", 37_184, 23 * 1600 + 384, CHI),
    ("sha3-512-of64", 37_312, 23 * 1600 + 512, CHI),
    ("shake128-of64", 37_056, 23 * 1600 + 256, CHI),
    ("shake256-of64", 37_312, 23 * 1600 + 512, CHI),
    ("blake3-of64", 10_173, 56 * 6 * 31, ADDERS),
    ("hmac-sha256-of32", 86_316, 4 * 22_573, BRISTOL),
    ("hmac-sha512-of32", 223_991, 4 * 57_947, BRISTOL),
    ("onehot8", 247, 247, "2^n - n - 1: as many independent products"),
    ("lookup16x32", 480, 15 * 32, "a choice per value but one"),
    ("permute16x32", 1_568, (16 * 4 - 16 + 1) * 32, "Waksman, 1968"),
];

#[test]
fn of_ciphers_and_hashes() {
    let built = COUNTS.map(|(name, ..)| (name, and_count(&library::find(name).unwrap())));
    assert_eq!(built, COUNTS.map(|(name, ands, ..)| (name, ands)));
    for (name, ands, known, source) in COUNTS {
        assert!(ands <= known, "{name}: {ands} ANDs, but {known} are known: {source}");
    }
}

#[test]
fn of_the_page_in_the_book() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src/library/ciphers.md");
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| `") && !line.contains("builtin:")).collect();
    assert_eq!(rows.len(), COUNTS.len());
    for (name, ands, ..) in COUNTS {
        let row = rows.iter().find(|row| row.starts_with(&format!("| `{name}` |"))).copied();
        let cell = format!(" | {} | ", grouped(ands));
        assert!(row.is_some_and(|row| row.contains(&cell)), "{name} should have {cell}: {row:?}");
    }
}
