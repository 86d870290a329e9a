use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::{BitRows, Party};
use halfgate_crypto::{Backend, Block, Delta, Entropy, Mitccrh, SessionId};
use halfgate_ot::{Holder, setup_pair};

use crate::buckets::{BlockPlan, Statistical};
use crate::candidates::Arena;
use crate::dealing::SHARES_PER_MESSAGE;
use crate::opening::{Blocks, Openings, PROOF, expected_macs, macs};
use crate::stock::{Triple, Triples};
use crate::streams::Streams;
use crate::{AuthBits, Pool, Portion, TripleError};

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
    pub(crate) source: Option<Source>,
    pub(crate) spare: Spare,
}

/// Memory that does for the next call: new pages cost as much as the work on what lies in them.
#[derive(Default)]
pub(crate) struct Spare {
    pub(crate) bits: AuthBits,
    pub(crate) portions: Vec<Portion>,
}

/// Where correlations come from: a pool that was prepared, and then the two parties.
#[derive(Default)]
pub(crate) struct Source {
    pool: Option<Pool>,
    /// Bits of the pool that tell whether a set-up behind it has the same Δ.
    spare: Option<AuthBits>,
    /// Set up when first needed.
    cot: Option<Cot>,
}

/// Correlated OT, and where triples are made of it.
pub(crate) struct Cot {
    pub(crate) streams: Streams,
    pub(crate) arena: Arena,
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
        // bit 1 of Δ_G ⊕ Δ_E has to be set, for it carries the products.
        let delta = Delta::with_second_bit(&mut entropy, own == Party::Garbler);
        channel.begin_phase("OT setup");
        let (hashes, _) = exchange_starts(channel, backend, &mut entropy, &[]).await?;
        let mut dealer = Dealer::with(sid, own, statistical, backend, entropy, delta, hashes);
        let mut source = Source::default();
        dealer.connect(channel, &mut source).await?;
        dealer.source = Some(source);
        Ok(dealer)
    }

    /// A dealer without a source.
    pub(crate) fn with(
        sid: SessionId,
        own: Party,
        statistical: Statistical,
        backend: Backend,
        entropy: Entropy,
        delta: Delta,
        hashes: [Mitccrh; 2],
    ) -> Self {
        Dealer {
            sid,
            own,
            backend,
            entropy,
            delta,
            hashes,
            statistical,
            openings: Openings::new(sid, own),
            next_tweak: 0,
            next_block: 0,
            plan: BlockPlan::default(),
            stock: Triples::default(),
            source: None,
            spare: Spare::default(),
        }
    }

    /// Makes a pool the source.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn draw_from(&mut self, mut pool: Pool) -> Result<(), TripleError> {
        let spare = Some(pool.spare()?);
        self.source = Some(Source { pool: Some(pool), spare, cot: None });
        Ok(())
    }

    /// Both directions of OT, which are set up now if a pool has been enough so far.
    async fn connect<'a>(
        &mut self,
        channel: &mut Channel,
        source: &'a mut Source,
    ) -> Result<&'a mut Cot, TripleError> {
        let cot = match source.cot.take() {
            Some(cot) => cot,
            None => {
                channel.begin_phase("OT setup");
                let holder = match self.own {
                    Party::Garbler => Holder::Garbler,
                    Party::Evaluator => Holder::Evaluator,
                };
                let ends =
                    setup_pair(channel, &self.sid, holder, &self.delta, self.backend, &mut self.entropy);
                let (sender, receiver) = ends.await?;
                let mut cot = Cot { streams: Streams::new(sender, receiver), arena: Arena::default() };
                if let Some(old) = source.spare.take() {
                    let mut new = AuthBits::zeroed(old.len());
                    cot.streams.bits(channel, &self.delta, &mut new, 0).await?;
                    self.prove_same_delta(channel, &old, &new).await?;
                }
                cot
            }
        };
        Ok(source.cot.insert(cot))
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
        let mut bits = AuthBits::default();
        self.bits_into(channel, count, &mut bits).await?;
        Ok(bits)
    }

    /// As [`Dealer::bits`], in place of others.
    pub(crate) async fn bits_into(
        &mut self,
        channel: &mut Channel,
        count: usize,
        bits: &mut AuthBits,
    ) -> Result<(), TripleError> {
        let mut source = self.source.take().ok_or(TripleError::Destroyed)?;
        bits.fit(count);
        let mut prepared = 0;
        if let Some(pool) = &mut source.pool {
            channel.begin_phase("pool");
            prepared = pool.bits(bits)?;
        }
        if prepared < count {
            let cot = self.connect(channel, &mut source).await?;
            channel.begin_phase("authenticated bits");
            cot.streams.bits(channel, &self.delta, bits, prepared).await?;
        }
        self.source = Some(source);
        Ok(())
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
            let mut source = self.source.take().ok_or(TripleError::Destroyed)?;
            if let Some(pool) = &mut source.pool {
                channel.begin_phase("pool");
                self.stock.append(pool.triples(count - self.stock.len())?);
            }
            let left = self.stock.len();
            while self.stock.len() < count {
                let cot = self.connect(channel, &mut source).await?;
                let missing = count - self.stock.len();
                let buckets = self.plan.next(missing, expected.saturating_sub(left), self.statistical);
                self.make_block(channel, cot, buckets).await?;
            }
            self.source = Some(source);
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
        if self.source.is_none() {
            return Err(TripleError::Destroyed);
        }
        Ok(self.stock.take(count))
    }

    /// Opens the bits of some lists to the peer: sends this party's shares and their proof.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn open(&mut self, channel: &mut Channel, lists: &[&AuthBits]) -> Result<(), TripleError> {
        let source = self.source.take().ok_or(TripleError::Destroyed)?;
        let add = |blocks: Blocks, bits: &&AuthBits| blocks.add(bits.len(), macs(bits.auths()));
        let proof = self.openings.prove(|blocks| lists.iter().fold(blocks, add));
        let shares = BitRows::joined(lists.iter().map(|bits| bits.shares()));
        // -> shares, RO(MACs)
        for piece in opening_message(&shares, &proof).chunks(SHARES_PER_MESSAGE / 8) {
            channel.send(Kind::MaskShares, piece.to_vec()).await?;
        }
        self.source = Some(source);
        Ok(())
    }

    /// Learns the whole bits of the lists that the peer [opens](Dealer::open), one after the other.
    ///
    /// # Errors
    /// If the channel fails or the proof is wrong.
    pub async fn learn(
        &mut self,
        channel: &mut Channel,
        lists: &[&AuthBits],
    ) -> Result<BitRows, TripleError> {
        let source = self.source.take().ok_or(TripleError::Destroyed)?;
        let shares = BitRows::joined(lists.iter().map(|bits| bits.shares()));
        // <- shares, RO(MACs)
        let length = shares.byte_len() + PROOF;
        let mut message = Vec::with_capacity(length);
        while message.len() < length {
            let due = Length::Exactly((length - message.len()).min(SHARES_PER_MESSAGE / 8));
            message.extend(channel.receive(Kind::MaskShares, due).await?);
        }
        let (mut values, proof) = read_opening(&message, shares.len())?;
        values.xor_words(shares.words());
        let mut first = 0;
        let add = |blocks: Blocks, bits: &&AuthBits| {
            let blocks = blocks.add(bits.len(), expected_macs(bits.auths(), &values, first, &self.delta));
            first += bits.len();
            blocks
        };
        self.openings.verify(|blocks| lists.iter().fold(blocks, add), proof)?;
        self.source = Some(source);
        Ok(values)
    }
}

/// Both sides say the start point of the hash of their tables, and what else there is to say first. Returns the hashes, and
/// what the peer said.
pub(crate) async fn exchange_starts(
    channel: &mut Channel,
    backend: Backend,
    entropy: &mut Entropy,
    said: &[u8],
) -> Result<([Mitccrh; 2], Vec<u8>), TripleError> {
    let start = entropy.block();
    let message = [&start.to_bytes(), said].concat();
    let length = Length::Exactly(message.len());
    // -> S_P, <- S_Q
    let mut theirs = channel.exchange(Kind::Start, message, length).await?;
    let said = theirs.split_off(16);
    let theirs = Block::from_bytes(theirs.as_slice().try_into().map_err(|_| TripleError::Cheating)?);
    if theirs == start {
        return Err(TripleError::Cheating); // reflected: no honest peer draws the same
    }
    Ok(([start, theirs].map(|start| Mitccrh::new(backend, start)), said))
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
