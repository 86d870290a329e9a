//! Constants, of the program and from outside.

use garble_lang::literal::Literal;
use garble_lang::token::{SignedNumType, UnsignedNumType};
use halfgate_languages::garble::{Options, Program, compile};

use crate::oracle::{compare_with, ours};

fn options(constants: &[(&str, &str)]) -> Options {
    let constants = constants.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Options { constants: constants.collect(), ..Options::default() }
}

const SIZES: &str = "
    const OURS: usize = PARTY_0::ROWS;
    const THEIRS: usize = PARTY_1::ROWS;
    const MOST: usize = max(OURS, THEIRS);
    const RATE: u16 = PARTY_0::RATE;
    const STEP: i8 = PARTY_1::STEP;
    const ON: bool = PARTY_1::ON;

    pub fn main(a: [u16; OURS], b: [i8; MOST]) -> ([u16; OURS], i8, bool) {
        let mut c = [RATE; OURS];
        for i in 0usize..2usize { c[i] = a[i] % RATE; }
        (c, b[THEIRS - 1usize] / STEP, ON)
    }";

#[test]
fn constants_from_outside_set_sizes_and_values() {
    let size = |size| Literal::NumUnsigned(size, UnsignedNumType::Usize);
    let constants = [
        ("PARTY_0", "ROWS", size(3)),
        ("PARTY_1", "ROWS", size(4)),
        ("PARTY_0", "RATE", Literal::NumUnsigned(10, UnsignedNumType::U16)),
        ("PARTY_1", "STEP", Literal::NumSigned(-3, SignedNumType::I8)),
        ("PARTY_1", "ON", Literal::True),
    ];
    compare_with(SIZES, &constants, 50, false);
}

#[test]
fn constants_may_use_those_before_them_whatever_their_type() {
    let source = "
        const A: u8 = 250u8;
        const B: u8 = A + 5u8;
        const C: i16 = max(-5i16, -3i16);
        const D: u8 = B;
        pub fn main(x: u8) -> (u8, i16, u8) { (B, C, D) }";
    let circuit = compile(source, "test", &Options::default()).unwrap();
    assert_eq!(ours(&circuit, &["0".to_owned()]), "(255, -3, 255)");
}

#[test]
fn names_may_be_short_where_they_are_clear() {
    let source = "const N: usize = PARTY_0::ROWS; pub fn main(x: [bool; N], y: bool) -> bool { y }";
    for name in ["ROWS", "PARTY_0::ROWS"] {
        let circuit = compile(source, "test", &options(&[(name, "7")])).unwrap();
        assert_eq!(circuit.input_width(), 8);
    }
    let program = Program::parse(source, "test").unwrap();
    assert_eq!(
        program.constants().into_iter().collect::<Vec<_>>(),
        [("PARTY_0::ROWS".to_owned(), "usize".to_owned())]
    );
}

#[test]
fn wrong_constants_are_errors() {
    let source =
        "const N: u8 = PARTY_0::RATE; const M: u8 = N + 1u8; pub fn main(x: u8, y: u8) -> u8 { x + M }";
    let error =
        |constants: &[(&str, &str)]| compile(source, "test", &options(constants)).unwrap_err().to_string();
    assert_eq!(
        error(&[]),
        "test: the constant `PARTY_0::RATE` (u8) has no value; give it with --const PARTY_0::RATE=…"
    );
    assert!(error(&[("RATE", "256")]).contains("is not a value of its type; expected 0 to 255 (u8)"));
    assert!(error(&[("RATE", "x")]).contains("`PARTY_0::RATE` is not a value"));
    assert!(error(&[("RATE", "255")]).contains("the constant `M` is not a value of its type"));
    assert!(
        error(&[("RATE", "1"), ("N", "2")])
            .contains("no constant is called `N`; the program asks for `PARTY_0::RATE`")
    );
}
