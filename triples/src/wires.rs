use halfgate_circuits::BitRows;
use halfgate_crypto::{ActiveLabels, ZeroLabels};

use crate::AuthBits;

/// What one party holds of wires whose values are masked: x = Λ ⊕ λ, where both know Λ and the parties share λ.
///
/// All three parts are in the order of labels, `[wire][lane]`.
pub struct Wires<L> {
    /// Zero labels or active labels: those of Λ, not of x.
    pub labels: L,
    /// ⟨λ⟩.
    pub masks: AuthBits,
    /// Λ.
    pub masked: BitRows,
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
