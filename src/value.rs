use halfgate_circuits::Party;
use halfgate_crypto::{ActiveLabels, SessionId, ZeroLabels};

/// A value inside a session: the labels of some wires in some lanes, as this party holds them.
///
/// Neither party knows what it stands for until it is revealed. It belongs to the session that made it, and dropping
/// it wipes its labels; those of a session that has ended are of no use.
pub struct Value {
    pub(crate) labels: Labels,
    pub(crate) sid: SessionId,
    pub(crate) number: u64,
}

pub(crate) enum Labels {
    Garbler(ZeroLabels),
    Evaluator(ActiveLabels),
}

impl Value {
    /// The number of wires.
    pub fn width(&self) -> usize {
        match &self.labels {
            Labels::Garbler(labels) => labels.wires(),
            Labels::Evaluator(labels) => labels.wires(),
        }
    }

    /// The number of lanes.
    pub fn lanes(&self) -> usize {
        match &self.labels {
            Labels::Garbler(labels) => labels.lanes(),
            Labels::Evaluator(labels) => labels.lanes(),
        }
    }

    /// The party whose labels these are.
    pub(crate) fn holder(&self) -> Party {
        match &self.labels {
            Labels::Garbler(_) => Party::Garbler,
            Labels::Evaluator(_) => Party::Evaluator,
        }
    }

    pub(crate) fn zero_labels(&self) -> Option<&ZeroLabels> {
        match &self.labels {
            Labels::Garbler(labels) => Some(labels),
            Labels::Evaluator(_) => None,
        }
    }

    pub(crate) fn active_labels(&self) -> Option<&ActiveLabels> {
        match &self.labels {
            Labels::Garbler(_) => None,
            Labels::Evaluator(labels) => Some(labels),
        }
    }
}
