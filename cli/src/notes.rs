//! What people are told, on standard error.

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

/// Writes a line to standard error. There is nobody to tell if that fails.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(&line.to_string()));
}

/// Text that may hold words of a peer, as it may be shown: nothing in it moves the cursor, hides or turns around what
/// stands beside it.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let plain = matches!(letter, '\n' | '\'' | '"' | '\\') || letter.escape_debug().len() == 1;
        if plain {
            shown.push(letter);
        } else {
            let _infallible = write!(shown, "{}", letter.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn only_what_can_be_seen_is_shown() {
        let plain = "terms\n  host  \"a\" 'b' \\ é → █▀ 10 µs";
        assert_eq!(harmless(plain), plain);
        assert_eq!(harmless("a\x1b[8mb\rc\u{202e}d\u{9b}e"), "a\\u{1b}[8mb\\u{d}c\\u{202e}d\\u{9b}e");
    }
}
