//! Two parties in one thread: the correlation, its bytes, and what becomes of cheaters.

mod cheating_batches;
mod cheating_setup;
mod honest;

use halfgate_crypto::{Backend, Block, Delta, Entropy, SessionId};

use super::*;
use crate::{BaseDomain, BaseUse, OtError};

/// The messages of a setup, in the order in which they may be sent.
#[derive(Clone, Copy, PartialEq)]
enum Message {
    Announcement,
    Points(usize),
    Trees,
}

/// A finished setup.
struct Pair {
    delta: Delta,
    sender: SoftSpokenSender,
    receiver: SoftSpokenReceiver,
    /// Y, the points and the trees, as the receiver knows them.
    transcript: [Vec<u8>; 3],
}

fn domain() -> BaseDomain {
    BaseDomain::new(&SessionId::new([42; 32]), BaseUse::GarblerCorrelation, 0)
}

/// Both sides' setups with the base OTs done, and what was sent: Y and the points.
struct BaseOts {
    delta: Delta,
    sender: SenderSetup,
    receiver: ReceiverSetup,
    announcement: Vec<u8>,
    points: Vec<u8>,
}

fn base_ots(
    seed: u64,
    [sender, receiver]: [BaseDomain; 2],
    mut tamper: impl FnMut(Message, &mut Vec<u8>),
) -> Result<BaseOts, OtError> {
    let [mut ours, mut theirs] = [2 * seed, 2 * seed + 1].map(Entropy::fixed);
    let delta = Delta::random(&mut ours);
    let mut sender = SenderSetup::new(sender, &delta);
    let mut receiver = ReceiverSetup::new(receiver, &mut theirs);
    let mut announcement = receiver.announcement().to_vec();
    tamper(Message::Announcement, &mut announcement);
    let mut messages: Vec<Vec<u8>> = std::iter::from_fn(|| sender.points(&mut ours)).collect();
    for (number, points) in messages.iter_mut().enumerate() {
        tamper(Message::Points(number), points);
        receiver.take_points(points)?;
    }
    Ok(BaseOts { delta, sender, receiver, announcement, points: messages.concat() })
}

/// A whole setup, each message passing through `tamper`.
fn setup(
    seed: u64,
    backend: Backend,
    domains: [BaseDomain; 2],
    mut tamper: impl FnMut(Message, &mut Vec<u8>),
) -> Result<Pair, OtError> {
    let BaseOts { delta, mut sender, receiver, announcement, points } = base_ots(seed, domains, &mut tamper)?;
    let (receiver, trees) = receiver.finish(backend, &mut Entropy::fixed(seed + 1000));
    let mut received = trees.clone();
    tamper(Message::Trees, &mut received);
    sender.hear(announcement.as_slice().try_into().unwrap())?;
    let sender = sender.finish(&received, backend)?;
    Ok(Pair { delta, sender, receiver, transcript: [announcement, points, trees] })
}

fn honest(seed: u64, backend: Backend) -> Pair {
    setup(seed, backend, [domain(); 2], |_, _| ()).unwrap()
}

/// A batch as the receiver made it.
struct Made {
    choices: Vec<u64>,
    rows: Vec<Block>,
    message: Vec<u8>,
}

impl Made {
    fn choice(&self, row: usize) -> bool {
        self.choices[row / 64] >> (row % 64) & 1 == 1
    }
}

fn make(receiver: &mut SoftSpokenReceiver, rows: usize) -> Made {
    let mut made = Made { choices: vec![0; rows / 64], rows: vec![Block::ZERO; rows], message: Vec::new() };
    receiver.batch(&mut made.choices, &mut made.rows, &mut made.message).unwrap();
    made
}

/// The sender's rows for a message, or its error; then nothing was written.
fn accept(
    sender: SoftSpokenSender,
    message: &[u8],
    rows: usize,
) -> Result<(SoftSpokenSender, Vec<Block>), OtError> {
    let mut out = vec![Block::ZERO; rows];
    match sender.batch(message, &mut out) {
        Ok(sender) => Ok((sender, out)),
        Err(error) => {
            assert!(out.iter().all(|row| *row == Block::ZERO), "rows came out before the check");
            Err(error)
        }
    }
}

fn is_correlated(delta: &Delta, keys: &[Block], made: &Made) -> bool {
    let expected = |row: usize| made.rows[row] ^ delta.block().and_bit(made.choice(row));
    keys.len() == made.rows.len() && (0..keys.len()).all(|row| keys[row] == expected(row))
}

fn assert_cheating<T>(result: Result<T, OtError>, what: &str) {
    assert!(matches!(result, Err(OtError::Cheating)), "{what} went unnoticed");
}

fn flip(bytes: &mut [u8], bit: usize) {
    bytes[bit / 8] ^= 1 << (bit % 8);
}
