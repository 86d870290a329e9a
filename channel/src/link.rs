//! How fast a connection is, and connections made as slow as one.

use std::{fmt, num::NonZeroU64, str::FromStr, time::Duration};

use crate::{Channel, ChannelError, Limits};

mod alarm;
mod shaped;

pub use shaped::Shaped;

/// The longest round trip that a link may have: a minute.
const LONGEST: Duration = Duration::from_secs(60);

/// Bits a second of each unit of rate, the largest first.
const RATES: [(&str, u32); 3] = [("gbit", 9), ("mbit", 6), ("kbit", 3)];

/// Decimal places that a nanosecond has in each unit of time.
const TIMES: [(&str, u32); 2] = [("ms", 6), ("s", 9)];

/// What a connection can carry: bytes a second each way, and the time there and back.
///
/// ```
/// use halfgate_channel::Link;
///
/// let link: Link = "100mbit,30ms".parse()?;
/// assert_eq!(link.bytes_per_second.map(|rate| rate.get()), Some(12_500_000));
/// assert_eq!((link.rtt.as_millis(), link.to_string().as_str()), (30, "100mbit,30ms"));
/// assert_eq!("none".parse::<Link>()?, Link::UNLIMITED);
/// # Ok::<(), halfgate_channel::ChannelError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Bytes a second each way; `None` is without limit.
    pub bytes_per_second: Option<NonZeroU64>,
    /// The time from a side to the other and back, without that of the bytes themselves.
    pub rtt: Duration,
}

impl Link {
    /// A link that holds nothing up.
    pub const UNLIMITED: Link = Link { bytes_per_second: None, rtt: Duration::ZERO };

    /// How long so many bytes take to enter the link.
    pub fn time_of(&self, bytes: u64) -> Duration {
        self.bytes_per_second.map_or(Duration::ZERO, |rate| {
            let nanoseconds = u128::from(bytes) * 1_000_000_000 / u128::from(rate.get());
            Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
        })
    }

    /// The time from a side to the other.
    pub fn one_way(&self) -> Duration {
        self.rtt / 2
    }
}

impl Channel {
    /// Two ends of a channel within this process, as far from each other as the ends of this link.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn memory_pair_over(link: Link, limits: Limits) -> (Channel, Channel) {
        let (left, right) = tokio::io::duplex(CAPACITY);
        let channel = |end| {
            let (read, write) = tokio::io::split(end);
            Channel::over_halves(Shaped::new(read, link), write, limits)
        };
        (channel(left), channel(right))
    }
}

/// Bytes that may lie between an end and the link.
const CAPACITY: usize = 256 * 1024;

impl FromStr for Link {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        parse(text).map_err(|problem| ChannelError::BadLink { text: text.to_owned(), problem })
    }
}

fn parse(text: &str) -> Result<Link, &'static str> {
    if text == "none" {
        return Ok(Link::UNLIMITED);
    }
    let (rate, rtt) = text.split_once(',').ok_or("it takes a rate and a round trip, with a comma between")?;
    let bytes_per_second = match rate.trim() {
        "none" => None,
        rate => Some(parse_rate(rate)?),
    };
    Ok(Link { bytes_per_second, rtt: parse_time(rtt.trim())? })
}

fn parse_rate(text: &str) -> Result<NonZeroU64, &'static str> {
    let unit = RATES.iter().find_map(|&(unit, places)| Some((text.strip_suffix(unit)?, places)));
    let (number, places) = unit.ok_or("the rate needs a unit: kbit, mbit or gbit (a second)")?;
    let bits = scaled(number.trim_end(), places).ok_or("the rate is no number")?;
    let bytes = u64::try_from(bits.div_ceil(8)).map_err(|_| "the rate is too large")?;
    NonZeroU64::new(bytes).ok_or("the rate is zero; `none` is no limit")
}

fn parse_time(text: &str) -> Result<Duration, &'static str> {
    let unit = TIMES.iter().find_map(|&(unit, places)| Some((text.strip_suffix(unit)?, places)));
    let (number, places) = unit.ok_or("the round trip needs a unit: ms or s")?;
    let nanoseconds = scaled(number.trim_end(), places).ok_or("the round trip is no number")?;
    let rtt = u64::try_from(nanoseconds).map(Duration::from_nanos).ok().filter(|rtt| *rtt <= LONGEST);
    rtt.ok_or("the round trip is longer than a minute")
}

