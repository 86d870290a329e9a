//! What both dishonest parties need: they are built from the public parts of the protocol, and leave nothing out but what
//! their cheat says.

use halfgate::circuits::{BitRows, Party};
use halfgate::compiler::{Program, Progress};
use halfgate::{Backend, Channel, Entropy, Statistical};
use halfgate_crypto::{Block, Delta, SessionId};
use halfgate_triples::{AuthBits, Dealer, MaskWalk, Portion, TripleError};

pub(crate) const STATISTICAL: Statistical = Statistical::Bits40;

pub(crate) fn sid() -> SessionId {
    SessionId::new([9; 32])
}

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
    let mut flip = |at: usize| shares.put_bit(at, !bits.shares().bit(at));
    match lie {
        Some(Lie::Share(at)) => flip(at),
        Some(Lie::ShareAndMac(at)) => {
            flip(at);
            auths[at].mac ^= delta.block();
        }
        Some(Lie::Mac(at)) => auths[at].mac ^= Block::new(1 << 77),
        None => {}
    }
    spoiled
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
    let (mut portion, progress) = walk.advance(&fresh);
    assert!(progress == Progress::Done);
    dealer.multiply(channel, &mut portion).await?;
    Ok((portion, walk.finish()))
}

/// Λ of both operands of each AND that has none but inputs. Masks tell which input an operand is.
pub(crate) fn masked_operands(
    portion: &Portion,
    masks: [&AuthBits; 2],
    masked: [&BitRows; 2],
) -> Vec<[Option<bool>; 2]> {
    let of = |mask: &halfgate_triples::Auth| {
        let inputs = masks.into_iter().zip(masked);
        inputs.flat_map(|(masks, masked)| masks.auths().iter().zip(masked.bits()))
            .find(|(input, _)| *input == mask)
            .map(|(_, masked)| masked)
    };
    portion.masks().iter().map(|masks| [of(&masks.left), of(&masks.right)]).collect()
}
