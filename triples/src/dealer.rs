use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Backend, Block, Delta, Entropy, Mitccrh, SessionId};
use halfgate_ot::{CotReceiver, CotSender, Holder, LARGEST_BATCH, setup_pair};

use crate::buckets::{BlockPlan, Statistical};
use crate::dealing::SHARES_PER_MESSAGE;
use crate::leaky::Rows;
use crate::opening::{Openings, PROOF};
use crate::stock::{Triple, Triples};
use crate::{AuthBits, TripleError};

/// One party's end of function-independent preprocessing: it holds Δ and deals authenticated bits and AND triples.
///
/// Both parties make the same calls with the same numbers in the same order. After an error every further call fails, and
/// what was dealt before must not be used: Δ may not be used again.
pub struct Dealer {
    pub(crate) sid: SessionId,
    pub(crate) own: Party,
    pub(crate) backend: Backend,
    pub(crate) entropy: Entropy,
    pub(crate) delta: Delta,
    /// For this party's tables of leaky ANDs, and for the peer's.
    pub(crate) hashes: [Mitccrh; 2],
    pub(crate) statistical: Statistical,
    pub(crate) openings: Openings,
    pub(crate) next_tweak: u64,
    pub(crate) next_block: u64,
    plan: BlockPlan,
    pub(crate) stock: Triples,
    /// Gone while a call runs, and after one that failed or was cancelled.
    pub(crate) cot: Option<Cot>,
}

/// Both directions of correlated OT.
pub(crate) struct Cot {
    pub(crate) sender: CotSender,
    pub(crate) receiver: CotReceiver,
}

impl Dealer {
    /// Starts on a channel whose handshake is done, with a fresh Δ. Only one dealer per session.
    ///
    /// # Errors
    /// If the channel or a check of the oblivious transfer fails.
    pub async fn start(
        channel: &mut Channel,
        sid: SessionId,
        own: Party,
        statistical: Statistical,
        backend: Backend,
        mut entropy: Entropy,
    ) -> Result<Self, TripleError> {
        channel.begin_phase("OT setup");
        // bit 1 of Δ_G ⊕ Δ_E has to be set, for it carries the products.
        let delta = Delta::with_second_bit(&mut entropy, own == Party::Garbler);
        let start = entropy.block();
        // -> S_P, <- S_Q
        let theirs = channel.exchange(Kind::Start, start.to_bytes().to_vec(), Length::Exactly(16)).await?;
        let theirs = Block::from_bytes(theirs.as_slice().try_into().map_err(|_| TripleError::Cheating)?);
        if theirs == start {
            return Err(TripleError::Cheating); // reflected: the two domains of the hash would be one
        }
        let holder = match own {
            Party::Garbler => Holder::Garbler,
            Party::Evaluator => Holder::Evaluator,
        };
        let (sender, receiver) = setup_pair(channel, &sid, holder, &delta, backend, &mut entropy).await?;
        Ok(Dealer {
            sid,
            own,
            backend,
            entropy,
            delta,
            hashes: [start, theirs].map(|start| Mitccrh::new(backend, start)),
            statistical,
            openings: Openings::new(sid, own),
            next_tweak: 0,
            next_block: 0,
            plan: BlockPlan::default(),
            stock: Triples::default(),
            cot: Some(Cot { sender, receiver }),
        })
    }

    /// A fresh random block.
    pub fn fresh_block(&mut self) -> Block {
        self.entropy.block()
    }

    /// This party's global offset, under which the peer's MACs stand.
    pub fn delta(&self) -> &Delta {
        &self.delta
    }

