//! What the figures were measured on.

use std::env;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The processor features that the kernels and their dependencies ask for.
const FEATURES: [&str; 9] =
    ["aes", "pclmulqdq", "avx2", "vaes", "vpclmulqdq", "avx512f", "avx512bw", "gfni", "bmi2"];

/// The machine, the program and the moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    /// Those that this process may use.
    pub(crate) cores: usize,
    pub(crate) features: Vec<String>,
    pub(crate) system: String,
    pub(crate) halfgate: String,
    pub(crate) rustc: String,
    /// `release` or `debug`.
    pub(crate) build: String,
    /// When the run began, UTC.
    pub(crate) date: String,
    /// Of the last minute, before the run began.
    pub(crate) load: Option<f64>,
}

impl Machine {
    /// Asks the operating system. What it does not tell is `unknown`.
    pub(crate) fn ask() -> Self {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        Machine {
            processor: processor(&cpu),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            features: features(&cpu),
            system: system(),
            halfgate: env!("CARGO_PKG_VERSION").to_owned(),
            rustc: env!("HALFGATE_RUSTC").to_owned(),
            build: if cfg!(debug_assertions) { "debug" } else { "release" }.to_owned(),
            date: date(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO)),
            load: first_word("/proc/loadavg").and_then(|load| load.parse().ok()),
        }
    }
}

/// The most memory that a process has had resident so far, in bytes.
pub(crate) fn peak_memory(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

/// Processors of one name differ in family and model, so both are told.
fn processor(cpu: &str) -> String {
    let Some(name) = field(cpu, "model name") else {
        return field(cpu, "CPU part").map_or_else(
            || format!("unknown ({})", env::consts::ARCH),
            |part| format!("{} part {part}", env::consts::ARCH),
        );
    };
    match (field(cpu, "cpu family"), field(cpu, "model")) {
        (Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        _ => name.to_owned(),
    }
}

fn features(cpu: &str) -> Vec<String> {
    let listed = field(cpu, "flags").or_else(|| field(cpu, "Features")).unwrap_or_default();
    let has = |feature: &&str| listed.split_whitespace().any(|word| word == *feature);
    FEATURES.into_iter().filter(has).map(str::to_owned).collect()
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

fn system() -> String {
    let kernel = first_word("/proc/sys/kernel/osrelease").unwrap_or_else(|| "unknown".to_owned());
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map_or(env::consts::OS, |name| name.trim_matches('"'));
    format!("{name}, kernel {kernel}, {}", env::consts::ARCH)
}

fn first_word(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()?.split_whitespace().next().map(str::to_owned)
}

/// `2026-11-22 23:41 UTC`, from the time since 1970. The days are turned into a date as Howard Hinnant's
/// `civil_from_days` does: in eras of 400 years that begin in March.
fn date(since: Duration) -> String {
    let minutes = since.as_secs() / 60;
    let days = minutes / 1440 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{date, features, peak_memory, processor};

    #[test]
    fn dates_are_right_around_leap_days() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (951_868_800, "2000-03-01 00:00 UTC"),
            (1_735_689_599, "2024-12-31 23:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00 UTC"),
        ] {
            assert_eq!(date(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn the_processor_is_read_from_what_linux_tells() {
        let cpu = "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC\nflags\t\t: fpu aes vaes x\n";
        assert_eq!(processor(cpu), "AMD EPYC (family 25, model 1)");
        assert_eq!(features(cpu), ["aes", "vaes"]);
        assert!(processor("").starts_with("unknown"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_memory() {
        assert!(peak_memory("self").is_some_and(|bytes| bytes > 1 << 16));
        assert_eq!(peak_memory("no such process"), None);
    }
}
