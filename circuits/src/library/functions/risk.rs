//! A weighted score of factors of both sides, of which only the band is shown.
//!
//! The score is the sum of shifted factors: of each weight the non-adjacent form is taken, which has the fewest digits
//! 1 and −1. A digit −1 adds the inverted factor, as `-x = !x - (2^n - 1)`. What that and the bias of signed values add
//! to the score is public, and is added to the thresholds.

use super::parameter::parse;
use super::weights::{self, Weight};
use super::{Form, FunctionError, bands};
use crate::{Bit, Encoding, Group, Int, Uint};

/// The most bits of one side's factors together.
const MOST_BITS: usize = 1 << 16;
/// Weights have less than 50 bits, their forms one more, and there are at most 64 factors.
const GROWTH: usize = 60;

pub(super) fn risk_score(form: &Form<'_, '_>) -> Result<(), FunctionError> {
    let (host, guest) = (read(form, "host-weights")?, read(form, "guest-weights")?);
    let places = host.iter().chain(&guest).map(Weight::places).max().unwrap_or(0);
    let mut score = Score { form, addends: Vec::new(), most: 0, surplus: form.zero() };
    for weight in &host {
        score.add(&form.host(&weight.name()), weight.in_units(places));
    }
    for weight in &guest {
        score.add(&form.guest(&weight.name()), weight.in_units(places));
    }
    let thresholds = thresholds(form, places)?;
    form.number("band", &score.band(&thresholds));
    Ok(())
}

fn read(form: &Form<'_, '_>, name: &'static str) -> Result<Vec<Weight>, FunctionError> {
    let given = form.text(name).unwrap_or_default();
    let weights = weights::read(name, given)?;
    let most = MOST_BITS / form.width();
    if weights.len() > most {
        let reason = format!("at {} bits a side may have {most} factors", form.width());
        return Err(FunctionError::Parameter { name, given: given.to_owned(), reason });
    }
    Ok(weights)
}

/// The thresholds in units of the score, rising.
fn thresholds<'b>(form: &Form<'_, 'b>, places: u32) -> Result<Vec<Int<'b>>, FunctionError> {
    let (name, given) = ("bands", form.text("bands").unwrap_or_default());
    let width = form.width() + GROWTH;
    let scale = form.choice.settings().scale + places;
    let group = Group { encoding: Encoding::Int, scale, ..Group::uint(name, width as u32) };
    let mut thresholds: Vec<Int<'b>> = Vec::new();
    for threshold in bands::read(name, given)? {
        let words = parse(&group, name, &threshold)?;
        let threshold = form.constant(&words, width).to_int().resize(width + 4);
        if thresholds.last().is_some_and(|last| last.ge(&threshold).known() == Some(true)) {
            let reason = "each band has to begin above the one before it".to_owned();
            return Err(FunctionError::Parameter { name, given: given.to_owned(), reason });
        }
        thresholds.push(threshold);
    }
    Ok(thresholds)
}

/// A sum of multiples of factors.
struct Score<'f, 'a, 'b> {
    form: &'f Form<'a, 'b>,
    /// Factors, inverted or not, with the powers of two that they are multiplied with.
    addends: Vec<(Uint<'b>, usize)>,
    /// The sum of those powers of two.
    most: u128,
    /// How much greater than the score the sum of the addends is.
    surplus: Int<'b>,
}

impl<'b> Form<'_, 'b> {
    fn zero(&self) -> Int<'b> {
        self.builder.constant_int(self.width() + GROWTH + 4, 0)
    }
}

impl<'b> Score<'_, '_, 'b> {
    fn add(&mut self, factor: &Uint<'b>, weight: i128) {
        let width = self.form.width();
        let ones = |from: usize, count: usize| {
            let place = |k| self.form.builder.constant((from..from + count).contains(&k));
            Int::from(self.form.builder.bits((0..self.surplus.width()).map(place)))
        };
        let mut surplus = self.surplus.clone();
        for (shift, digit) in non_adjacent_form(weight) {
            if digit < 0 {
                surplus = surplus + ones(shift, width);
            }
            if self.form.signed() {
                let bias = ones(shift + width - 1, 1);
                surplus = if digit < 0 { surplus - bias } else { surplus + bias };
            }
            self.addends.push((if digit < 0 { !factor } else { factor.clone() }, shift));
            self.most += 1 << shift;
        }
        self.surplus = surplus;
    }

    fn band(&self, thresholds: &[Int<'b>]) -> Vec<Bit<'b>> {
        let width = self.form.width() + (u128::BITS - self.most.leading_zeros()) as usize;
        let addends: Vec<Uint<'b>> =
            self.addends.iter().map(|(factor, shift)| factor.resize(width) << *shift).collect();
        // One bit more, for the number that no sum reaches.
        let sum = Uint::sum(&addends.iter().collect::<Vec<_>>()).resize(width + 1);
        let never = (0..=width).map(|k| self.form.builder.constant(k == width));
        let never = Uint::from(self.form.builder.bits(never));
        let thresholds: Vec<Uint<'b>> =
            thresholds.iter().map(|threshold| within(&(threshold + &self.surplus), &never)).collect();
        bands::count_reached(&sum, &thresholds, &never)
    }
}

/// A public number cut to 0 and `never`.
fn within<'b>(threshold: &Int<'b>, never: &Uint<'b>) -> Uint<'b> {
    let width = never.width();
    let one = |bit: &Bit<'_>| bit.known() == Some(true);
    if one(&threshold.is_negative()) {
        never.bits().builder().constant_uint(width, 0)
    } else if threshold.bits()[width - 1..].iter().any(one) {
        never.clone()
    } else {
        threshold.to_uint().resize(width)
    }
}

/// The digits 1 and −1 of a number with their places, no two of them side by side.
fn non_adjacent_form(number: i128) -> Vec<(usize, i8)> {
    let mut rest = number;
    let mut digits = Vec::new();
    for place in 0.. {
        if rest == 0 {
            break;
        }
        if rest & 1 == 1 {
            let digit = if rest & 3 == 3 { -1 } else { 1 };
            digits.push((place, digit));
            rest -= i128::from(digit);
        }
        rest /= 2;
    }
    digits
}
