//! From text to a checked program, and from garble_lang's complaints to ours.

use std::thread;

use garble_lang::token::MetaInfo;
use garble_lang::{CompileTimeError, Error, TypedProgram};

use super::{Complaint, GarbleError};

/// The longest program, in bytes. Those that people write have a few thousand.
const LONGEST: usize = 1 << 20;

/// The deepest nesting of brackets. The parser is recursive, and each level takes some kilobytes.
const DEEPEST: usize = 200;

/// Enough for that, and for a few thousand `else if` after each other.
const STACK: usize = 256 << 20;

/// Runs on a stack of its own, and makes errors of panics: garble_lang's parser has some left.
pub(super) fn on_deep_stack<T: Send>(
    name: &str,
    run: impl FnOnce() -> Result<T, GarbleError> + Send,
) -> Result<T, GarbleError> {
    let gave_up = |reason: &str| GarbleError::GaveUp { name: name.to_owned(), reason: reason.to_owned() };
    thread::scope(|scope| {
        let thread =
            thread::Builder::new().name("compile".to_owned()).stack_size(STACK).spawn_scoped(scope, run);
        let thread = thread.map_err(|error| gave_up(&error.to_string()))?;
        match thread.join() {
            Ok(result) => result,
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
                Err(gave_up(text.as_deref().unwrap_or("no reason given")))
            }
        }
    })
}

/// Parses a program and checks its types.
pub(super) fn check(source: &str, name: &str) -> Result<TypedProgram, GarbleError> {
    let too_large = |what: &str, advice| {
        Err(GarbleError::TooLarge { name: name.to_owned(), what: what.to_owned(), advice })
    };
    if source.len() > LONGEST {
        return too_large(
            "the program is longer than a megabyte",
            "put data into inputs, not into the program",
        );
    }
    if depth(source) > DEEPEST {
        return too_large(
            "the program has more than 200 brackets inside each other",
            "name parts of it with let",
        );
    }
    on_deep_stack(name, || garble_lang::check(source).map_err(|error| rejected(source, name, error)))
}

/// How deep brackets are inside each other, and signs before each other.
fn depth(source: &str) -> usize {
    let (mut open, mut signs, mut deepest) = (0usize, 0usize, 0);
    for letter in source.chars() {
        match letter {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        signs = match letter {
            '!' | '-' => signs + 1,
            letter if letter.is_whitespace() => signs,
            _ => 0,
        };
        deepest = deepest.max(open + signs);
    }
    deepest
}

fn rejected(source: &str, name: &str, error: Error) -> GarbleError {
    let place =
        |phase, message: String, meta: Option<MetaInfo>| complaint(source, name, phase, &message, meta);
    let complaints = match error {
        Error::CompileTimeError(CompileTimeError::ScanErrors(errors)) => {
            errors.iter().map(|error| place("syntax error", error.0.to_string(), Some(error.1))).collect()
        }
        Error::CompileTimeError(CompileTimeError::ParseError(errors)) => {
            errors.iter().map(|error| place("syntax error", error.0.to_string(), Some(error.1))).collect()
        }
        Error::CompileTimeError(CompileTimeError::TypeError(errors)) => errors
            .iter()
            .map(|error| {
                let (error, meta) = (&*error.0, *error.1);
                place("type error", error.to_string(), Some(meta))
            })
            .collect(),
        other => vec![place("error", other.prettify(source), None)],
    };
    GarbleError::Rejected(complaints)
}

fn complaint(
    source: &str,
    name: &str,
    phase: &'static str,
    message: &str,
    meta: Option<MetaInfo>,
) -> Complaint {
    let (line, column) = meta.map_or((0, 1), |meta| (meta.start.0 + 1, meta.start.1 + 1));
    let text = line.checked_sub(1).and_then(|line| source.lines().nth(line)).unwrap_or_default();
    let rest = (text.chars().count() + 1).saturating_sub(column);
    let length = match meta {
        Some(meta) if meta.end.0 == meta.start.0 => meta.end.1.saturating_sub(meta.start.1),
        _ => rest,
    };
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, text) = (name.to_owned(), text.to_owned());
    Complaint { name, line, column, phase, message, text, length: length.min(rest) }
}
