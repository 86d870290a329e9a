use halfgate_circuits::{Circuit, Gate, Values, WireId};
use halfgate_compiler::random;
use halfgate_compiler::{Effort, Optimizer, evaluate, schedule};
use proptest::prelude::*;

use crate::adders::{STYLES, Style, Wiring};
use crate::bristol::{check, published};
use crate::oracle::compute;

pub(crate) fn ands(circuit: &Circuit) -> usize {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
}

pub(crate) fn thorough(circuit: &Circuit) -> Circuit {
    Optimizer::new(Effort::Thorough).run(circuit, &mut |_| ()).circuit
}

/// Everything but the searches for blocks of few inputs, which find little in words, take a hundred times as long, and
/// have tests of their own.
pub(crate) fn by_words(circuit: &Circuit) -> Circuit {
    let optimizer = Optimizer::new(Effort::Thorough).without(&["spans", "resubstitution"]);
    optimizer.run(circuit, &mut |_| ()).circuit
}

/// Optimises a circuit, checks that the result gives the same for random inputs, and counts its ANDs.
pub(crate) fn optimized_ands(circuit: &Circuit, seed: u64) -> usize {
    let optimized = by_words(circuit);
    let inputs = random::inputs(seed, circuit, 256);
    let outputs = |circuit: &Circuit| evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
    assert!(outputs(circuit) == outputs(&optimized), "the function has changed");
    ands(&optimized)
}

/// Random choices; zero when there are no more.
struct Choices(Vec<u8>);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.0.pop().unwrap_or(0)) % bound
    }
}

