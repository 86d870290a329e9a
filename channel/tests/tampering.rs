//! Whatever happens to the bytes of a session on their way: typed errors in time, and no false agreement.

use halfgate_channel::{
    Agreement, Category, Channel, ChannelError, Kind, Length, Limits, Meter, Role, handshake,
};
use halfgate_crypto::Entropy;
use proptest::{collection::vec, prelude::*};
use tokio::io::AsyncWriteExt;

use relay::{Tamper, relayed_pair};

#[path = "support/relay.rs"]
mod relay;

/// The handshake, a message each way, and the goodbyes.
async fn session(mut channel: Channel, role: Role, seed: u64) -> Result<Meter, ChannelError> {
    let terms = Agreement::new().with("mode", "semi-honest").with("lanes", 3).with("program", [9; 32]);
    handshake(&mut channel, role, terms, &mut Entropy::fixed(seed)).await?;
    let rows = channel.exchange(Kind::Rows, vec![5; 40], Length::Exactly(40)).await?;
    assert_eq!(rows, [5; 40]);
    channel.finish().await
}

async fn both((left, right): (Channel, Channel)) -> [Result<Meter, ChannelError>; 2] {
    let (left, right) = tokio::join!(session(left, Role::Garbler, 1), session(right, Role::Evaluator, 2));
    [left, right]
}

/// Bytes that each side sends in a session, and those of them that are its hello.
async fn lengths() -> (usize, usize) {
    let [left, right] = both(Channel::memory_pair(Limits::default())).await;
    let (left, right) = (left.expect("nothing is in the way"), right.expect("nothing is in the way"));
    assert_eq!(left.sent, right.sent);
    let total = left.sent.bytes as usize;
    (total, total - (8 + 32) - (8 + 40) - 8)
}

#[tokio::test(start_paused = true)]
async fn a_flipped_bit_in_the_handshake_is_always_noticed() {
    let (_, hello) = lengths().await;
    for bit in 0..8 * (hello + 40) {
        let [sender, receiver] = both(relayed_pair(Tamper::Flip(bit), Limits::default())).await;
        let receiver = receiver.expect_err("the receiver notices");
        let sender = sender.expect_err("the sender learns that the session is over");
        for error in [sender, receiver] {
            assert!(error.category() != Category::Caller, "bit {bit}: {error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_cut_at_any_byte_ends_both_sides() {
    let (total, _) = lengths().await;
    for cut in 0..total {
        let [sender, receiver] = both(relayed_pair(Tamper::CutAfter(cut), Limits::default())).await;
        let error = receiver.expect_err("it never gets the sender's goodbye");
        assert_eq!(error.category(), Category::Network, "cut at {cut}: {error}");
        if let Err(error) = sender {
            assert_eq!(error.category(), Category::Network, "cut at {cut}: {error}");
        }
    }
    let [sender, receiver] = both(relayed_pair(Tamper::CutAfter(total + 1), Limits::default())).await;
    assert!(sender.is_ok() && receiver.is_ok());
}

fn outcome_of_bytes(bytes: Vec<u8>) -> ChannelError {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime can be built").block_on(async move {
        let (near, mut far) = tokio::io::duplex(1 << 17);
        far.write_all(&bytes).await.expect("the pipe holds it");
        let error = session(Channel::over(near, Limits::default()), Role::Garbler, 1).await;
        drop(far);
        error.expect_err("chance does not pass a handshake")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes_are_an_error(bytes in vec(any::<u8>(), 0..400)) {
        prop_assert_ne!(outcome_of_bytes(bytes).category(), Category::Caller);
    }

    #[test]
    fn arbitrary_terms_in_a_hello_are_an_error(body in vec(any::<u8>(), 0..300)) {
        let payload = [b"halfgate\x01\0\0\0\x01".as_slice(), &[1; 32], &[0], &body].concat();
        let header = [&[1, 0, 0, 0], &(payload.len() as u32).to_le_bytes()[..]].concat();
        let error = outcome_of_bytes([header, payload].concat());
        prop_assert!(matches!(error, ChannelError::PeerMisbehaved(_) | ChannelError::Mismatch(_)), "{error}");
    }
}
