//! Sorting and the places of extremes.

use super::sorting_networks::{Exchange, SMALLEST};
use crate::{Bit, Mux, Uint};

/// The numbers in ascending order: `2n` ANDs for each comparison of the network.
///
/// Up to 16 numbers the networks are the smallest known: 1, 3, 5, 9, 12, 16, 19, 25, 29, 35, 39, 45, 51, 56 and 60
/// comparisons for 2 to 16 numbers. More are sorted in halves and merged by Batcher's odd-even merge (Batcher 1968,
/// "Sorting networks and their applications"): 185 comparisons for 32 numbers.
///
/// # Panics
/// If the numbers differ in width or builder.
#[track_caller]
pub fn sort<'b>(numbers: &[Uint<'b>]) -> Vec<Uint<'b>> {
    sort_by(numbers, |a, b| a.gt(b))
}

/// The values in an order in which no value is `out_of_order` with the next one. Equal ones may change places.
///
/// Each comparison of the network costs one call of `out_of_order` and one AND per bit of a value.
#[track_caller]
pub fn sort_by<'b, V: Mux<'b> + Clone>(values: &[V], out_of_order: impl Fn(&V, &V) -> Bit<'b>) -> Vec<V> {
    let mut values = values.to_vec();
    let mut exchanges = Vec::new();
    let order = network((0..values.len()).collect(), &mut exchanges);
    for (low, high) in exchanges {
        let swap = out_of_order(&values[low], &values[high]);
        // Both choices are the same AND, seen from either side.
        let smaller = swap.mux(&values[high], &values[low]);
        values[high] = swap.mux(&values[low], &values[high]);
        values[low] = smaller;
    }
    order.into_iter().map(|place| values[place].clone()).collect()
}

/// The place of the smallest number, the first of equal ones, and that number.
///
/// With `k` numbers of `n` bits these are `(k - 1)·2n` ANDs and less than `k·log₂ k` for the place; `n` less where the
/// number itself is not read. Places count from 0.
///
/// # Panics
/// If there is no number, or if the numbers differ in width or builder.
#[track_caller]
pub fn argmin<'b>(numbers: &[Uint<'b>]) -> (Uint<'b>, Uint<'b>) {
    extreme(numbers, |left, right| right.lt(left))
}

/// The place of the largest number, the first of equal ones, and that number; costs as [`argmin`].
///
/// # Panics
/// If there is no number, or if the numbers differ in width or builder.
#[track_caller]
pub fn argmax<'b>(numbers: &[Uint<'b>]) -> (Uint<'b>, Uint<'b>) {
    extreme(numbers, |left, right| left.lt(right))
}

/// The best of each half compete; the upper bit of the place is the comparison itself.
#[track_caller]
fn extreme<'b>(
    numbers: &[Uint<'b>],
    right_wins: impl Fn(&Uint<'b>, &Uint<'b>) -> Bit<'b> + Copy,
) -> (Uint<'b>, Uint<'b>) {
    assert!(!numbers.is_empty(), "there is no extreme of no numbers");
    let [only] = numbers else {
        let half = numbers.len().next_power_of_two() / 2;
        let (left, right) = (extreme(&numbers[..half], right_wins), extreme(&numbers[half..], right_wins));
        let choice = right_wins(&left.1, &right.1);
        let place = choice.mux(&right.0.resize(left.0.width()), &left.0);
        let upper = choice.builder().bits([choice]);
        return (place.bits().concat(&upper).into(), choice.mux(&right.1, &left.1));
    };
    (only.slice(..0), only.clone())
}

/// Adds the exchanges that sort what is in the `places`; afterwards it is in order at the places returned.
fn network(places: Vec<usize>, exchanges: &mut Vec<Exchange>) -> Vec<usize> {
    if places.len() < 2 {
        return places;
    }
    if let Some(smallest) = SMALLEST.get(places.len() - 2) {
        exchanges.extend(smallest.iter().map(|&(low, high)| (places[low], places[high])));
        return places;
    }
    let (left, right) = places.split_at(places.len().div_ceil(2));
    let (left, right) = (network(left.to_vec(), exchanges), network(right.to_vec(), exchanges));
    merge(left, right, exchanges)
}

/// Merges two sequences in order: those at even positions and those at odd positions by themselves, then neighbours.
fn merge(left: Vec<usize>, right: Vec<usize>, exchanges: &mut Vec<Exchange>) -> Vec<usize> {
    match (&left[..], &right[..]) {
        ([], _) => return right,
        (_, []) => return left,
        (&[low], &[high]) => {
            exchanges.push((low, high));
            return vec![low, high];
        }
        _ => {}
    }
    let every_second = |places: &[usize], from| places.iter().copied().skip(from).step_by(2).collect();
    let even = merge(every_second(&left, 0), every_second(&right, 0), exchanges);
    let odd = merge(every_second(&left, 1), every_second(&right, 1), exchanges);
    let pairs = odd.len().min(even.len() - 1);
    let mut order = vec![even[0]];
    for (&low, &high) in odd.iter().zip(&even[1..]) {
        exchanges.push((low, high));
        order.extend([low, high]);
    }
    order.extend_from_slice(&odd[pairs..]);
    order.extend_from_slice(&even[1 + pairs..]);
    order
}