/// A decimal times 10^places; what is below that is cut off. Exact, unlike a floating-point number.
fn scaled(text: &str, places: u32) -> Option<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() > 20 || fraction.len() > 20 {
        return None;
    }
    let places = places as usize;
    let kept = format!("{fraction:0<places$}");
    whole
        .parse::<u128>()
        .ok()?
        .checked_mul(10u128.pow(places as u32))?
        .checked_add(kept[..places].parse().ok()?)
}

/// As it is written, and exact.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Link::UNLIMITED {
            return f.write_str("none");
        }
        match self.bytes_per_second {
            None => f.write_str("none")?,
            Some(rate) => {
                let bits = u128::from(rate.get()) * 8;
                let fits = |&&(_, places): &&(&str, u32)| bits >= 10u128.pow(places);
                let &(unit, places) = RATES.iter().find(fits).unwrap_or(&RATES[2]);
                write!(f, "{}{unit}", decimal(bits, places))?;
            }
        }
        let (unit, places) = TIMES[usize::from(self.rtt >= Duration::from_secs(1))];
        write!(f, ",{}{unit}", decimal(self.rtt.as_nanos(), places))
    }
}

/// A number over 10^places, without needless zeros.
fn decimal(number: u128, places: u32) -> String {
    let unit = 10u128.pow(places);
    let text = format!("{}.{:0width$}", number / unit, number % unit, width = places as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(bytes_per_second: u64, micros: u64) -> Link {
        Link { bytes_per_second: NonZeroU64::new(bytes_per_second), rtt: Duration::from_micros(micros) }
    }

    #[test]
    fn links_are_read_as_written() {
        let cases = [
            ("100mbit,30ms", link(12_500_000, 30_000)),
            ("1gbit,1ms", link(125_000_000, 1_000)),
            ("2.5gbit,0.25ms", link(312_500_000, 250)),
            ("56kbit,1.5s", link(7_000, 1_500_000)),
            ("none,80ms", link(0, 80_000)),
            ("20mbit,0ms", link(2_500_000, 0)),
            ("0.008kbit,60s", link(1, 60_000_000)),
            ("none", Link::UNLIMITED),
        ];
        for (text, link) in cases {
            assert_eq!(text.parse::<Link>().unwrap(), link, "{text}");
            assert_eq!(link.to_string(), text);
        }
        assert_eq!("100 mbit, 30 ms".parse::<Link>().unwrap(), link(12_500_000, 30_000));
        assert_eq!("none,0ms".parse::<Link>().unwrap(), Link::UNLIMITED);
    }

    #[test]
    fn what_is_no_link_is_explained() {
        let cases = [
            ("", "with a comma"),
            ("100mbit", "with a comma"),
            ("100,30ms", "needs a unit: kbit"),
            ("100Mbit,30ms", "needs a unit: kbit"),
            ("mbit,30ms", "the rate is no number"),
            ("-1mbit,30ms", "the rate is no number"),
            ("1e3mbit,30ms", "the rate is no number"),
            ("1.mbit,30ms", "the rate is no number"),
            ("0mbit,30ms", "the rate is zero"),
            ("99999999999999999999gbit,30ms", "the rate is too large"),
            ("100mbit,30", "round trip needs a unit"),
            ("100mbit,", "round trip needs a unit"),
            ("100mbit,xms", "round trip is no number"),
            ("100mbit,61s", "longer than a minute"),
        ];
        for (text, expected) in cases {
            let error = text.parse::<Link>().unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains("100mbit,30ms"), "{text}: {error}");
        }
    }

    #[test]
    fn bytes_take_their_time() {
        assert_eq!(link(12_500_000, 0).time_of(1_250_000), Duration::from_millis(100));
        assert_eq!(Link::UNLIMITED.time_of(u64::MAX), Duration::ZERO);
        assert_eq!(link(1, 0).time_of(u64::MAX), Duration::from_nanos(u64::MAX));
    }

    proptest! {
        #[test]
        fn every_link_survives_being_shown(rate: u64, nanos in 0u64..=60_000_000_000) {
            let link = Link { bytes_per_second: NonZeroU64::new(rate), rtt: Duration::from_nanos(nanos) };
            prop_assert_eq!(link.to_string().parse::<Link>().unwrap(), link);
        }

        #[test]
        fn no_text_panics(text in ".{0,30}") {
            let _ = text.parse::<Link>();
        }
    }
}
