//! What a wrong table of a leaky AND tells who sent it: that the peer's share of that x is zero if the session goes on, and
//! one if it ends (`a_wrong_table_is_found_where_the_others_share_is_one` in `leaky.rs`). Here it is shown to have nothing to
//! do with the masks of wires, nor with the x that is added to them when they are opened (`protocols.md` §12 items 4 and 7,
//! D5). All randomness is fixed, so these tests always do the same.

use std::ops::Range;

use halfgate_channel::{Channel, Kind};
use halfgate_circuits::{Builder, Party};
use halfgate_compiler::{Program, compile};
use halfgate_crypto::{Backend, Entropy, SessionId};
use halfgate_triples::{Dealer, MaskWalk, Statistical, TripleError};

use crate::tampering::{Message, tampered};

const SESSIONS: usize = 96;

/// Candidates for the one triple of a session.
const CANDIDATES: usize = 40;

/// Masks of wires that are dealt before: those of both operands of the AND, and others.
const MASKS: usize = 32;

/// With three degrees of freedom or fewer, χ² is above this with a probability below 1.6·10^-5.
const BOUND: f64 = 25.0;

/// What the honest party has come to.
struct Session {
    survived: bool,
    /// Its shares of the masks.
    masks: Vec<bool>,
    /// If it survived: its share of f = λ_a ⊕ x as it opened it, and that of λ_a.
    opened: Option<[bool; 2]>,
}

fn and() -> Program {
    let builder = Builder::new();
    let (x, y) = (builder.input_bit("x", Party::Garbler), builder.input_bit("y", Party::Evaluator));
    builder.output_bit("z", x & y);
    compile(&builder.finish().unwrap()).unwrap()
}

/// What a party does in either role: its shares of the masks, and which of them is λ_a.
async fn deal(
    mut channel: Channel,
    own: Party,
    program: &Program,
    seed: u64,
) -> (Vec<bool>, Result<usize, TripleError>) {
    let mut shares = Vec::new();
    let dealt = async {
        let entropy = Entropy::fixed(2 * seed + u64::from(own == Party::Evaluator));
        let (sid, backend) = (SessionId::new([5; 32]), Backend::detect());
        let mut dealer = Dealer::start(&mut channel, sid, own, Statistical::Bits40, backend, entropy).await?;
        let masks = dealer.bits(&mut channel, MASKS).await?;
        shares.extend(masks.shares().bits());
        let inputs = [masks.part(0, 1), masks.part(1, 1)];
        let inputs = inputs.each_ref();
        let mut walk = MaskWalk::new(program, backend, &inputs, 1);
        let (portion, _) = dealer.next_portion(&mut channel, &mut walk, 1).await?;
        channel.flush().await?;
        let left = portion.masks()[0].left;
        Ok(masks
            .auths()
            .iter()
            .position(|mask| [mask.mac, mask.key] == [left.mac, left.key])
            .expect("a mask of an input"))
    };
    let dealt = dealt.await;
    (shares, dealt)
}

/// One session, in which some tables of the cheater (0 for the garbler) are wrong.
async fn play(program: &Program, cheater: usize, spoiled: Range<usize>, seed: u64) -> Session {
    let ([ours, theirs], mut passed) = tampered([0, 1].map(|sender: usize| {
        let spoiled = if sender == cheater { spoiled.clone() } else { 0..0 };
        move |message: &mut Message, _: usize| {
            if message.kind == Kind::LeakyTables as u8 {
                assert_eq!(message.payload.len(), 16 * CANDIDATES);
                spoiled.clone().for_each(|table| message.payload[16 * table + 9] ^= 4);
            }
        }
    }));
    let (garbler, evaluator) = tokio::join!(
        deal(ours, Party::Garbler, program, seed),
        deal(theirs, Party::Evaluator, program, seed)
    );
    let (masks, left) = if cheater == 0 { evaluator } else { garbler };
    let mut opened = None;
    while let Ok(message) = passed.try_recv() {
        if message.sender != cheater && message.kind == Kind::AndOpenings as u8 {
            opened = Some(message.payload[0] & 1 == 1);
        }
    }
    match left {
        Ok(left) => {
            let f = opened.expect("a session that goes on opens f");
            Session { survived: true, opened: Some([f, masks[left]]), masks }
        }
        Err(error) => {
            assert!(matches!(error, TripleError::Cheating), "{error}");
            assert_eq!(opened, None, "nothing of a mask is opened after a failed check");
            Session { survived: false, masks, opened: None }
        }
    }
}

