//! How a block of triples is made, message by message.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::BitRows;
use halfgate_crypto::{Block, Mitccrh, Oracle, refit};
use halfgate_ot::LARGEST_BATCH;

use crate::TripleError;
use crate::buckets::Buckets;
use crate::candidates::Candidates;
use crate::combine::Combining;
use crate::commitment::{Committed, DIGEST, OPENING, Place, Subject};
use crate::dealer::{Cot, Dealer, opening_message, read_opening};
use crate::leaky::{Leaky, Rows};
use crate::opening::PROOF;
use crate::streams::{Set, Streams};

/// Tables of leaky ANDs in a message: 256 KiB. Part of the wire format.
pub const TABLES_PER_MESSAGE: usize = 1 << 14;

/// Pieces of a block that are begun between the steps of one: its rows are chosen, its tables sent, and those of the peer
/// taken. Part of the wire format.
pub const LAG: usize = 2;

/// Pieces that are at work.
pub(crate) const SETS: usize = 2 * LAG + 1;

/// Shares in a message. Part of the wire format.
pub const SHARES_PER_MESSAGE: usize = 1 << 22;

impl Dealer {
    /// Adds the triples of one block to the stock. `cot` is the dealer's, taken out so that a failure leaves nothing to go on with.
    pub(crate) async fn make_block(
        &mut self,
        channel: &mut Channel,
        cot: &mut Cot,
        buckets: Buckets,
    ) -> Result<(), TripleError> {
        let place = Place { sid: self.sid, block: self.next_block };
        self.next_block += 1;
        let first_tweak = self.next_tweak;
        let end = first_tweak.checked_add(buckets.candidates() as u64);
        self.next_tweak = end.filter(|&end| end <= Mitccrh::TWEAK_BOUND).ok_or(TripleError::Exhausted)?;

        let Cot { streams, arena } = cot;
        let mut candidates = arena.candidates(buckets.candidates());
        self.leaky_ands(channel, streams, first_tweak, buckets.candidates(), &mut candidates).await?;
        let digest = self.correct(channel, &mut candidates, place).await?;
        let coin = self.compare_and_toss(channel, place, digest).await?;
        channel.begin_phase("buckets");
        let coin = Block::from_bytes(*coin.first_chunk().expect("a coin has 32 bytes"));
        let piled = candidates.pile(self.backend, coin);
        let (combining, proof) = Combining::open(piled, buckets, &mut self.openings);
        // -> shares of d, RO(MACs), <- theirs
        let theirs = exchange_shares(channel, Kind::TripleOpenings, combining.shares(), &proof).await?;
        self.stock.make_room(buckets.count);
        combining.finish(&theirs.0, &theirs.1, &self.delta, &mut self.openings, &mut self.stock)
    }

    /// Leaky ANDs up to their sums, in pieces of whole OT batches. What the peer sends of a piece is wanted some steps after
    /// it is sent, for on a long line it is under way until then.
    async fn leaky_ands(
        &mut self,
        channel: &mut Channel,
        streams: &mut Streams,
        first_tweak: u64,
        count: usize,
        candidates: &mut Candidates<'_>,
    ) -> Result<(), TripleError> {
        let piece = |index: usize| (count - index * LARGEST_BATCH).min(LARGEST_BATCH);
        let pieces = count.div_ceil(LARGEST_BATCH);
        for step in 0..pieces + 2 * LAG {
            let begun = |lag: usize| step.checked_sub(lag).filter(|&index| index < pieces);
            let tweak = |index: usize| first_tweak + (index * LARGEST_BATCH) as u64;
            if let Some(index) = begun(0) {
                channel.begin_phase("authenticated bits");
                streams.choose(channel, index % SETS, [piece(index); 3]).await?;
            }
            if let Some(index) = begun(LAG) {
                channel.begin_phase("authenticated bits");
                streams.check(channel, index % SETS).await?;
                channel.begin_phase("leaky ANDs");
                let Set { rows, hashes } = &mut streams.sets[index % SETS];
                refit(hashes, piece(index));
                self.leaky(rows).send_tables(channel, &self.hashes[0], tweak(index), hashes).await?;
            }
            if let Some(index) = begun(2 * LAG) {
                channel.begin_phase("leaky ANDs");
                let (Set { rows, hashes }, hash) = (&streams.sets[index % SETS], &self.hashes[1]);
                self.leaky(rows).receive_tables(channel, hash, tweak(index), hashes, candidates).await?;
            }
        }
        Ok(())
    }

    fn leaky<'a>(&'a self, [x, y, r]: &'a [Rows; 3]) -> Leaky<'a> {
        Leaky { delta: &self.delta, x, y, r }
    }

    /// Exchanges the second bits of the sums. Returns the digest of L.
    async fn correct(
        &mut self,
        channel: &mut Channel,
        candidates: &mut Candidates<'_>,
        place: Place,
    ) -> Result<[u8; DIGEST], TripleError> {
        let mut d = candidates.told();
        let mut theirs = Vec::with_capacity(d.byte_len());
        for piece in d.to_bytes().chunks(SHARES_PER_MESSAGE / 8) {
            // -> bit1(S_P), <- bit1(S_Q)
            let (ours, length) = (piece.to_vec(), Length::Exactly(piece.len()));
            theirs.extend(channel.exchange(Kind::LeakyBits, ours, length).await?);
        }
        d.xor_assign(&BitRows::from_bytes(d.len(), 1, &theirs).ok_or(TripleError::Cheating)?);
        let oracle = Oracle::new("leaky and sums", &self.sid).number(place.block);
        Ok(candidates.correct(&d, self.own, &self.delta, oracle))
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

impl Leaky<'_> {
    /// Sends tables, a message's worth at a time.
    async fn send_tables(
        &self,
        channel: &mut Channel,
        hash: &Mitccrh,
        first_tweak: u64,
        hashes: &mut [Block],
    ) -> Result<(), TripleError> {
        let pieces = hashes.chunks_mut(TABLES_PER_MESSAGE);
        for (first, hashes) in (0..).step_by(TABLES_PER_MESSAGE).zip(pieces) {
            let mut message = channel.take_buffer_of_length(hashes.len() * 16);
            self.tables(hash, first_tweak, first, hashes, message.as_chunks_mut().0);
            // -> T_P
            channel.send_crossing(Kind::LeakyTables, message).await?;
        }
        Ok(())
    }

    /// Takes the peer's tables, and with them makes candidates.
    async fn receive_tables(
        &self,
        channel: &mut Channel,
        hash: &Mitccrh,
        first_tweak: u64,
        hashes: &[Block],
        candidates: &mut Candidates<'_>,
    ) -> Result<(), TripleError> {
        let pieces = hashes.chunks(TABLES_PER_MESSAGE);
        for (first, hashes) in (0..).step_by(TABLES_PER_MESSAGE).zip(pieces) {
            // <- T_Q
            let length = Length::Exactly(hashes.len() * 16);
            let message = channel.receive_crossing(Kind::LeakyTables, length).await?;
            self.finish(hash, first_tweak, first, hashes, message.as_chunks().0, candidates);
            channel.recycle(message);
        }
        Ok(())
    }
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
