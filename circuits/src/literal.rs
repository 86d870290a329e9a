//! Values as text, read and written by a group's encoding and bit order.
//!
//! A value is an integer. Wire `k` carries its bit `k`, or bit `width − 1 − k` if the group is msb-first. With a scale of
//! `s` it counts units of `10^-s`, and decimal text has a point: of scale 2, `12.50`, `12.5` and `12.500` are 1250.
//! Values may be secret, so numbers are built in place in the caller's words, and messages tell positions, never digits.

mod error;

use zeroize::{Zeroize, Zeroizing};

pub use error::LiteralError;
use error::bits;

use crate::limbs;
use crate::shape::{Problem, Reader};
use crate::{BitOrder, Encoding, Group, Shape};

/// How [`format_literal`] shows a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Radix {
    /// As the group's encoding has it: `uint` in decimal up to 64 bits and in hexadecimal above, `int` in decimal with
    /// its sign, `bytes` in hexadecimal, `bits` in binary.
    #[default]
    Natural,
    /// `0x…`, one digit per four bits, zeros in front included; `int` as two's complement.
    Hex,
    /// Decimal; `int` with its sign.
    Dec,
    /// `0b…`, one digit per bit; `int` as two's complement.
    Bin,
}

/// Reads a value into the words of a lane: bit `k mod 64` of word `k / 64` becomes wire `k`.
///
/// Any encoding takes decimal numbers, `0x…` and `0b…`, of any number of digits as long as the value fits; `int` takes
/// a minus sign before a decimal number, and `0x…` and `0b…` as two's complement. White space around the value is
/// ignored. A group without wires takes zero, and nothing.
///
/// Decimal numbers of `uint` and `int` may have a point with digits on both sides of it. Missing digits behind it are
/// zeros; more digits than the group's scale must be zeros, as nothing is ever rounded. `0x…` and `0b…` are the integer
/// on the wires, without a point.
///
/// A group with a [`Shape`] takes a value of that type, as programs write it or in JSON.
///
/// # Errors
/// If the text is not such a value. `out` is then zero.
///
/// # Panics
/// If `out` does not hold `⌈width / 64⌉` words.
pub fn parse_literal(group: &Group, text: &str, out: &mut [u64]) -> Result<(), LiteralError> {
    let text = text.trim();
    let Some(shape) = &group.shape else { return parse_plain(group, text, out) };
    let end = parse_shaped(group, shape, text, out)?;
    let rest = text[end..].trim_start();
    if rest.is_empty() {
        return Ok(());
    }
    out.zeroize();
    Err(Errors(group).misshapen(text, text.len() - rest.len(), "nothing behind the value".to_owned()))
}

fn parse_shaped(group: &Group, shape: &Shape, text: &str, out: &mut [u64]) -> Result<usize, LiteralError> {
    check_words(group, out);
    Reader::new(text).value(&group.name, shape, out).map_err(|problem| {
        out.zeroize();
        match problem {
            Problem::Expected(at, expected) => Errors(group).misshapen(text, at, expected),
            Problem::Number(_, source) if shape.is_scalar() => source,
            Problem::Number(at, source) => LiteralError::Inside {
                group: group.name.clone(),
                position: text[..at].chars().count() + 1,
                source: Box::new(source),
            },
        }
    })
}

/// Reads a number, whatever the group's shape.
pub(crate) fn parse_plain(group: &Group, text: &str, out: &mut [u64]) -> Result<(), LiteralError> {
    check_words(group, out);
    let result = parse_value(group, text, out);
    match result {
        Ok(()) => order_bits(group, out),
        Err(_) => out.zeroize(),
    }
    result
}

fn check_words(group: &Group, words: &[u64]) {
    assert_eq!(words.len(), group.width.div_ceil(64) as usize, "words of a group of {} wires", group.width);
}

