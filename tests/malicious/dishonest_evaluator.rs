//! An evaluator that departs from the protocol in one thing, and an honest garbler that meets it.

use halfgate::channel::{Channel, Kind, Length};
use halfgate::circuits::{BitRows, Party, Reveal};
use halfgate::{Backend, Program};
use halfgate_crypto::{ActiveLabels, Block, Mitccrh};
use halfgate_evaluator::{
    AndRows, AuthenticatedEvaluating, AuthenticatedStart, EvaluatedAnds, MaskedLabels, peer_labels,
};
use halfgate_garbler::{AuthenticatedGarbler, GarblerError};
use halfgate_triples::{
    AndChecks, AuthBits, DIGEST_BYTES, Dealer, InputBits, MaskedBits, Portion, TripleError, receive_bits,
    send_bits,
};

use crate::dishonest::{CONTEXT, Lie, STATISTICAL, entropy, flip, lied, prepare, sid};
use crate::relay::{Log, line};

/// The one thing. It also never looks at the garbler's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cheat {
    Nothing,
    /// Claims another Λ of an AND, with some digest of labels.
    Masked {
        and: usize,
        digest: Digest,
    },
    /// Takes another Λ of an AND for the right one, and goes on from there.
    MaskedFromThere {
        and: usize,
    },
    /// Has a wrong label for an AND, with the right Λ.
    Label {
        and: usize,
    },
    /// Lies where it opens its shares of the masks of the garbler's inputs.
    InputOpening(Lie),
    /// Multiplies other shares of the masks of its inputs than those it holds.
    ProductOpening(Lie),
    /// Lies where it opens the masks of the outputs.
    OutputOpening(Lie),
}

/// The digest of labels that comes with a wrong Λ. The right one would need the garbler's Δ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    /// That of the labels it has.
    Honest,
    /// That of labels of which this one is moved by its own Δ.
    PlusOwnDelta,
    /// By G0, or by G1, of the AND.
    PlusRow(usize),
}

/// What the garbler ends up with, and the messages. Both bring the two input groups of the program.
pub(crate) fn play(
    program: &Program,
    [x, y]: [&BitRows; 2],
    cheat: Cheat,
    seed: u64,
) -> (Result<BitRows, GarblerError>, Log) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = line(None);
        let evaluator = async {
            // The garbler may hang up on it at any time.
            if let Ok(mut evaluator) = Dishonest::start(right, cheat, seed).await {
                let _ = evaluator.play(program, y).await;
            }
        };
        let (answer, _) = tokio::join!(garble(left, program, x, seed), evaluator);
        (answer, log)
    })
}

/// An honest garbler.
async fn garble(
    channel: Channel,
    program: &Program,
    x: &BitRows,
    seed: u64,
) -> Result<BitRows, GarblerError> {
    let entropy = entropy(seed, Party::Garbler);
    let mut garbler =
        AuthenticatedGarbler::start(channel, sid(), STATISTICAL, Backend::detect(), entropy).await?;
    let groups = [InputBits::Own(x), InputBits::Peers(program.inputs()[1].group.width as usize)];
    let played = async {
        let inputs = garbler.inputs(&groups, 1).await?;
        let outputs = garbler.call(program, &inputs.iter().collect::<Vec<_>>(), 1).await?;
        let outputs = MaskedBits::joined(outputs.iter().map(|wires| &wires.bits));
        garbler.reveal(CONTEXT, &outputs, Reveal::Both).await
    };
    match played.await {
        Ok(bits) => Ok(bits.expect("it learns the outputs")),
        Err(error) => {
            assert!(matches!(garbler.input(x, 1).await, Err(GarblerError::Spent)), "nothing is left");
            let nothing = MaskedBits::joined([].into_iter());
            let revealed = garbler.reveal(CONTEXT, &nothing, Reveal::Both).await;
            assert!(matches!(revealed, Err(GarblerError::Spent)));
            Err(error)
        }
    }
}

struct Dishonest {
    channel: Channel,
    dealer: Dealer,
    cheat: Cheat,
    hash: Mitccrh,
    zero: Block,
}

/// Masks, Λ and labels of the inputs, the garbler's first.
struct Inputs {
    masks: [AuthBits; 2],
    masked: [BitRows; 2],
    labels: [ActiveLabels; 2],
}

impl Dishonest {
    async fn start(mut channel: Channel, cheat: Cheat, seed: u64) -> Result<Self, TripleError> {
        let (backend, entropy) = (Backend::detect(), entropy(seed, Party::Evaluator));
        // <- S, Z
        let [start, zero] = blocks(&channel.receive(Kind::Start, Length::Exactly(32)).await?);
        let dealer =
            Dealer::start(&mut channel, sid(), Party::Evaluator, STATISTICAL, backend, entropy).await?;
        Ok(Dishonest { channel, dealer, cheat, hash: Mitccrh::new(backend, start), zero })
    }

