use halfgate_circuits::Party;
use halfgate_crypto::SessionId;

use crate::side::Held;

/// A value inside a session: the labels of some wires in some lanes, as this party holds them.
///
/// Neither party knows what it stands for until it is revealed. It belongs to the session that made it, and dropping
/// it wipes its labels; those of a session that has ended are of no use.
pub struct Value {
    pub(crate) held: Held,
    /// The party that holds it: the two sessions of a pair have the same id.
    pub(crate) holder: Party,
    pub(crate) sid: SessionId,
    pub(crate) number: u64,
}

impl Value {
    /// The number of wires.
    pub fn width(&self) -> usize {
        self.held.wires()
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        self.held.lanes()
    }
}
