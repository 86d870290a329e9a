//! How many visitors may stand at the door at once, so that none of them keeps the others out.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use halfgate::channel::Stream;

/// Where visitors come from, as far as one party can choose it freely: an IPv4 address, the half of an IPv6 address that
/// a network is given, or this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    V4([u8; 4]),
    V6([u8; 8]),
    ThisMachine,
}

impl Source {
    pub(crate) fn of(stream: &Stream) -> Self {
        match stream {
            // Who has left already counts as nobody in particular.
            Stream::Tcp(stream) => {
                stream.peer_addr().map_or(Source::V4([0; 4]), |peer| Source::of_ip(peer.ip()))
            }
            // Links are made up only between processes of one machine.
            Stream::Unix(_) | Stream::Shaped(..) => Source::ThisMachine,
        }
    }

    fn of_ip(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Source::V4(ip.octets()),
            IpAddr::V6(ip) => {
                let octets = ip.octets();
                Source::V6(std::array::from_fn(|place| octets[place]))
            }
        }
    }
}

/// Those who stand at the door, counted by where they come from.
#[derive(Clone)]
pub(crate) struct Crowd {
    per_source: usize,
    counts: Arc<Mutex<HashMap<Source, usize>>>,
}

impl Crowd {
    pub(crate) fn new(per_source: usize) -> Self {
        Crowd { per_source, counts: Arc::default() }
    }

    /// One more, unless there are too many from there.
    pub(crate) fn enter(&self, source: Source) -> Option<Standing> {
        let mut counts = self.counts();
        let count = counts.entry(source).or_default();
        if *count >= self.per_source {
            return None;
        }
        *count += 1;
        Some(Standing { crowd: self.clone(), source })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Source, usize>> {
        // No holder of the lock leaves the counts half changed.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A visitor's place in the crowd.
pub(crate) struct Standing {
    crowd: Crowd,
    source: Source,
}

impl Drop for Standing {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
        if let Some(count) = counts.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(ip: &str) -> Source {
        Source::of_ip(ip.parse().unwrap())
    }

    #[test]
    fn one_source_cannot_take_the_place_of_another() {
        let crowd = Crowd::new(2);
        let (a, b) = (source("10.0.0.1"), source("10.0.0.2"));
        let standing = [crowd.enter(a).unwrap(), crowd.enter(a).unwrap()];
        assert!(crowd.enter(a).is_none());
        assert!(crowd.enter(b).is_some());
        drop(standing);
        assert!(crowd.enter(a).is_some());
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let crowd = Crowd::new(1);
        for last in 0..=255 {
            drop(crowd.enter(Source::V4([10, 0, 0, last])));
        }
        assert!(crowd.counts().is_empty());
    }

    #[test]
    fn sources_are_what_one_party_is_given() {
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff"));
        assert_ne!(source("2001:db8::1"), source("2001:db8:0:1::1"));
        assert_eq!(source("::ffff:10.0.0.1"), source("10.0.0.1"));
    }
}
