//! Reads values of a shape: as programs write them, and as JSON.
//!
//! ```text
//! Pay { base: 5, bonus: (true, -1) }      {"base": 5, "bonus": [true, -1]}
//! Answer::Yes   Answer::Both(1, 2)        "Yes"   {"Both": [1, 2]}
//! ```
//! Both may be mixed. Bits go straight into the caller's words, and errors tell places and names of types, never values.

use zeroize::Zeroizing;

use super::{Field, Shape, Variant, leaf, tag_width};
use crate::LiteralError;
use crate::literal::parse_plain;

/// Deeper values are refused before the stack is.
const DEEPEST: usize = 64;

/// A text that is being read.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// What is wrong at a byte of the text.
pub(crate) enum Problem {
    /// Something else should stand there.
    Expected(usize, String),
    /// A number that its type does not take.
    Number(usize, LiteralError),
}

type Read<T> = Result<T, Problem>;

/// Where bits go.
struct Target<'w> {
    words: &'w mut [u64],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Reader { text, at: 0, depth: 0 }
    }

    /// Reads a value, and says where the text goes on.
    pub(crate) fn value(mut self, name: &str, shape: &Shape, words: &mut [u64]) -> Read<usize> {
        words.fill(0);
        self.any(name, shape, &mut Target { words, at: 0 })?;
        Ok(self.at)
    }

    fn any(&mut self, name: &str, shape: &Shape, target: &mut Target<'_>) -> Read<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.expected("less nesting");
        }
        let end = target.at + shape.width() as usize;
        match shape {
            Shape::Bool => self.truth(target)?,
            Shape::Uint(_) | Shape::Int(_) => self.number(name, shape, target)?,
            Shape::Array(element, count) => self.array(name, element, *count, target)?,
            Shape::Tuple(fields) => self.tuple(name, fields, target)?,
            Shape::Struct { name: of, fields } => self.structure(name, of, fields, target)?,
            Shape::Enum { name: of, variants } => self.variant(name, of, variants, target)?,
            Shape::Checked { .. } => return self.expected("no value, as this is the result of a program"),
        }
        target.at = end;
        self.depth -= 1;
        Ok(())
    }

    fn truth(&mut self, target: &mut Target<'_>) -> Read<()> {
        let start = self.skip();
        let quoted = self.eats('"');
        let bit = match self.token() {
            "true" | "1" => 1,
            "false" | "0" => 0,
            _ => return Err(Problem::Expected(start, "true or false".to_owned())),
        };
        target.words[target.at / 64] |= bit << (target.at % 64);
        if quoted { self.expects('"') } else { Ok(()) }
    }

    /// A number, perhaps with its type behind it, perhaps in quotes.
    fn number(&mut self, name: &str, shape: &Shape, target: &mut Target<'_>) -> Read<()> {
        self.skip();
        let quoted = self.eats('"');
        let start = self.at;
        let token = self.token();
        // No digit of any radix is a u or an i.
        let (digits, suffix) = token.split_at(token.find(['u', 'i']).unwrap_or(token.len()));
        let own = shape.to_string();
        if !(suffix.is_empty() || suffix == own || suffix == "usize" && own == "u32") {
            return Err(Problem::Expected(start + digits.len(), format!("a number of type {own}")));
        }
        let group = leaf(name, shape);
        let mut words = Zeroizing::new(vec![0; group.width.div_ceil(64) as usize]);
        parse_plain(&group, digits, &mut words).map_err(|error| Problem::Number(start, error))?;
        for bit in 0..group.width as usize {
            let at = target.at + bit;
            target.words[at / 64] |= (words[bit / 64] >> (bit % 64) & 1) << (at % 64);
        }
        if quoted { self.expects('"') } else { Ok(()) }
    }

    /// `[a, b]`, or `[a; 2]` for the same value twice.
    fn array(&mut self, name: &str, element: &Shape, count: u32, target: &mut Target<'_>) -> Read<()> {
        let start = self.skip();
        self.expects('[')?;
        let width = element.width() as usize;
        for index in 0..count {
            if index > 0 {
                if index == 1 && self.eats(';') {
                    return self.repeated(start, count, width, target);
                }
                self.comma(start, count)?;
            }
            self.any(&format!("{name}[{index}]"), element, target)?;
        }
        if count == 1 && self.eats(';') {
            return self.repeated(start, count, width, target);
        }
        self.closes(']', start, count)
    }

    /// The rest of an array whose first element has been read.
    fn repeated(&mut self, start: usize, count: u32, width: usize, target: &mut Target<'_>) -> Read<()> {
        self.skip();
        let token = self.token();
        let digits = token.split_at(token.find('u').unwrap_or(token.len())).0;
        if digits.parse() != Ok(count) {
            return Err(Problem::Expected(start, elements(count)));
        }
        let first = target.at - width;
        for bit in 0..width * (count as usize - 1) {
            let (from, to) = (first + bit, target.at + bit);
            target.words[to / 64] |= (target.words[from / 64] >> (from % 64) & 1) << (to % 64);
        }
        self.expects(']')
    }

    /// `(a, b)`, or an array in JSON.
    fn tuple(&mut self, name: &str, fields: &[Shape], target: &mut Target<'_>) -> Read<()> {
        let start = self.skip();
        let close = if self.eats('[') { ']' } else { ')' };
        if close == ')' {
            self.expects('(')?;
        }
        self.listed(name, fields, close, start, target)
    }

    fn listed(
        &mut self,
        name: &str,
        fields: &[Shape],
        close: char,
        start: usize,
        target: &mut Target<'_>,
    ) -> Read<()> {
        let count = fields.len() as u32;
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.comma(start, count)?;
            }
            self.any(&format!("{name}.{index}"), field, target)?;
        }
        self.closes(close, start, count)
    }

    /// `Name { field: value }`, or an object in JSON, with the fields in any order.
    fn structure(&mut self, name: &str, of: &str, fields: &[Field], target: &mut Target<'_>) -> Read<()> {
        let start = self.skip();
        if self.peek() != Some('{') && self.word() != of {
            return Err(Problem::Expected(start, format!("{of} {{ … }} or a JSON object")));
        }
        self.expects('{')?;
        let offsets: Vec<usize> = fields
            .iter()
            .scan(target.at, |at, field| Some(std::mem::replace(at, *at + field.shape.width() as usize)))
            .collect();
        let mut seen = vec![false; fields.len()];
        while !self.eats('}') {
            let at = self.skip();
            let key = self.key()?;
            let found = fields.iter().position(|field| field.name == key).filter(|&index| !seen[index]);
            let Some(index) = found else {
                let left = fields.iter().zip(&seen).filter(|(_, seen)| !**seen);
                let left: Vec<String> = left.map(|(field, _)| field.to_string()).collect();
                return Err(Problem::Expected(at, missing(of, &left)));
            };
            seen[index] = true;
            self.expects(':')?;
            target.at = offsets[index];
            self.any(&format!("{name}.{key}"), &fields[index].shape, target)?;
            if !self.eats(',') && self.peek() != Some('}') {
                return self.expected("`,` or `}`");
            }
        }
        match fields.iter().zip(seen).find(|(_, seen)| !seen) {
            Some((field, _)) => {
                Err(Problem::Expected(self.at - 1, format!("the field {field} before the end of {of}")))
            }
            None => Ok(()),
        }
    }

    /// `Name::Variant(a, b)`; in JSON the name of the variant, or an object from it to the field, or to the list of fields.
    fn variant(&mut self, name: &str, of: &str, variants: &[Variant], target: &mut Target<'_>) -> Read<()> {
        let start = self.skip();
        let object = self.eats('{');
        let word = self.key()?;
        let word = if word == of && self.eats(':') {
            self.expects(':')?;
            self.word()
        } else {
            word
        };
        let Some(tag) = variants.iter().position(|variant| variant.name == word) else {
            let names: Vec<String> = variants.iter().map(|variant| format!("{of}::{variant}")).collect();
            return Err(Problem::Expected(start, format!("one of {}", names.join(", "))));
        };
        for bit in 0..tag_width(variants.len()) as usize {
            let at = target.at + bit;
            target.words[at / 64] |= (tag as u64 >> bit & 1) << (at % 64);
        }
        target.at += tag_width(variants.len()) as usize;
        let fields = &variants[tag].fields;
        let name = format!("{name}.{word}");
        match (object, fields.as_slice()) {
            (true, [field]) => {
                self.expects(':')?;
                self.any(&name, field, target)?;
            }
            (true, fields) => {
                self.expects(':')?;
                self.tuple(&name, fields, target)?;
            }
            (false, []) => {}
            (false, fields) => {
                let start = self.skip();
                self.expects('(')?;
                self.listed(&name, fields, ')', start, target)?;
            }
        }
        if object { self.expects('}') } else { Ok(()) }
    }

    /// A name, in quotes or not.
    fn key(&mut self) -> Read<&'a str> {
        self.skip();
        let quoted = self.eats('"');
        let word = self.word();
        if quoted {
            self.expects('"')?;
        }
        if word.is_empty() { self.expected("a name") } else { Ok(word) }
    }

    fn comma(&mut self, start: usize, count: u32) -> Read<()> {
        if self.eats(',') { Ok(()) } else { Err(Problem::Expected(start, elements(count))) }
    }

    fn closes(&mut self, close: char, start: usize, count: u32) -> Read<()> {
        self.eats(',');
        if self.eats(close) { Ok(()) } else { Err(Problem::Expected(start, elements(count))) }
    }

    fn expects(&mut self, character: char) -> Read<()> {
        if self.eats(character) { Ok(()) } else { self.expected(&format!("`{character}`")) }
    }

    fn expected<T>(&mut self, what: &str) -> Read<T> {
        let at = self.skip();
        Err(Problem::Expected(at, what.to_owned()))
    }

    fn eats(&mut self, character: char) -> bool {
        let eats = self.peek() == Some(character);
        if eats {
            self.at += character.len_utf8();
        }
        eats
    }

    fn peek(&mut self) -> Option<char> {
        let at = self.skip();
        self.text[at..].chars().next()
    }

    /// Moves on to the next character that is no blank.
    fn skip(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at
    }

    fn word(&mut self) -> &'a str {
        self.skip();
        self.take(|letter| letter.is_alphanumeric() || letter == '_')
    }

    fn token(&mut self) -> &'a str {
        self.take(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '+' | '.'))
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let taken = &rest[..rest.find(|letter| !belongs(letter)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }
}

fn missing(of: &str, fields: &[String]) -> String {
    match fields {
        [] => format!("`}}`, as all fields of {of} are there"),
        fields => format!("one of the fields {}", fields.join(", ")),
    }
}

fn elements(count: u32) -> String {
    match count {
        0 => "no element between the brackets".to_owned(),
        1 => "1 element between the brackets".to_owned(),
        count => format!("{count} elements between the brackets, with commas between"),
    }
}
