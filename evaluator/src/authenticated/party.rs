use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::{BitRows, Party};
use halfgate_compiler::Program;
use halfgate_crypto::{ActiveLabels, Backend, Block, Entropy, HalfGates, Mitccrh, SessionId};
use halfgate_triples::{AndChecks, Dealer, InputBits, Supply, Wires};
use zeroize::Zeroizing;

use crate::authenticated::AuthenticatedStart;
use crate::authenticated::calls::Work;
use crate::{EvaluatorError, peer_labels};

/// The evaluator's side of a session with a garbler that may cheat: it holds a Δ of its own for the garbler's MACs, deals
/// correlations with the garbler, counts gate ids and drives the kernel over the channel.
///
/// After an error, or an operation that was cancelled, every further one fails: what a failed check touched may not be
/// used again.
pub struct AuthenticatedEvaluator {
    pub(super) channel: Channel,
    pub(super) backend: Backend,
    pub(super) dealer: Dealer,
    pub(super) checks: AndChecks,
    hash: Mitccrh,
    zero: Block,
    next_id: u64,
    /// ANDs that a run still has before it, so that triples are made in large blocks.
    pub(super) expected: usize,
    /// Memory that does for the next portion: new pages cost as much as the work on what lies in them.
    pub(super) spare: Work,
    /// Raised while an operation runs and left so if it fails or is cancelled: Δ is not used again then.
    spent: bool,
}

impl AuthenticatedEvaluator {
    /// Starts on a channel whose handshake is done: hears the hash's start point, and sets oblivious transfer up in both
    /// directions unless a pool makes that unnecessary.
    ///
    /// # Errors
    /// If the channel or a check of the oblivious transfer fails, or the pool cannot be used.
    pub async fn start(
        mut channel: Channel,
        sid: SessionId,
        supply: impl Into<Supply>,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<Self, EvaluatorError> {
        let started = async {
            channel.begin_phase("hash key");
            // <- S, Z
            let blocks = channel.receive_unasked(Kind::Start, Length::Exactly(32)).await?;
            let own = Party::Evaluator;
            let dealer = Dealer::start_with(&mut channel, sid, own, supply.into(), backend, entropy).await?;
            Ok((block(&blocks[..16]), block(&blocks[16..]), dealer))
        };
        let started: Result<_, EvaluatorError> = started.await;
        if started.is_err() {
            // The channel goes away with this side, and a peer that heard nothing would wait for it to come back.
            channel.abort().await;
        }
        let (start, zero, dealer) = started?;
        Ok(AuthenticatedEvaluator {
            channel,
            backend,
            dealer,
            checks: AndChecks::new(sid),
            hash: Mitccrh::new(backend, start),
            zero,
            next_id: 0,
            expected: 0,
            spare: Work::default(),
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

    /// Masks input groups of `lanes` lanes and gets their labels. The garbler names the same groups.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn inputs(
        &mut self,
        groups: &[InputBits<'_>],
        lanes: usize,
    ) -> Result<Vec<Wires<ActiveLabels>>, EvaluatorError> {
        self.claim()?;
        self.channel.begin_phase("inputs");
        // <- seeds
        let length = Length::Exactly(16 * groups.len());
        let seeds = Zeroizing::new(self.channel.receive(Kind::InputSeed, length).await?);
        let masked = self.dealer.mask_inputs(&mut self.channel, groups).await?;
        let inputs = masked.into_iter().zip(seeds.chunks_exact(16)).map(|(bits, seed)| {
            let labels = peer_labels(self.backend, block(seed), bits.len() / lanes, lanes);
            Wires { labels, bits }
        });
        let inputs = inputs.collect();
        self.succeed();
        Ok(inputs)
    }

    /// Gets the labels of bits of the evaluator's own, `lanes` to each wire.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn input(
        &mut self,
        bits: &BitRows,
        lanes: usize,
    ) -> Result<Wires<ActiveLabels>, EvaluatorError> {
        Ok(only(self.inputs(&[InputBits::Own(bits)], lanes).await?))
    }

    /// Gets the labels of bits of the garbler.
    ///
    /// # Errors
    /// If the channel or a check fails.
    pub async fn peer_input(
        &mut self,
        wires: usize,
        lanes: usize,
    ) -> Result<Wires<ActiveLabels>, EvaluatorError> {
        Ok(only(self.inputs(&[InputBits::Peers(wires * lanes)], lanes).await?))
    }

    pub(super) fn start_points(&self) -> AuthenticatedStart<'_> {
        AuthenticatedStart { delta: self.dealer.delta(), hash: &self.hash, zero: self.zero }
    }

    /// Begins an operation, if none before it failed or was cancelled.
    pub(super) fn claim(&mut self) -> Result<(), EvaluatorError> {
        if std::mem::replace(&mut self.spent, true) { Err(EvaluatorError::Spent) } else { Ok(()) }
    }

    /// Ends an operation that succeeded.
    pub(super) fn succeed(&mut self) {
        self.spent = false;
    }

    /// Ids are taken when a call is issued, as the garbler does.
    pub(super) fn take_ids(&mut self, program: &Program, lanes: usize) -> Result<u64, EvaluatorError> {
        let first = self.next_id;
        let count = (program.and_count() as u64).checked_mul(lanes as u64);
        let end = count.and_then(|count| first.checked_add(count));
        self.next_id = end.filter(|&end| end <= HalfGates::ID_BOUND).ok_or(EvaluatorError::TooManyGates)?;
        Ok(first)
    }
}

fn block(bytes: &[u8]) -> Block {
    Block::from_bytes(bytes.try_into().expect("the message was received with its exact length"))
}

/// The wires of the one group.
fn only<T>(all: Vec<T>) -> T {
    all.into_iter().next().expect("as many as groups")
}
