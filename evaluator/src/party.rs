use std::sync::Arc;

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::{BitRows, Party, Reveal};
use halfgate_compiler::{BITS_PER_MESSAGE, Program, ROWS_PER_MESSAGE};
use halfgate_crypto::{ActiveLabels, Backend, Block, Entropy, HalfGates, SessionId};
use halfgate_ot::{CotReceiver, DirectReceiver, LARGEST_BATCH};
use rayon::ThreadPool;
use zeroize::Zeroize;

use crate::kernel::ROW_BYTES;
use crate::{EvaluatorError, HashStart, colours, label_digest, peer_labels};

/// The length of a message of rows, at most; part of the wire format.
pub(crate) const CHUNK_BYTES: usize = ROWS_PER_MESSAGE * ROW_BYTES;

/// The evaluator's side of a session: it holds active labels only, counts gate ids and drives the kernels over the
/// channel.
///
/// After an error the party must be dropped: what a failed check touched may not be used again.
pub struct Evaluator {
    pub(crate) channel: Channel,
    sid: SessionId,
    backend: Backend,
    entropy: Entropy,
    begun: bool,
    /// What the garbler sends first; gone while a call runs, and after one that failed or was cancelled.
    pub(crate) start: Option<HashStart>,
    /// For the first few bits, until there are enough for an extension.
    direct: DirectReceiver,
    /// Raised by a run of several chunks: direct OTs wait for an answer, and inputs that go ahead of rows may not.
    pub(crate) only_extension: bool,
    cot: Option<CotReceiver>,
    next_id: u64,
    pub(crate) threads: Option<Arc<ThreadPool>>,
}

impl Evaluator {
    /// An evaluator on a channel whose handshake is done.
    pub fn new(channel: Channel, sid: SessionId, backend: Backend, entropy: Entropy) -> Self {
        let direct = DirectReceiver::new(&sid);
        let (begun, only_extension, start, cot, threads) = (false, false, None, None, None);
        Evaluator {
            channel,
            sid,
            backend,
            entropy,
            begun,
            start,
            direct,
            only_extension,
            cot,
            next_id: 0,
            threads,
        }
    }

