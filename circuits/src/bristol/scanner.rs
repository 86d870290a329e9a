use super::BristolErrorKind as Kind;
use super::blocks::PADDING;
use super::error::Fault;
use super::plain::Window;

/// The longest excerpt of a file in a message.
const EXCERPT: usize = 24;

/// Takes a block of complete lines apart, byte by byte.
pub(super) struct Scanner<'a> {
    /// Lines, at whose last `\n` every loop below stops, and the padding.
    bytes: &'a [u8],
    /// Where the padding starts.
    end: usize,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// For a block with its [`PADDING`].
    pub(super) fn new(block: &'a [u8]) -> Self {
        Scanner { bytes: block, end: block.len() - PADDING, at: 0 }
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.end
    }

    /// What stands here, unless the block has ended; it may show more than the block's last line.
    #[inline]
    pub(super) fn window(&self) -> Option<&'a Window> {
        if self.at_end() { None } else { self.bytes[self.at..].first_chunk() }
    }

    /// Goes past a line of so many bytes.
    #[inline]
    pub(super) fn advance(&mut self, length: usize) {
        self.at += length;
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn skip_byte_order_mark(&mut self) {
        if self.bytes[self.at..].starts_with(b"\xef\xbb\xbf") {
            self.at += 3;
        }
    }

    /// Takes a line: any count of numbers, then perhaps a word that is no number; nothing more. The numbers are
    /// appended to `numbers`, the word is returned, empty if there is none.
    #[inline]
    pub(super) fn line(&mut self, numbers: &mut Vec<u64>) -> Result<&'a [u8], Fault> {
        loop {
            let start = self.at;
            if let Some(number) = self.number() {
                numbers.push(number);
                if self.bytes[self.at] == b' ' && number != u64::MAX {
                    self.at += 1;
                    continue;
                }
                self.check_number(start, number, numbers.len() - 1)?;
            }
            if !self.skip_spaces() {
                break;
            }
        }
        let word = self.word();
        self.skip_spaces();
        if self.bytes[self.at] == b'\n' && word.first().is_none_or(u8::is_ascii_alphabetic) {
            self.at += 1;
        } else {
            self.finish_line(word, numbers.len())?;
        }
        Ok(word)
    }

    /// Goes back to the line that starts at `start`, passes over it, and returns it without its `\n`.
    pub(super) fn skip_line(&mut self, start: usize) -> &'a [u8] {
        let rest = &self.bytes[start..self.end];
        let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        self.at = (start + length + 1).min(self.end);
        &rest[..length]
    }

    /// Takes the digits that stand here, if any. A number beyond 64 bits comes out as `u64::MAX`.
    #[inline]
    fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        let mut digits = 0;
        // No run of digits goes past the last line, so the padding is enough to look at.
        while let Some(&eight) = self.bytes[self.at..].first_chunk() {
            let eight = u64::from_le_bytes(eight);
            let count = digit_count(eight);
            self.at += count;
            digits += count;
            if count > 0 {
                value = append(value, count, digits_value(eight, count));
            }
            if count < 8 {
                break;
            }
        }
        (digits > 0).then_some(value)
    }

    #[inline]
    fn skip_spaces(&mut self) -> bool {
        let start = self.at;
        while matches!(self.bytes[self.at], b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
        self.at > start
    }

    #[inline]
    fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        while !self.at_delimiter() {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    /// Whether a token ends here.
    #[inline]
    fn at_delimiter(&self) -> bool {
        match self.bytes[self.at] {
            b' ' | b'\t' | b'\r' | b'\n' | b'#' => true,
            b'/' => self.bytes[self.at + 1] == b'/',
            _ => false,
        }
    }

    /// A number must end at a delimiter and fit into 64 bits.
    fn check_number(&mut self, start: usize, number: u64, token: usize) -> Result<(), Fault> {
        if self.at_delimiter() && number != u64::MAX {
            return Ok(());
        }
        self.word();
        let found = &self.bytes[start..self.at];
        if found.iter().all(u8::is_ascii_digit) {
            Err(Fault::new(token, Kind::NumberTooLarge { found: excerpt(found) }))
        } else {
            Err(Fault::new(token, not_a_number(found)))
        }
    }

    /// Looks closely at a word that is no name and at what follows it: nothing but a comment may.
    #[cold]
    fn finish_line(&mut self, word: &[u8], token: usize) -> Result<(), Fault> {
        if word.first().is_some_and(|first| !first.is_ascii_alphabetic()) {
            return Err(Fault::new(token, not_a_number(word)));
        }
        let token = token + usize::from(!word.is_empty());
        if !self.at_delimiter() {
            let found = self.word();
            return Err(Fault::new(token, unless_binary(found, |found| Kind::TrailingToken { found })));
        }
        let comment = self.skip_line(self.at);
        match first_non_text(comment) {
            Some(byte) => Err(Fault::new(token, Kind::NotText { byte })),
            None => Ok(()),
        }
    }
}

/// Adds `count` digits, of the value `part`, to the end of a number; `u64::MAX` if it becomes too large.
fn append(number: u64, count: usize, part: u64) -> u64 {
    number.saturating_mul(10u64.pow(count as u32)).saturating_add(part)
}

const EACH: u64 = 0x0101_0101_0101_0101;

/// How many of eight bytes, the first lowest, are digits before the first that is none.
#[inline]
pub(super) fn digit_count(eight: u64) -> usize {
    // Of a byte that is no digit, the high bit is set; a carry out of it can only disturb the bytes after it, which do
    // not count.
    let values = eight ^ (EACH * u64::from(b'0'));
    let others = (values | values.wrapping_add(EACH * 0x76)) & (EACH * 0x80);
    others.trailing_zeros() as usize / 8
}

/// The value of the first one to eight bytes as digits, the first lowest; something else for none.
#[inline]
pub(super) fn digits_value(eight: u64, count: usize) -> u64 {
    // Zeros in front fill up to eight digits; then neighbours are joined to pairs, fours and eights.
    let values = eight ^ (EACH * u64::from(b'0'));
    let digits = values.wrapping_shl(64 - 8 * count as u32);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let fours = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
    let rest = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
    fours.wrapping_add(rest) >> 32
}

/// The column, counted from 1, at which a token of a line starts; the column after the line if it has fewer tokens. A
/// comment counts as one token.
pub(super) fn column_of(line: &[u8], token: usize) -> u64 {
    let block = [line, b"\n", &[0; PADDING]].concat();
    let mut scanner = Scanner::new(&block);
    for _ in 0..token {
        scanner.skip_spaces();
        scanner.word();
    }
    scanner.skip_spaces();
    scanner.at as u64 + 1
}

/// A part of the file for a message: one line, not too long.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * EXCERPT)]);
    let mut shown: String = text.chars().take(EXCERPT).flat_map(char::escape_debug).collect();
    if text.chars().count() > EXCERPT || bytes.len() > 4 * EXCERPT {
        shown.push('…');
    }
    shown
}

