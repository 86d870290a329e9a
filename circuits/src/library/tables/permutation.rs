//! Waksman's permutation network: A. Waksman, "A permutation network", Journal of the ACM 15 (1968), for any number of
//! values as in B. Beauquier and E. Darrot, "On arbitrary size Waksman networks and their vulnerability" (2002).

use crate::{Bit, Bits};

/// The number of switches that permute `count` values: `Σ⌈log₂ i⌉` for `i` from 1 to `count`, which is
/// `n·log₂ n - n + 1` for powers of two.
pub fn permutation_switches(count: usize) -> usize {
    match count {
        0 | 1 => 0,
        _ => {
            count / 2
                + (count - 1) / 2
                + permutation_switches(count / 2)
                + permutation_switches(count.div_ceil(2))
        }
    }
}

/// Permutes values by a Waksman network: one AND per switch and bit of a value.
///
/// [`switches_of_permutation`] tells which switches make a permutation. Whoever chooses them alone permutes in secret;
/// a second network with the other party's switches makes a permutation that nobody knows.
///
/// # Panics
/// If the values differ in width or builder, or if there are not [`permutation_switches`] switches.
#[track_caller]
pub fn permute<'b>(values: &[Bits<'b>], switches: &[Bit<'b>]) -> Vec<Bits<'b>> {
    let expected = permutation_switches(values.len());
    let (count, given) = (values.len(), switches.len());
    assert!(given == expected, "{count} values are permuted by {expected} switches, not {given}");
    network(values, &mut switches.iter().copied())
}

/// Switches in the order input side, upper half, lower half, output side.
fn network<'b>(values: &[Bits<'b>], switches: &mut impl Iterator<Item = Bit<'b>>) -> Vec<Bits<'b>> {
    if values.len() < 2 {
        return values.to_vec();
    }
    let mut halves = [Vec::new(), Vec::new()];
    for pair in values.chunks(2) {
        match pair {
            [first, second] => {
                let (upper, lower) = switched(switches, first, second);
                halves[0].push(upper);
                halves[1].push(lower);
            }
            single => halves[1].extend_from_slice(single),
        }
    }
    let [upper, lower] = [network(&halves[0], switches), network(&halves[1], switches)];
    // The last pair, or the last single value, passes straight through.
    let mut permuted = Vec::with_capacity(values.len());
    for k in 0..(values.len() - 1) / 2 {
        let (first, second) = switched(switches, &upper[k], &lower[k]);
        permuted.extend([first, second]);
    }
    permuted.extend(upper.get((values.len() - 1) / 2).cloned());
    permuted.extend(lower.last().cloned());
    permuted
}

/// The two values, exchanged where the next switch is 1: one AND per bit.
fn switched<'b>(
    switches: &mut impl Iterator<Item = Bit<'b>>,
    first: &Bits<'b>,
    second: &Bits<'b>,
) -> (Bits<'b>, Bits<'b>) {
    let switch = switches.next().expect("permutation_switches counts as the network does");
    let change = (first ^ second).map(|bit| bit & switch);
    (first ^ &change, second ^ &change)
}

/// The switches that put value `permutation[i]` at place `i`; nothing if some place is missing or named twice.
///
/// This is Waksman's looping algorithm, for whoever knows the permutation.
pub fn switches_of_permutation(permutation: &[usize]) -> Option<Vec<bool>> {
    let mut places = vec![usize::MAX; permutation.len()];
    for (place, &value) in permutation.iter().enumerate() {
        let seen = places.get_mut(value)?;
        if *seen != usize::MAX {
            return None;
        }
        *seen = place;
    }
    let mut switches = Vec::with_capacity(permutation_switches(permutation.len()));
    route(permutation, &places, &mut switches);
    Some(switches)
}

/// Colours every value with the half it goes through: values of one input switch differ, and so do those of one output
/// switch. Loops start where the network leaves no choice.
fn route(permutation: &[usize], places: &[usize], switches: &mut Vec<bool>) {
    let count = permutation.len();
    if count < 2 {
        return;
    }
    let lower = halves(permutation, places);
    switches.extend((0..count / 2).map(|pair| lower[2 * pair]));
    for half in [false, true] {
        // Values and places are numbered within the half by their switch.
        let mut inner = vec![0; count / 2 + usize::from(half) * (count % 2)];
        for (place, &value) in permutation.iter().enumerate().filter(|(_, value)| lower[**value] == half) {
            inner[place / 2] = value / 2;
        }
        let mut inner_places = vec![0; inner.len()];
        for (place, &value) in inner.iter().enumerate() {
            inner_places[value] = place;
        }
        route(&inner, &inner_places, switches);
    }
    switches.extend((0..(count - 1) / 2).map(|pair| lower[permutation[2 * pair]]));
}

/// Whether each value goes through the lower half.
fn halves(permutation: &[usize], places: &[usize]) -> Vec<bool> {
    let count = permutation.len();
    let mut lower: Vec<Option<bool>> = vec![None; count];
    // The last place always comes from the lower half, then any loop that is left may start in the upper one.
    for start in [count - 1].into_iter().chain(0..count) {
        let (mut value, half) = (permutation[start], start == count - 1);
        while lower[value].is_none() {
            lower[value] = Some(half);
            let neighbour = value ^ 1;
            let Some(&place) = places.get(neighbour) else { break };
            lower[neighbour] = Some(!half);
            let Some(&across) = permutation.get(place ^ 1) else { break };
            value = across;
        }
    }
    lower.into_iter().map(|lower| lower.expect("every value stands at some place")).collect()
}
