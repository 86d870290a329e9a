use std::collections::VecDeque;

use crate::rows::Rows;

/// Rows that are made and not yet handed out, batch by batch.
pub(crate) struct Pool<R> {
    batches: VecDeque<R>,
    /// Rows of the first batch that are handed out already.
    taken: usize,
    available: usize,
}

impl<R: Rows> Pool<R> {
    pub(crate) fn new() -> Self {
        Pool { batches: VecDeque::new(), taken: 0, available: 0 }
    }

    /// How many rows there are.
    pub(crate) fn available(&self) -> usize {
        self.available
    }

    /// Adds a batch.
    pub(crate) fn push(&mut self, batch: R) {
        self.available += batch.len();
        self.batches.push_back(batch);
    }

    /// Hands out the next rows.
    ///
    /// # Panics
    /// If there are fewer.
    pub(crate) fn take(&mut self, count: usize) -> R {
        if self.taken == 0
            && let Some(batch) = self.batches.pop_front_if(|batch| batch.len() == count)
        {
            self.available -= count;
            return batch;
        }
        let mut rows = R::zeroed(count);
        self.drain(count, |at, batch, from, step| rows.copy(at, batch, from, step));
        rows
    }

    /// Hands out the next rows in pieces: to `take` go the number of rows before, the batch, the first row there and how
    /// many.
    ///
    /// # Panics
    /// If there are fewer.
    pub(crate) fn drain(&mut self, count: usize, mut take: impl FnMut(usize, &R, usize, usize)) {
        assert!(count <= self.available, "{count} of {} rows", self.available);
        self.available -= count;
        let mut done = 0;
        while done < count {
            let batch = self.batches.front().expect("as many rows are available as the batches have left");
            let step = (batch.len() - self.taken).min(count - done);
            take(done, batch, self.taken, step);
            self.taken += step;
            done += step;
            if self.taken == batch.len() {
                self.batches.pop_front();
                self.taken = 0;
            }
        }
    }

    /// Wipes everything.
    pub(crate) fn clear(&mut self) {
        *self = Pool::new();
    }
}

#[cfg(test)]
mod tests {
    use halfgate_crypto::{Block, Entropy};
    use proptest::prelude::*;

    use super::*;
    use crate::rows::ReceiverRows;

    proptest! {
        #[test]
        fn rows_come_out_in_the_order_they_went_in(
            batches in prop::collection::vec(1usize..6, 0..6),
            takes in prop::collection::vec(0usize..900, 0..8),
        ) {
            let mut entropy = Entropy::fixed(1);
            let mut pool = Pool::new();
            let mut model: VecDeque<(bool, Block)> = VecDeque::new();
            for size in batches {
                let mut batch = ReceiverRows::zeroed(128 * size);
                let (choices, rows) = batch.parts_mut();
                choices.iter_mut().for_each(|word| *word = entropy.block().bits() as u64);
                rows.iter_mut().for_each(|row| *row = entropy.block());
                model.extend(rows.iter().enumerate().map(|(i, &row)| (choices[i / 64] >> (i % 64) & 1 == 1, row)));
                pool.push(batch);
            }
            for count in takes {
                prop_assert_eq!(pool.available(), model.len());
                let count = count.min(model.len());
                let rows = pool.take(count);
                prop_assert_eq!((rows.rows().len(), rows.choices().len()), (count, count.div_ceil(64)));
                for (i, (choice, row)) in model.drain(..count).enumerate() {
                    prop_assert!(rows.rows()[i] == row && (rows.choices()[i / 64] >> (i % 64) & 1 == 1) == choice);
                }
                let unused = rows.choices().last().map_or(0, |word| if count % 64 == 0 { 0 } else { word >> (count % 64) });
                prop_assert_eq!(unused, 0);
            }
        }
    }
}
