/// The largest batch, in rows. Who needs many rows takes them in pieces of this size: those are handed out as they were
/// made, without a copy, whatever rows there are besides.
pub const LARGEST_BATCH: usize = 1 << 16;
/// The smallest batch, in rows.
const SMALLEST: usize = 1 << 10;
/// Batches are whole planes' words.
const GRAIN: usize = 128;

/// How many rows the next batch has. Both parties follow the same plan from the same demands, all of them public, so
/// that a batch's size need not be sent and cannot be chosen by a cheater.
///
/// A batch covers what is missing, but has at least 1,024 rows, at least twice those of the batch before, and at most
/// 2^16: many small demands soon share large batches, whose check costs 0.3 bits a row.
#[derive(Default)]
pub(crate) struct Plan {
    previous: usize,
}

impl Plan {
    /// The size of the next batch, when `missing` rows are wanted and not there.
    pub(crate) fn next(&mut self, missing: usize) -> usize {
        let wanted = missing.min(LARGEST_BATCH).next_multiple_of(GRAIN);
        self.previous = wanted.max(SMALLEST).max(2 * self.previous).min(LARGEST_BATCH);
        self.previous
    }

    /// The next batch is a largest one, whatever is missing.
    pub(crate) fn skip_to_largest(&mut self) {
        self.previous = LARGEST_BATCH;
    }
}

/// The batches that a stream of correlated OTs makes for one demand after the other: what
/// [`CotSender`](crate::CotSender) and [`CotReceiver`](crate::CotReceiver) do, without doing it.
#[derive(Default)]
pub struct Demands {
    plan: Plan,
    /// Rows that are made and not yet handed out.
    left: usize,
}

impl Demands {
    /// The numbers of rows of the batches that `extend_into` makes for `count` more rows.
    pub fn batches(&mut self, count: usize) -> Vec<usize> {
        let mut batches = vec![LARGEST_BATCH; count / LARGEST_BATCH];
        if !batches.is_empty() {
            self.plan.skip_to_largest();
        }
        batches.extend(self.provided(count % LARGEST_BATCH));
        batches
    }

    /// The same for `count` more rows that are provided before they are handed out in pieces of less than a largest batch.
    pub fn provided(&mut self, count: usize) -> Vec<usize> {
        let mut batches = Vec::new();
        while self.left < count {
            let rows = self.plan.next(count - self.left);
            self.left += rows;
            batches.push(rows);
        }
        self.left -= count;
        batches
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_demands_grow_and_large_ones_are_cut() {
        let sizes = |demands: &[usize]| {
            let mut plan = Plan::default();
            demands.iter().map(|&missing| plan.next(missing)).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[1, 1, 1, 1, 1, 1, 1, 1]), [1024, 2048, 4096, 8192, 16384, 32768, 65536, 65536]);
        assert_eq!(sizes(&[1025]), [1152]);
        assert_eq!(sizes(&[3000, 100]), [3072, 6144]);
        assert_eq!(sizes(&[40_000, 1, 1]), [40_064, 65_536, 65_536]);
        assert_eq!(sizes(&[1 << 20, 5]), [65_536, 65_536]);
        assert_eq!(sizes(&[usize::MAX]), [65_536]);
    }

    proptest! {
        #[test]
        fn sizes_are_legal(demands in prop::collection::vec(1usize..200_000, 1..20)) {
            let mut plan = Plan::default();
            let mut previous = 0;
            for missing in demands {
                let size = plan.next(missing);
                prop_assert!(size % 128 == 0 && (SMALLEST..=LARGEST_BATCH).contains(&size));
                prop_assert!(size >= missing || size == LARGEST_BATCH);
                prop_assert!(size >= 2 * previous || size == LARGEST_BATCH);
                previous = size;
            }
        }
    }
}
