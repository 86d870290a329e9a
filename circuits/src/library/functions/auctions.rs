//! Sealed bids of two parties for a lot.

use super::comparisons::Ranking;
use super::{Form, FunctionError};
use crate::{Bit, Uint};

/// `3n - 1` ANDs; a reserve adds at most `2n + 2`.
pub(super) fn first_price(form: &Form<'_, '_>) -> Result<(), FunctionError> {
    let bids = Ranking::of(&form.host("bid"), &form.guest("bid"));
    match form.parameter("reserve")? {
        None => sold(form, &bids, &bids.high),
        Some(reserve) => perhaps_sold(form, &bids, bids.high.ge(&reserve), &bids.high),
    }
    Ok(())
}

/// `3n - 1` ANDs; a reserve adds at most `4n + 2`.
pub(super) fn second_price(form: &Form<'_, '_>) -> Result<(), FunctionError> {
    let bids = Ranking::of(&form.host("bid"), &form.guest("bid"));
    match form.parameter("reserve")? {
        None => sold(form, &bids, &bids.low),
        Some(reserve) => perhaps_sold(form, &bids, bids.high.ge(&reserve), &bids.low.max(&reserve)),
    }
    Ok(())
}

fn sold<'b>(form: &Form<'_, 'b>, bids: &Ranking<'b>, price: &Uint<'b>) {
    form.number("winner", &bids.word());
    form.output("price", price);
}

/// Where nobody reaches the reserve, the winner is 3 and the price 0.
fn perhaps_sold<'b>(form: &Form<'_, 'b>, bids: &Ranking<'b>, sold: Bit<'b>, price: &Uint<'b>) {
    form.number("winner", &bids.word().map(|bit| bit | !sold));
    form.output_if(sold, "price", price);
}
