//! Direct OTs over a channel in memory.

use halfgate_channel::{Channel, Kind, Length, Limits};
use halfgate_crypto::{Delta, Entropy, SessionId};
use halfgate_ot::{DIRECT_OTS, DirectReceiver, DirectSender, OtError};

struct Ends {
    channels: (Channel, Channel),
    entropy: (Entropy, Entropy),
    delta: Delta,
    sender: DirectSender,
    receiver: DirectReceiver,
}

impl Ends {
    fn new() -> Self {
        let mut entropy = (Entropy::fixed(1), Entropy::fixed(2));
        Ends {
            channels: Channel::memory_pair(Limits::default()),
            delta: Delta::random(&mut entropy.0),
            sender: DirectSender::new(&SessionId::new([5; 32]), &mut entropy.0),
            receiver: DirectReceiver::new(&SessionId::new([5; 32])),
            entropy,
        }
    }

    async fn transfer(&mut self, bits: &[bool]) {
        let receiving = async {
            self.receiver.choose(&mut self.channels.1, bits.iter().copied(), &mut self.entropy.1).await?;
            self.receiver.receive(&mut self.channels.1).await
        };
        let (zero_labels, labels) = tokio::join!(
            self.sender.transfer(&mut self.channels.0, &self.delta, bits.len(), &mut self.entropy.0),
            receiving,
        );
        let (zero_labels, labels) = (zero_labels.expect("an honest peer"), labels.expect("an honest peer"));
        assert_eq!((zero_labels.len(), labels.len()), (bits.len(), bits.len()));
        for ((zero, label), &bit) in zero_labels.iter().zip(labels.iter()).zip(bits) {
            assert!(*label == *zero ^ self.delta.block().and_bit(bit));
        }
    }
}

#[tokio::test]
async fn transfers_go_on_until_the_room_is_used_up() {
    let mut ends = Ends::new();
    for count in [3, 0, 17, 64, 1] {
        let bits: Vec<bool> = (0..count).map(|index| index % 3 == 0).collect();
        assert!(ends.sender.has_room(count) && ends.receiver.has_room(count));
        ends.transfer(&bits).await;
    }
    let left = DIRECT_OTS - 85;
    for (room, count) in [(true, left), (false, left + 1), (false, usize::MAX)] {
        assert_eq!((ends.sender.has_room(count), ends.receiver.has_room(count)), (room, room));
    }
    ends.transfer(&vec![true; left]).await;
    assert!(!ends.sender.has_room(1) && !ends.receiver.has_room(1));
}

#[tokio::test]
async fn a_transfer_takes_one_round_trip() {
    let mut ends = Ends::new();
    ends.transfer(&[true; 64]).await;
    let (ours, theirs) = (ends.channels.0.meter(), ends.channels.1.meter());
    assert_eq!((ours.sent.messages, theirs.sent.messages), (2, 4), "Y and c; four messages of points");
    assert_eq!(theirs.sent.bytes, 4 * 8 + 64 * 64);
    assert_eq!(ours.sent.bytes, 2 * 8 + 32 + 64 * 32);
    // Without Y the evaluator's points are on the way, so nothing of the garbler's is waited for before c.
    let mut ends = Ends::new();
    ends.receiver.choose(&mut ends.channels.1, [true, false], &mut ends.entropy.1).await.unwrap();
    let zero_labels =
        ends.sender.transfer(&mut ends.channels.0, &ends.delta, 2, &mut ends.entropy.0).await.unwrap();
    let labels = ends.receiver.receive(&mut ends.channels.1).await.unwrap();
    assert!(labels[0] == zero_labels[0] ^ ends.delta.block() && labels[1] == zero_labels[1]);
}

#[tokio::test]
async fn an_early_announcement_is_not_repeated() {
    let mut ends = Ends::new();
    for _ in 0..2 {
        ends.sender.announce(&mut ends.channels.0).await.unwrap();
        ends.receiver.hear(&mut ends.channels.1).await.unwrap();
    }
    ends.transfer(&[true, false]).await;
    assert_eq!(ends.channels.0.meter().sent.messages, 2);
}

#[tokio::test]
async fn a_cheated_garbler_transfers_nothing_any_more() {
    let mut ends = Ends::new();
    ends.channels.1.send(Kind::BaseOtPoints, vec![0; 64]).await.unwrap();
    let mut transfer =
        async || ends.sender.transfer(&mut ends.channels.0, &ends.delta, 1, &mut ends.entropy.0).await;
    assert!(matches!(transfer().await, Err(OtError::Cheating)));
    assert!(matches!(transfer().await, Err(OtError::Destroyed)));
    ends.channels
        .1
        .receive(Kind::BaseOtPoints, Length::Exactly(32))
        .await
        .expect("Y came before the failure");
    assert!(matches!(ends.sender.announce(&mut ends.channels.0).await, Err(OtError::Destroyed)));
}

#[tokio::test]
async fn a_cheated_evaluator_chooses_nothing_any_more() {
    let mut ends = Ends::new();
    ends.channels.0.send(Kind::BaseOtPoints, vec![0; 32]).await.unwrap();
    ends.receiver.choose(&mut ends.channels.1, [true], &mut ends.entropy.1).await.unwrap();
    assert!(matches!(ends.receiver.receive(&mut ends.channels.1).await, Err(OtError::Cheating)));
    assert!(matches!(ends.receiver.receive(&mut ends.channels.1).await, Err(OtError::Destroyed)));
    let choose = ends.receiver.choose(&mut ends.channels.1, [true], &mut ends.entropy.1).await;
    assert!(matches!(choose, Err(OtError::Destroyed)));
}

#[tokio::test]
async fn messages_of_another_length_are_the_peers_fault() {
    for length in [0, 63, 65, 128] {
        let mut ends = Ends::new();
        ends.channels.1.send(Kind::BaseOtPoints, vec![0; length]).await.unwrap();
        let transfer = ends.sender.transfer(&mut ends.channels.0, &ends.delta, 1, &mut ends.entropy.0).await;
        assert!(matches!(transfer, Err(OtError::Channel(_))), "{length} bytes");
    }
    for length in [0, 31, 33, 64] {
        let mut ends = Ends::new();
        ends.sender.announce(&mut ends.channels.0).await.unwrap();
        ends.channels.0.send(Kind::InputChoices, vec![0; length]).await.unwrap();
        ends.receiver.choose(&mut ends.channels.1, [true], &mut ends.entropy.1).await.unwrap();
        assert!(matches!(ends.receiver.receive(&mut ends.channels.1).await, Err(OtError::Channel(_))));
    }
}