/// Sessions with one wrong table and with two, in turns, in all places.
async fn sessions(cheater: usize) -> Vec<Session> {
    let program = and();
    let mut sessions = Vec::new();
    for session in 0..SESSIONS {
        let (count, first) = (1 + session % 2, session / 2 * 7 % (CANDIDATES - 1));
        sessions.push(play(&program, cheater, first..first + count, 3000 + session as u64).await);
    }
    sessions
}

/// χ² of counts that should be as these expected ones are.
fn chi_square<const N: usize>(counts: [u32; N], expected: [f64; N]) -> f64 {
    counts.into_iter().zip(expected).map(|(count, mean)| (f64::from(count) - mean).powi(2) / mean).sum()
}

/// χ² of two bits that should have nothing to do with each other.
fn dependence(pairs: impl Iterator<Item = [bool; 2]>) -> f64 {
    let mut counts = [0; 4];
    pairs.for_each(|[a, b]| counts[2 * usize::from(a) + usize::from(b)] += 1);
    let [row, column] = [[0, 1], [0, 2]].map(|[a, b]: [usize; 2]| f64::from(counts[a] + counts[b]));
    let all = f64::from(counts.iter().sum::<u32>());
    let (rows, columns) = ([row, all - row], [column, all - column]);
    chi_square(counts, [0, 1, 2, 3].map(|cell: usize| rows[cell / 2] * columns[cell % 2] / all))
}

/// What sessions tell about secrets that they may not tell, if anything.
fn learned(sessions: &[Session]) -> Option<String> {
    // Each wrong table passes with ½, up to five standard deviations.
    for (tables, chance) in [(1, 0.5), (2, 0.25)] {
        let all = sessions.iter().skip(tables - 1).step_by(2);
        let survivors = all.clone().filter(|session| session.survived).count() as f64;
        let count = all.count() as f64;
        if (survivors - count * chance).abs() > 5.0 * (count * chance * (1.0 - chance)).sqrt() {
            return Some(format!("{survivors} of {count} sessions survive {tables} wrong tables"));
        }
    }
    // Whether a session goes on has nothing to do with any mask.
    for mask in 0..MASKS {
        let t = dependence(sessions.iter().map(|session| [session.survived, session.masks[mask]]));
        if t > BOUND {
            return Some(format!("mask {mask} decides what survives: χ² = {t}"));
        }
    }
    // Nor does what is opened of a mask later tell it, although the shares of one or two of the x are known to be zero.
    let mut counts = [0; 4];
    let opened: Vec<_> = sessions.iter().filter_map(|session| session.opened).collect();
    opened.iter().for_each(|[f, mask]| counts[2 * usize::from(*f) + usize::from(*mask)] += 1);
    let t = chi_square(counts, [opened.len() as f64 / 4.0; 4]);
    (t > BOUND).then(|| format!("f and λ are {counts:?} times 00, 01, 10, 11: χ² = {t}"))
}

#[tokio::test]
async fn a_garbler_that_learns_shares_of_candidates_learns_nothing_about_masks() {
    assert_eq!(learned(&sessions(0).await), None);
}

#[tokio::test]
async fn an_evaluator_that_learns_shares_of_candidates_learns_nothing_about_masks() {
    assert_eq!(learned(&sessions(1).await), None);
}

/// What becomes of a mask whose leaky AND has a wrong table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Model {
    /// It is added to an x that is good.
    Good,
    /// It is added to an x of which the share is known.
    KnownFactor,
    /// D5: it is the x.
    InPlace,
}

impl Model {
    fn session(self, tables: usize, bit: &mut impl FnMut() -> bool) -> Session {
        let masks: Vec<bool> = (0..MASKS).map(|_| bit()).collect();
        let shares = [if self == Model::InPlace { masks[0] } else { bit() }, bit()];
        let survived = !shares[..tables].contains(&true);
        let x = if self == Model::Good { bit() } else { shares[0] };
        Session { survived, opened: survived.then_some([masks[0] ^ x, masks[0]]), masks }
    }
}

/// The same statistics on models of what these tests are there to find.
#[test]
fn masks_that_leak_would_be_found() {
    let entropy = &mut Entropy::fixed(4);
    let mut bit = || entropy.block().second_bit();
    for (model, finds) in
        [(Model::Good, None), (Model::KnownFactor, Some("f and λ")), (Model::InPlace, Some("mask 0 decides"))]
    {
        for _ in 0..20 {
            let sessions: Vec<_> =
                (0..SESSIONS).map(|session| model.session(1 + session % 2, &mut bit)).collect();
            let found = learned(&sessions);
            match finds {
                Some(what) => assert!(found.is_some_and(|found| found.starts_with(what))),
                None => assert_eq!(found, None),
            }
        }
    }
}
