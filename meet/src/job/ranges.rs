use std::fmt;
use std::ops::Range;

/// A set of numbers, as ranges that neither touch nor overlap, in order.
///
/// ```
/// use halfgate_meet::Ranges;
///
/// let batches: Ranges = [0, 1, 2, 7].into_iter().collect();
/// assert_eq!(batches.to_string(), "0 to 2, 7");
/// assert!(batches.contains(7) && !batches.contains(3));
/// assert_eq!(batches.count(), 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<Range<u64>>);

impl Ranges {
    /// Adds a number that is larger than all so far.
    pub(crate) fn push(&mut self, number: u64) {
        match self.0.last_mut() {
            Some(last) if last.end == number => last.end += 1,
            last => {
                assert!(last.is_none_or(|last| last.end < number), "numbers come in order");
                self.0.push(number..number + 1);
            }
        }
    }

    /// Whether a number is in the set.
    pub fn contains(&self, number: u64) -> bool {
        let place = self.0.partition_point(|range| range.end <= number);
        self.0.get(place).is_some_and(|range| range.contains(&number))
    }

    /// Whether there is no number.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|range| range.end - range.start).sum()
    }

    /// The ranges in order.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.0
    }

    /// The numbers in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().cloned().flatten()
    }

    /// The rows of the batches with these numbers, `size` to a batch and `bound` in all.
    pub(crate) fn scaled(&self, size: u64, bound: u64) -> Ranges {
        let rows = |range: &Range<u64>| range.start * size..range.end.saturating_mul(size).min(bound);
        Ranges(self.0.iter().map(rows).collect())
    }

    /// Each range as the distance from the one before it and its length.
    pub(crate) fn steps(&self) -> Vec<(u64, u64)> {
        let mut at = 0;
        let step = |range: &Range<u64>| {
            (range.start - std::mem::replace(&mut at, range.end), range.end - range.start)
        };
        self.0.iter().map(step).collect()
    }

    /// Reads what [`Ranges::steps`] gave; `None` if that is not its only form or there are numbers from `bound` on.
    pub(crate) fn from_steps(steps: &[(u64, u64)], bound: u64) -> Option<Self> {
        let mut ranges: Vec<Range<u64>> = Vec::with_capacity(steps.len());
        for &(gap, length) in steps {
            if length == 0 || gap == 0 && !ranges.is_empty() {
                return None;
            }
            let start = ranges.last().map_or(0, |last| last.end).checked_add(gap)?;
            let end = start.checked_add(length).filter(|&end| end <= bound)?;
            ranges.push(start..end);
        }
        Some(Ranges(ranges))
    }
}

/// Takes numbers in rising order.
impl FromIterator<u64> for Ranges {
    fn from_iter<T: IntoIterator<Item = u64>>(numbers: T) -> Self {
        numbers.into_iter().fold(Ranges::default(), |mut ranges, number| {
            ranges.push(number);
            ranges
        })
    }
}

/// The ranges as people write them, and no more than a few of them.
impl fmt::Display for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        for (place, range) in self.0.iter().take(SHOWN).enumerate() {
            let comma = if place > 0 { ", " } else { "" };
            match range.end - range.start {
                1 => write!(f, "{comma}{}", range.start)?,
                _ => write!(f, "{comma}{} to {}", range.start, range.end - 1)?,
            }
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Ranges;

    proptest! {
        #[test]
        fn sets_pass_through_steps(numbers: BTreeSet<u8>) {
            let ranges: Ranges = numbers.iter().map(|&number| u64::from(number)).collect();
            let back = Ranges::from_steps(&ranges.steps(), 256).unwrap();
            prop_assert_eq!(&back, &ranges);
            prop_assert_eq!(back.count(), numbers.len() as u64);
            for number in 0..=u8::MAX {
                prop_assert_eq!(back.contains(u64::from(number)), numbers.contains(&number));
            }
            prop_assert!(back.iter().eq(numbers.iter().map(|&number| u64::from(number))));
        }

        #[test]
        fn steps_have_one_form(steps: Vec<(u64, u64)>, bound: u64) {
            if let Some(ranges) = Ranges::from_steps(&steps, bound) {
                prop_assert_eq!(ranges.steps(), steps);
            }
        }
    }

    #[test]
    fn steps_that_are_no_set_are_refused() {
        for steps in [&[(0, 0)][..], &[(0, 1), (0, 1)], &[(3, 3)], &[(u64::MAX, 1)], &[(0, u64::MAX), (1, 1)]]
        {
            assert_eq!(Ranges::from_steps(steps, 5), None, "{steps:?}");
        }
        assert_eq!(Ranges::from_steps(&[(3, 2)], 5).unwrap().to_string(), "3 to 4");
    }

    #[test]
    fn many_ranges_are_not_all_shown() {
        let odd: Ranges = (0..30).map(|number| 2 * number + 1).collect();
        assert!(odd.to_string().ends_with("17, 19 and 20 more"), "{odd}");
    }
}
