//! The drivers over a channel in memory.

use std::collections::HashSet;

use halfgate_channel::{Channel, ChannelError, Kind, Length, Limits};
use halfgate_crypto::{Backend, Block, Delta, Entropy, SessionId};
use halfgate_ot::{
    CotReceiver, CotSender, Demands, OtError, ReceiverRows, SETUP_LENGTH, SenderRows, batch_length,
};

const SID: [u8; 32] = [9; 32];

struct Session {
    channels: (Channel, Channel),
    delta: Delta,
    sender: CotSender,
    receiver: CotReceiver,
}

async fn session() -> Session {
    let mut channels = Channel::memory_pair(Limits::default());
    let mut entropy = (Entropy::fixed(1), Entropy::fixed(2));
    let (sid, backend) = (SessionId::new(SID), Backend::detect());
    let delta = Delta::random(&mut entropy.0);
    let (sender, receiver) = tokio::join!(
        CotSender::setup(&mut channels.0, &sid, &delta, backend, &mut entropy.0),
        CotReceiver::setup(&mut channels.1, &sid, backend, &mut entropy.1),
    );
    Session {
        channels,
        delta,
        sender: sender.expect("an honest peer"),
        receiver: receiver.expect("an honest peer"),
    }
}

impl Session {
    async fn extend(&mut self, count: usize) -> (SenderRows, ReceiverRows) {
        let (ours, theirs) = tokio::join!(
            self.sender.extend(&mut self.channels.0, count),
            self.receiver.extend(&mut self.channels.1, count),
        );
        (ours.expect("an honest peer"), theirs.expect("an honest peer"))
    }

    fn check(&self, ours: &SenderRows, theirs: &ReceiverRows, count: usize) {
        assert_eq!((ours.rows().len(), theirs.rows().len()), (count, count));
        self.check_rows(ours.rows(), theirs.rows(), theirs.choices());
    }

    /// That q = t ⊕ u·Δ, and that no choice bit is set beyond the last.
    fn check_rows(&self, q: &[Block], t: &[Block], choices: &[u64]) {
        assert_eq!(choices.len(), q.len().div_ceil(64));
        for (row, (q, t)) in q.iter().zip(t).enumerate() {
            let choice = choices[row / 64] >> (row % 64) & 1 == 1;
            assert!(*q == *t ^ self.delta.block().and_bit(choice), "row {row}");
        }
        let beyond =
            choices.last().filter(|_| !q.len().is_multiple_of(64)).map_or(0, |word| word >> (q.len() % 64));
        assert_eq!(beyond, 0, "bits beyond the last");
    }
}

#[tokio::test]
async fn any_number_of_rows_is_correlated() {
    let mut session = session().await;
    for count in [1, 0, 63, 64, 65, 1000, 128, 1, 5000, 65_536, 3, 70_001, 200_000, 1] {
        let (ours, theirs) = session.extend(count).await;
        session.check(&ours, &theirs, count);
    }
}

#[tokio::test]
async fn rows_made_in_place_are_correlated_new_and_in_the_batches_that_were_foretold() {
    let mut session = session().await;
    let (mut demands, mut all) = (Demands::default(), HashSet::new());
    for count in [1_usize, 0, 63, 1024, 5000, 65_536, 3, 70_001, 200_000, 65_536, 131_072, 1] {
        let mut choices = vec![u64::MAX; count.div_ceil(64)];
        let (mut q, mut t) = (vec![Block::ZERO; count], vec![Block::ZERO; count]);
        let before = session.channels.1.meter().sent.messages;
        let Session { channels, sender, receiver, .. } = &mut session;
        let (checked, made) = tokio::join!(
            sender.extend_into(&mut channels.0, &mut q),
            receiver.extend_into(&mut channels.1, &mut choices, &mut t),
        );
        checked.and(made).expect("an honest peer");
        session.check_rows(&q, &t, &choices);
        assert!(q.iter().all(|row| all.insert(row.bits())), "a row of {count} came before");
        let messages = session.channels.1.meter().sent.messages - before;
        assert_eq!(messages, demands.batches(count).len() as u64, "{count} rows");
    }
}

#[tokio::test]
async fn no_row_is_handed_out_twice() {
    let mut session = session().await;
    let mut all = Vec::new();
    for count in [100, 1000, 30, 3000] {
        let (ours, _) = session.extend(count).await;
        all.extend(ours.rows().iter().map(|row| row.bits()));
    }
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
}

#[tokio::test]
async fn the_receiver_may_run_ahead() {
    let mut session = session().await;
    session.receiver.provide(&mut session.channels.1, 3000).await.unwrap();
    let theirs = session.receiver.extend(&mut session.channels.1, 2000).await.unwrap();
    session.receiver.provide(&mut session.channels.1, 100_000).await.unwrap();

    session.sender.provide(&mut session.channels.0, 3000).await.unwrap();
    let ours = session.sender.extend(&mut session.channels.0, 2000).await.unwrap();
    session.check(&ours, &theirs, 2000);
    session.sender.provide(&mut session.channels.0, 100_000).await.unwrap();
    let (ours, theirs) = session.extend(100_000).await;
    session.check(&ours, &theirs, 100_000);
}

