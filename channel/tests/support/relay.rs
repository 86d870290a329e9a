//! Somebody on the wire between two honest sides.

use halfgate_channel::{Channel, Limits};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex, split};

/// What is done to the bytes of the left side; those of the right side pass untouched.
#[derive(Clone, Copy)]
pub(crate) enum Tamper {
    /// This bit is flipped, counted from the first byte.
    Flip(usize),
    /// Both directions are cut when this many bytes have passed.
    CutAfter(usize),
}

/// Two channels with somebody in between.
pub(crate) fn relayed_pair(tamper: Tamper, limits: Limits) -> (Channel, Channel) {
    let (left, left_far) = duplex(1024);
    let (right, right_far) = duplex(1024);
    tokio::spawn(async move {
        let (from_left, to_left) = split(left_far);
        let (from_right, to_right) = split(right_far);
        // Ends at the first cut, which drops all four ends.
        let _ =
            tokio::try_join!(forward(from_left, to_right, Some(tamper)), forward(from_right, to_left, None));
    });
    (Channel::over(left, limits), Channel::over(right, limits))
}

/// Copies bytes until one side closes; an error is a cut.
async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    tamper: Option<Tamper>,
) -> Result<(), ()> {
    let mut place = 0;
    loop {
        if matches!(tamper, Some(Tamper::CutAfter(cut)) if cut == place) {
            return Err(());
        }
        let Ok(mut byte) = from.read_u8().await else {
            let _ = to.shutdown().await;
            return Ok(());
        };
        if let Some(Tamper::Flip(bit)) = tamper
            && bit / 8 == place
        {
            byte ^= 1 << (bit % 8);
        }
        let _ = to.write_u8(byte).await;
        place += 1;
    }
}
