//! A man in the middle: forwards frames between two sides, or not, or changed.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

/// The kind of frames that carry garbled rows.
pub(crate) const ROWS: u8 = 10;
/// The kind of the last frame of each side.
pub(crate) const BYE: u8 = 13;
/// Kinds of the malicious mode.
pub(crate) const LEAKY_TABLES: u8 = 23;
pub(crate) const AND_OPENINGS: u8 = 28;
pub(crate) const MASKED_VALUES: u8 = 30;
pub(crate) const LABEL_DIGEST: u8 = 31;
pub(crate) const CHECK_ANSWER: u8 = 32;

/// What becomes of a frame of a kind.
pub(crate) type Treatment = fn(kind: u8, payload: &mut [u8]) -> Forward;

pub(crate) enum Forward {
    Yes,
    /// The connection ends here instead.
    Cut,
}

/// Changes a byte of every block in frames of a kind.
pub(crate) fn spoil<const KIND: u8>(kind: u8, payload: &mut [u8]) -> Forward {
    if kind == KIND {
        payload.iter_mut().step_by(16).for_each(|byte| *byte ^= 1);
    }
    Forward::Yes
}

/// Starts to forward one connection to `target`, and says where to connect to.
pub(crate) fn start(target: &str, treatment: Treatment) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let target = target.to_owned();
    thread::spawn(move || {
        let (near, _) = listener.accept().unwrap();
        let far = TcpStream::connect(target).unwrap();
        let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
        thread::spawn(move || forward(near_too, far_too, treatment));
        forward(far, near, treatment);
    });
    address
}

fn forward(mut from: TcpStream, mut to: TcpStream, treatment: Treatment) {
    let mut header = [0; 8];
    while from.read_exact(&mut header).is_ok() {
        let mut payload = vec![0; u32::from_le_bytes(header[4..].try_into().unwrap()) as usize];
        if from.read_exact(&mut payload).is_err() {
            break;
        }
        if let Forward::Cut = treatment(header[0], &mut payload) {
            break;
        }
        if to.write_all(&[&header[..], &payload].concat()).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
