//! The programs in `examples/programs` compute what the same computation in Rust does, and what garble_lang's own
//! circuits compute.

use std::fs;
use std::path::PathBuf;

use halfgate_languages::garble::{Options, compile};

use crate::oracle::{Numbers, compare_values, ours};

const RUNS: usize = 150;

fn example(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/programs");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Runs an example on what `run` makes: both arguments as texts, and the result, or nothing if the program has to stop.
fn check(name: &str, mut run: impl FnMut(&mut Numbers) -> ([String; 2], Option<String>)) {
    let source = example(name);
    let circuit = compile(&source, name, &Options::default()).unwrap();
    let mut numbers = Numbers(11);
    let mut results = 0;
    for _ in 0..RUNS {
        let (arguments, expected) = run(&mut numbers);
        let text = ours(&circuit, &arguments);
        match expected {
            Some(expected) => assert_eq!(text, expected, "{arguments:?}"),
            None => assert!(text.starts_with("error: overflow at "), "{arguments:?}: {text}"),
        }
        results += usize::from(!text.starts_with("error"));
    }
    assert!(results > RUNS / 4, "{results} results");
    // Their reader of values knows no arrays in structs whose size is a constant.
    let plain = [("; STAFF]", "; 4]"), ("; FACTORS]", "; 5]")];
    compare_values(&plain.iter().fold(source, |source, (from, to)| source.replace(from, to)), 20);
}

/// Mostly sensible, sometimes extreme.
fn amount(numbers: &mut Numbers, sensible: u64) -> u64 {
    if numbers.next().is_multiple_of(40) { numbers.next() % (1 << 32) } else { numbers.next() % sensible }
}

fn average(salaries: &[u32], bonus: u8) -> Option<u32> {
    let sum = salaries.iter().try_fold(0u32, |sum, salary| sum.checked_add(*salary))?;
    Some(sum.checked_add((sum / 100).checked_mul(u32::from(bonus))?)? / salaries.len() as u32)
}

#[test]
fn salaries() {
    check("salary.garble.rs", |numbers| {
        let firms = [0, 1].map(|_| {
            let salaries: Vec<u32> = (0..4).map(|_| amount(numbers, 9000) as u32).collect();
            (salaries, amount(numbers, 20) as u8)
        });
        let texts = firms
            .each_ref()
            .map(|(salaries, bonus)| format!("Firm {{ salaries: {salaries:?}, bonus_percent: {bonus} }}"));
        let averages = firms.each_ref().map(|(salaries, bonus)| average(salaries, *bonus));
        let result = averages[0].zip(averages[1]).map(|(a, b)| match a.cmp(&b) {
            std::cmp::Ordering::Equal => "Gap::Alike".to_owned(),
            std::cmp::Ordering::Greater => format!("Gap::OursHigher({})", a - b),
            std::cmp::Ordering::Less => format!("Gap::TheirsHigher({})", b - a),
        });
        (texts, result)
    });
}

#[test]
fn auctions() {
    check("auction.garble.rs", |numbers| {
        let bids = [0, 1].map(|_| (numbers.next() % 4, numbers.next() % 3 > 0));
        let texts = bids.map(|(amount, met)| format!("Bid {{ amount: {amount}, reserve_met: {met} }}"));
        let [a, b] = bids.map(|(amount, met)| if met { amount } else { 0 });
        let result = match a.cmp(&b) {
            std::cmp::Ordering::Greater => format!("Outcome::FirstWins({b})"),
            std::cmp::Ordering::Less => format!("Outcome::SecondWins({a})"),
            std::cmp::Ordering::Equal if a == 0 => "Outcome::NoSale".to_owned(),
            std::cmp::Ordering::Equal => format!("Outcome::Tie({a})"),
        };
        (texts, Some(result))
    });
}

#[test]
fn risks() {
    check("risk.garble.rs", |numbers| {
        let weights: Vec<i32> = (0..5).map(|_| amount(numbers, 9) as i32 - 4).collect();
        let [offset, limit] = [0, 1].map(|_| amount(numbers, 50) as i32);
        let answers: Vec<i16> = (0..5).map(|_| amount(numbers, 20) as i16 - 10).collect();
        let texts = [
            format!("Model {{ weights: {weights:?}, offset: {offset}, limit: {limit} }}"),
            format!("{answers:?}"),
        ];
        let score = || {
            let products =
                weights.iter().zip(&answers).map(|(weight, answer)| weight.checked_mul(i32::from(*answer)));
            let score =
                products.into_iter().try_fold(offset, |score, product| score.checked_add(product?))?;
            // The second comparison is only made if the first holds.
            let near = score > limit.checked_sub(10)? && score < limit.checked_add(10)?;
            let decision = if near {
                "AskAPerson"
            } else if score > limit {
                "Decline"
            } else {
                "Accept"
            };
            Some(format!("(Decision::{decision}, {})", score > limit))
        };
        (texts, score())
    });
}

#[test]
fn matches() {
    check("matching.garble.rs", |numbers| {
        let tables = [0, 1].map(|_| {
            let mut ids: Vec<u64> = Vec::new();
            while ids.len() < 6 {
                let id = numbers.next() % 12;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            ids.sort_unstable();
            ids.into_iter().map(|id| (id, numbers.next() % 1000)).collect::<Vec<_>>()
        });
        let pairs = tables[0].iter().flat_map(|ours| tables[1].iter().map(move |theirs| (ours, theirs)));
        let common: Vec<u64> = pairs
            .filter(|(ours, theirs)| ours.0 == theirs.0)
            .map(|(ours, theirs)| ours.1 + theirs.1)
            .collect();
        let result =
            format!("Overlap {{ customers: {}, value: {} }}", common.len(), common.iter().sum::<u64>());
        (tables.map(|table| format!("{table:?}")), Some(result))
    });
}
