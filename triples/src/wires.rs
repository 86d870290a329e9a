use halfgate_circuits::BitRows;
use halfgate_crypto::{ActiveLabels, ZeroLabels};

use crate::AuthBits;

/// Output bits that a run collects before it opens them, all at once: 70 MiB of masks. Part of the wire format.
pub const OUTPUTS_AT_ONCE: usize = 1 << 21;

/// Masks of wires and their masked values: x = Λ ⊕ λ, where both parties know Λ and share λ. In the order of labels,
/// `[wire][lane]`.
pub struct MaskedBits {
    /// ⟨λ⟩.
    pub masks: AuthBits,
    /// Λ.
    pub masked: BitRows,
}

impl MaskedBits {
    /// Several lists one after the other.
    pub fn joined<'a>(parts: impl Iterator<Item = &'a MaskedBits> + Clone) -> Self {
        MaskedBits {
            masks: AuthBits::joined(parts.clone().map(|part| &part.masks)),
            masked: BitRows::joined(parts.map(|part| &part.masked)),
        }
    }

    /// How many bits.
    pub fn len(&self) -> usize {
        self.masks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.masks.is_empty()
    }
}

/// What one party holds of wires whose values are masked.
pub struct Wires<L> {
    /// Zero labels or active labels: those of Λ, not of x.
    pub labels: L,
    /// Masks and masked values, one for each label.
    pub bits: MaskedBits,
}

impl Wires<ZeroLabels> {
    /// The number of wires.
    pub fn wires(&self) -> usize {
        self.labels.wires()
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.labels.lanes()
    }
}

impl Wires<ActiveLabels> {
    /// The number of wires.
    pub fn wires(&self) -> usize {
        self.labels.wires()
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.labels.lanes()
    }
}
