use crate::{Bit, Uint};

/// Whether the first number is greater, and whether the two are equal: `2n - 1` ANDs.
///
/// # Panics
/// If the numbers differ in width or builder.
#[track_caller]
pub fn compare<'b>(a: &Uint<'b>, b: &Uint<'b>) -> (Bit<'b>, Bit<'b>) {
    (a.gt(b), a.eq(b))
}
