use super::blocks::PADDING;
use super::scanner::{digit_count, digits_value};

/// A gate line in the form that nearly all have: single spaces, numbers of one to eight digits, and nothing behind the
/// name but the end of the line.
///
/// Where the next number starts must be known before it can be read, so the time per line is that of a chain of loads
/// and shifts. Everything else, validation included, happens beside it and without branches that depend on lengths.
/// Whatever is not plain is left to the scanner, which also knows what is wrong with it.
pub(super) enum PlainLine {
    /// `2 1 a b out XOR` and `AND`.
    Binary { is_and: bool, reads: [u32; 2], out: u32, length: usize },
    /// `1 1 a out INV`, `NOT` and `EQW`.
    Unary { is_not: bool, read: u32, out: u32, length: usize },
}

const TWO_ONE: [u8; 4] = *b"2 1 ";
const ONE_ONE: [u8; 4] = *b"1 1 ";
const AND: u32 = name(*b"AND");
const XOR: u32 = name(*b"XOR");
const INV: u32 = name(*b"INV");
const NOT: u32 = name(*b"NOT");
const EQW: u32 = name(*b"EQW");

const fn name([x, y, z]: [u8; 3]) -> u32 {
    u32::from_le_bytes([x, y, z, 0])
}

/// What stands at the start of the next lines; the longest plain line is shorter.
pub(super) type Window = [u8; PADDING];

impl PlainLine {
    #[inline]
    pub(super) fn parse(window: &Window) -> Option<Self> {
        match *window.first_chunk()? {
            TWO_ONE => {
                let a = Number::parse(window, 4);
                let b = Number::parse(window, a.next);
                let out = Number::parse(window, b.next);
                let (name, length) = ending(window, out.next);
                let is_and = name == AND;
                let is_plain =
                    a.is_plain & b.is_plain & out.is_plain & (is_and | (name == XOR)) & (length > 0);
                is_plain.then_some(PlainLine::Binary {
                    is_and,
                    reads: [a.value, b.value],
                    out: out.value,
                    length,
                })
            }
            ONE_ONE => {
                let a = Number::parse(window, 4);
                let out = Number::parse(window, a.next);
                let (name, length) = ending(window, out.next);
                let is_not = (name == INV) | (name == NOT);
                let is_plain = a.is_plain & out.is_plain & (is_not | (name == EQW)) & (length > 0);
                is_plain.then_some(PlainLine::Unary { is_not, read: a.value, out: out.value, length })
            }
            _ => None,
        }
    }

    /// The bytes of the line, its end included.
    pub(super) fn length(&self) -> usize {
        match *self {
            PlainLine::Binary { length, .. } | PlainLine::Unary { length, .. } => length,
        }
    }
}

struct Number {
    value: u32,
    /// Whether these are one to eight digits and a space.
    is_plain: bool,
    /// Where the next token starts.
    next: usize,
}

impl Number {
    #[inline]
    fn parse(window: &Window, at: usize) -> Self {
        let eight = eight(window, at);
        // Spaces, and all that ends a line, lack this bit of digits: found sooner than what is no digit at all.
        let count = (!eight & 0x1010_1010_1010_1010).trailing_zeros() as usize / 8;
        let is_plain = (digit_count(eight) == count) & (count > 0) & (window[at + count] == b' ');
        Number { value: digits_value(eight, count) as u32, is_plain, next: at + count + 1 }
    }
}

/// The name that ends a line, and the length of the line; zero if something else follows.
#[inline]
fn ending(window: &Window, at: usize) -> (u32, usize) {
    let eight = eight(window, at);
    let length = match [eight >> 24 & 0xff, eight >> 32 & 0xff].map(|byte| byte as u8) {
        [b'\n', _] => at + 4,
        [b'\r', b'\n'] => at + 5,
        _ => 0,
    };
    (eight as u32 & 0xff_ffff, length)
}

#[inline]
fn eight(window: &Window, at: usize) -> u64 {
    // At most three numbers of eight digits stand before.
    u64::from_le_bytes(std::array::from_fn(|byte| window[at + byte]))
}