    async fn play(&mut self, program: &Program, y: &BitRows) -> Result<(), TripleError> {
        let inputs = self.inputs(program, y).await?;
        let outputs = self.call(program, &inputs).await?;
        // <- RO(MACs of all ANDs)
        self.channel.receive(Kind::CheckAnswer, Length::Exactly(DIGEST_BYTES)).await?;
        self.dealer.learn(&mut self.channel, &[&outputs]).await?;
        let lie = match self.cheat {
            Cheat::OutputOpening(lie) => Some(lie),
            _ => None,
        };
        let opened = lied(&outputs, lie, self.dealer.delta());
        self.dealer.open(&mut self.channel, &[&opened]).await?;
        Ok(self.channel.flush().await?)
    }

    async fn inputs(&mut self, program: &Program, y: &BitRows) -> Result<Inputs, TripleError> {
        let widths = [0, 1].map(|group: usize| program.inputs()[group].group.width as usize);
        // <- seeds
        let seeds = blocks(&self.channel.receive(Kind::InputSeed, Length::Exactly(32)).await?);
        let all = self.dealer.bits(&mut self.channel, widths[0] + widths[1]).await?;
        let masks = [all.part(0, widths[0]), all.part(widths[0], widths[1])];
        let lie = match self.cheat {
            Cheat::InputOpening(lie) => Some(lie),
            _ => None,
        };
        let opened = lied(&masks[0], lie, self.dealer.delta());
        self.dealer.open(&mut self.channel, &[&opened]).await?;
        let mut own = self.dealer.learn(&mut self.channel, &[&masks[1]]).await?;
        own.xor_assign(y);
        // -> Λ, <- Λ
        send_bits(&mut self.channel, Kind::MaskedValues, &own).await?;
        let theirs = receive_bits(&mut self.channel, Kind::MaskedValues, widths[0]).await?;
        let labels =
            [0, 1].map(|group: usize| peer_labels(Backend::detect(), seeds[group], widths[group], 1));
        Ok(Inputs { masks, masked: [theirs, own], labels })
    }

    async fn call(&mut self, program: &Program, inputs: &Inputs) -> Result<AuthBits, TripleError> {
        let lie = match self.cheat {
            Cheat::ProductOpening(lie) => Some(lie),
            _ => None,
        };
        let own = lied(&inputs.masks[1], lie, self.dealer.delta());
        let walked = [&inputs.masks[0], &own];
        let (portion, outputs) = prepare(&mut self.channel, &mut self.dealer, program, &walked).await?;
        let count = portion.len();
        // <- (G0, G1) …, b …
        let length = Length::Exactly(32 * count + count.div_ceil(8));
        let message = self.channel.receive(Kind::Rows, length).await?;
        let (rows, bits) = message.split_at(32 * count);
        let mut bits = BitRows::from_bytes(count, 1, bits).expect("an honest garbler");
        if let Cheat::MaskedFromThere { and } = self.cheat {
            flip(&mut bits, and);
        }
        let garbled = AndRows { rows: rows.as_chunks().0, bits: &bits };
        let mut evaluated = self.evaluate(program, inputs, &portion, garbled);
        self.lie(&mut evaluated, garbled);
        // -> Λ, -> RO(labels)
        send_bits(&mut self.channel, Kind::MaskedValues, &evaluated.masked).await?;
        let digest = AndChecks::new(sid()).label_digest(&evaluated.labels);
        self.channel.send(Kind::LabelDigest, digest.to_vec()).await?;
        Ok(AuthBits::joined(outputs.iter()))
    }

    fn evaluate(
        &self,
        program: &Program,
        inputs: &Inputs,
        portion: &Portion,
        garbled: AndRows<'_>,
    ) -> EvaluatedAnds {
        let start = AuthenticatedStart { delta: self.dealer.delta(), hash: &self.hash, zero: self.zero };
        let masked = [0, 1].map(|group: usize| MaskedLabels {
            labels: &inputs.labels[group],
            masked: &inputs.masked[group],
        });
        let mut evaluating = AuthenticatedEvaluating::new(program, &masked, 1, 0);
        let mut evaluated = EvaluatedAnds::default();
        evaluating.advance(start, portion.masks(), garbled, &mut evaluated);
        evaluated
    }

    /// Changes what is about to be said of the ANDs.
    fn lie(&self, evaluated: &mut EvaluatedAnds, garbled: AndRows<'_>) {
        match self.cheat {
            Cheat::Masked { and, digest } => {
                flip(&mut evaluated.masked, and);
                evaluated.labels[and] ^= match digest {
                    Digest::Honest => Block::ZERO,
                    Digest::PlusOwnDelta => self.dealer.delta().block(),
                    Digest::PlusRow(half) => blocks(&garbled.rows[and])[half],
                };
            }
            Cheat::Label { and } => evaluated.labels[and] ^= Block::new(1),
            _ => {}
        }
    }
}

/// Two blocks one after the other.
fn blocks(bytes: &[u8]) -> [Block; 2] {
    [0, 16].map(|from| Block::from_bytes(*bytes[from..].first_chunk().expect("two blocks")))
}
