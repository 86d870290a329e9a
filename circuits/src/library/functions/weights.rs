//! The public weights of a score, as text.

use std::fmt;

use super::FunctionError;

/// The most factors of one side.
const MOST: usize = 32;
const WHOLE_DIGITS: usize = 9;
const PLACES: usize = 6;

/// What one factor counts for.
pub(super) struct Weight {
    /// The factor's name, if it has another one than `factor1`, `factor2`, … by its place.
    given_name: Option<String>,
    place: usize,
    negative: bool,
    /// In units of `10^-places`.
    units: u64,
    places: u32,
}

impl Weight {
    /// The name of the factor.
    pub(super) fn name(&self) -> String {
        self.given_name.clone().unwrap_or_else(|| format!("factor{}", self.place))
    }

    pub(super) fn places(&self) -> u32 {
        self.places
    }

    /// The weight in units of `10^-places`, which must be no coarser than its own.
    pub(super) fn in_units(&self, places: u32) -> i128 {
        let units = i128::from(self.units) * 10i128.pow(places - self.places);
        if self.negative { -units } else { units }
    }
}

/// As it was typed, without zeros that say nothing.
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.given_name {
            write!(f, "{name}:")?;
        }
        let (sign, one) = (if self.negative { "-" } else { "" }, 10u64.pow(self.places));
        write!(f, "{sign}{}", self.units / one)?;
        match self.places {
            0 => Ok(()),
            places => write!(f, ".{:0width$}", self.units % one, width = places as usize),
        }
    }
}

/// Reads `3,-0.5` or `income:3,debt:-0.5`.
pub(super) fn read(name: &'static str, given: &str) -> Result<Vec<Weight>, FunctionError> {
    let fail = |reason: String| FunctionError::Parameter { name, given: given.to_owned(), reason };
    let mut weights: Vec<Weight> = Vec::new();
    for (index, part) in given.split(',').enumerate() {
        let place = index + 1;
        let weight = read_one(part.trim(), place).ok_or_else(|| {
            fail(format!(
                "weight {place} is none; expected decimal numbers other than 0 with commas between, each with at \
                 most {WHOLE_DIGITS} digits before the point and {PLACES} behind it, and a name before it or not, \
                 such as 3,-0.5 or income:3,debt:-0.5"
            ))
        })?;
        if weights.iter().any(|other| other.name() == weight.name()) {
            return Err(fail(format!("two factors are called `{}`", weight.name())));
        }
        weights.push(weight);
    }
    if weights.len() > MOST {
        return Err(fail(format!("{} weights are more than the {MOST} that a side may have", weights.len())));
    }
    Ok(weights)
}

fn read_one(part: &str, place: usize) -> Option<Weight> {
    let (given_name, number) = match part.split_once(':') {
        Some((name, number)) => (Some(factor_name(name.trim())?), number.trim()),
        None => (None, part),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
        None => (number, ""),
    };
    let digits = |text: &str, most| text.len() <= most && text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !digits(whole, WHOLE_DIGITS) || !digits(fraction, PLACES) {
        return None;
    }
    let units: u64 = format!("{whole}{fraction}").parse().ok()?;
    let given_name = given_name.filter(|name| *name != format!("factor{place}"));
    (units != 0).then_some(Weight { given_name, place, negative, units, places: fraction.len() as u32 })
}

/// A name that can head a column.
fn factor_name(name: &str) -> Option<String> {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let good = name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(letters);
    good.then(|| name.to_owned())
}
