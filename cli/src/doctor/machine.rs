//! Clock, memory, and this user's files.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use halfgate_meet::{Key, Peers, Words};

use super::Finding;
use crate::human::{bytes, counted};
use crate::{home, key, who};

/// With less than this a run of many rows may end for want of memory.
const LITTLE_MEMORY: u64 = 256 << 20;

/// A clock that differs from that of the file system by more than this is wrong somewhere.
const CLOCK_SKEW: Duration = Duration::from_secs(5);

pub(super) fn examine() -> Vec<Finding> {
    let mut findings = vec![clock(SystemTime::now()), processors()];
    findings.extend(memory());
    findings.extend(key::path(None).ok().map(|path| own_key(&path)));
    findings.extend(home::file(who::PEERS).ok().map(|path| peers(&path)));
    findings
}

const SET_CLOCK: &str = "set the clock, best by NTP (`timedatectl set-ntp true`): invites expire by it";

/// The executable cannot be younger than now, and a file that is written now is not from another time.
fn clock(now: SystemTime) -> Finding {
    let made = std::env::current_exe().and_then(fs::metadata).and_then(|file| file.modified());
    if made.is_ok_and(|made| made > now + CLOCK_SKEW) || now < UNIX_EPOCH {
        return Finding::bad("clock", "it is earlier than this program was installed", SET_CLOCK);
    }
    match written_now() {
        Some(written) if apart(written, SystemTime::now()) > CLOCK_SKEW => {
            let skew = apart(written, now).as_secs();
            let what = format!("it is {} away from that of the temporary files", counted(skew, "second"));
            Finding::warning("clock", what, SET_CLOCK)
        }
        _ => {
            let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
            Finding::good("clock", format!("{} UTC; compare it with your watch", date(now.as_secs())))
        }
    }
}

fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

/// When the file system says that a file was written that is written now.
fn written_now() -> Option<SystemTime> {
    let path = std::env::temp_dir().join(format!("halfgate-doctor-{}", std::process::id()));
    fs::write(&path, []).ok()?;
    let written = fs::metadata(&path).and_then(|file| file.modified()).ok();
    // It stays among the temporary files at worst.
    let _ = fs::remove_file(&path);
    written
}

/// `2026-11-23 03:45:00` of seconds since 1970, by Howard Hinnant's civil-from-days.
fn date(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let (hours, minutes, seconds) = (time / 3600, time / 60 % 60, time % 60);
    format!("{:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}", year + 400 * era + next)
}

fn processors() -> Finding {
    match thread::available_parallelism() {
        Ok(count) => Finding::good("processors", counted(count.get() as u64, "thread")),
        Err(error) => Finding::warning("processors", error.to_string(), "say how many with --threads"),
    }
}

/// What Linux says; nothing elsewhere.
fn memory() -> Option<Finding> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let free = 1024 * line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?;
    let what = format!("{} free", bytes(free));
    Some(if free < LITTLE_MEMORY {
        Finding::warning("memory", what, "end other programs, or ask `halfgate estimate` what a run takes")
    } else {
        Finding::good("memory", what)
    })
}

fn own_key(path: &Path) -> Finding {
    if !path.exists() {
        return Finding::good(
            "key",
            "none; each meeting makes its own (`halfgate key new` makes one that stays)",
        );
    }
    match Key::load(path) {
        Ok(loaded) => match loaded.warning {
            Some(warning) => Finding::warning("key", warning.to_string(), chmod(path)),
            None => Finding::good(
                "key",
                format!("{}: {}", path.display(), Words::of(&loaded.value.fingerprint())),
            ),
        },
        Err(error) => {
            let next = "restore it from a copy, or move it away and make another with `halfgate key new`";
            Finding::bad("key", error.to_string(), next)
        }
    }
}

fn peers(path: &Path) -> Finding {
    if !path.exists() {
        return Finding::good("peers", "none are known; invites need none");
    }
    match Peers::load(path) {
        Ok(peers) => Finding::good(
            "peers",
            format!("{}: {}", path.display(), counted(peers.iter().count() as u64, "peer")),
        ),
        Err(error) => Finding::bad("peers", error.to_string(), "correct the line, or move the file away"),
    }
}

fn chmod(path: &Path) -> String {
    format!("chmod 600 {}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let cases = [
            (0, "1970-01-01 00:00:00"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_795_405_500, "2026-11-23 03:45:00"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ];
        for (seconds, text) in cases {
            assert_eq!(date(seconds), text);
        }
    }

    #[test]
    fn a_clock_of_the_past_is_found() {
        let finding = clock(UNIX_EPOCH + Duration::from_secs(1_000_000));
        assert!(finding.next.is_some_and(|next| next.contains("NTP")), "{}", finding.what);
    }
}
