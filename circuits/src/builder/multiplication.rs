//! Products of unsigned numbers: by columns when short, by Karatsuba's three half-size products when long.

use super::Bits;
use super::addition::distance;
use super::columns::Columns;

/// Whole products: from this width on three products of half the width cost fewer ANDs than one by columns.
const KARATSUBA_FROM: usize = 12;
/// Products modulo `2^n`: from this width on one whole and two low products of half the width cost fewer.
const HALVES_FROM: usize = 27;
/// Squares: from this width on two squares and a product of half the width cost fewer.
const SQUARE_HALVES_FROM: usize = 28;
/// Squares modulo `2^n`: from this width on a square and a low product of half the width cost fewer.
const LOW_SQUARE_HALVES_FROM: usize = 52;

/// The whole product, as wide as both factors together.
#[track_caller]
pub(super) fn full<'b>(a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
    let (short, long) = if a.width() < b.width() { (a, b) } else { (b, a) };
    if short.width() < KARATSUBA_FROM {
        by_columns(a, b, a.width() + b.width())
    } else if short.width() == long.width() {
        karatsuba(a, b)
    } else {
        by_chunks(long, short)
    }
}

/// The product modulo `2^n` of two numbers of `n` bits.
///
/// With halves `a = a₀ + X·a₁` it is `a₀·b₀ + X·(a₀·b₁ + a₁·b₀)`, and the two cross products are low halves too.
#[track_caller]
pub(super) fn low<'b>(a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
    a.check_width(b);
    let width = a.width();
    if width < HALVES_FROM {
        return by_columns(a, b, width);
    }
    let half = width.div_ceil(2);
    let cross = width - half;
    let mut columns = Columns::new(a.builder(), width);
    columns.add(&full(&a.slice(..half), &b.slice(..half)), 0);
    columns.add(&low(&a.slice(..cross), &b.slice(half..)), half);
    columns.add(&low(&a.slice(half..), &b.slice(..cross)), half);
    columns.sum()
}

/// The whole square, twice as wide as the number.
pub(super) fn square<'b>(a: &Bits<'b>) -> Bits<'b> {
    if a.width() < SQUARE_HALVES_FROM {
        return square_by_columns(a, 2 * a.width());
    }
    square_by_halves(a, 2 * a.width(), full)
}

/// The square modulo `2^n` of a number of `n` bits.
pub(super) fn low_square<'b>(a: &Bits<'b>) -> Bits<'b> {
    if a.width() < LOW_SQUARE_HALVES_FROM {
        return square_by_columns(a, a.width());
    }
    square_by_halves(a, a.width(), |a0, a1| low(&a0.slice(..a1.width()), a1))
}

/// With halves `a = a₀ + X·a₁` the square is `a₀² + 2X·a₀·a₁ + X²·a₁²`.
fn square_by_halves<'b>(
    a: &Bits<'b>,
    width: usize,
    product: impl FnOnce(&Bits<'b>, &Bits<'b>) -> Bits<'b>,
) -> Bits<'b> {
    let half = a.width().div_ceil(2);
    let (a0, a1) = (a.slice(..half), a.slice(half..));
    let mut columns = Columns::new(a.builder(), width);
    columns.add(&square(&a0), 0);
    columns.add(&product(&a0, &a1), half + 1);
    if 2 * half < width {
        columns.add(&square(&a1), 2 * half);
    }
    columns.sum()
}

/// Every product of two places occurs twice and is added once to the next column, without its mirror image.
///
/// A bit and its product with the next lower one meet in a column. Together they are the one without the other, and
/// the product in the next column, which takes no AND.
fn square_by_columns<'b>(a: &Bits<'b>, width: usize) -> Bits<'b> {
    let mut columns = Columns::new(a.builder(), width);
    for (j, &bit) in a.iter().enumerate() {
        let Some(below) = j.checked_sub(1) else {
            columns.add_bit(bit, 0);
            continue;
        };
        let with_below = bit & a[below];
        columns.add_bit(bit ^ with_below, 2 * j);
        columns.add_bit(with_below, 2 * j + 1);
        for (i, &other) in a.iter().enumerate().take(below) {
            if i + j + 1 < width {
                columns.add_bit(bit & other, i + j + 1);
            }
        }
    }
    columns.sum()
}

fn by_columns<'b>(a: &Bits<'b>, b: &Bits<'b>, width: usize) -> Bits<'b> {
    let mut columns = Columns::new(a.builder(), width);
    for (weight, &bit) in b.iter().enumerate().take(width) {
        let row: Vec<_> = a.iter().take(width - weight).map(|&other| other & bit).collect();
        columns.add(&row, weight);
    }
    columns.sum()
}

/// Cuts the longer factor into pieces of the shorter one's width.
fn by_chunks<'b>(long: &Bits<'b>, short: &Bits<'b>) -> Bits<'b> {
    let mut columns = Columns::new(long.builder(), long.width() + short.width());
    for (index, chunk) in long.chunks(short.width()).enumerate() {
        let product = full(&long.builder().bits(chunk.iter().copied()), short);
        columns.add(&product, index * short.width());
    }
    columns.sum()
}

/// With halves `a = a₀ + X·a₁` the product is `z₀ + X·(z₀ + z₂ - (a₀ - a₁)·(b₀ - b₁)) + X²·z₂`.
///
/// The differences enter as absolute values; their product is subtracted if their signs agree and added otherwise.
fn karatsuba<'b>(a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
    let (builder, width) = (a.builder(), a.width());
    let half = width.div_ceil(2);
    let zero = builder.constant(false);
    let (a0, a1) = (a.slice(..half), a.slice(half..));
    let (b0, b1) = (b.slice(..half), b.slice(half..));
    let (z0, z2) = (full(&a0, &b0), full(&a1, &b1));
    let (a_distance, a_negative) = distance(&a0, &a1.resize(half, zero));
    let (b_distance, b_negative) = distance(&b0, &b1.resize(half, zero));
    let p = full(&a_distance, &b_distance);

    // Minus p is its inverse plus 1, with the sign repeated above; the sum is positive and needs one bit more than p.
    let subtract = !(a_negative ^ b_negative);
    let mut middle = Columns::new(builder, 2 * half + 1);
    middle.add(&z0, 0);
    middle.add(&z2, 0);
    middle.add(&p.map(|bit| bit ^ subtract).resize(2 * half + 1, subtract), 0);
    middle.add_bit(subtract, 0);

    let mut columns = Columns::new(builder, 2 * width);
    columns.add(&z0, 0);
    columns.add(&z2, 2 * half);
    columns.add(&middle.sum(), half);
    columns.sum()
}
