//! Inputs: the party that does not own a wire opens its share of the wire's mask to the owner, who announces Λ = x ⊕ λ.

use halfgate_channel::{Channel, Kind, Length};
use halfgate_circuits::BitRows;

use crate::dealing::SHARES_PER_MESSAGE;
use crate::{AuthBits, Dealer, MaskedBits, TripleError};

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
    ) -> Result<Vec<MaskedBits>, TripleError> {
        let mut all = std::mem::take(&mut self.spare.bits);
        self.bits_into(channel, groups.iter().map(InputBits::count).sum(), &mut all).await?;
        let masks = split(&all, groups);
        self.spare.bits = all;
        channel.begin_phase("inputs");
        let (own, peers) = (owned(groups, &masks, true), owned(groups, &masks, false));
        if count(&peers) > 0 {
            // -> λ^P of the peer's wires, RO(MACs)
            self.open(channel, &peers).await?;
        }
        let mut ours = BitRows::new(count(&own), 1);
        if count(&own) > 0 {
            // <- λ^Q of ours, RO(MACs)
            ours = self.learn(channel, &own).await?;
            ours.xor_words(values(groups).words());
            // -> Λ
            send_bits(channel, Kind::MaskedValues, &ours).await?;
        }
        // <- Λ
        let theirs = receive_bits(channel, Kind::MaskedValues, count(&peers)).await?;
        let masked = dealt(groups, &ours, &theirs);
        Ok(masks.into_iter().zip(masked).map(|(masks, masked)| MaskedBits { masks, masked }).collect())
    }
}

/// The bits of each group.
fn split(all: &AuthBits, groups: &[InputBits<'_>]) -> Vec<AuthBits> {
    let mut from = 0;
    let part = |group: &InputBits<'_>| {
        let part = all.part(from, group.count());
        from += part.len();
        part
    };
    groups.iter().map(part).collect()
}

/// The masks of this party's groups or of the peer's.
fn owned<'m>(groups: &[InputBits<'_>], masks: &'m [AuthBits], own: bool) -> Vec<&'m AuthBits> {
    let parts = groups.iter().zip(masks).filter(|(group, _)| group.is_own() == own);
    parts.map(|(_, masks)| masks).collect()
}

/// How many bits lists have.
fn count(lists: &[&AuthBits]) -> usize {
    lists.iter().map(|bits| bits.len()).sum()
}

/// The values of this party's groups, as one list.
fn values(groups: &[InputBits<'_>]) -> BitRows {
    BitRows::joined(groups.iter().filter_map(|group| match group {
        InputBits::Own(bits) => Some(*bits),
        InputBits::Peers(_) => None,
    }))
}

/// Each group's part of this party's bits or of the peer's.
fn dealt(groups: &[InputBits<'_>], ours: &BitRows, theirs: &BitRows) -> Vec<BitRows> {
    let mut next = [0; 2];
    let part = |group: &InputBits<'_>| {
        let (bits, next) = if group.is_own() { (ours, &mut next[0]) } else { (theirs, &mut next[1]) };
        let part = bits.part(*next, group.count(), 1);
        *next += part.len();
        part
    };
    groups.iter().map(part).collect()
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
