//! What a party sends, receives and computes: the words that a script is made of.

use halfgate_channel::Kind;
use halfgate_compiler::BITS_PER_MESSAGE;
pub(super) use halfgate_garbler::ROW_BYTES;
use halfgate_ot::{POINT_LENGTH, POINT_MESSAGES, POINTS_LENGTH, direct_points};

use super::run::Run;

/// Base OTs of a set-up of the extension.
pub(super) const BASE_OTS: usize = POINT_MESSAGES * POINTS_LENGTH / (2 * POINT_LENGTH);

/// Bytes of a digest.
pub(super) const DIGEST: usize = Kind::Confirm.limit();

/// What a party does next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Makes messages and sends them.
    Send(Flow),
    /// Waits for messages and uses them.
    Receive(Flow),
    /// Computes.
    Compute(Work),
}

/// Messages of one kind that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub(super) kind: Kind,
    pub(super) messages: u64,
    /// Bytes of all payloads.
    pub(super) payload: u64,
    /// What it takes to make or to use them.
    pub(super) work: Work,
}

/// So much of a kind of work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) task: Task,
    pub(super) amount: u64,
}

/// Kinds of work, and what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// What a session does once.
    Open,
    /// ANDs.
    Garble,
    /// ANDs.
    Evaluate,
    /// Base OTs: the points of the receiver's choice.
    Choose,
    /// Base OTs: the sender's two keys.
    BothKeys,
    /// Base OTs: the receiver's key.
    OwnKey,
    /// Set-ups.
    Trees,
    /// Rows of the extension that the receiver makes.
    MakeRows,
    /// Rows of the extension that the sender checks.
    CheckRows,
    /// Authenticated bits, of rows that are there.
    AuthenticateBits,
    /// Leaky ANDs, of authenticated bits that are there, up to their buckets.
    LeakyAnds,
    /// ANDs: their masks and the products of these.
    MultiplyMasks,
    /// Labels of inputs.
    Inputs,
    /// Labels of outputs.
    Outputs,
    /// Labels of outputs that are hashed.
    Proof,
    /// Nothing to speak of.
    Nothing,
}

pub(super) const NO_WORK: Work = Work { task: Task::Nothing, amount: 0 };

pub(super) fn work(task: Task, amount: usize) -> Work {
    Work { task, amount: amount as u64 }
}

pub(super) fn flow(kind: Kind, messages: u64, payload: usize, work: Work) -> Flow {
    Flow { kind, messages, payload: payload as u64, work }
}

/// Bits in messages of limited length.
pub(super) fn bits(kind: Kind, count: usize, work: Work) -> Flow {
    flow(kind, count.div_ceil(BITS_PER_MESSAGE) as u64, count.div_ceil(8), work)
}

/// The points of direct OTs.
pub(super) fn points(count: usize, work: Work) -> Flow {
    flow(Kind::BaseOtPoints, direct_points(count).count() as u64, direct_points(count).sum(), work)
}

/// The points of a set-up.
pub(super) fn setup_points(work: Work) -> Flow {
    flow(Kind::BaseOtPoints, POINT_MESSAGES as u64, POINT_MESSAGES * POINTS_LENGTH, work)
}

pub(super) fn rows(run: &Run, chunk: usize, task: Task) -> Flow {
    let ands = run.ands_per_lane * run.lanes(chunk);
    flow(Kind::Rows, run.row_messages(chunk), ands * ROW_BYTES, work(task, ands))
}
