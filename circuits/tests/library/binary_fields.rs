//! Fields of characteristic two against shift-and-add on big integers and the `ghash` crate.

use ghash::GHash;
use ghash::universal_hash::{KeyInit, UniversalHash};
use halfgate_circuits::library::{self, BinaryField};
use halfgate_circuits::{Bits, Builder, Party};
use num_bigint::BigUint;
use proptest::prelude::{any, proptest};

use crate::byte_strings::{hex, random, run_named, run_strings};
use crate::plaintext::{and_count, cases, circuit_of, modulus, run};

/// Irreducible polynomials: of small degrees, of AES, of GCM, and of NIST's binary curves.
const POLYNOMIALS: [&[usize]; 20] = [
    &[1, 0],
    &[1],
    &[2, 1, 0],
    &[3, 1, 0],
    &[3, 2, 0],
    &[4, 1, 0],
    &[4, 3, 2, 1, 0],
    &[5, 2, 0],
    &[6, 1, 0],
    &[7, 1, 0],
    &[8, 4, 3, 1, 0],
    &[9, 1, 0],
    &[10, 3, 0],
    &[11, 2, 0],
    &[12, 3, 0],
    &[16, 5, 3, 1, 0],
    &[64, 4, 3, 1, 0],
    &[127, 1, 0],
    &[128, 7, 2, 1, 0],
    &[163, 7, 6, 3, 0],
];

fn product(polynomial: &[usize], a: &BigUint, b: &BigUint) -> BigUint {
    let degree = polynomial[0] as u64;
    let modulus =
        polynomial.iter().fold(BigUint::ZERO, |sum, exponent| sum | BigUint::from(1u8) << *exponent);
    (0..degree).rev().fold(BigUint::ZERO, |mut sum, k| {
        sum <<= 1;
        if sum.bit(degree) {
            sum ^= &modulus;
        }
        if b.bit(k) { sum ^ a } else { sum }
    })
}

#[test]
fn products_in_fields_of_many_degrees() {
    for polynomial in POLYNOMIALS {
        let field = BinaryField::new(polynomial).unwrap();
        let degree = field.degree();
        let circuit = circuit_of(degree, degree, |a, b| field.multiply(a, b));
        assert_eq!(and_count(&circuit), field.multiplication_ands(), "degree {degree}");
        let numbers = |label| {
            let strings = random(degree as u64, label, 200, degree.div_ceil(8));
            strings.iter().map(|string| BigUint::from_bytes_be(string) % modulus(degree)).collect::<Vec<_>>()
        };
        let (a, b) = (numbers("a"), numbers("b"));
        let expected: Vec<_> = a.iter().zip(&b).map(|(a, b)| product(polynomial, a, b)).collect();
        assert_eq!(run(&circuit, &[a, b]), [expected], "degree {degree}");
    }
}

/// All products of the field of AES.
#[test]
fn products_in_a_field_of_256_elements() {
    let polynomial = [8, 4, 3, 1, 0];
    let field = BinaryField::new(&polynomial).unwrap();
    let circuit = circuit_of(8, 8, |a, b| field.multiply(a, b));
    let (a, b): (Vec<BigUint>, Vec<BigUint>) =
        (0..1u32 << 16).map(|pair| (BigUint::from(pair >> 8), BigUint::from(pair & 255))).unzip();
    let expected: Vec<_> = a.iter().zip(&b).map(|(a, b)| product(&polynomial, a, b)).collect();
    assert_eq!(run(&circuit, &[a, b]), [expected]);
}

#[test]
fn reducible_polynomials_make_no_field() {
    for polynomial in [
        &[][..],
        &[0],
        &[2, 0],
        &[2, 1],
        &[4, 2, 0],
        &[8, 0],
        &[8, 4, 3, 2, 1],
        &[6, 5, 4, 3, 0],
        &[64, 1, 0],
        &[128, 7, 2, 0],
        &[3, 3, 0],
        &[0, 3],
    ] {
        assert!(BinaryField::new(polynomial).is_none(), "{polynomial:?}");
    }
}

/// As counted by hand: at 8, five rational places of the line over GF(4) at 3 and one of degree two at 9; at 128, of worth
/// 127, five and six of those, 20 of degree three at 15, 12 of degree four at 24, and two more coefficients at 6.
#[test]
fn ranks_are_as_counted_by_hand() {
    for (degree, ands) in [
        (2, 3),
        (3, 6),
        (4, 9),
        (5, 14),
        (6, 15),
        (7, 22),
        (8, 24),
        (9, 30),
        (10, 33),
        (12, 42),
        (16, 60),
        (128, 669),
    ] {
        let polynomial = POLYNOMIALS.iter().find(|polynomial| polynomial[0] == degree).unwrap();
        assert_eq!(BinaryField::new(polynomial).unwrap().multiplication_ands(), ands, "degree {degree}");
    }
}

/// Test case 2 of the GCM specification (McGrew and Viega, 2005): hash key, ciphertext, and its first intermediate.
#[test]
fn gf128mul_of_the_gcm_specification() {
    let (key, block) = (hex("66e94bd4ef8a2c3b884cfa59ca342b2e"), hex("0388dace60b6a392f328c2b971b2fe78"));
    let expected = hex("5e2ec746917062882c85b0685353deb7");
    assert_eq!(run_named("gf128mul", &[&vec![key], &vec![block]]), [expected]);
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn gf128mul_of_random_blocks(seed in any::<u64>()) {
        let (keys, blocks) = (random(seed, "keys", 300, 16), random(seed, "blocks", 300, 16));
        let expected: Vec<_> = keys.iter().zip(&blocks).map(|(key, block)| hashed(key, block)).collect();
        assert_eq!(run_named("gf128mul", &[&keys, &blocks]), expected);
    }

    #[test]
    fn ghash_of_random_strings(seed in any::<u64>()) {
        let builder = Builder::new();
        let key: Bits<'_> = builder.input_bytes("key", 128, Party::Garbler);
        let string = builder.input_bytes("string", 3 * 128, Party::Evaluator);
        builder.output_bytes("hash", &library::ghash(&key, &string));
        let (keys, strings) = (random(seed, "keys", 100, 16), random(seed, "strings", 100, 48));
        let expected: Vec<_> = keys.iter().zip(&strings).map(|(key, string)| hashed(key, string)).collect();
        assert_eq!(run_strings(&builder.finish().unwrap(), &[&keys, &strings]), expected);
    }
}

fn hashed(key: &[u8], blocks: &[u8]) -> Vec<u8> {
    let mut hash = GHash::new_from_slice(key).unwrap();
    hash.update_padded(blocks);
    hash.finalize().to_vec()
}
