use std::sync::Arc;

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::{BitRows, Party, Reveal};
use halfgate_compiler::{BITS_PER_MESSAGE, Program, ROWS_PER_MESSAGE};
use halfgate_crypto::{Backend, Delta, Entropy, HalfGates, SessionId, ZeroLabels};
use halfgate_ot::{CotSender, DirectSender, LARGEST_BATCH};
use rayon::ThreadPool;

use crate::inputs::{correct_keys, own_labels};
use crate::kernel::ROW_BYTES;
use crate::{GarblerError, LabelSource, open_outputs, permute_bits};

/// The length of a message of rows, at most; part of the wire format.
pub(crate) const CHUNK_BYTES: usize = ROWS_PER_MESSAGE * ROW_BYTES;

/// The garbler's side of a session: it holds Δ, counts gate ids and drives the kernels over the channel.
///
/// After an error, or an operation that was cancelled, every further one fails: what a failed check touched may not be
/// used again.
pub struct Garbler {
    pub(crate) channel: Channel,
    sid: SessionId,
    backend: Backend,
    entropy: Entropy,
    pub(crate) source: LabelSource,
    /// For the first few bits, until there are enough for an extension.
    direct: DirectSender,
    /// Raised by a run of several chunks: direct OTs wait for an answer, and inputs that go ahead of rows may not.
    pub(crate) only_extension: bool,
    cot: Option<CotSender>,
    next_id: u64,
    pub(crate) threads: Option<Arc<ThreadPool>>,
    /// Raised while an operation runs and left so if it fails or is cancelled: Δ is not used again then.
    pub(crate) spent: bool,
}

