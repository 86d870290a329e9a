//! A wire between two sessions that can be listened to and tampered with, frame by frame.

use std::sync::{Arc, Mutex};

use halfgate::channel::{Channel, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex};
use tokio::task::JoinSet;

/// Kind, three zeros, length.
pub(crate) const HEADER: usize = 8;

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ToEvaluator,
    ToGarbler,
}

/// What happens to one frame. Lengths in headers stay true unless a tampering says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tampering {
    /// Flips a bit of the payload, counted modulo its length.
    Flip(usize),
    /// Takes a byte off the payload.
    Shorten,
    /// Adds a byte to the payload.
    Lengthen,
    /// Claims four gigabytes.
    Oversize,
    /// Gives it another kind.
    Rename(u8),
    /// Leaves it out.
    Drop,
    /// Sends it twice.
    Repeat,
    /// Sends it after the next one.
    Swap,
    /// Closes the connection in place of it.
    Cut,
    /// Closes the connection in the middle of it.
    CutInside,
}

/// What to do with which frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) way: Way,
    pub(crate) frame: usize,
    pub(crate) tampering: Tampering,
}

/// The frames that passed, as (way, bytes with header).
pub(crate) type Log = Arc<Mutex<Vec<(Way, Vec<u8>)>>>;

/// Two channels with a relay between them.
pub(crate) fn tapped(limits: Limits, plan: Option<Plan>) -> (Channel, Channel, Log) {
    let (garbler, near) = duplex(1 << 16);
    let (far, evaluator) = duplex(1 << 16);
    let log = Log::default();
    let (near_read, near_write) = tokio::io::split(near);
    let (far_read, far_write) = tokio::io::split(far);
    let wire = Wire { log: log.clone(), plan };
    tokio::spawn(async move {
        let mut both = JoinSet::new();
        both.spawn(wire.clone().relay(Way::ToEvaluator, near_read, far_write));
        both.spawn(wire.relay(Way::ToGarbler, far_read, near_write));
        // An end on one side that comes from a cut closes the other way, too.
        while let Some(ended) = both.join_next().await {
            if ended.is_ok_and(|cut| cut) {
                both.abort_all();
            }
        }
    });
    (Channel::over(garbler, limits), Channel::over(evaluator, limits), log)
}

#[derive(Clone)]
struct Wire {
    log: Log,
    plan: Option<Plan>,
}

impl Wire {
    /// Passes frames on until the sender closes (false) or a cut (true).
    async fn relay(
        self,
        way: Way,
        mut from: ReadHalf<DuplexStream>,
        mut to: WriteHalf<DuplexStream>,
    ) -> bool {
        let mut held = None;
        for index in 0.. {
            let mut frame = vec![0; HEADER];
            if from.read_exact(&mut frame).await.is_err() {
                break;
            }
            let length = u32::from_le_bytes(frame[4..].try_into().unwrap()) as usize;
            frame.resize(HEADER + length, 0);
            if from.read_exact(&mut frame[HEADER..]).await.is_err() {
                break;
            }
            self.log.lock().unwrap().push((way, frame.clone()));
            let plan = self.plan.filter(|plan| plan.way == way && plan.frame == index);
            let cut = match plan.map(|plan| plan.tampering) {
                Some(Tampering::Swap) => {
                    held = Some(frame);
                    continue;
                }
                Some(tampering) => tamper(&mut frame, tampering),
                None => false,
            };
            frame.extend(held.take().unwrap_or_default());
            if to.write_all(&frame).await.is_err() {
                break;
            }
            if cut {
                return true;
            }
        }
        let _ = to.shutdown().await;
        false
    }
}

/// Changes a frame; true if the connection is to be closed behind it.
fn tamper(frame: &mut Vec<u8>, tampering: Tampering) -> bool {
    let payload = frame.len() - HEADER;
    match tampering {
        Tampering::Flip(bit) if payload > 0 => {
            let bit = bit % (8 * payload);
            frame[HEADER + bit / 8] ^= 1 << (bit % 8);
        }
        Tampering::Flip(_) => {}
        Tampering::Shorten => {
            if frame.len() > HEADER {
                frame.pop();
            }
            set_length(frame);
        }
        Tampering::Lengthen => {
            frame.push(0);
            set_length(frame);
        }
        Tampering::Oversize => frame[4..HEADER].fill(0xff),
        Tampering::Rename(kind) => frame[0] = kind,
        Tampering::Drop => frame.clear(),
        Tampering::Repeat => frame.extend_from_within(..),
        Tampering::Swap => unreachable!("held back by the relay"),
        Tampering::Cut => {
            frame.clear();
            return true;
        }
        Tampering::CutInside => {
            frame.truncate(HEADER + payload / 2);
            return true;
        }
    }
    false
}

fn set_length(frame: &mut [u8]) {
    let length = u32::try_from(frame.len() - HEADER).unwrap();
    frame[4..HEADER].copy_from_slice(&length.to_le_bytes());
}