/// Words that are made of each other by additions of all kinds, some of them outputs.
fn network(choices: &[u8]) -> Circuit {
    let mut random = Choices(choices.to_vec());
    let width = [3, 8, 17][random.below(3)];
    let (mut wiring, mut words) = Wiring::new(&[width; 4]);
    let one_style = STYLES[random.below(5)];
    for _ in 0..1 + random.below(7) {
        let style = if random.below(4) == 0 { STYLES[random.below(5)] } else { one_style };
        // Mostly the newest: so that chains and trees come about in which nothing is used twice.
        let newest = words.len() - 1;
        let [a, b, c] =
            [newest, random.below(words.len()), newest - random.below(3)].map(|word| words[word].clone());
        let zero = wiring.constant(false);
        match random.below(7) {
            0 | 1 => words.push(wiring.add(style, &a, &b, zero).0),
            2 => words.push(wiring.subtract(style, &b, &a)),
            3 => words.extend(wiring.save_carries(style, [&a, &b, &c])),
            4 => {
                let constant: Vec<_> = (0..width).map(|_| wiring.constant(random.below(2) == 1)).collect();
                words.push(wiring.add(style, &a, &constant, zero).0);
            }
            5 => {
                let (mut sum, carry) = wiring.add(style, &a, &b, zero);
                sum.rotate_left(random.below(3));
                sum[0] = carry;
                words.push(sum);
            }
            _ => {
                let inverted =
                    a.iter().zip(&b).map(|(&a, &b)| if random.below(2) == 0 { wiring.not(a) } else { b });
                words.push(inverted.collect());
            }
        }
    }
    let outputs: Vec<_> =
        (0..1 + random.below(3)).map(|back| words[words.len() - 1 - back].clone()).collect();
    wiring.finish(&outputs)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn networks_of_adders_keep_their_function(choices in prop::collection::vec(any::<u8>(), 0..150), seed: u64) {
        let circuit = network(&choices);
        let optimized = by_words(&circuit);
        let inputs = random::inputs(seed, &circuit, 64);
        prop_assert!(compute(&optimized, &inputs, 64) == compute(&circuit, &inputs, 64));
        prop_assert!(ands(&optimized) <= ands(&circuit));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_circuits_keep_their_function(seed: u64) {
        let (circuit, inputs, lanes) = crate::oracle::random_case(seed, 64);
        let optimized = thorough(&circuit);
        prop_assert!(compute(&optimized, &inputs, lanes) == compute(&circuit, &inputs, lanes));
    }
}

/// ANDs of a sum of `operands` numbers by columns.
fn by_columns(operands: usize, width: usize) -> usize {
    let mut carries = 0;
    let ands = (1..width).map(|_| {
        carries = (operands + carries) / 2;
        carries
    });
    ands.sum()
}

/// A sum modulo `2^width`, one number after the other or by carry-save adders.
fn many_operands(style: Style, operands: usize, width: u32, saving: bool) -> Circuit {
    let (mut wiring, mut words) = Wiring::new(&vec![width; operands]);
    let zero = wiring.constant(false);
    while saving && words.len() > 2 {
        let saved = wiring.save_carries(style, [&words[0], &words[1], &words[2]]);
        words.drain(..3);
        words.extend(saved);
    }
    let sum = words.iter().skip(1).fold(words[0].clone(), |sum, word| wiring.add(style, &sum, word, zero).0);
    wiring.finish(&[sum])
}

#[test]
fn many_operands_are_added_by_columns() {
    for style in STYLES {
        for (operands, width) in [(2, 16), (3, 16), (4, 9), (5, 32), (8, 12)] {
            let bound = by_columns(operands, width);
            assert!(bound <= (operands - 1) * (width - 1));
            for saving in [false, true] {
                let circuit = many_operands(style, operands, width as u32, saving);
                let reached = optimized_ands(&circuit, 7);
                assert!(
                    reached <= bound,
                    "{operands} of {width} bits, {style:?}, {saving}: {reached} of {bound}"
                );
            }
        }
    }
}

/// An intermediate sum that is an output, too, is not computed twice.
#[test]
fn sums_that_others_use_stay() {
    for style in STYLES {
        let (mut wiring, words) = Wiring::new(&[16; 4]);
        let zero = wiring.constant(false);
        let first = wiring.add(style, &words[0], &words[1], zero).0;
        let second = wiring.add(style, &first, &words[2], zero).0;
        let third = wiring.add(style, &second, &words[3], zero).0;
        let circuit = wiring.finish(&[first, third]);
        let reached = optimized_ands(&circuit, 7);
        assert!(reached <= 15 + by_columns(3, 16), "{style:?}: {reached}");
    }
}

#[test]
fn constants_and_differences_are_terms_like_others() {
    for style in STYLES {
        let (mut wiring, words) = Wiring::new(&[16; 3]);
        let zero = wiring.constant(false);
        let constant: Vec<_> = (0..16).map(|bit| wiring.constant(0x9ec3 >> bit & 1 == 1)).collect();
        let first = wiring.add(style, &words[0], &constant, zero).0;
        let second = wiring.subtract(style, &words[1], &first);
        let third = wiring.subtract(style, &second, &words[2]);
        let reached = optimized_ands(&wiring.finish(&[third]), 7);
        assert!(reached <= by_columns(4, 16), "{style:?}: {reached}");
    }
}

#[test]
fn sums_with_their_carry_take_an_and_per_bit() {
    for style in STYLES {
        let (mut wiring, words) = Wiring::new(&[20; 2]);
        let zero = wiring.constant(false);
        let (mut sum, carry) = wiring.add(style, &words[0], &words[1], zero);
        sum.push(carry);
        let reached = optimized_ands(&wiring.finish(&[sum]), 7);
        assert!(reached <= 20, "{style:?}: {reached}");
    }
}

#[test]
fn ones_are_counted_with_as_few_ands_as_known() {
    for style in STYLES {
        for count in [3, 7, 12, 15, 32, 63] {
            let (mut wiring, words) = Wiring::new(&[count]);
            let mut columns = vec![Vec::new(); 32 - count.leading_zeros() as usize];
            columns[0].clone_from(&words[0]);
            let sum = wiring.add_columns(style, columns, count % 2 == 0);
            let reached = optimized_ands(&wiring.finish(&[sum]), 7);
            let known = (count - count.count_ones()) as usize; // Boyar and Peralta 2005
            assert!(reached <= known, "{count} bits, {style:?}: {reached} of {known}");
        }
    }
}

/// The upper half of a word is computed from the lower: a sum over both must not be put in front of itself.
#[test]
fn words_that_depend_on_themselves_stay_computable() {
    for style in STYLES {
        let (mut wiring, words) = Wiring::new(&[16; 2]);
        let zero = wiring.constant(false);
        let (low, carry) = wiring.add(style, &words[0][..8], &words[1][..8], zero);
        let upper: Vec<WireId> =
            words[0][8..].iter().zip(&low).map(|(&a, &low)| wiring.and(a, low)).collect();
        let (high, _) = wiring.add(style, &upper, &words[1][8..], carry);
        let circuit = wiring.finish(&[low.into_iter().chain(high).collect()]);
        assert!(optimized_ands(&circuit, 7) <= 8 + 15, "{style:?}");
    }
}

/// ANDs that published circuits have at most by their words.
const REACHED: [(&str, usize); 9] = [
    ("adder_32bit.txt", 32),
    ("adder64.txt", 63),
    ("sub64.txt", 63),
    ("mult_32x32.txt", 1508),
    ("mult64.txt", 3451),
    ("sha256.txt", 22_266),
    ("sha-1.txt", 10_750),
    ("md5.txt", 9_159),
    ("FP-add.txt", 5_301),
];

#[test]
fn published_circuits_reach_their_counts() {
    std::thread::scope(|threads| {
        for (name, circuit, vectors) in published() {
            let Some((_, most)) = REACHED.iter().find(|(reached, _)| *reached == name) else { continue };
            threads.spawn(move || {
                let optimized = by_words(circuit);
                check(name, &schedule(&optimized).unwrap(), vectors);
                let inputs: Vec<Values> = random::inputs(1, circuit, 1000);
                let outputs = |circuit: &Circuit| evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
                assert!(outputs(circuit) == outputs(&optimized), "{name}");
                assert!(ands(&optimized) <= *most, "{name}: {} of {most} ANDs", ands(&optimized));
            });
        }
    });
}
