use halfgate_circuits::{Builder, Circuit, Party, Uint, Values, WireId};
use halfgate_compiler::{evaluate, random, schedule};

use crate::adders::{STYLES, Style, Wiring};
use crate::sums::{ands, by_words, optimized_ands};

/// How partial products are added up.
#[derive(Clone, Copy, Debug)]
enum Architecture {
    /// Row by row with carries that ripple.
    Array,
    /// By columns, the oldest bits first.
    Dadda,
    /// By columns, the newest bits first.
    Newest,
}

const ARCHITECTURES: [Architecture; 3] = [Architecture::Array, Architecture::Dadda, Architecture::Newest];

/// The rows of bits whose sum is the product modulo `2^width`.
fn rows(wiring: &mut Wiring, a: &[WireId], b: &[WireId], width: usize) -> Vec<Vec<WireId>> {
    let zero = wiring.constant(false);
    let row = |(shift, &bit): (usize, &WireId)| {
        let mut row = vec![zero; shift];
        row.extend(a.iter().map(|&other| wiring.and(other, bit)));
        row.resize(width, zero);
        row
    };
    b.iter().enumerate().map(row).collect()
}

/// The sum of rows modulo `2^width`.
fn add_up(
    wiring: &mut Wiring,
    style: Style,
    architecture: Architecture,
    rows: &[Vec<WireId>],
) -> Vec<WireId> {
    let zero = wiring.constant(false);
    let column = |weight: usize| rows.iter().map(|row| row[weight]).collect();
    let columns = (0..rows[0].len()).map(column).collect();
    match architecture {
        Architecture::Array => {
            rows[1..].iter().fold(rows[0].clone(), |sum, row| wiring.add(style, &sum, row, zero).0)
        }
        Architecture::Dadda => wiring.add_columns(style, columns, true),
        Architecture::Newest => wiring.add_columns(style, columns, false),
    }
}

fn multiplier(style: Style, architecture: Architecture, widths: [u32; 2], width: usize) -> Circuit {
    let (mut wiring, words) = Wiring::new(&widths);
    let rows = rows(&mut wiring, &words[0], &words[1], width);
    let product = add_up(&mut wiring, style, architecture, &rows);
    wiring.finish(&[product])
}

/// ANDs of the library's circuit for a function of unsigned numbers.
fn library(widths: &[u32], function: impl for<'b> Fn(&[Uint<'b>]) -> Uint<'b>) -> usize {
    let builder = Builder::new();
    let name = |(k, &width): (usize, &u32)| builder.input_uint(format!("{k}"), width, Party::Garbler);
    let numbers: Vec<_> = widths.iter().enumerate().map(name).collect();
    builder.output_uint("result", &function(&numbers));
    drop(numbers);
    ands(&builder.finish().unwrap())
}

#[test]
fn multipliers_become_the_librarys() {
    let whole = library(&[16, 16], |n| n[0].widening_mul(&n[1]));
    let low = library(&[28, 28], |n| &n[0] * &n[1]);
    for style in STYLES {
        for architecture in ARCHITECTURES {
            let reached = optimized_ands(&multiplier(style, architecture, [16, 16], 32), 3);
            assert!(reached <= whole, "{style:?}, {architecture:?}: {reached} of {whole}");
            let reached = optimized_ands(&multiplier(style, architecture, [28, 28], 28), 3);
            assert!(reached <= low, "{style:?}, {architecture:?}, low half: {reached} of {low}");
        }
    }
}

#[test]
fn factors_may_differ_in_width() {
    let known = library(&[14, 20], |n| n[0].widening_mul(&n[1]));
    let circuit = multiplier(Style::Or, Architecture::Dadda, [14, 20], 34);
    let reached = optimized_ands(&circuit, 3);
    assert!(reached <= known, "{reached} of {known}");
}

#[test]
fn products_are_found_among_other_addends() {
    let known = library(&[16, 16, 32, 32], |n| Uint::sum(&[&n[0].widening_mul(&n[1]), &n[2], &n[3]]));
    for architecture in ARCHITECTURES {
        let (mut wiring, words) = Wiring::new(&[16, 16, 32, 32]);
        let mut rows = rows(&mut wiring, &words[0], &words[1], 32);
        rows.extend_from_slice(&words[2..]);
        let sum = add_up(&mut wiring, Style::HalfAdders, architecture, &rows);
        let reached = optimized_ands(&wiring.finish(&[sum]), 3);
        assert!(reached <= known, "{architecture:?}: {reached} of {known}");
    }
}