/// Shows the value that stands in the words of a lane. Words are as in [`parse_literal`], which reads what this writes.
///
/// Of a group with a scale, `uint` and `int` are shown in decimal whatever their width, with as many digits behind the
/// point as the scale says; hexadecimal and binary show the integer on the wires.
///
/// # Panics
/// If `words` does not hold `⌈width / 64⌉` words.
pub fn format_literal(group: &Group, words: &[u64], radix: Radix) -> String {
    check_words(group, words);
    if let Some(shape) = &group.shape {
        return shape.show(words, 0, radix);
    }
    let mut value = Zeroizing::new(words.to_vec());
    order_bits(group, &mut value);
    let width = group.width as usize;
    match (radix, group.encoding) {
        (Radix::Hex, _) | (Radix::Natural, Encoding::Bytes) => digits("0x", &value, width, 4),
        (Radix::Bin, _) | (Radix::Natural, Encoding::Bits) => digits("0b", &value, width, 1),
        (Radix::Natural, Encoding::Uint) if width > 64 && group.scale == 0 => digits("0x", &value, width, 4),
        (_, Encoding::Int) if width > 0 && limbs::bit(&value, width - 1) => {
            limbs::negate(&mut value, width);
            format!("-{}", with_point(limbs::to_decimal(&mut value), places(group)))
        }
        _ => with_point(limbs::to_decimal(&mut value), places(group)),
    }
}

fn parse_value(group: &Group, text: &str, value: &mut [u64]) -> Result<(), LiteralError> {
    value.fill(0);
    let error = Errors(group);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(_) if group.encoding != Encoding::Int => return Err(error.sign()),
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (radix, prefix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, 2),
        [b'0', b'b' | b'B', ..] => (2, 2),
        _ => (10, 0),
    };
    if negative && radix != 10 {
        return Err(error.sign());
    }
    if digits.len() == prefix && (group.width > 0 || negative) {
        return Err(error.empty());
    }
    let start = usize::from(negative) + prefix;
    let (whole, fraction) = split_at_point(group, &digits[prefix..], radix);
    let point = start + whole.chars().count();
    for (index, character) in text.chars().enumerate().skip(start) {
        if !character.is_digit(radix) && (fraction.is_empty() || index != point) {
            return Err(error.not_a_digit(index + 1, radix));
        }
    }
    let (fraction, beyond) = fraction.split_at(fraction.len().min(places(group)));
    if beyond.bytes().any(|digit| digit != b'0') {
        return Err(error.too_precise());
    }
    let missing = if radix == 10 { places(group) - fraction.len() } else { 0 };
    if !append_digits(value, whole, radix)
        || !append_digits(value, fraction, radix)
        || !append_zeros(value, missing)
    {
        return Err(error.out_of_range());
    }
    if !fits(group, value, negative, radix) {
        return Err(error.out_of_range());
    }
    if negative {
        limbs::negate(value, group.width as usize);
    }
    Ok(())
}

/// The decimal digits behind the point of a group's values.
fn places(group: &Group) -> usize {
    if has_point(group) { group.scale as usize } else { 0 }
}

/// Strings of bytes and bits are no numbers that could have a point.
fn has_point(group: &Group) -> bool {
    matches!(group.encoding, Encoding::Uint | Encoding::Int)
}

/// What stands before the point and behind it; nothing behind it if there is no point or it is in the wrong place.
fn split_at_point<'a>(group: &Group, digits: &'a str, radix: u32) -> (&'a str, &'a str) {
    match digits.split_once('.') {
        Some((whole, fraction)) if radix == 10 && has_point(group) && !whole.is_empty() => {
            if fraction.is_empty() { (digits, "") } else { (whole, fraction) }
        }
        _ => (digits, ""),
    }
}

/// A number of units of `10^-places` with its point.
fn with_point(mut units: String, places: usize) -> String {
    if places > 0 {
        if let Some(missing @ 1..) = (places + 1).checked_sub(units.len()) {
            units.insert_str(0, &"0".repeat(missing));
        }
        units.insert(units.len() - places, '.');
    }
    units
}

/// Puts digits behind each other; whether the limbs hold the result. Many digits are taken at once, as each step passes
/// through all limbs.
fn append_digits(value: &mut [u64], digits: &str, radix: u32) -> bool {
    let at_once = u64::MAX.ilog(u64::from(radix)) as usize;
    digits.as_bytes().chunks(at_once).all(|chunk| {
        let number = chunk.iter().filter_map(|&digit| char::from(digit).to_digit(radix));
        let number = number.fold(0, |number, digit| number * u64::from(radix) + u64::from(digit));
        limbs::multiply_add(value, u64::from(radix).pow(chunk.len() as u32), number)
    })
}

