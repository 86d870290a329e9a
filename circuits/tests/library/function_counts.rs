//! What the comparison functions cost, beside the sum of their textbook parts.

use halfgate_circuits::library::functions::{Choice, functions};

use crate::plaintext::and_count;

fn cost(text: &str) -> usize {
    let choice: Choice = text.parse().unwrap();
    and_count(&choice.build().unwrap())
}

/// Parts of `n` bits.
const fn compare(n: usize) -> usize {
    n
}
const fn equal(n: usize) -> usize {
    n - 1
}
const fn choose(n: usize) -> usize {
    n
}
const fn mask(n: usize) -> usize {
    n
}
const fn add_with_carry(n: usize) -> usize {
    n
}
const fn exchange(n: usize) -> usize {
    compare(n) + choose(n)
}

const N: usize = 64;
const RANKING: usize = compare(N) + equal(N) + choose(N);

/// A function at 64 bits, the sum of its parts, and what constants save of it: the first step of a comparison with one is
/// known. The weights of the score have 7 digits that are not 0, the largest sum needs 8 bits more than a factor, and 3
/// thresholds are 2 steps of a binary search.
#[rustfmt::skip]
const COSTS: [(&str, usize, usize); 16] = [
    ("greater-than", compare(N), 0),
    ("equality", equal(N), 0),
    ("maximum", RANKING, 0),
    ("closest scale=2 threshold=0.50", add_with_carry(N) + compare(N), 0),
    ("closest threshold=0", add_with_carry(N) + compare(N), 0),
    ("range-overlap scale=2", 2 * exchange(N) + compare(N) + add_with_carry(N) + mask(N), 0),
    ("sum-against-limit scale=2 limit=1000000.00", add_with_carry(N) + compare(N + 1), 1),
    ("first-price-auction scale=2", RANKING, 0),
    ("first-price-auction scale=2 reserve=999.99", RANKING + compare(N) + 2 + mask(N), 1),
    ("second-price-auction scale=2", RANKING, 0),
    ("second-price-auction scale=2 reserve=999.99", RANKING + compare(N) + 2 + exchange(N) + mask(N), 2),
    ("median count=1", exchange(N), 0),
    ("median count=2", 2 * exchange(N) + compare(N) + 2 * choose(N) + exchange(N), 0),
    ("median count=5", 18 * exchange(N) + 4 * compare(N) + 13 * choose(N), 0),
    ("median count=8", 38 * exchange(N) + 4 * compare(N) + 15 * choose(N), 0),
    ("risk-score host-weights=debt:2,income:-0.5 guest-weights=arrears:10 bands=30,60,85.5", 6 * add_with_carry(N) + 2 * compare(N + 9), 3),
];

#[test]
fn of_functions_at_64_bits() {
    let built = COSTS.map(|(text, parts, saved)| (text, cost(text), parts, saved));
    assert_eq!(built, COSTS.map(|(text, parts, saved)| (text, parts - saved, parts, saved)));
}

/// Signs and decimals are free.
#[test]
fn of_signed_functions() {
    for function in functions() {
        let signed = function.example.replacen("bits=64", "bits=64 signed", 1);
        assert_eq!(cost(&signed), cost(function.example), "{signed}");
    }
}