/// The fault of a token: that it is no text, or else `kind`.
pub(super) fn unless_binary(token: &[u8], kind: impl FnOnce(String) -> Kind) -> Kind {
    match first_non_text(token) {
        Some(byte) => Kind::NotText { byte },
        None => kind(excerpt(token)),
    }
}

fn not_a_number(token: &[u8]) -> Kind {
    unless_binary(token, |found| Kind::NotANumber { found })
}

fn first_non_text(bytes: &[u8]) -> Option<u8> {
    let error = std::str::from_utf8(bytes).err()?;
    Some(bytes[error.valid_up_to()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Fault, Kind, PADDING, Scanner, column_of, excerpt};
    use crate::bristol::error::Spot;

    /// As digits would stand behind a block, if lines did not end.
    fn padded(lines: &[u8]) -> Vec<u8> {
        [lines, &[b'7'; PADDING]].concat()
    }

    fn scan(line: &str) -> Result<(Vec<u64>, String), String> {
        let block = padded(format!("{line}\n").as_bytes());
        let mut numbers = Vec::new();
        let mut scanner = Scanner::new(&block);
        match scanner.line(&mut numbers) {
            Ok(word) => {
                assert!(scanner.at_end());
                Ok((numbers, String::from_utf8(word.to_vec()).unwrap()))
            }
            Err(Fault { spot: Spot::Token(token), kind }) => Err(format!("{token}: {kind}")),
            Err(Fault { spot: Spot::Place(_), .. }) => panic!("a scanner knows no places"),
        }
    }

    #[test]
    fn lines_are_taken_apart() {
        let line = |numbers: &[u64], word: &str| Ok((numbers.to_vec(), word.to_owned()));
        assert_eq!(scan(""), line(&[], ""));
        assert_eq!(scan(" \t \r"), line(&[], ""));
        assert_eq!(scan("# 1 2"), line(&[], ""));
        assert_eq!(scan("2 1 0 1 2 XOR"), line(&[2, 1, 0, 1, 2], "XOR"));
        assert_eq!(scan("\t2\t1  0 1 2\tXOR \r"), line(&[2, 1, 0, 1, 2], "XOR"));
        assert_eq!(scan("1 2#3"), line(&[1, 2], ""));
        assert_eq!(scan("1 2//3"), line(&[1, 2], ""));
        assert_eq!(scan("1 INV// so"), line(&[1], "INV"));
        assert_eq!(scan("1 a/b"), line(&[1], "a/b"));
        assert_eq!(scan("0000000000000000000000000000000017"), line(&[17], ""));
        assert_eq!(scan("18446744073709551614"), line(&[u64::MAX - 1], ""));
    }

    #[test]
    fn faults_name_their_token() {
        let fault = |text: &str| Err(text.to_owned());
        assert_eq!(scan("1 2x 3"), fault("1: `2x` is not a number"));
        assert_eq!(scan("1 -2 3"), fault("1: `-2` is not a number"));
        assert_eq!(scan("1 123456789/2"), fault("1: `123456789/2` is not a number"));
        assert_eq!(scan("18446744073709551616"), fault("0: the number 18446744073709551616 is too large"));
        assert_eq!(scan("1 XOR 2"), fault("2: `2` follows the name that ends the line"));
    }

    #[test]
    fn bytes_that_are_no_text_are_found_in_tokens_and_comments() {
        for line in [b"1 \xff\n".as_slice(), b"1 XOR\xff\n", b"1 # \xff\n", b"XOR \xff\n"] {
            let block = padded(line);
            let fault = Scanner::new(&block).line(&mut Vec::new());
            match (line, fault) {
                (b"1 XOR\xff\n", Ok(word)) => assert_eq!(word, b"XOR\xff"),
                (_, Err(fault)) => assert!(matches!(fault.kind, Kind::NotText { byte: 0xff })),
                (line, Ok(_)) => panic!("{line:?} is taken"),
            }
        }
    }

    #[test]
    fn columns_and_excerpts() {
        assert_eq!(column_of(b"ab  cd\t#e f", 0), 1);
        assert_eq!(column_of(b"ab  cd\t#e f", 1), 5);
        assert_eq!(column_of(b"ab  cd\t#e f", 2), 8);
        assert_eq!(column_of(b"ab  ", 7), 5);
        assert_eq!(excerpt(b"a\tb\xff"), "a\\tb\u{fffd}");
        assert_eq!(excerpt(&[b'z'; 1000]), format!("{}…", "z".repeat(24)));
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_printed(numbers in proptest::collection::vec(0u64..u64::MAX, 0..8), small in 0u32..64) {
            let numbers: Vec<_> = numbers.iter().map(|number| number >> small).collect();
            let line = numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(scan(&line), Ok((numbers, String::new())));
        }
    }
}
