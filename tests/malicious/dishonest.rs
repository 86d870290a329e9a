//! What both dishonest parties need: they are built from the public parts of the protocol, and leave nothing out but what
//! their cheat says.

use halfgate::circuits::{BitRows, Party};
use halfgate::compiler::{Program, Progress};
use halfgate::{Backend, Channel, Entropy, Statistical};
use halfgate_crypto::{Block, Delta, SessionId};
use halfgate_triples::{Auth, AuthBits, Dealer, MaskWalk, Portion, TripleError};

pub(crate) const STATISTICAL: Statistical = Statistical::Bits40;

pub(crate) fn sid() -> SessionId {
    SessionId::new([9; 32])
}

/// Names what the one opening of these sessions opens.
pub(crate) const CONTEXT: &[u8] = b"the outputs";

/// A lie in an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// The share of a bit is flipped, and its MAC is that of the true one.
    Share(usize),
    /// The share is flipped, and its MAC is moved by the liar's own Δ: the peer's would be right.
    ShareAndMac(usize),
    /// The MAC alone.
    Mac(usize),
}

/// Bits as a liar opens them.
pub(crate) fn lied(bits: &AuthBits, lie: Option<Lie>, delta: &Delta) -> AuthBits {
    let mut spoiled = bits.part(0, bits.len());
    let (shares, auths) = spoiled.parts_mut();
    match lie {
        Some(Lie::Share(at)) => flip(shares, at),
        Some(Lie::ShareAndMac(at)) => {
            flip(shares, at);
            auths[at].mac ^= delta.block();
        }
        Some(Lie::Mac(at)) => auths[at].mac ^= Block::new(1 << 77),
        None => {}
    }
    spoiled
}

/// Flips a bit.
pub(crate) fn flip(bits: &mut BitRows, at: usize) {
    bits.words_mut()[at / 64] ^= 1 << (at % 64);
}

/// The first party's number of a seed, and the second's.
pub(crate) fn entropy(seed: u64, own: Party) -> Entropy {
    Entropy::fixed(2 * seed + u64::from(own == Party::Evaluator))
}

/// The masks of the one portion of a call in one lane, with their products; and those of the outputs.
pub(crate) async fn prepare(
    channel: &mut Channel,
    dealer: &mut Dealer,
    program: &Program,
    inputs: &[&AuthBits],
) -> Result<(Portion, Vec<AuthBits>), TripleError> {
    let mut walk = MaskWalk::new(program, Backend::detect(), inputs, 1);
    let count = walk.next_portion();
    assert_eq!(count, program.and_count(), "one portion");
    let fresh = dealer.bits(channel, count).await?;
    dealer.provide(channel, count, count).await?;
    let mut portion = Portion::default();
    let progress = walk.advance(&fresh, &mut portion);
    assert!(progress == Progress::Done);
    dealer.multiply(channel, &mut portion).await?;
    Ok((portion, walk.finish()))
}

/// An input that is an operand of an AND.
#[derive(Clone, Copy)]
pub(crate) struct Operand {
    /// Whose: 0 for the garbler's.
    pub(crate) group: usize,
    pub(crate) bit: usize,
    /// Its Λ.
    pub(crate) masked: bool,
}

/// Both operands of each AND, where they are inputs; their masks tell which.
pub(crate) fn operands(
    portion: &Portion,
    masks: [&AuthBits; 2],
    masked: [&BitRows; 2],
) -> Vec<[Option<Operand>; 2]> {
    let find = |mask: Auth| {
        let places = (0..2).flat_map(|group: usize| (0..masks[group].len()).map(move |bit| (group, bit)));
        let is_it = |auth: &Auth| [auth.mac, auth.key] == [mask.mac, mask.key];
        let mut places = places.filter(|&(group, bit)| is_it(&masks[group].auths()[bit]));
        places.next().map(|(group, bit)| Operand { group, bit, masked: masked[group].bit(bit) })
    };
    portion.masks().iter().map(|masks| [find(masks.left), find(masks.right)]).collect()
}
