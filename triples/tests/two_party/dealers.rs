//! Two dealers on a line in memory.

use halfgate_channel::{Channel, Limits};
use halfgate_circuits::Party;
use halfgate_crypto::{Backend, Entropy, SessionId};
use halfgate_triples::{Auth, Dealer, Statistical, TripleError};

/// Starts a dealer, from fixed randomness.
pub(crate) async fn start(
    channel: &mut Channel,
    own: Party,
    statistical: Statistical,
    backend: Backend,
) -> Result<Dealer, TripleError> {
    let seed = if own == Party::Garbler { 11 } else { 12 };
    let sid = SessionId::new([5; 32]);
    Dealer::start(channel, sid, own, statistical, backend, Entropy::fixed(seed)).await
}

/// The garbler's and the evaluator's dealer with their channels.
pub(crate) async fn pair(statistical: Statistical) -> [(Channel, Dealer); 2] {
    let (mut ours, mut theirs) = Channel::memory_pair(Limits::default());
    let (garbler, evaluator) = tokio::join!(
        start(&mut ours, Party::Garbler, statistical, Backend::detect()),
        start(&mut theirs, Party::Evaluator, statistical, Backend::detect()),
    );
    [(ours, garbler.expect("an honest peer")), (theirs, evaluator.expect("an honest peer"))]
}

/// Whether the bit with these shares is authenticated on both sides.
pub(crate) fn is_authenticated(auths: [Auth; 2], bit: bool, dealers: [&Dealer; 2]) -> bool {
    (0..2).all(|party| auths[party].mac == auths[1 - party].expected_mac(bit, dealers[1 - party].delta()))
}

/// Takes triples from both stocks and checks each.
pub(crate) fn check_triples(dealers: [&mut Dealer; 2], count: usize) {
    let [garbler, evaluator] = dealers;
    let taken = |dealer: &mut Dealer| {
        let (triples, shares) = dealer.take(count).expect("no failure");
        (triples.to_vec(), shares.to_vec())
    };
    let (ours, theirs) = (taken(garbler), taken(evaluator));
    let dealers = [&*garbler, &*evaluator];
    let mut seen = [0; 8];
    for index in 0..count {
        let whole = ours.1[index] ^ theirs.1[index];
        let [x, y, z] = [0, 1, 2].map(|place| whole >> place & 1 == 1);
        assert_eq!(z, x & y, "triple {index}");
        let (ours, theirs) = (ours.0[index], theirs.0[index]);
        assert!(is_authenticated([ours.x, theirs.x], x, dealers), "x of triple {index}");
        assert!(is_authenticated([ours.y, theirs.y], y, dealers), "y of triple {index}");
        assert!(is_authenticated([ours.z, theirs.z], z, dealers), "z of triple {index}");
        seen[usize::from(whole)] += 1;
    }
    if count >= 100 {
        assert!([0, 1, 2, 7].iter().all(|&whole| seen[whole] > 0), "all values of x and y: {seen:?}");
    }
}