impl Garbler {
    /// Starts on a channel whose handshake is done: samples Δ and the hash's start point and sends the latter.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn start(
        mut channel: Channel,
        sid: SessionId,
        backend: Backend,
        mut entropy: Entropy,
    ) -> Result<Self, GarblerError> {
        let delta = Delta::random(&mut entropy);
        let (start, zero) = (entropy.block(), entropy.block());
        channel.begin_phase("hash key");
        // -> S, Z
        channel.send(Kind::Start, [start.to_bytes(), zero.to_bytes()].concat()).await?;
        let mut direct = DirectSender::new(&sid, &mut entropy);
        // -> Y
        direct.announce(&mut channel).await?;
        let source = LabelSource { delta, half_gates: HalfGates::new(backend, start), zero };
        Ok(Garbler {
            channel,
            sid,
            backend,
            entropy,
            source,
            direct,
            only_extension: false,
            cot: None,
            next_id: 0,
            threads: None,
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

    /// Makes labels for bits of the garbler's own, `lanes` to each wire.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn input(&mut self, bits: &BitRows, lanes: usize) -> Result<ZeroLabels, GarblerError> {
        self.claim()?;
        self.channel.begin_phase("inputs");
        let seed = self.entropy.block();
        // -> seed
        self.channel.send(Kind::InputSeed, seed.to_bytes().to_vec()).await?;
        self.spent = false;
        Ok(own_labels(self.backend, seed, &self.source.delta, bits, lanes))
    }

    /// Makes labels for bits of the evaluator, which it gets by oblivious transfer: one matrix for each number of
    /// wires.
    ///
    /// # Errors
    /// If the channel fails or a check of the oblivious transfer does not pass.
    pub async fn peer_input(
        &mut self,
        wires: &[usize],
        lanes: usize,
    ) -> Result<Vec<ZeroLabels>, GarblerError> {
        self.claim()?;
        let mut labels: Vec<_> = wires.iter().map(|&wires| ZeroLabels::zeroed(wires, lanes)).collect();
        let count = wires.iter().sum::<usize>() * lanes;
        let direct = self.cot.is_none() && !self.only_extension && self.direct.has_room(count);
        if count > 0 && direct {
            self.channel.begin_phase("inputs");
            let (delta, entropy) = (&self.source.delta, &mut self.entropy);
            let zeros = self.direct.transfer(&mut self.channel, delta, count, entropy).await?;
            for (label, zero) in labels.iter_mut().flat_map(ZeroLabels::blocks_mut).zip(zeros.iter()) {
                *label = *zero;
            }
            self.spent = false;
            return Ok(labels);
        }
        if count > 0 {
            self.receive_keys(&mut labels, count).await?;
        }
        self.spent = false;
        Ok(labels)
    }

    async fn receive_keys(&mut self, labels: &mut [ZeroLabels], count: usize) -> Result<(), GarblerError> {
        if self.cot.is_none() {
            self.channel.begin_phase("OT setup");
            let delta = &self.source.delta;
            let cot = CotSender::setup(&mut self.channel, &self.sid, delta, self.backend, &mut self.entropy)
                .await?;
            self.cot = Some(cot);
        }
        let cot = self.cot.as_mut().expect("set up above");
        self.channel.begin_phase("inputs");
        for keys in labels.iter_mut().flat_map(|labels| labels.blocks_mut().chunks_mut(LARGEST_BATCH)) {
            // <- a batch of rows, checked before it is handed out
            cot.extend_into(&mut self.channel, keys).await?;
        }
        // <- d = x ⊕ u
        let corrections = self.receive_bits(Kind::InputChoices, count, "input corrections").await?;
        let mut from = 0;
        for labels in labels {
            let keys = labels.blocks_mut();
            correct_keys(keys, &self.source.delta, &corrections.part(from, keys.len(), 1));
            from += keys.len();
        }
        Ok(())
    }

    /// Receives bits in as many messages as they take.
    async fn receive_bits(
        &mut self,
        kind: Kind,
        count: usize,
        what: &'static str,
    ) -> Result<BitRows, GarblerError> {
        let mut bytes = Vec::with_capacity(count.div_ceil(8));
        while bytes.len() < count.div_ceil(8) {
            let due = (count.div_ceil(8) - bytes.len()).min(BITS_PER_MESSAGE / 8);
            bytes.extend(self.channel.receive(kind, Length::Exactly(due)).await?);
        }
        BitRows::from_bytes(count, 1, &bytes).ok_or(GarblerError::StrayBits { what })
    }

    /// Opens values to the evaluator: sends their permute bits.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn reveal_to_evaluator(&mut self, labels: &[ZeroLabels]) -> Result<(), GarblerError> {
        self.claim()?;
        self.channel.begin_phase("outputs");
        for piece in permute_bits(labels).to_bytes().chunks(BITS_PER_MESSAGE / 8) {
            // -> p
            self.channel.send(Kind::OutputColours, piece.to_vec()).await?;
        }
        self.spent = false;
        Ok(())
    }

    /// Learns values from the evaluator's colours, which are accepted only with proof that it holds their labels.
    /// Bits come in the order of the labels.
    ///
    /// # Errors
    /// If the channel fails or the proof is wrong.
    pub async fn learn(&mut self, context: &[u8], labels: &[ZeroLabels]) -> Result<BitRows, GarblerError> {
        self.claim()?;
        self.channel.begin_phase("outputs");
        let count: usize = labels.iter().map(|labels| labels.blocks().len()).sum();
        // <- colours
        let colours = self.receive_bits(Kind::OutputLabels, count, "output colours").await?;
        // <- RO(labels)
        let proof = self.channel.receive(Kind::OutputLabels, Length::Exactly(32)).await?;
        let values = open_outputs(&self.sid, context, &self.source.delta, labels, &colours, &proof)
            .ok_or(GarblerError::ForgedOutputs)?;
        self.spent = false;
        Ok(values)
    }

    /// Opens values to whom they are to reach, and returns the bits that this party ends up with: values or shares.
    ///
    /// # Errors
    /// As [`Garbler::reveal_to_evaluator`] and [`Garbler::learn`].
    pub async fn reveal(
        &mut self,
        context: &[u8],
        labels: &[ZeroLabels],
        to: Reveal,
    ) -> Result<Option<BitRows>, GarblerError> {
        if to.reaches(Party::Evaluator) {
            self.reveal_to_evaluator(labels).await?;
        }
        Ok(match to {
            Reveal::Both | Reveal::Garbler => Some(self.learn(context, labels).await?),
            Reveal::Shares => Some(permute_bits(labels)),
            Reveal::Evaluator => None,
        })
    }

    /// Begins an operation, if none before it failed or was cancelled.
    pub(crate) fn claim(&mut self) -> Result<(), GarblerError> {
        if std::mem::replace(&mut self.spent, true) { Err(GarblerError::Spent) } else { Ok(()) }
    }

    /// Ids are taken when a call is issued, so that no two calls can share one whatever runs them.
    pub(crate) fn take_ids<'a>(
        &mut self,
        calls: impl IntoIterator<Item = (&'a Program, usize)>,
    ) -> Result<u64, GarblerError> {
        let first = self.next_id;
        let end = calls.into_iter().try_fold(first, |next, (program, lanes)| {
            next.checked_add((program.and_count() as u64).checked_mul(lanes as u64)?)
        });
        self.next_id = end.filter(|&end| end <= HalfGates::ID_BOUND).ok_or(GarblerError::TooManyGates)?;
        Ok(first)
    }
}
