//! Two values side by side.

use super::{Form, FunctionError};
use crate::library::compare;
use crate::{Bit, Uint};

type Built = Result<(), FunctionError>;

/// `n` ANDs.
pub(super) fn greater_than(form: &Form<'_, '_>) -> Built {
    form.number("host_is_greater", &[form.host("value").gt(&form.guest("value"))]);
    Ok(())
}

/// `n - 1` ANDs.
pub(super) fn equality(form: &Form<'_, '_>) -> Built {
    form.number("equal", &[form.host("value").eq(&form.guest("value"))]);
    Ok(())
}

/// `3n - 1` ANDs: compare, equal, choose.
pub(super) fn maximum(form: &Form<'_, '_>) -> Built {
    let (host, guest) = (form.host("value"), form.guest("value"));
    let ranking = Ranking::of(&host, &guest);
    form.number("winner", &ranking.word());
    form.output("maximum", &ranking.high);
    Ok(())
}

/// `2n` ANDs: subtract with borrow, compare.
///
/// With the borrow `s`, the distance is `e + s`, where `e` is the difference with every bit inverted if `s`. The `s` is
/// added by the very carry chain that compares with the threshold.
pub(super) fn closest(form: &Form<'_, '_>) -> Built {
    let (host, guest) = (form.host("value"), form.guest("value"));
    let threshold = form.required("threshold")?;
    let (difference, borrow) = host.overflowing_sub(&guest);
    let mut carry = borrow;
    for (&bit, &limit) in difference.bits().iter().zip(threshold.bits().iter()) {
        let (left, right) = (bit ^ borrow, !limit);
        carry = carry ^ ((left ^ carry) & (right ^ carry));
    }
    form.number("within", &[!carry]);
    Ok(())
}

/// `2n` ANDs: add with carry, compare with a constant.
pub(super) fn sum_against_limit(form: &Form<'_, '_>) -> Built {
    let (host, guest) = (form.host("value"), form.guest("value"));
    let (sum, carry) = host.overflowing_add(&guest);
    let sum = Uint::from(sum.bits().concat(&form.builder.bits([carry])));
    form.number("exceeds", &[sum.gt(&form.required("limit")?)]);
    Ok(())
}

/// Which of two values is larger.
pub(super) struct Ranking<'b> {
    /// The host's is.
    pub(super) host: Bit<'b>,
    /// The guest's is.
    pub(super) guest: Bit<'b>,
    /// The larger one.
    pub(super) high: Uint<'b>,
    /// The smaller one.
    pub(super) low: Uint<'b>,
}

impl<'b> Ranking<'b> {
    /// `3n - 1` ANDs, whichever of the two values is used.
    pub(super) fn of(host: &Uint<'b>, guest: &Uint<'b>) -> Self {
        let (greater, equal) = compare(host, guest);
        let high = greater.mux(host, guest);
        let low = host ^ guest ^ &high;
        Ranking { host: greater, guest: !(greater ^ equal), high, low }
    }

    /// 0 for a tie, 1 for the host, 2 for the guest.
    pub(super) fn word(&self) -> [Bit<'b>; 2] {
        [self.host, self.guest]
    }
}
