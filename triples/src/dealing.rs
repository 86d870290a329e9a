//! How a block of triples is made, message by message.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Mitccrh, Oracle};
use halfgate_ot::LARGEST_BATCH;
use zeroize::Zeroizing;

use crate::TripleError;
use crate::buckets::Buckets;
use crate::candidates::Candidates;
use crate::combine::Combining;
use crate::commitment::{Committed, DIGEST, OPENING, Place, Subject};
use crate::dealer::{Cot, Dealer, opening_message, read_opening};
use crate::leaky::{Leaky, Rows};
use crate::opening::PROOF;
use crate::permutation::Permutation;
use crate::stock::Triples;

/// Tables of leaky ANDs in a message: 256 KiB. Part of the wire format.
pub const TABLES_PER_MESSAGE: usize = 1 << 14;

/// Shares in a message. Part of the wire format.
pub const SHARES_PER_MESSAGE: usize = 1 << 22;

impl Dealer {
    /// Makes the triples of one block. `cot` is the dealer's, taken out so that a failure leaves nothing to go on with.
    pub(crate) async fn make_block(
        &mut self,
        channel: &mut Channel,
        cot: &mut Cot,
        buckets: Buckets,
    ) -> Result<Triples, TripleError> {
        let place = Place { sid: self.sid, block: self.next_block };
        self.next_block += 1;
        let first_tweak = self.next_tweak;
        let end = first_tweak.checked_add(buckets.candidates() as u64);
        self.next_tweak = end.filter(|&end| end <= Mitccrh::TWEAK_BOUND).ok_or(TripleError::Exhausted)?;

        let mut candidates = Candidates::with_capacity(buckets.candidates());
        self.leaky_ands(channel, cot, first_tweak, buckets.candidates(), &mut candidates).await?;
        let digest = self.correct(channel, &mut candidates, place).await?;
        let coin = self.compare_and_toss(channel, place, digest).await?;
        channel.begin_phase("buckets");
        let coin = Block::from_bytes(*coin.first_chunk().expect("a coin has 32 bytes"));
        let permutation = Permutation::new(self.backend, coin, buckets.candidates());
        candidates.pile(&permutation);
        let order = permutation.into_order();
        let (combining, proof) = Combining::open(&candidates, buckets, order, &mut self.openings);
        // -> shares of d, RO(MACs), <- theirs
        let theirs = exchange_shares(channel, Kind::TripleOpenings, combining.shares(), &proof).await?;
        combining.finish(&theirs.0, &theirs.1, &self.delta, &mut self.openings)
    }

    /// Leaky ANDs up to their sums, in pieces of whole OT batches.
    async fn leaky_ands(
        &mut self,
        channel: &mut Channel,
        cot: &mut Cot,
        first_tweak: u64,
        count: usize,
        candidates: &mut Candidates,
    ) -> Result<(), TripleError> {
        let mut rows = [0; 3].map(|_| Rows::zeroed(count.min(LARGEST_BATCH)));
        while candidates.len() < count {
            let piece = (count - candidates.len()).min(LARGEST_BATCH);
            channel.begin_phase("authenticated bits");
            if piece < LARGEST_BATCH {
                cot.provide(channel, 3 * piece).await?;
            }
            for rows in &mut rows {
                rows.shorten(piece);
                cot.fill(channel, rows).await?;
            }
            let [x, y, r] = &rows;
            channel.begin_phase("leaky ANDs");
            let (leaky, tweak) =
                (Leaky { delta: &self.delta, x, y, r }, first_tweak + candidates.len() as u64);
            multiply(channel, &self.hashes, &leaky, tweak, piece, candidates).await?;
        }
        Ok(())
    }

    /// Exchanges the second bits of the sums. Returns the digest of L.
    async fn correct(
        &mut self,
        channel: &mut Channel,
        candidates: &mut Candidates,
        place: Place,
    ) -> Result<[u8; DIGEST], TripleError> {
        let mut d = candidates.bits();
        let mut theirs = Vec::with_capacity(d.byte_len());
        for piece in d.to_bytes().chunks(SHARES_PER_MESSAGE / 8) {
            // -> bit1(S_P), <- bit1(S_Q)
            let (ours, length) = (piece.to_vec(), Length::Exactly(piece.len()));
            theirs.extend(channel.exchange(Kind::LeakyBits, ours, length).await?);
        }
        d.xor_assign(&BitRows::from_bytes(d.len(), 1, &theirs).ok_or(TripleError::Cheating)?);
        let oracle = Oracle::new("leaky and sums", &self.sid).number(place.block);
        Ok(candidates.correct(&d, self.own, &self.delta, oracle).digest())
    }

