//! Runs circuits in the clear on big integers.

use halfgate_circuits::{Bits, Builder, Circuit, Gate, Party, Values};
use halfgate_compiler::{evaluate, schedule};
use num_bigint::BigUint;
use proptest::prelude::{ProptestConfig, Strategy, any, prop};

/// One column per input group, one number per lane; the same shape comes out. Wire `k` is bit `k`.
pub(crate) fn run(circuit: &Circuit, inputs: &[Vec<BigUint>]) -> Vec<Vec<BigUint>> {
    let widths = circuit.inputs().iter().map(|input| input.group.width);
    let inputs: Vec<Values> = widths.zip(inputs).map(|(width, column)| values(width, column)).collect();
    let program = schedule(circuit).expect("the builder's circuits can be scheduled");
    evaluate(&program, &inputs).expect("the inputs fit").iter().map(numbers).collect()
}

/// As [`run`], for circuits whose groups have at most 64 bits: fast enough for a million lanes.
pub(crate) fn run_words(circuit: &Circuit, inputs: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let widths = circuit.inputs().iter().map(|input| input.group.width);
    let inputs: Vec<Values> = widths
        .zip(inputs)
        .map(|(width, column)| {
            let mut values = Values::new(width, column.len());
            for (lane, &word) in column.iter().enumerate() {
                values.lane_mut(lane).fill(word);
            }
            values
        })
        .collect();
    let program = schedule(circuit).expect("the builder's circuits can be scheduled");
    let outputs = evaluate(&program, &inputs).expect("the inputs fit");
    outputs.iter().map(|values| (0..values.lanes()).map(|lane| values.lane(lane)[0]).collect()).collect()
}

/// Runs an operation of two numbers of `width` bits on one pair per lane.
pub(crate) fn run_pairs(
    width: usize,
    operation: impl for<'b> Fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>,
    pairs: &[(BigUint, BigUint)],
) -> Vec<BigUint> {
    let circuit = circuit_of(width, width, operation);
    let (a, b) = pairs.iter().cloned().unzip();
    run(&circuit, &[a, b]).remove(0)
}

pub(crate) fn circuit_of(
    first: usize,
    second: usize,
    operation: impl for<'b> Fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>,
) -> Circuit {
    let [first, second] = [first, second].map(|width| u32::try_from(width).expect("tests use narrow values"));
    let builder = Builder::new();
    let a = builder.input_bits("a", first, Party::Garbler);
    let b = builder.input_bits("b", second, Party::Evaluator);
    builder.output_bits("out", &operation(&a, &b));
    builder.finish().expect("names differ and widths agree")
}

pub(crate) fn and_count(circuit: &Circuit) -> usize {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
}

/// A failing case is printed; no file keeps it.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// Pairs of `width` bits, mostly random, with the values where carries run far or nothing happens.
pub(crate) fn pairs(width: usize) -> impl Strategy<Value = Vec<(BigUint, BigUint)>> {
    prop::collection::vec((number(width), number(width)), 40)
}

/// A number of `width` bits. Short ones are as likely as long ones, so that quotients are not always 0 or 1.
pub(crate) fn number(width: usize) -> impl Strategy<Value = BigUint> {
    (prop::collection::vec(any::<u32>(), width.div_ceil(32)), 0..=width, any::<u8>()).prop_map(
        move |(digits, shortened, choice)| match choice {
            0..16 => BigUint::ZERO,
            16..32 => BigUint::from(1u8) % modulus(width),
            32..48 => modulus(width) - 1u8,
            48..64 => modulus(width) >> 1,
            64..160 => (BigUint::new(digits) % modulus(width)) >> shortened,
            _ => BigUint::new(digits) % modulus(width),
        },
    )
}

/// `2^width`.
pub(crate) fn modulus(width: usize) -> BigUint {
    BigUint::from(1u8) << width
}

fn values(width: u32, column: &[BigUint]) -> Values {
    let mut values = Values::new(width, column.len());
    for (lane, number) in column.iter().enumerate() {
        for (word, digit) in values.lane_mut(lane).iter_mut().zip(number.iter_u64_digits()) {
            *word = digit;
        }
    }
    values
}

fn numbers(values: &Values) -> Vec<BigUint> {
    let digits =
        |lane| values.lane(lane).iter().flat_map(|word| [*word as u32, (word >> 32) as u32]).collect();
    (0..values.lanes()).map(|lane| BigUint::new(digits(lane))).collect()
}
