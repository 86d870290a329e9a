//! Whole sessions over connections that are cut at every frame boundary and in the middle of frames: in the handshake,
//! the base OT and its extension, inputs, rows, outputs, and the goodbye.

#![cfg(test)]

use std::sync::{Arc, Mutex};

use halfgate::channel::{Binding, Dialler, End, Inbox, Line, Patience, ResumeKey, Returned};
use halfgate::circuits::{Party, Reveal, Values};
use halfgate::compiler::{Program, compile};
use halfgate::{Backend, Channel, Entropy, Limits, Security, Session, Terms, library};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex, split};

/// Kind, three zeros, length.
const HEADER: usize = 8;

/// Messages that say what arrived; how many there are depends on timing.
const ACK: u8 = 18;

/// The first connection is cut in the direction `way` behind `frame` frames and `part` eighths of the next one.
#[derive(Clone, Copy, Debug)]
struct Cut {
    way: usize,
    frame: usize,
    part: usize,
}

/// The frames that passed each way on the first connection, without acknowledgements.
type Frames = Arc<Mutex<[usize; 2]>>;

/// Two channels whose first connection is cut.
fn cut_pair(cut: Option<Cut>) -> (Channel, Channel, Frames) {
    let frames = Frames::default();
    let (sender, inbox) = Inbox::new();
    let (near, far) = connection(0, cut, &frames);
    let mut number = 0;
    let counted = Arc::clone(&frames);
    let dialler = Dialler::new(move || {
        number += 1;
        let (near, far) = connection(number, None, &counted);
        // If the other side has left, the line ends at once.
        let _ = sender.try_send(Returned { line: far, resume: None });
        async { Ok(near) }
    });
    let (key, patience, limits) = (|| ResumeKey::new([5; 32]), Patience::default(), Limits::default());
    let left = Channel::lasting(near, key(), dialler, patience, limits, Binding::default());
    let right = Channel::lasting(far, key(), inbox, patience, limits, Binding::default());
    (left, right, frames)
}

fn connection(number: u8, cut: Option<Cut>, frames: &Frames) -> (Line, Line) {
    let ((near, near_far), (far, far_far)) = (duplex(1 << 16), duplex(1 << 16));
    let frames = Arc::clone(frames);
    tokio::spawn(async move {
        let ((near_read, near_write), (far_read, far_write)) = (split(near_far), split(far_far));
        let cut = |way| cut.filter(|cut| cut.way == way);
        let count = |way| {
            let frames = Arc::clone(&frames);
            move || frames.lock().unwrap()[way] += usize::from(number == 0)
        };
        // The first end of either takes both with it.
        tokio::select! {
            () = relay(near_read, far_write, cut(0), count(0)) => {}
            () = relay(far_read, near_write, cut(1), count(1)) => {}
        }
    });
    (Line::over(near, [number; 32], End::Connecting), Line::over(far, [number; 32], End::Listening))
}

async fn relay(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    cut: Option<Cut>,
    count: impl Fn(),
) {
    let mut passed = 0;
    while let Some(frame) = read_frame(&mut from).await {
        let counts = frame[0] != ACK;
        if let Some(cut) = cut.filter(|cut| counts && cut.frame == passed) {
            let _ = to.write_all(&frame[..frame.len() * cut.part / 8]).await;
            return;
        }
        if to.write_all(&frame).await.is_err() {
            return;
        }
        if counts {
            passed += 1;
            count();
        }
    }
    let _ = to.shutdown().await;
    // What the other direction still says may arrive.
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
}

async fn read_frame(from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut frame = vec![0; HEADER];
    from.read_exact(&mut frame).await.ok()?;
    let length = u32::from_le_bytes(frame[4..].try_into().unwrap()) as usize;
    frame.resize(HEADER + length, 0);
    from.read_exact(&mut frame[HEADER..]).await.ok()?;
    Some(frame)
}

/// How many lanes the first and the second call have: one goes the way of few OTs, the other that of many.
const LANES: [usize; 2] = [1, 40];

/// What both get out of a session, and the session's bytes in and out.
type Outcome = (Vec<Vec<u64>>, [u64; 2]);

async fn party(channel: Channel, own: Party, program: &Program) -> Outcome {
    let entropy = Entropy::fixed(own as u64 + 1);
    let terms = Terms::new(Security::SemiHonest);
    let (mut session, _) = Session::open_with(channel, own, terms, Backend::detect(), entropy).await.unwrap();
    let mut results = Vec::new();
    for lanes in LANES {
        let numbers: Vec<u64> = (0..lanes as u64).map(|lane| lane * 7 + own as u64).collect();
        let values = Values::from_u64s(64, &numbers);
        let mine = |party| (party == own).then_some(&values);
        let inputs = [mine(Party::Garbler), mine(Party::Evaluator)];
        let outputs = session.run(program, lanes, &inputs, Reveal::Both).await.unwrap().unwrap();
        results.push(outputs[0].to_u64s());
    }
    let meter = session.finish().await.unwrap();
    (results, [meter.sent.bytes, meter.received.bytes])
}

async fn session(cut: Option<Cut>, connecting: Party, program: &Program) -> (Outcome, Outcome, [usize; 2]) {
    let (left, right, frames) = cut_pair(cut);
    let (left, right) =
        tokio::join!(party(left, connecting, program), party(right, connecting.peer(), program));
    let frames = *frames.lock().unwrap();
    (left, right, frames)
}

fn expected() -> Vec<Vec<u64>> {
    LANES.map(|lanes| (0..lanes as u64).map(|lane| 14 * lane + 1).collect()).to_vec()
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_cut_anywhere_comes_to_the_same_end() {
    let program = compile(&library::find("add64").unwrap()).unwrap();
    for connecting in [Party::Garbler, Party::Evaluator] {
        let uncut = session(None, connecting, &program).await;
        assert_eq!((&uncut.0.0, &uncut.1.0), (&expected(), &expected()));
        for way in [0, 1] {
            for frame in 0..uncut.2[way] {
                for part in [0, 1, 7] {
                    let cut = Cut { way, frame, part };
                    let (left, right, _) = session(Some(cut), connecting, &program).await;
                    assert_eq!((left, right), (uncut.0.clone(), uncut.1.clone()), "{cut:?}");
                }
            }
        }
    }
}
