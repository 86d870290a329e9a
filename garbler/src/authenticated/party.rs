use halfgate_channel::{Channel, Kind};
use halfgate_circuits::{BitRows, Party};
use halfgate_compiler::Program;
use halfgate_crypto::{Backend, Block, Entropy, HalfGates, Mitccrh, SessionId, ZeroLabels};
use halfgate_triples::{AndChecks, Dealer, InputBits, Supply, Wires};
use zeroize::Zeroizing;

use crate::GarblerError;
use crate::authenticated::{AuthenticatedSource, GarbledAnds};
use crate::own_labels;

/// The garbler's side of a session with an evaluator that may cheat: it holds Δ, deals correlations with the evaluator, counts
/// gate ids and drives the kernels over the channel.
///
/// After an error, or an operation that was cancelled, every further one fails: what a failed check touched may not be
/// used again.
pub struct AuthenticatedGarbler {
    pub(super) channel: Channel,
    pub(super) backend: Backend,
    pub(super) dealer: Dealer,
    pub(super) checks: AndChecks,
    /// For rows alone: leaky ANDs have start points of their own.
    hash: Mitccrh,
    zero: Block,
    next_id: u64,
    /// ANDs that a run still has before it, so that triples are made in large blocks.
    pub(super) expected: usize,
    pub(super) spare: Spare,
    /// Raised while an operation runs and left so if it fails or is cancelled: Δ is not used again then.
    spent: bool,
}

/// Memory that does for the next portion: new pages cost as much as the work on what lies in them.
#[derive(Default)]
pub(super) struct Spare {
    pub(super) garbled: Vec<GarbledAnds>,
    pub(super) macs: Zeroizing<Vec<Block>>,
}

impl Spare {
    pub(super) fn take(&mut self) -> GarbledAnds {
        self.garbled.pop().unwrap_or_default()
    }
}

impl AuthenticatedGarbler {
    /// Starts on a channel whose handshake is done: sends the hash's start point, and sets oblivious transfer up in both
    /// directions unless a pool makes that unnecessary.
    ///
    /// # Errors
    /// If the channel or a check of the oblivious transfer fails, or the pool cannot be used.
    pub async fn start(
        mut channel: Channel,
        sid: SessionId,
        supply: impl Into<Supply>,
        backend: Backend,
        mut entropy: Entropy,
    ) -> Result<Self, GarblerError> {
        let (start, zero) = (entropy.block(), entropy.block());
        channel.begin_phase("hash key");
        // -> S, Z
        channel.send(Kind::Start, [start.to_bytes(), zero.to_bytes()].concat()).await?;
        let own = Party::Garbler;
        let dealer = Dealer::start_with(&mut channel, sid, own, supply.into(), backend, entropy).await;
        if dealer.is_err() {
            // The channel goes away with this side, and a peer that heard nothing would wait for it to come back.
            channel.abort().await;
        }
        let dealer = dealer?;
        Ok(AuthenticatedGarbler {
            channel,
            backend,
            dealer,
            checks: AndChecks::new(sid),
            hash: Mitccrh::new(backend, start),
            zero,
            next_id: 0,
            expected: 0,
            spare: Spare::default(),
            spent: false,
        })
    }

    /// The channel, for messages between the operations.
    pub fn channel(&mut self) -> &mut Channel {
        &mut self.channel
    }

    /// Ends the party and hands the channel back.
    pub fn into_channel(self) -> Channel {
        self.channel
    }

    /// Masks input groups of `lanes` lanes and makes their labels. The evaluator names the same groups.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn inputs(
        &mut self,
        groups: &[InputBits<'_>],
        lanes: usize,
    ) -> Result<Vec<Wires<ZeroLabels>>, GarblerError> {
        self.claim()?;
        self.channel.begin_phase("inputs");
        let mut wires = Vec::with_capacity(groups.len());
        let seeds = Zeroizing::new(groups.iter().map(|_| self.dealer.fresh_block()).collect::<Vec<_>>());
        let message = seeds.iter().flat_map(|seed| seed.to_bytes()).collect();
        // -> seeds
        self.channel.send(Kind::InputSeed, message).await?;
        let masked = self.dealer.mask_inputs(&mut self.channel, groups).await?;
        for (bits, seed) in masked.into_iter().zip(seeds.iter()) {
            // The seed's labels are active, so that zero labels follow from Λ as from a plain value.
            let labels = own_labels(self.backend, *seed, self.dealer.delta(), &bits.masked, lanes);
            wires.push(Wires { labels, bits });
        }
        self.succeed();
        Ok(wires)
    }

    /// Makes labels for bits of the garbler's own, `lanes` to each wire.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn input(&mut self, bits: &BitRows, lanes: usize) -> Result<Wires<ZeroLabels>, GarblerError> {
        Ok(only(self.inputs(&[InputBits::Own(bits)], lanes).await?))
    }

    /// Makes labels for bits of the evaluator.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn peer_input(
        &mut self,
        wires: usize,
        lanes: usize,
    ) -> Result<Wires<ZeroLabels>, GarblerError> {
        Ok(only(self.inputs(&[InputBits::Peers(wires * lanes)], lanes).await?))
    }

    pub(super) fn source(&self) -> AuthenticatedSource<'_> {
        AuthenticatedSource { delta: self.dealer.delta(), hash: &self.hash, zero: self.zero }
    }

    /// Begins an operation, if none before it failed or was cancelled.
    pub(super) fn claim(&mut self) -> Result<(), GarblerError> {
        if std::mem::replace(&mut self.spent, true) { Err(GarblerError::Spent) } else { Ok(()) }
    }

    /// Ends an operation that succeeded.
    pub(super) fn succeed(&mut self) {
        self.spent = false;
    }

    /// Ids are taken when a call is issued, so that no two calls can share one.
    pub(super) fn take_ids(&mut self, program: &Program, lanes: usize) -> Result<u64, GarblerError> {
        let first = self.next_id;
        let count = (program.and_count() as u64).checked_mul(lanes as u64);
        let end = count.and_then(|count| first.checked_add(count));
        self.next_id = end.filter(|&end| end <= HalfGates::ID_BOUND).ok_or(GarblerError::TooManyGates)?;
        Ok(first)
    }
}

/// The wires of the one group.
fn only<T>(all: Vec<T>) -> T {
    all.into_iter().next().expect("as many as groups")
}
