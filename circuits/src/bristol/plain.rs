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

#[cfg(test)]
mod tests {
    use super::{PADDING, PlainLine};

    /// Of the line and the text behind it: kind, operands, output and length; `None` if it is not plain.
    fn parse(text: &str) -> Option<(&'static str, Vec<u32>, usize)> {
        let mut window = [b'7'; PADDING];
        window[..text.len()].copy_from_slice(text.as_bytes());
        let line = PlainLine::parse(&window)?;
        let (kind, wires) = match line {
            PlainLine::Binary { is_and, reads: [a, b], out, .. } => {
                (if is_and { "AND" } else { "XOR" }, vec![a, b, out])
            }
            PlainLine::Unary { is_not, read, out, .. } => {
                (if is_not { "NOT" } else { "EQW" }, vec![read, out])
            }
        };
        Some((kind, wires, line.length()))
    }

    #[test]
    fn plain_lines_are_taken_apart() {
        assert_eq!(parse("2 1 0 1 2 XOR\n2 1"), Some(("XOR", vec![0, 1, 2], 14)));
        assert_eq!(
            parse("2 1 99999999 12345678 1234567 AND\r\n"),
            Some(("AND", vec![99999999, 12345678, 1234567], 35))
        );
        assert_eq!(parse("2 1 99999999 99999999 99999999 AND\r\n"), Some(("AND", vec![99999999; 3], 36)));
        assert_eq!(parse("1 1 0012 3 INV\n"), Some(("NOT", vec![12, 3], 15)));
        assert_eq!(parse("1 1 4 5 NOT\n"), Some(("NOT", vec![4, 5], 12)));
        assert_eq!(parse("1 1 4 5 EQW\n"), Some(("EQW", vec![4, 5], 12)));
    }

    #[test]
    fn all_else_is_left_to_the_scanner() {
        for text in [
            "2 1 0 1 2 XOR \n",
            "2 1 0 1 2 XORN\n",
            "2 1 0 1 2 xor\n",
            "2 1 0 1 2 INV\n",
            "2 1 0 1 2\n",
            "2 1 0  1 2 XOR\n",
            "2 1  0 1 2 XOR\n",
            "2 1 0\t1 2 XOR\n",
            "2 1 0 1 2 \nXOR\n",
            "2 1 123456789 1 2 XOR\n",
            "2 1 0 1:2 2 XOR\n",
            "2 1 -1 1 2 XOR\n",
            "2 1 0 1 2x XOR\n",
            "2 1 0 1 2 XOR\r2",
            "1 1 0 1 2 XOR\n",
            "1 1 0 1 XOR\n",
            "1 1 0 1 EQ\n",
            "2  1 0 1 2 XOR\n",
            "2 2 0 1 2 XOR\n",
            "12 1 0 1 2 XOR\n",
            "\n",
            "#\n",
            "2 1 0 1\n2 XOR\n",
            "2 1 0 1/ 2 XOR\n",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
