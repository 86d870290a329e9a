//! Which band a score falls into: how many of the public thresholds it reaches.

use super::FunctionError;
use crate::{Bit, Uint};

/// The most thresholds.
const MOST: usize = 255;

/// Reads `30,60,85`: decimal numbers, each in its one form.
pub(super) fn read(name: &'static str, given: &str) -> Result<Vec<String>, FunctionError> {
    let fail = |reason: String| FunctionError::Parameter { name, given: given.to_owned(), reason };
    let expected =
        "expected the scores at which bands begin, rising, with commas between, such as 30,60,85.5";
    let thresholds: Option<Vec<String>> = given.split(',').map(|part| canonical(part.trim())).collect();
    let thresholds = thresholds.ok_or_else(|| fail(expected.to_owned()))?;
    if thresholds.len() > MOST {
        return Err(fail(format!(
            "{} bands are more than the {} there may be",
            thresholds.len() + 1,
            MOST + 1
        )));
    }
    Ok(thresholds)
}

/// A decimal number without zeros that say nothing.
fn canonical(number: &str) -> Option<String> {
    let (sign, magnitude) = match number.strip_prefix('-') {
        Some(magnitude) => ("-", magnitude),
        None => ("", number),
    };
    let (whole, fraction) = match magnitude.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (magnitude, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(match (whole, fraction) {
        ("0", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

/// How many of the rising `thresholds` are at most `score`, lowest bit first: a binary search, so that `b` thresholds
/// cost `⌈log₂(b + 1)⌉` comparisons. The threshold to compare with next is chosen among constants, which costs little.
///
/// `never` is greater than any score and fills the search tree.
pub(super) fn count_reached<'b>(score: &Uint<'b>, thresholds: &[Uint<'b>], never: &Uint<'b>) -> Vec<Bit<'b>> {
    let levels = usize::BITS - thresholds.len().leading_zeros();
    let mut count = Vec::new();
    for level in (0..levels).rev() {
        let middles =
            (0..1usize << (levels - 1 - level)).map(|start| (start << (level + 1)) + (1 << level) - 1);
        let candidates: Vec<_> = middles.map(|index| thresholds.get(index).unwrap_or(never)).collect();
        count.push(score.ge(&select(&count, &candidates)));
    }
    count.reverse();
    count
}

/// The candidate whose number is `index`, highest bit first.
fn select<'b>(index: &[Bit<'b>], candidates: &[&Uint<'b>]) -> Uint<'b> {
    let Some((first, rest)) = index.split_first() else { return candidates[0].clone() };
    let (lower, upper) = candidates.split_at(candidates.len() / 2);
    first.mux(&select(rest, upper), &select(rest, lower))
}
