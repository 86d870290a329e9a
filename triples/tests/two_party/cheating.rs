//! Peers that depart from the protocol in one message, every message in turn: somebody notices, and nothing is dealt.

use halfgate_channel::{Channel, ChannelError, Kind};
use halfgate_circuits::Party;
use halfgate_crypto::Backend;
use halfgate_ot::OtError;
use halfgate_triples::{Statistical, TripleError};

use crate::dealers;
use crate::tampering::{Message, Tampering, line};

/// One party's whole run: bits of which it opens some and learns others, and triples. A party that fails hangs up.
async fn run(mut channel: Channel, own: Party, backend: Backend) -> Result<(), TripleError> {
    let mut dealer = dealers::start(&mut channel, own, Statistical::Bits40, backend).await?;
    let bits = dealer.bits(&mut channel, 100).await?;
    if own == Party::Garbler {
        dealer.open(&mut channel, &[&bits]).await?;
        dealer.learn(&mut channel, &[&bits]).await?;
    } else {
        dealer.learn(&mut channel, &[&bits]).await?;
        dealer.open(&mut channel, &[&bits]).await?;
    }
    let provided = dealer.provide(&mut channel, 64, 0).await;
    if provided.is_err() {
        assert!(matches!(dealer.take(0), Err(TripleError::Destroyed)), "nothing is left after a failure");
        assert!(matches!(dealer.bits(&mut channel, 1).await, Err(TripleError::Destroyed)));
    }
    provided?;
    assert_eq!(dealer.take(64)?.0.len(), 64);
    Ok(channel.flush().await?)
}

async fn both(
    tampering: Option<Tampering>,
    backend: Backend,
) -> ([Result<(), TripleError>; 2], Vec<Message>) {
    let ([ours, theirs], mut kinds) = line(tampering);
    let (garbler, evaluator) =
        tokio::join!(run(ours, Party::Garbler, backend), run(theirs, Party::Evaluator, backend));
    let mut passed = Vec::new();
    while let Ok(message) = kinds.try_recv() {
        passed.push(message);
    }
    ([garbler, evaluator], passed)
}

/// Whether this end blames the peer for a failed check.
fn caught(result: &Result<(), TripleError>) -> bool {
    matches!(result, Err(TripleError::Cheating | TripleError::Ot(OtError::Cheating)))
}

/// A change of this hash is a change of the wire format, or of the order in which randomness is drawn.
#[tokio::test]
async fn the_bytes_on_the_wire_are_pinned_on_every_backend() {
    for backend in Backend::available() {
        let (honest, messages) = both(None, backend).await;
        assert!(honest.iter().all(Result::is_ok));
        let mut traces = [0; 2].map(|_| blake3::Hasher::new());
        for Message { sender, kind, payload } in &messages {
            traces[*sender].update(&[*kind]).update(&(payload.len() as u64).to_le_bytes()).update(payload);
        }
        let traces = traces.map(|trace| trace.finalize().to_hex()[..16].to_owned());
        assert_eq!(traces, ["239264d7c290455a", "51d01e783d47138a"], "{}", backend.name());
    }
}

#[tokio::test]
async fn every_message_of_either_party_is_checked() {
    let (honest, messages) = both(None, Backend::detect()).await;
    assert!(honest.iter().all(Result::is_ok));
    let kinds: std::collections::BTreeSet<u8> = messages.iter().map(|message| message.kind).collect();
    let expected = [
        Kind::Start,
        Kind::BaseOtPoints,
        Kind::OtSetup,
        Kind::OtBatch,
        Kind::LeakyTables,
        Kind::LeakyBits,
        Kind::Commitments,
        Kind::Openings,
        Kind::TripleOpenings,
        Kind::MaskShares,
    ];
    assert_eq!(kinds, expected.iter().map(|&kind| kind as u8).collect(), "all kinds, and no other");
    for sender in 0..2 {
        let count = messages.iter().filter(|message| message.sender == sender).count();
        for (message, place) in (0..count).flat_map(|message| [0, 7, 15].map(|place| (message, place))) {
            let tampering = Tampering { sender, message, place };
            let (results, _) = both(Some(tampering), Backend::detect()).await;
            assert!(results.iter().any(caught), "{tampering:?} went unnoticed: {results:?}");
            for result in &results {
                let fine = matches!(
                    result,
                    Ok(()) | Err(TripleError::Channel(_) | TripleError::Ot(OtError::Channel(_)))
                );
                assert!(fine || caught(result), "{tampering:?}: {result:?}");
            }
        }
    }
}

#[tokio::test]
async fn who_sends_back_what_it_gets_is_caught() {
    let ([mut ours, mut theirs], _) = line(None);
    let mirror = async {
        let start = theirs.receive(Kind::Start, halfgate_channel::Length::Exactly(16)).await?;
        theirs.send(Kind::Start, start).await?;
        Ok::<_, ChannelError>(())
    };
    let (result, mirrored) = tokio::join!(
        dealers::start(&mut ours, Party::Garbler, Statistical::Bits40, Backend::detect()),
        mirror
    );
    mirrored.unwrap();
    assert!(matches!(result, Err(TripleError::Cheating)));
}
