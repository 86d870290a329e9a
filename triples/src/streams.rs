use halfgate_channel::Channel;
use halfgate_crypto::{Block, Delta};
use halfgate_ot::{CotReceiver, CotSender, LARGEST_BATCH};
use zeroize::Zeroizing;

use crate::dealing::SETS;
use crate::leaky::Rows;
use crate::{AuthBits, TripleError};

/// Both directions of correlated OT, and what their rows are put into.
pub(crate) struct Streams {
    sender: CotSender,
    receiver: CotReceiver,
    pub(crate) sets: [Set; SETS],
}

/// Rows of authenticated bits: those of x, y and r of a piece of leaky ANDs, and H(K_P\[x\]) of each.
#[derive(Default)]
pub(crate) struct Set {
    pub(crate) rows: [Rows; 3],
    pub(crate) hashes: Zeroizing<Vec<Block>>,
}

impl Streams {
    pub(crate) fn new(sender: CotSender, receiver: CotReceiver) -> Self {
        Streams { sender, receiver, sets: Default::default() }
    }

    /// Random authenticated bits, in place of those from `first` on.
    pub(crate) async fn bits(
        &mut self,
        channel: &mut Channel,
        delta: &Delta,
        bits: &mut AuthBits,
        first: usize,
    ) -> Result<(), TripleError> {
        self.choose(channel, 0, [bits.len() - first, 0, 0]).await?;
        let [rows, ..] = self.check(channel, 0).await?;
        bits.put_rows(first, &rows.choices, &rows.macs, &rows.keys, delta);
        Ok(())
    }

    /// Chooses the bits of so many rows in each list of a set, and gets their macs.
    pub(crate) async fn choose(
        &mut self,
        channel: &mut Channel,
        set: usize,
        counts: [usize; 3],
    ) -> Result<(), TripleError> {
        self.receiver.provide(channel, shared(counts)).await?;
        for (rows, count) in self.sets[set].rows.iter_mut().zip(counts) {
            rows.fit(count);
            // -> batches and what the peer checks them by
            self.receiver.extend_into(channel, &mut rows.choices, &mut rows.macs).await?;
        }
        Ok(())
    }

    /// Gets the keys of the rows of a set, as many as were [chosen](Streams::choose). They are checked before it returns.
    pub(crate) async fn check(
        &mut self,
        channel: &mut Channel,
        set: usize,
    ) -> Result<&[Rows; 3], TripleError> {
        let lists = &mut self.sets[set].rows;
        self.sender.provide(channel, shared(lists.each_ref().map(|rows| rows.keys.len()))).await?;
        for rows in &mut *lists {
            // <- batches, checked before they are used
            self.sender.extend_into(channel, &mut rows.keys).await?;
        }
        Ok(lists)
    }
}

/// The rows of some lists that are made in one batch: small lists have one together.
fn shared(counts: [usize; 3]) -> usize {
    let small = counts.map(|count| if count < LARGEST_BATCH { count } else { 0 });
    if small.iter().filter(|&&count| count > 0).count() > 1 { small.iter().sum() } else { 0 }
}
