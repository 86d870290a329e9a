//! Times on the command line: `30s`, `1h30m`.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads a time such as `500ms`, `30s`, `2m` or `1h30m`.
///
/// # Errors
/// If the text is something else, or zero, or too long for 64 bits of milliseconds.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let mut rest = text;
    let mut total = Some(0u64);
    while !rest.is_empty() {
        let (number, tail) = split(rest, |c| c.is_ascii_digit());
        let (unit, tail) = split(tail, |c| c.is_ascii_alphabetic());
        let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let (Some(factor), false) = (factor, number.is_empty()) else { return Err(expected()) };
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        total = total.zip(part).and_then(|(total, part)| total.checked_add(part));
        rest = tail;
    }
    match total {
        None => Err("this is too long".to_owned()),
        Some(0) => Err(expected()),
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
    }
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn expected() -> String {
    "expected a time above zero with units, such as 500ms, 30s, 2m or 1h30m".to_owned()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn times_are_read() {
        for (text, milliseconds) in
            [("500ms", 500), ("30s", 30_000), ("2m", 120_000), ("1h30m", 5_400_000), ("1d1ms", 86_400_001)]
        {
            assert_eq!(parse(text).map(|time| time.as_millis()), Ok(milliseconds), "{text}");
        }
    }

    #[test]
    fn other_things_are_not() {
        for text in [
            "",
            "30",
            "s",
            "0s",
            "-1s",
            "1.5s",
            "30 s",
            "5x",
            "1h30",
            "99999999999999999999s",
            "9999999999999999d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
