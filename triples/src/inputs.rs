//! Inputs: the party that does not own a wire opens its share of the wire's mask to the owner, who announces Λ = x ⊕ λ.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::BitRows;

use crate::dealing::SHARES_PER_MESSAGE;
use crate::{AuthBits, Dealer, TripleError};

/// The bits of an input group, in the order of labels.
#[derive(Clone, Copy)]
pub enum InputBits<'a> {
    /// Those of this party.
    Own(&'a BitRows),
    /// So many of the peer's.
    Peers(usize),
}

impl InputBits<'_> {
    /// How many bits.
    pub fn count(&self) -> usize {
        match self {
            InputBits::Own(bits) => bits.len(),
            InputBits::Peers(count) => *count,
        }
    }

    fn is_own(&self) -> bool {
        matches!(self, InputBits::Own(_))
    }
}

/// Masks of an input group and its masked values.
pub struct MaskedInput {
    /// ⟨λ⟩.
    pub masks: AuthBits,
    /// Λ, which both know.
    pub masked: BitRows,
}

impl Dealer {
    /// Masks input groups. Both parties name the same groups in the same order. Groups of both parties at once save a round
    /// trip; each party's may then have 2^24 bits in all.
    ///
    /// # Errors
    /// If the channel fails or a check does.
    pub async fn mask_inputs(
        &mut self,
        channel: &mut Channel,
        groups: &[InputBits<'_>],
    ) -> Result<Vec<MaskedInput>, TripleError> {
        let count = groups.iter().map(InputBits::count).sum();
        let all = self.bits(channel, count).await?;
        channel.begin_phase("inputs");
        let mut from = 0;
        let masks: Vec<AuthBits> = groups
            .iter()
            .map(|group| {
                let part = all.part(from, group.count());
                from += part.len();
                part
            })
            .collect();
        let of = |own: bool| {
            let parts = groups.iter().zip(&masks).filter(move |(group, _)| group.is_own() == own);
            AuthBits::joined(parts.map(|(_, masks)| masks))
        };
        let (own, peers) = (of(true), of(false));
        if !peers.is_empty() {
            // -> λ^P of the peer's wires, RO(MACs)
            self.open(channel, &peers).await?;
        }
        let mut ours = BitRows::new(own.len(), 1);
        if !own.is_empty() {
            // <- λ^Q of ours, RO(MACs)
            ours = self.learn(channel, &own).await?;
            let bits = groups.iter().filter_map(|group| match group {
                InputBits::Own(bits) => Some(*bits),
                InputBits::Peers(_) => None,
            });
            ours.xor_words(BitRows::joined(bits).words());
            // -> Λ
            send_bits(channel, Kind::MaskedValues, &ours).await?;
        }
        // <- Λ
        let theirs = receive_bits(channel, Kind::MaskedValues, peers.len()).await?;
        let (mut next_own, mut next_peers) = (0, 0);
        let announced = groups.iter().map(|group| {
            let (bits, next) = match group {
                InputBits::Own(_) => (&ours, &mut next_own),
                InputBits::Peers(_) => (&theirs, &mut next_peers),
            };
            let part = bits.part(*next, group.count(), 1);
            *next += part.len();
            part
        });
        let announced: Vec<BitRows> = announced.collect();
        Ok(masks.into_iter().zip(announced).map(|(masks, masked)| MaskedInput { masks, masked }).collect())
    }
}

/// Sends bits in as many messages as they take.
///
/// # Errors
/// If the channel fails.
pub async fn send_bits(channel: &mut Channel, kind: Kind, bits: &BitRows) -> Result<(), TripleError> {
    for piece in bits.to_bytes().chunks(SHARES_PER_MESSAGE / 8) {
        channel.send(kind, piece.to_vec()).await?;
    }
    Ok(())
}

/// Receives so many bits.
///
/// # Errors
/// If the channel fails, or bits are set behind the last.
pub async fn receive_bits(channel: &mut Channel, kind: Kind, count: usize) -> Result<BitRows, TripleError> {
    let mut bytes = Vec::with_capacity(count.div_ceil(8));
    while bytes.len() < count.div_ceil(8) {
        let due = (count.div_ceil(8) - bytes.len()).min(SHARES_PER_MESSAGE / 8);
        bytes.extend(channel.receive(kind, Length::Exactly(due)).await?);
    }
    BitRows::from_bytes(count, 1, &bytes).ok_or(TripleError::Cheating)
}