/// Puts zeros behind a decimal number; whether the limbs hold the result.
fn append_zeros(value: &mut [u64], count: usize) -> bool {
    let at_once = u64::MAX.ilog10();
    let (full, rest) = (count / at_once as usize, count % at_once as usize);
    (0..full).all(|_| limbs::multiply_add(value, 10u64.pow(at_once), 0))
        && limbs::multiply_add(value, 10u64.pow(rest as u32), 0)
}

/// Whether a magnitude lies in the range of the group. A decimal `int` has one bit less for its magnitude, except for
/// the smallest of all.
fn fits(group: &Group, magnitude: &[u64], negative: bool, radix: u32) -> bool {
    let width = group.width as usize;
    let length = limbs::bit_length(magnitude);
    match group.encoding {
        Encoding::Int if radix == 10 && width > 0 => {
            length < width || negative && length == width && limbs::is_power_of_two(magnitude)
        }
        _ => length <= width,
    }
}

/// From the bits of a value to wires, or back: nothing to do, or all of them in reverse.
fn order_bits(group: &Group, words: &mut [u64]) {
    if group.order == BitOrder::MsbFirst {
        limbs::reverse(words, group.width as usize);
    }
}

/// A prefix and `⌈width / per_digit⌉` digits, of 4 or 1 bits each.
fn digits(prefix: &str, value: &[u64], width: usize, per_digit: usize) -> String {
    let count = width.div_ceil(per_digit);
    let mut text = String::with_capacity(prefix.len() + count);
    text.push_str(prefix);
    for index in (0..count).rev() {
        let at = index * per_digit;
        let digit = value[at / 64] >> (at % 64) & ((1 << per_digit) - 1);
        text.push(char::from(b"0123456789abcdef"[digit as usize]));
    }
    text
}

/// Errors about the value of a group.
struct Errors<'a>(&'a Group);

impl Errors<'_> {
    fn empty(&self) -> LiteralError {
        LiteralError::Empty { group: self.0.name.clone(), expected: self.expected() }
    }

    fn sign(&self) -> LiteralError {
        LiteralError::Sign { group: self.0.name.clone(), expected: self.expected() }
    }

    fn not_a_digit(&self, position: usize, radix: u32) -> LiteralError {
        let radix = match radix {
            16 => "hexadecimal",
            2 => "binary",
            _ => "decimal",
        };
        LiteralError::NotADigit { group: self.0.name.clone(), position, radix, expected: self.expected() }
    }

    fn out_of_range(&self) -> LiteralError {
        let (group, width) = (self.0.name.clone(), self.0.width);
        LiteralError::OutOfRange { group, width, expected: self.expected() }
    }

    fn misshapen(&self, text: &str, at: usize, expected: String) -> LiteralError {
        let position = text[..at].chars().count() + 1;
        LiteralError::Misshapen { group: self.0.name.clone(), position, expected }
    }

    fn too_precise(&self) -> LiteralError {
        let (group, scale) = (self.0.name.clone(), self.0.scale);
        LiteralError::TooPrecise { group, scale, expected: self.expected() }
    }

    /// The values of the group, to follow the word "expected".
    fn expected(&self) -> String {
        let (width, places) = (self.0.width, places(self.0));
        let number = |units: u128| with_point(units.to_string(), places);
        let power = |exponent| match places {
            0 => format!("2^{exponent} - 1"),
            _ => format!("(2^{exponent} - 1)/10^{places}"),
        };
        let range = match (self.0.encoding, width) {
            (_, 0) => return "0 or nothing, as the group has no wires".into(),
            (Encoding::Int, 1..=64) => {
                let least = 1u128 << (width - 1);
                format!("-{} to {}", number(least), number(least - 1))
            }
            (Encoding::Int, _) => {
                let least = if places == 0 { String::new() } else { format!("/10^{places}") };
                format!("-2^{}{least} to {}", width - 1, power(width - 1))
            }
            (_, 1..=64) => format!("0 to {}", number((1u128 << width) - 1)),
            _ => format!("0 to {}", power(width)),
        };
        let point = match places {
            0 => String::new(),
            1 => " with at most 1 digit behind the point".to_owned(),
            _ => format!(" with at most {places} digits behind the point"),
        };
        format!("{range} in decimal{point}, or up to {} after 0x or 0b", bits(width))
    }
}