    /// The equality test of the digests of L, and the joint coin after it.
    async fn compare_and_toss(
        &mut self,
        channel: &mut Channel,
        place: Place,
        digest: [u8; DIGEST],
    ) -> Result<[u8; DIGEST], TripleError> {
        let (own, peer) = (self.own, self.own.peer());
        let equality = Committed::new(digest, &mut self.entropy);
        let coin = Committed::new(self.entropy.bytes(), &mut self.entropy);
        let ours =
            [equality.commitment(place, Subject::Equality, own), coin.commitment(place, Subject::Coin, own)]
                .concat();
        // -> commitments, <- commitments
        let theirs = channel.exchange(Kind::Commitments, ours, Length::Exactly(2 * DIGEST)).await?;
        let (equality_commitment, coin_commitment) = theirs.split_at(DIGEST);
        // -> digest of L, <- digest of L
        let opening = exchange_opening(channel, &equality).await?;
        let theirs = place.opened(Subject::Equality, peer, equality_commitment, &opening)?;
        if !bool::from(subtle::ConstantTimeEq::ct_eq(theirs.as_slice(), equality.value())) {
            return Err(TripleError::Cheating);
        }
        // -> coin, <- coin
        let opening = exchange_opening(channel, &coin).await?;
        let theirs = place.opened(Subject::Coin, peer, coin_commitment, &opening)?;
        Ok(place.coin(own, coin.value(), &theirs))
    }
}

/// Sends tables and takes the peer's, a message's worth at a time.
async fn multiply(
    channel: &mut Channel,
    [ours, theirs]: &[Mitccrh; 2],
    leaky: &Leaky<'_>,
    first_tweak: u64,
    count: usize,
    candidates: &mut Candidates,
) -> Result<(), TripleError> {
    let mut hashes = Zeroizing::new(vec![Block::ZERO; count]);
    for (first, hashes) in (0..).step_by(TABLES_PER_MESSAGE).zip(hashes.chunks_mut(TABLES_PER_MESSAGE)) {
        let mut tables = vec![Block::ZERO; hashes.len()];
        leaky.tables(ours, first_tweak, first, hashes, &mut tables);
        let mut message = channel.take_buffer();
        message.extend_from_slice(bytemuck::cast_slice(&tables));
        // -> T_P
        channel.send_crossing(Kind::LeakyTables, message).await?;
    }
    for (first, hashes) in (0..).step_by(TABLES_PER_MESSAGE).zip(hashes.chunks(TABLES_PER_MESSAGE)) {
        // <- T_Q
        let length = Length::Exactly(hashes.len() * 16);
        let message = channel.receive_crossing(Kind::LeakyTables, length).await?;
        let tables: Vec<Block> =
            message.as_chunks().0.iter().map(|&bytes| Block::from_bytes(bytes)).collect();
        leaky.finish(theirs, first_tweak, first, hashes, &tables, candidates);
        channel.recycle(message);
    }
    Ok(())
}

async fn exchange_opening(channel: &mut Channel, ours: &Committed) -> Result<[u8; OPENING], TripleError> {
    let theirs = channel.exchange(Kind::Openings, ours.opening().to_vec(), Length::Exactly(OPENING)).await?;
    theirs.as_slice().try_into().map_err(|_| TripleError::Cheating)
}

/// Shares of bits that both open, and the peer's with its proof.
pub(crate) async fn exchange_shares(
    channel: &mut Channel,
    kind: Kind,
    shares: &BitRows,
    proof: &[u8; PROOF],
) -> Result<(BitRows, Vec<u8>), TripleError> {
    let ours = opening_message(shares, proof);
    let mut theirs = Vec::with_capacity(ours.len());
    for piece in ours.chunks(SHARES_PER_MESSAGE / 8) {
        let length = Length::Exactly(piece.len());
        theirs.extend(channel.exchange(kind, piece.to_vec(), length).await?);
    }
    let (shares, proof) = read_opening(&theirs, shares.len())?;
    Ok((shares, proof.to_vec()))
}
