use halfgate_circuits::{Bit, Builder, Circuit, Int, Party, Uint, library};

use super::recognise;
use crate::graph::Graph;
use crate::optimizer::Watch;
use crate::passes::share;
use crate::{Effort, Optimizer, ProofLimits, Verdict, prove};

/// The ANDs before and after, where the function stays.
fn ands(circuit: &Circuit) -> [usize; 2] {
    let graph = share(&Graph::lower(circuit).unwrap());
    let after = recognise(&graph, &mut Watch::new(Optimizer::new(Effort::Thorough), &mut |_| ()));
    let verdict = prove(circuit, &after.raise().unwrap(), ProofLimits::trial(), &mut |_| ()).unwrap();
    assert!(matches!(verdict, Verdict::Equal(_)), "{verdict:?}");
    [graph.and_count(), after.and_count()]
}

fn words<'b>(builder: &'b Builder, width: u32) -> (Uint<'b>, Uint<'b>) {
    (builder.input_uint("a", width, Party::Garbler), builder.input_uint("b", width, Party::Evaluator))
}

/// Whether the first is less and whether the two are equal, by halves.
fn by_halves<'b>(a: &Uint<'b>, b: &Uint<'b>) -> (Bit<'b>, Bit<'b>) {
    let (a_bits, b_bits) = (a.bits(), b.bits());
    if a.width() == 1 {
        return (!a_bits[0] & b_bits[0], !(a_bits[0] ^ b_bits[0]));
    }
    let half = a.width() / 2;
    let (low, low_equal) = by_halves(&a.slice(..half), &b.slice(..half));
    let (high, high_equal) = by_halves(&a.slice(half..), &b.slice(half..));
    (high | (high_equal & low), high_equal & low_equal)
}

#[test]
fn a_comparison_by_halves_becomes_a_chain() {
    let builder = Builder::new();
    let (a, b) = words(&builder, 16);
    builder.output_bit("less", by_halves(&a, &b).0);
    let [before, after] = ands(&builder.finish().unwrap());
    assert!(before > 30, "{before}");
    assert_eq!(after, 16);
}

#[test]
fn comparisons_of_parts_and_of_signed_words_are_recognised() {
    let builder = Builder::new();
    let (a, b) = words(&builder, 20);
    let [a, b] = [a, b].map(|word| word.slice(3..17));
    // With the sign turned around, the order of signed numbers is that of unsigned ones.
    let biased = [&a, &b].map(|word| word ^ &builder.constant_uint(14, 1 << 13));
    builder.output_bit("greater", by_halves(&b, &a).0);
    builder.output_bit("less", by_halves(&biased[0], &biased[1]).0);
    assert_eq!(ands(&builder.finish().unwrap())[1], 14 + 14);
}

/// The two differ for one input in 2^64: no sample shows it, and the proof has to.
#[test]
fn what_is_nearly_a_comparison_stays() {
    let builder = Builder::new();
    let (a, b) = words(&builder, 32);
    let [rare_a, rare_b] = [0xdead_beef, 0x1234_5678].map(|value| builder.constant_uint(32, value));
    let rare = a.eq(&rare_a) & b.eq(&rare_b);
    builder.output_bit("nearly", by_halves(&a, &b).0 ^ rare);
    let [before, after] = ands(&builder.finish().unwrap());
    assert!(after <= before && after >= 32 + 63, "{before} {after}");
}

/// Restores in each row, and computes the quotient of positive numbers only.
fn restoring<'b>(a: &Uint<'b>, b: &Uint<'b>) -> Uint<'b> {
    let builder = a.bits().builder();
    let width = a.width();
    let mut remainder = builder.constant_uint(width, 0);
    let mut quotient = Vec::new();
    for &next in a.bits().iter().rev() {
        let doubled = Uint::from(builder.bits([next]).concat(remainder.bits())).resize(width + 1);
        let difference = &doubled - &b.resize(width + 1);
        let negative = difference.bits()[width];
        remainder = negative.mux(&doubled, &difference).resize(width);
        quotient.push(!negative);
    }
    quotient.reverse();
    Uint::from(builder.bits(quotient))
}

#[test]
fn a_restoring_divider_becomes_the_librarys() {
    let builder = Builder::new();
    let (a, b) = words(&builder, 12);
    builder.output_uint("quotient", &restoring(&a, &b));
    let library = Graph::lower(&library::find("div12").unwrap()).unwrap().and_count();
    let [before, after] = ands(&builder.finish().unwrap());
    assert!(before > 250 && after <= library, "{before} {after} {library}");
}

#[test]
fn signed_dividers_are_recognised_whatever_they_do_about_zero() {
    let builder = Builder::new();
    let (a, b) = words(&builder, 10);
    let (a, b): (Int<'_>, Int<'_>) = (a.to_int(), b.to_int());
    let quotient = restoring(&a.unsigned_abs(), &b.unsigned_abs()).to_int();
    builder.output_int("quotient", &(a.is_negative() ^ b.is_negative()).mux(&-&quotient, &quotient));
    let library = Graph::lower(&library::find("sdiv10").unwrap()).unwrap().and_count();
    let [before, after] = ands(&builder.finish().unwrap());
    assert!(before > 200 && after <= library, "{before} {after} {library}");
}

#[test]
fn what_is_no_operation_stays_as_it_is() {
    let circuit = library::find("aes128").unwrap();
    let [before, after] = ands(&circuit);
    assert_eq!(before, after);
}