    /// Receives what the garbler sends at the start of a session, if that has not happened. It has to come before the
    /// first message that this side receives outside of its operations; what it sends may come earlier.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn begin(&mut self) -> Result<(), EvaluatorError> {
        if !std::mem::replace(&mut self.begun, true) {
            self.channel.begin_phase("hash key");
            // <- S, Z
            let blocks = self.channel.receive_unasked(Kind::Start, Length::Exactly(32)).await?;
            let (start, zero) = (block(&blocks[..16]), block(&blocks[16..]));
            // <- Y
            self.direct.hear(&mut self.channel).await?;
            self.start = Some(HashStart { half_gates: HalfGates::new(self.backend, start), zero });
        }
        Ok(())
    }

    /// The channel, for messages between the operations.
    pub fn channel(&mut self) -> &mut Channel {
        &mut self.channel
    }

    /// Ends the party and hands the channel back.
    pub fn into_channel(self) -> Channel {
        self.channel
    }

    /// Gets the labels of bits of the garbler.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn peer_input(&mut self, wires: usize, lanes: usize) -> Result<ActiveLabels, EvaluatorError> {
        self.begin().await?;
        self.channel.begin_phase("inputs");
        // <- seed
        let mut seed = self.channel.receive(Kind::InputSeed, Length::Exactly(16)).await?;
        let labels = peer_labels(self.backend, block(&seed), wires, lanes);
        seed.zeroize();
        Ok(labels)
    }

    /// Gets the labels of the evaluator's own bits by oblivious transfer: one matrix for each group of bits.
    ///
    /// # Errors
    /// If the channel fails or the garbler's part of the oblivious transfer is malformed.
    pub async fn input(
        &mut self,
        bits: &[BitRows],
        lanes: usize,
    ) -> Result<Vec<ActiveLabels>, EvaluatorError> {
        let mut labels: Vec<_> =
            bits.iter().map(|bits| ActiveLabels::zeroed(bits.len() / lanes, lanes)).collect();
        let bits = BitRows::joined(bits);
        self.choose(&bits).await?;
        self.begin().await?;
        self.channel.begin_phase("inputs");
        if self.direct.is_waiting() {
            let received = self.direct.receive(&mut self.channel).await?;
            for (label, active) in labels.iter_mut().flat_map(ActiveLabels::blocks_mut).zip(received.iter()) {
                *label = *active;
            }
            return Ok(labels);
        }
        if !bits.is_empty() {
            self.transfer(bits, &mut labels).await?;
        }
        Ok(labels)
    }

    /// Sends the choices of bits that are few enough for direct OTs, unless that is done.
    pub(crate) async fn choose(&mut self, bits: &BitRows) -> Result<(), EvaluatorError> {
        self.channel.begin_phase("inputs");
        let direct = self.cot.is_none() && !self.only_extension && self.direct.has_room(bits.len());
        if direct && !self.direct.is_waiting() {
            // -> r
            self.direct.choose(&mut self.channel, bits.bits(), &mut self.entropy).await?;
        }
        Ok(())
    }

    async fn transfer(
        &mut self,
        mut bits: BitRows,
        labels: &mut [ActiveLabels],
    ) -> Result<(), EvaluatorError> {
        if self.cot.is_none() {
            self.channel.begin_phase("OT setup");
            let cot =
                CotReceiver::setup(&mut self.channel, &self.sid, self.backend, &mut self.entropy).await?;
            self.cot = Some(cot);
        }
        let cot = self.cot.as_mut().expect("set up above");
        self.channel.begin_phase("inputs");
        let mut all = Vec::new();
        for rows in labels.iter_mut().flat_map(|labels| labels.blocks_mut().chunks_mut(LARGEST_BATCH)) {
            let mut choices = BitRows::new(rows.len(), 1);
            // -> a batch of rows and what the garbler checks it by
            cot.extend_into(&mut self.channel, choices.words_mut(), rows).await?;
            all.push(choices);
        }
        bits.xor_words(BitRows::joined(&all).words());
        // In a few messages whatever the number of groups: the garbler may be sending rows meanwhile.
        for piece in bits.to_bytes().chunks(BITS_PER_MESSAGE / 8) {
            // -> d = x ⊕ u
            self.channel.send(Kind::InputChoices, piece.to_vec()).await?;
        }
        Ok(())
    }

    /// Learns values from the garbler's permute bits. Bits come in the order of the labels.
    ///
    /// # Errors
    /// If the channel fails or the bits are malformed.
    pub async fn learn(&mut self, labels: &[ActiveLabels]) -> Result<BitRows, EvaluatorError> {
        self.channel.begin_phase("outputs");
        let mut values = colours(labels);
        let mut bytes = Vec::with_capacity(values.byte_len());
        while bytes.len() < values.byte_len() {
            let due = (values.byte_len() - bytes.len()).min(BITS_PER_MESSAGE / 8);
            // <- p
            bytes.extend(self.channel.receive(Kind::OutputColours, Length::Exactly(due)).await?);
        }
        let permute_bits = BitRows::from_bytes(values.len(), 1, &bytes)
            .ok_or(EvaluatorError::StrayBits { what: "permute bits of outputs" })?;
        values.xor_assign(&permute_bits);
        Ok(values)
    }

    /// Opens values to the garbler: sends their colours and the proof that these are the evaluator's labels.
    ///
    /// # Errors
    /// If the channel fails.
    pub async fn reveal_to_garbler(
        &mut self,
        context: &[u8],
        labels: &[ActiveLabels],
    ) -> Result<(), EvaluatorError> {
        self.channel.begin_phase("outputs");
        for piece in colours(labels).to_bytes().chunks(BITS_PER_MESSAGE / 8) {
            // -> colours
            self.channel.send(Kind::OutputLabels, piece.to_vec()).await?;
        }
        // -> RO(labels)
        self.channel.send(Kind::OutputLabels, label_digest(&self.sid, context, labels).to_vec()).await?;
        Ok(())
    }

    /// Opens values to whom they are to reach, and returns the bits that this party ends up with: values or shares.
    ///
    /// # Errors
    /// As [`Evaluator::learn`] and [`Evaluator::reveal_to_garbler`].
    pub async fn reveal(
        &mut self,
        context: &[u8],
        labels: &[ActiveLabels],
        to: Reveal,
    ) -> Result<Option<BitRows>, EvaluatorError> {
        let bits = match to {
            Reveal::Both | Reveal::Evaluator => Some(self.learn(labels).await?),
            Reveal::Shares => Some(colours(labels)),
            Reveal::Garbler => None,
        };
        if to.reaches(Party::Garbler) {
            self.reveal_to_garbler(context, labels).await?;
        }
        Ok(bits)
    }

    /// Ids are taken when a call is issued, as the garbler does.
    pub(crate) fn take_ids<'a>(
        &mut self,
        calls: impl IntoIterator<Item = (&'a Program, usize)>,
    ) -> Result<u64, EvaluatorError> {
        let first = self.next_id;
        let end = calls.into_iter().try_fold(first, |next, (program, lanes)| {
            next.checked_add((program.and_count() as u64).checked_mul(lanes as u64)?)
        });
        self.next_id = end.filter(|&end| end <= HalfGates::ID_BOUND).ok_or(EvaluatorError::TooManyGates)?;
        Ok(first)
    }
}

fn block(bytes: &[u8]) -> Block {
    Block::from_bytes(bytes.try_into().expect("the message was received with its exact length"))
}
