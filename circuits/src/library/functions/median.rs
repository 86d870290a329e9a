//! The lower median of the values of both sides.
//!
//! Each side's values are sorted inside the circuit, by Batcher's odd-even merge sort (Knuth, The Art of Computer
//! Programming 3, algorithm 5.2.2M). The median of two sorted lists is then found by halving: one comparison tells which
//! half of either list cannot hold it.

use super::settings::WIDEST;
use super::{Form, FunctionError};
use crate::Uint;

/// The most values of one side.
const MOST: u32 = 256;
/// The most bits of one side's values together: an invite must not make a circuit that does not fit into memory.
const MOST_BITS: u32 = 16 * WIDEST;

pub(super) fn median(form: &Form<'_, '_>) -> Result<(), FunctionError> {
    let count = form.text("count").unwrap_or_default();
    let count = read_count("count", count, form.choice.settings().bits)?;
    let mut host: Vec<_> = (1..=count).map(|place| form.host(&format!("value{place}"))).collect();
    let mut guest: Vec<_> = (1..=count).map(|place| form.guest(&format!("value{place}"))).collect();
    sort(&mut host);
    sort(&mut guest);
    form.output("median", &lower_median(&host, &guest));
    Ok(())
}

/// The number of values of one side.
pub(super) fn read_count(name: &'static str, given: &str, bits: u32) -> Result<u32, FunctionError> {
    let most = MOST.min(MOST_BITS / bits);
    match given.parse() {
        Ok(count) if (1..=most).contains(&count) && given.bytes().all(|digit| digit.is_ascii_digit()) => {
            Ok(count)
        }
        _ => Err(FunctionError::Parameter {
            name,
            given: given.to_owned(),
            reason: format!("expected how many values each side has, 1 to {most} at {bits} bits"),
        }),
    }
}

fn sort(values: &mut [Uint<'_>]) {
    let count = values.len();
    let top = count.next_power_of_two() / 2;
    let mut p = top;
    while p > 0 {
        let (mut q, mut r, mut distance) = (top, 0, p);
        loop {
            for low in (0..count - distance).filter(|low| low & p == r) {
                exchange(values, low, low + distance);
            }
            if q == p {
                break;
            }
            (distance, q, r) = (q - p, q / 2, p);
        }
        p /= 2;
    }
}

/// Puts two values in order: `2n` ANDs.
fn exchange(values: &mut [Uint<'_>], low: usize, high: usize) {
    let (a, b) = (&values[low], &values[high]);
    let smaller = a.min(b);
    let larger = a ^ b ^ &smaller;
    (values[low], values[high]) = (smaller, larger);
}

/// The `k`-th smallest of two sorted lists of `k` values.
///
/// With `k = h + m`, where `m` is `h` or one more, value `m` of either list is compared. The list with the smaller one
/// cannot have the median among its first `h`, the other one not above its first `m`. What remains are `m` values each,
/// and as `h` smaller ones are gone the median is the `m`-th smallest of them.
fn lower_median<'b>(a: &[Uint<'b>], b: &[Uint<'b>]) -> Uint<'b> {
    if let ([a], [b]) = (a, b) {
        return a.min(b);
    }
    let half = a.len() / 2;
    let kept = a.len() - half;
    let a_smaller = a[kept - 1].lt(&b[kept - 1]);
    let (above, below): (Vec<_>, Vec<_>) = (0..kept)
        .map(|place| (a_smaller.mux(&a[half + place], &a[place]), a_smaller.mux(&b[place], &b[half + place])))
        .unzip();
    lower_median(&above, &below)
}
