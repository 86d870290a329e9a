//! Words in a drawing.

use halfgate::circuits::{Circuit, Group};
use svg::node::element::Text;

use super::graph::What;
use crate::notes::harmless;

/// The usual size of letters, in pixels, and how wide they are on average: nobody knows the font.
const WIDTH: f64 = 6.2;
const WIDE: f64 = 11.0;

/// The longest name that stands on a symbol, and the longest line, in letters.
const NAME: usize = 20;
pub(super) const LINE: usize = 90;

/// About how wide a text is, in pixels.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { WIDTH } else { WIDE }).sum()
}

/// A text with this style; names may come from anywhere, and XML cannot hold all letters.
pub(super) fn text(class: &str, (x, y): (f64, f64), words: &str) -> Text {
    Text::new(plain(words)).set("class", class).set("x", round(x)).set("y", round(y))
}

/// Without letters that a drawing cannot hold or that would hide others.
pub(super) fn plain(words: &str) -> String {
    harmless(words).replace('\n', " ")
}

/// So many letters at most; the middle goes away.
pub(super) fn short(words: &str, most: usize) -> String {
    let letters: Vec<char> = plain(words).chars().collect();
    if letters.len() <= most {
        return letters.into_iter().collect();
    }
    let (head, tail) = (most / 2, most - most / 2 - 1);
    let (head, tail) = (&letters[..head], &letters[letters.len() - tail..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// What is to be read on the pin of an input or output bit.
pub(super) fn bit_name(group: &Group, bit: usize) -> String {
    let name = short(&group.name, NAME);
    if group.width == 1 { name } else { format!("{name}[{bit}]") }
}

/// What a symbol is called where there is room.
pub(super) fn full_name(circuit: &Circuit, what: What) -> String {
    let bit_of = |group: &Group, bit: usize| format!("{}[{bit}]", group.name);
    match what {
        What::Input { group, bit } => bit_of(&circuit.inputs()[group].group, bit),
        What::Output { group, bit } => bit_of(&circuit.outputs()[group].group, bit),
        What::And(gate) => format!("gate {gate}, AND"),
        What::Xor(gate) => format!("gate {gate}, XOR"),
        What::Not(gate) => format!("gate {gate}, NOT"),
        What::Copy(gate) => format!("gate {gate}, copy"),
        What::Constant(gate, value) => format!("gate {gate}, constant {}", u8::from(value)),
    }
}

/// A tenth of a pixel is enough.
pub(super) fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(short("short", 14), "short");
        assert_eq!(short("abcdefghijklmnopqrst", 14), "abcdefg…opqrst");
        assert_eq!(short("äöüäöüäöüäöü", 5).chars().count(), 5);
    }

    #[test]
    fn no_letter_breaks_the_drawing() {
        let text = text("", (0.0, 0.0), "a<b>&\"c\u{1b}\u{0}\u{ffff}\u{202e}\nd").to_string();
        assert!(text.contains("a&lt;b&gt;&amp;\"c\\u{1b}\\u{0}\\u{ffff}\\u{202e} d"), "{text}");
    }
}