#[tokio::test]
async fn the_setup_costs_what_is_documented() {
    const HEADER: u64 = 8;
    let mut session = session().await;
    let before = session.channels.1.meter().clone();
    assert_eq!((before.sent.messages, before.sent.bytes), (2, 2 * HEADER + 32 + SETUP_LENGTH as u64));
    assert_eq!((before.received.messages, before.received.bytes), (4, 4 * HEADER + 128 * 64));
    session.extend(1).await;
    let after = session.channels.1.meter();
    assert_eq!(after.sent.bytes - before.sent.bytes, HEADER + batch_length(1024) as u64);
    assert_eq!(after.received.messages, before.received.messages);
}

/// A peer that answers with batches of its own choosing.
async fn sender_meets(batches: Vec<Vec<u8>>) -> (CotSender, Channel, OtError) {
    let Session { channels: (mut ours, mut theirs), mut sender, mut receiver, .. } = session().await;
    // A good batch first, of which rows are left over.
    let (first, _) = tokio::join!(sender.extend(&mut ours, 10), receiver.extend(&mut theirs, 10));
    assert_eq!(first.expect("an honest batch").rows().len(), 10);
    for batch in batches {
        theirs.send(Kind::OtBatch, batch).await.expect("room in the queue");
    }
    let error = sender.extend(&mut ours, 2000).await.err().expect("a bad batch");
    (sender, ours, error)
}

#[tokio::test]
async fn a_cheated_sender_hands_out_nothing_any_more() {
    let (mut sender, mut channel, error) = sender_meets(vec![vec![0; batch_length(2048)]]).await;
    assert!(matches!(error, OtError::Cheating));
    assert!(!error.to_string().contains("batch"), "the error tells no detail");
    // Not even the rows left over from the good batch, and without waiting for the peer.
    for count in [1, 0, 5000] {
        assert!(matches!(sender.extend(&mut channel, count).await, Err(OtError::Destroyed)));
        assert!(matches!(sender.provide(&mut channel, count).await, Err(OtError::Destroyed)));
        let into = sender.extend_into(&mut channel, &mut vec![Block::ZERO; count]).await;
        assert!(matches!(into, Err(OtError::Destroyed)));
    }
}

#[tokio::test]
async fn a_batch_of_another_size_is_the_peers_fault() {
    for length in [0, 1, batch_length(1024), batch_length(2048) - 1, batch_length(2048) + 1] {
        let (_, _, error) = sender_meets(vec![vec![0; length]]).await;
        assert!(matches!(error, OtError::Channel(_)), "{length} bytes: {error}");
    }
}

#[tokio::test]
async fn a_different_session_on_each_side_is_noticed() {
    let mut channels = Channel::memory_pair(Limits::default());
    let mut entropy = (Entropy::fixed(1), Entropy::fixed(2));
    let delta = Delta::random(&mut entropy.0);
    let (sids, backend) = ([SID, [8; 32]].map(SessionId::new), Backend::detect());
    let (sender, _) = tokio::join!(
        CotSender::setup(&mut channels.0, &sids[0], &delta, backend, &mut entropy.0),
        CotReceiver::setup(&mut channels.1, &sids[1], backend, &mut entropy.1),
    );
    assert!(matches!(sender.err(), Some(OtError::Cheating)));
}

#[tokio::test]
async fn bad_points_are_noticed_by_the_receiver() {
    let mut channels = Channel::memory_pair(Limits::default());
    channels.0.send(Kind::BaseOtPoints, vec![0; 2048]).await.unwrap();
    let mut entropy = Entropy::fixed(2);
    let receiver =
        CotReceiver::setup(&mut channels.1, &SessionId::new(SID), Backend::detect(), &mut entropy).await;
    assert!(matches!(receiver.err(), Some(OtError::Cheating)));
}

#[tokio::test]
async fn a_peer_that_leaves_is_an_error_of_the_channel() {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    drop(theirs);
    let mut channel = Channel::over(ours, Limits::default());
    let mut entropy = Entropy::fixed(2);
    let receiver =
        CotReceiver::setup(&mut channel, &SessionId::new(SID), Backend::detect(), &mut entropy).await;
    assert!(matches!(receiver.err(), Some(OtError::Channel(_))));
}

#[tokio::test]
async fn messages_come_in_the_documented_order() -> Result<(), ChannelError> {
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let mut entropy = Entropy::fixed(2);
    let (sid, backend) = (SessionId::new(SID), Backend::detect());
    let spy = async {
        ours.receive(Kind::BaseOtPoints, Length::Exactly(32)).await?;
        let mut setup = halfgate_ot::SenderSetup::new(
            halfgate_ot::BaseDomain::new(&sid, halfgate_ot::BaseUse::GarblerCorrelation, 0),
            &Delta::random(&mut Entropy::fixed(3)),
        );
        while let Some(points) = setup.points(&mut Entropy::fixed(4)) {
            ours.send(Kind::BaseOtPoints, points).await?;
        }
        ours.receive(Kind::OtSetup, Length::Exactly(SETUP_LENGTH)).await?;
        ours.receive(Kind::OtBatch, Length::Exactly(batch_length(1024))).await
    };
    let receiver = async {
        let mut receiver = CotReceiver::setup(&mut theirs, &sid, backend, &mut entropy).await.unwrap();
        receiver.extend(&mut theirs, 1).await.unwrap();
    };
    tokio::join!(spy, receiver).0.map(|_| ())
}
