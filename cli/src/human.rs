//! Figures for people.

use std::time::Duration;

use halfgate::channel::Link;

/// `1,234,567`
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if noun.ends_with("ch") { "es" } else { "s" };
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { plural })
}

/// `512 B`, `1.2 kB`, `3.4 MB`, with powers of 1000
pub(crate) fn bytes(number: u64) -> String {
    if number < 1000 { format!("{number} B") } else { format!("{}B", scaled(number as f64)) }
}

/// `950 `, `1.2 k`, `34 M`: to be followed by a unit
pub(crate) fn scaled(number: f64) -> String {
    let (mut number, mut prefix) = (number, "");
    for larger in ["k", "M", "G", "T"] {
        // What would be rounded up to 1000 belongs to the next prefix.
        if number < 999.5 {
            break;
        }
        (number, prefix) = (number / 1000.0, larger);
    }
    if number < 9.95 && !prefix.is_empty() {
        format!("{number:.1} {prefix}")
    } else {
        format!("{number:.0} {prefix}")
    }
}

/// `0.3 ms`, `12 ms`, `1.25 s`, `3 min 20 s`
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 0.00995 => format!("{:.1} ms", s * 1e3),
        s if s < 0.9995 => format!("{:.0} ms", s * 1e3),
        s if s < 59.995 => format!("{s:.2} s"),
        s => format!("{} min {} s", s.round() as u64 / 60, s.round() as u64 % 60),
    }
}

/// The first eight digits of a digest, enough to compare by eye; the whole stands in the agreement.
pub(crate) fn short_digest(digest: &[u8; 32]) -> String {
    hex(&digest[..4])
}

/// `00ff…`
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `94 Mbit/s, 30 ms`
pub(crate) fn link(link: &Link) -> String {
    let rate = link.bytes_per_second.map(|rate| format!("{}bit/s, ", scaled(8.0 * rate.get() as f64)));
    format!("{}{} there and back", rate.unwrap_or_default(), time(link.rtt))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_readable() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([counted(1, "row"), counted(0, "row")], ["1 row", "0 rows"]);
        assert_eq!([counted(1, "batch"), counted(2, "batch")], ["1 batch", "2 batches"]);
        assert_eq!(
            [512, 1234, 99_500, 999_600, 12_000_000_000].map(bytes),
            ["512 B", "1.2 kB", "100 kB", "1.0 MB", "12 GB"]
        );
        assert_eq!([1.0, 50.4, 9_960.0].map(scaled), ["1 ", "50 ", "10 k"]);
    }

    #[test]
    fn times_are_readable() {
        let texts = [0.000_04, 0.012, 0.999, 0.9999, 1.5, 59.999, 200.0]
            .map(|seconds| time(Duration::from_secs_f64(seconds)));
        assert_eq!(texts, ["0.0 ms", "12 ms", "999 ms", "1.00 s", "1.50 s", "1 min 0 s", "3 min 20 s"]);
    }

    #[test]
    fn digests_are_hexadecimal() {
        assert_eq!(hex(&[0, 255, 16]), "00ff10");
        assert_eq!(short_digest(&[0xab; 32]), "abababab");
    }
}