    /// Deals random authenticated bits. Neither party knows a whole bit.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn bits(&mut self, channel: &mut Channel, count: usize) -> Result<AuthBits, TripleError> {
        let mut cot = self.cot.take().ok_or(TripleError::Destroyed)?;
        channel.begin_phase("authenticated bits");
        let mut rows = Rows::zeroed(count);
        cot.fill(channel, &mut rows).await?;
        self.cot = Some(cot);
        Ok(AuthBits::from_rows(&rows.choices, &rows.macs, &rows.keys, &self.delta))
    }

    /// Makes triples until so many are in stock. `expected` says how many will be wanted in all, if the caller knows: many
    /// at once cost less.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn provide(
        &mut self,
        channel: &mut Channel,
        count: usize,
        expected: usize,
    ) -> Result<(), TripleError> {
        if self.stock.len() < count {
            let mut cot = self.cot.take().ok_or(TripleError::Destroyed)?;
            let left = self.stock.len();
            let mut made = Vec::new();
            let mut missing = count - left;
            while missing > 0 {
                let buckets = self.plan.next(missing, expected.saturating_sub(left), self.statistical);
                made.push(self.make_block(channel, &mut cot, buckets).await?);
                missing = missing.saturating_sub(buckets.count);
            }
            self.stock.append(made);
            self.cot = Some(cot);
        }
        Ok(())
    }

    /// Takes triples out of the stock, with this party's shares of x, y and z in bits 0, 1 and 2 of a byte.
    ///
    /// # Errors
    /// [`TripleError::Destroyed`] after a failure.
    ///
    /// # Panics
    /// If there are fewer: [`Dealer::provide`] comes before.
    pub fn take(&mut self, count: usize) -> Result<(&[Triple], &[u8]), TripleError> {
        if self.cot.is_none() {
            return Err(TripleError::Destroyed);
        }
        Ok(self.stock.take(count))
    }

    /// Opens bits to the peer: sends this party's shares and their proof.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn open(&mut self, channel: &mut Channel, bits: &AuthBits) -> Result<(), TripleError> {
        let cot = self.cot.take().ok_or(TripleError::Destroyed)?;
        let proof = self.openings.prove(bits.auths().iter().map(|auth| auth.mac));
        // -> shares, RO(MACs)
        for piece in opening_message(bits.shares(), &proof).chunks(SHARES_PER_MESSAGE / 8) {
            channel.send(Kind::MaskShares, piece.to_vec()).await?;
        }
        self.cot = Some(cot);
        Ok(())
    }

    /// Learns the whole bits that the peer [opens](Dealer::open).
    ///
    /// # Errors
    /// If the channel fails or the proof is wrong.
    pub async fn learn(&mut self, channel: &mut Channel, bits: &AuthBits) -> Result<BitRows, TripleError> {
        let cot = self.cot.take().ok_or(TripleError::Destroyed)?;
        // <- shares, RO(MACs)
        let length = bits.shares().byte_len() + PROOF;
        let mut message = Vec::with_capacity(length);
        while message.len() < length {
            let due = Length::Exactly((length - message.len()).min(SHARES_PER_MESSAGE / 8));
            message.extend(channel.receive(Kind::MaskShares, due).await?);
        }
        let (mut values, proof) = read_opening(&message, bits.len())?;
        values.xor_assign(bits.shares());
        let expected = bits.auths().iter().zip(values.bits());
        let expected = expected.map(|(auth, value)| auth.expected_mac(value, &self.delta));
        self.openings.verify(expected, proof)?;
        self.cot = Some(cot);
        Ok(values)
    }
}

impl Cot {
    /// Fills rows of both directions; those that this party sends keys for are checked before it returns.
    pub(crate) async fn fill(&mut self, channel: &mut Channel, rows: &mut Rows) -> Result<(), TripleError> {
        let choices = rows.choices.chunks_mut(LARGEST_BATCH / 64);
        let macs = rows.macs.chunks_mut(LARGEST_BATCH);
        for ((choices, macs), keys) in choices.zip(macs).zip(rows.keys.chunks_mut(LARGEST_BATCH)) {
            // -> a batch and what the peer checks it by
            self.receiver.extend_into(channel, choices, macs).await?;
            // <- a batch, checked before it is used
            self.sender.extend_into(channel, keys).await?;
        }
        Ok(())
    }

    /// Makes one batch of so many rows that will be wanted in smaller pieces.
    pub(crate) async fn provide(&mut self, channel: &mut Channel, count: usize) -> Result<(), TripleError> {
        self.receiver.provide(channel, count).await?;
        self.sender.provide(channel, count).await?;
        Ok(())
    }
}

/// Shares and their proof as one message.
pub(crate) fn opening_message(shares: &BitRows, proof: &[u8; PROOF]) -> Vec<u8> {
    let mut message = shares.to_bytes();
    message.extend_from_slice(proof);
    message
}

/// The shares and the proof of a message of the right length.
///
/// # Errors
/// [`TripleError::Cheating`] if bits are set behind the last.
pub(crate) fn read_opening(message: &[u8], count: usize) -> Result<(BitRows, &[u8]), TripleError> {
    let (bits, proof) = message.split_at(message.len() - PROOF);
    Ok((BitRows::from_bytes(count, 1, bits).ok_or(TripleError::Cheating)?, proof))
}
