//! Whether values fit into memory, asked before it is used.

use halfgate::circuits::Group;

use crate::failure::Failure;

/// Fails if so many lanes of all groups cannot be held. The number of lanes may come from a peer.
pub(crate) fn check<'a>(
    what: &'static str,
    groups: impl Iterator<Item = &'a Group>,
    lanes: u64,
) -> Result<(), Failure> {
    let words: u64 = groups.map(|group| u64::from(group.width.div_ceil(64))).sum();
    let reserved =
        words.checked_mul(lanes).and_then(|words| usize::try_from(words).ok()).is_some_and(|words| {
            // Room in the address space costs nothing until it is written, and is given back at once.
            Vec::<u64>::new().try_reserve_exact(words).is_ok()
        });
    if reserved { Ok(()) } else { Err(Failure::Memory { what, lanes }) }
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::Group;

    use super::check;

    #[test]
    fn what_cannot_be_held_is_refused() {
        let groups = [Group::uint("a", 64), Group::uint("b", 65), Group::uint("none", 0)];
        assert!(check("values", groups.iter(), 1000).is_ok());
        assert!(check("values", groups.iter(), 1 << 62).is_err());
        assert!(check("values", groups.iter(), u64::MAX).is_err());
        assert!(check("values", groups[2..].iter(), u64::MAX).is_ok());
    }
}