#[test]
fn products_are_found_in_sums_of_products() {
    let known = library(&[14; 4], |n| {
        let products = [n[0].widening_mul(&n[1]), n[2].widening_mul(&n[3])];
        Uint::sum(&[&products[0].resize(30), &products[1].resize(30)])
    });
    let (mut wiring, words) = Wiring::new(&[14; 4]);
    let mut all = rows(&mut wiring, &words[0], &words[1], 30);
    all.extend(rows(&mut wiring, &words[2], &words[3], 30));
    let sum = add_up(&mut wiring, Style::One, Architecture::Dadda, &all);
    let reached = optimized_ands(&wiring.finish(&[sum]), 3);
    assert!(reached <= known, "{reached} of {known}");
}

/// Partial products with the highest bits are subtracted: by their inverses and a constant (Baugh and Wooley 1973).
#[test]
fn signed_products_are_products_and_corrections() {
    let (mut wiring, words) = Wiring::new(&[20; 2]);
    let zero = wiring.constant(false);
    let one = wiring.constant(true);
    let mut rows = rows(&mut wiring, &words[0], &words[1], 40);
    for k in 0..19 {
        rows[19][19 + k] = wiring.not(rows[19][19 + k]);
        rows[k][19 + k] = wiring.not(rows[k][19 + k]);
    }
    let mut correction = vec![zero; 40];
    (correction[20], correction[39]) = (one, one);
    rows.push(correction);
    let product = add_up(&mut wiring, Style::Or, Architecture::Dadda, &rows);
    let circuit = wiring.finish(&[product]);
    let by_columns = ands(&multiplier(Style::One, Architecture::Dadda, [20, 20], 40));
    let reached = optimized_ands(&circuit, 3);
    assert!(reached < by_columns, "{reached} of {by_columns}");
}

#[test]
fn squares_keep_their_function() {
    for architecture in ARCHITECTURES {
        let (mut wiring, words) = Wiring::new(&[13]);
        let rows = rows(&mut wiring, &words[0], &words[0], 26);
        let product = add_up(&mut wiring, Style::Or, architecture, &rows);
        let circuit = wiring.finish(&[product]);
        assert!(optimized_ands(&circuit, 3) < ands(&circuit));
    }
}

/// Where a multiplier is wrong for one factor only, it stays wrong.
#[test]
fn rare_exceptions_are_kept() {
    const RARE: u32 = 0xdead_beef;
    for fault in 0..3 {
        let (mut wiring, words) = Wiring::new(&[32; 2]);
        let bit = |(k, &bit): (usize, &WireId)| if RARE >> k & 1 == 1 { bit } else { wiring.not(bit) };
        let matches: Vec<_> = words[0].iter().enumerate().map(bit).collect();
        let is_rare = matches[1..].iter().fold(matches[0], |all, &bit| wiring.and(all, bit));
        let mut rows = rows(&mut wiring, &words[0], &words[1], 64);
        if fault == 0 {
            rows[7][9] = wiring.xor(rows[7][9], is_rare);
        } else if fault == 1 {
            rows.push(vec![is_rare; 64]);
        }
        let mut product = add_up(&mut wiring, Style::HalfAdders, Architecture::Array, &rows);
        if fault == 2 {
            product[40] = wiring.xor(product[40], is_rare);
        }
        let circuit = wiring.finish(&[product]);
        let mut inputs = random::inputs(5, &circuit, 8);
        inputs[0] = Values::new(32, 8);
        (0..8).for_each(|lane| (0..32).for_each(|k| inputs[0].set_bit(lane, k, RARE >> k & 1 == 1)));
        let outputs = |circuit: &Circuit| evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
        assert!(outputs(&circuit) == outputs(&by_words(&circuit)), "fault {fault}");
        let sound = multiplier(Style::One, Architecture::Array, [32, 32], 64);
        assert!(outputs(&circuit) != outputs(&sound), "fault {fault} is none");
    }
}
