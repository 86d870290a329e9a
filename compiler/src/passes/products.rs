//! Products of words among the addends of a sum.

mod factors;
mod multiplication;
mod polynomial;

pub(crate) use factors::with_products;
pub(crate) use polynomial::Frame;
