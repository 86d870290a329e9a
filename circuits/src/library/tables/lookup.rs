use super::one_hot;
use crate::{Bit, Bits};

/// Reads the value at `index` of a table whose values are inputs or results: one AND per bit of a value less one value,
/// `(k - 1)·w` for `k` values of `w` bits.
///
/// Indices behind the end of the table read some value of it.
///
/// # Panics
/// If the table is empty, if its values differ in width or builder, or if the index is too short to reach all of them.
#[track_caller]
pub fn lookup<'b>(table: &[Bits<'b>], index: &Bits<'b>) -> Bits<'b> {
    check_index(table.len(), index);
    let mut layer = table.to_vec();
    for &bit in index.iter() {
        layer = layer
            .chunks(2)
            .map(|pair| match pair {
                [even, odd] => bit.mux(odd, even),
                single => single[0].clone(),
            })
            .collect();
    }
    layer.remove(0)
}

/// Reads the value at `index` of a table that is known now, `width` bits of each entry.
///
/// With an index of `n` bits the one-hot lines make every table free: `2^n - n - 1` ANDs whatever the width. Few output
/// bits take less: the lines of `n - s` bits make the rows that the other `s` bits choose from, which is
/// `2^(n-s) - (n-s) - 1 + (2^s - 1)·width` ANDs. The best `s` is taken; an S-box of 8 bits costs 81. (The split is
/// Lupanov's; as "select-swap" in Low, Kliuchnikov and Schaeffer, arXiv 1812.00954.)
///
/// Indices behind the end of the table read zeros.
///
/// # Panics
/// If the table is empty, if the index is too short to reach all of it or has 32 bits or more, or if `width` is more
/// than 64.
#[track_caller]
pub fn lookup_constants<'b>(table: &[u64], width: usize, index: &Bits<'b>) -> Bits<'b> {
    check_index(table.len(), index);
    assert!(width <= 64, "entries are at most 64 bits wide, not {width}");
    let select = (0..=index.width()).min_by_key(|&s| cost(index.width(), s, width)).unwrap_or(0);
    let (low, high) = index.split_at(index.width() - select);
    let builder = index.builder();
    let lines = one_hot(&builder.bits(low.iter().copied()));
    let rows: Vec<Bits<'b>> = (0..1usize << select)
        .map(|row| {
            let values = table.iter().skip(row << low.len()).take(lines.len());
            builder.bits((0..width).map(|k| {
                let ones = values.clone().zip(lines.iter()).filter(|(value, _)| **value >> k & 1 == 1);
                ones.fold(builder.constant(false), |sum, (_, &line)| sum ^ line)
            }))
        })
        .collect();
    lookup(&rows, &builder.bits(high.iter().copied()))
}

/// The ANDs of a table of constants with `select` bits of the index behind the one-hot lines.
fn cost(index: usize, select: usize, width: usize) -> u128 {
    let lines = index - select;
    (1u128 << lines) - lines as u128 - 1 + ((1u128 << select) - 1) * width as u128
}

#[track_caller]
fn check_index(length: usize, index: &[Bit<'_>]) {
    let reach = 1u128 << index.len().min(100);
    assert!(length > 0, "a table has at least one value");
    assert!(length as u128 <= reach, "an index of {} bits does not reach {length} values", index.len());
}
