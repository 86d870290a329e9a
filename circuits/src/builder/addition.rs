//! Carry chains: addition, subtraction, comparison, negation; one AND per carry.

use super::columns::Columns;
use super::{Bit, Bits};

/// Sum and carry of three bits for one AND (Kolesnikov, Sadeghi, Schneider 2009, section 3.1).
pub(super) fn full_add<'b>(a: Bit<'b>, b: Bit<'b>, carry: Bit<'b>) -> (Bit<'b>, Bit<'b>) {
    let (a_differs, b_differs) = (a ^ carry, b ^ carry);
    (a_differs ^ b, carry ^ (a_differs & b_differs))
}

/// The sum modulo `2^n` and the carry out of it: `n - 1` ANDs, one more if the carry is used.
#[track_caller]
pub(super) fn add<'b>(a: &Bits<'b>, b: &Bits<'b>, carry_in: Bit<'b>) -> (Bits<'b>, Bit<'b>) {
    let mut carry = carry_in;
    let sum = a.zip_with(b, |a, b| {
        let (sum, next) = full_add(a, b, carry);
        carry = next;
        sum
    });
    (sum, carry)
}

/// The difference modulo `2^n` and the borrow, which is `a < b`: `n - 1` ANDs, one more if the borrow is used.
#[track_caller]
pub(super) fn subtract<'b>(a: &Bits<'b>, b: &Bits<'b>) -> (Bits<'b>, Bit<'b>) {
    let (inverse, carry) = add(&a.map(|bit| !bit), b, a.builder().constant(false));
    (inverse.map(|bit| !bit), carry)
}

/// Whether `a < b` as unsigned numbers: `n` ANDs.
#[track_caller]
pub(super) fn less<'b>(a: &Bits<'b>, b: &Bits<'b>) -> Bit<'b> {
    subtract(a, b).1
}

/// Minus `a` modulo `2^n` where `condition` is 1, otherwise `a`: `n - 1` ANDs.
#[track_caller]
pub(super) fn negate_if<'b>(condition: Bit<'b>, a: &Bits<'b>) -> Bits<'b> {
    let mut carry = condition;
    a.map(|bit| {
        let inverse = bit ^ condition;
        let sum = inverse ^ carry;
        carry = inverse & carry;
        sum
    })
}

/// `|a - b|` and whether `a < b`: `2n - 1` ANDs.
#[track_caller]
pub(super) fn distance<'b>(a: &Bits<'b>, b: &Bits<'b>) -> (Bits<'b>, Bit<'b>) {
    let (difference, borrow) = subtract(a, b);
    (negate_if(borrow, &difference), borrow)
}

/// The sum of all numbers modulo `2^n`: a little less than `n - 1` ANDs per addition.
#[track_caller]
pub(super) fn sum<'b>(numbers: &[&Bits<'b>]) -> Bits<'b> {
    let first = numbers.first().expect("a sum is over at least one number");
    let mut columns = Columns::new(first.builder(), first.width());
    for number in numbers {
        first.check_width(number);
        columns.add(number, 0);
    }
    columns.sum()
}
