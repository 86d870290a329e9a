//! What two ranges have in common.

use super::{Form, FunctionError};
use crate::Uint;

/// `7n` ANDs: the larger low end, the smaller high end, compare, midpoint, zero if there is none.
pub(super) fn range_overlap(form: &Form<'_, '_>) -> Result<(), FunctionError> {
    let (host_low, host_high) = (form.host("low"), form.host("high"));
    let (guest_low, guest_high) = (form.guest("low"), form.guest("high"));
    let (low, high) = (host_low.max(&guest_low), host_high.min(&guest_high));
    let overlap = low.le(&high);
    form.number("overlap", &[overlap]);
    form.output_if(overlap, "midpoint", &middle(&low, &high));
    Ok(())
}

/// Half the sum, rounded down; as the bias of signed values is the same in both and in the result, this rounds them
/// toward minus infinity.
fn middle<'b>(low: &Uint<'b>, high: &Uint<'b>) -> Uint<'b> {
    let (sum, carry) = low.overflowing_add(high);
    let bits = sum.bits();
    Uint::from(bits.slice(1..).concat(&bits.builder().bits([carry])))
}
