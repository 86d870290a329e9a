//! A garbler that departs from the protocol in one thing, and an honest evaluator that meets it.

use halfgate::channel::{Channel, Kind, Length};
use halfgate::circuits::{BitRows, Party, Reveal};
use halfgate::{Backend, Program};
use halfgate_crypto::{Block, Delta, Mitccrh, ZeroLabels};
use halfgate_evaluator::{AuthenticatedEvaluator, EvaluatorError};
use halfgate_garbler::{AuthenticatedGarbling, AuthenticatedSource, GarbledAnds, MaskedWalk, own_labels};
use halfgate_triples::{
    AndChecks, AuthBits, DIGEST_BYTES, Dealer, InputBits, MaskedBits, Portion, TripleError, receive_bits,
    send_bits,
};

use crate::dishonest::{CONTEXT, Lie, Operand, STATISTICAL, entropy, flip, lied, operands, prepare, sid};
use crate::relay::{Log, line};

/// The one thing. It also never looks at the evaluator's digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cheat {
    Nothing,
    /// Flips bits of G0 (half 0) or G1 of an AND.
    Row {
        and: usize,
        half: usize,
        bits: u128,
    },
    /// Sends the wrong bit b of an AND, and answers for its row in some way.
    Bit {
        and: usize,
        answer: Answer,
    },
    /// Takes its share of λ_a∧λ_b ⊕ λ_c for the other one, and goes on from there as if it were right.
    ProductShare {
        and: usize,
        answer: Answer,
    },
    /// Garbles under another Δ than that of oblivious transfer.
    OtherDelta,
    /// Lies where it opens its shares of the masks of the evaluator's inputs.
    InputOpening(Lie),
    /// Multiplies other shares of the masks of its inputs than those it holds.
    ProductOpening(Lie),
    /// Answers for its rows as if something else were opened.
    OtherContext,
    /// Lies where it opens the masks of the outputs.
    OutputOpening(Lie),
}

/// How it answers for an AND that it has garbled wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// With its MACs for what the evaluator claims.
    Claimed,
    /// As if the evaluator had claimed the right Λ.
    Right,
    /// With a MAC that is its own Δ away.
    PlusDelta,
}

/// What it saw of the evaluator.
#[derive(Default)]
pub(crate) struct Seen {
    /// Both operands of each AND, where they are inputs.
    pub(crate) operands: Vec<[Option<Operand>; 2]>,
    /// Whether the evaluator opened outputs to it.
    pub(crate) opened: bool,
}

/// Plays a session in which the garbler's `x` and the evaluator's `y` meet in the two input groups of the program: what
/// the evaluator ends up with, what the garbler saw, and the messages.
pub(crate) fn play(
    program: &Program,
    [x, y]: [&BitRows; 2],
    cheat: Cheat,
    seed: u64,
) -> (Result<BitRows, EvaluatorError>, Seen, Log) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = line(None);
        let mut seen = Seen::default();
        let garbler = async {
            let started = Dishonest::start(left, cheat, seed).await;
            // The evaluator may hang up on it at any time.
            if let Ok(mut garbler) = started {
                let _ = garbler.play(program, x, &mut seen).await;
            }
        };
        let (_, answer) = tokio::join!(garbler, evaluate(right, program, y, seed));
        (answer, seen, log)
    })
}

/// An honest evaluator.
async fn evaluate(
    channel: Channel,
    program: &Program,
    y: &BitRows,
    seed: u64,
) -> Result<BitRows, EvaluatorError> {
    let entropy = entropy(seed, Party::Evaluator);
    let mut evaluator =
        AuthenticatedEvaluator::start(channel, sid(), STATISTICAL, Backend::detect(), entropy).await?;
    let groups = [InputBits::Peers(program.inputs()[0].group.width as usize), InputBits::Own(y)];
    let played = async {
        let inputs = evaluator.inputs(&groups, 1).await?;
        let outputs = evaluator.call(program, &inputs.iter().collect::<Vec<_>>(), 1).await?;
        let outputs = MaskedBits::joined(outputs.iter().map(|wires| &wires.bits));
        evaluator.reveal(CONTEXT, &outputs, Reveal::Both).await
    };
    match played.await {
        Ok(bits) => {
            // What it opened is still on its way.
            evaluator.channel().flush().await?;
            Ok(bits.expect("it learns the outputs"))
        }
        Err(error) => {
            assert!(matches!(evaluator.input(y, 1).await, Err(EvaluatorError::Spent)), "nothing is left");
            let nothing = MaskedBits::joined([].into_iter());
            let revealed = evaluator.reveal(CONTEXT, &nothing, Reveal::Both).await;
            assert!(matches!(revealed, Err(EvaluatorError::Spent)));
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
    /// That of [`Cheat::OtherDelta`].
    other: Delta,
}

/// Masks, Λ and labels of the inputs, the garbler's first.
struct Inputs {
    masks: [AuthBits; 2],
    masked: [BitRows; 2],
    labels: [ZeroLabels; 2],
}

impl Dishonest {
    async fn start(mut channel: Channel, cheat: Cheat, seed: u64) -> Result<Self, TripleError> {
        let (backend, mut entropy) = (Backend::detect(), entropy(seed, Party::Garbler));
        let (start, zero) = (entropy.block(), entropy.block());
        let other = Delta::with_second_bit(&mut entropy, true);
        channel.send(Kind::Start, [start.to_bytes(), zero.to_bytes()].concat()).await?;
        let dealer =
            Dealer::start(&mut channel, sid(), Party::Garbler, STATISTICAL, backend, entropy).await?;
        Ok(Dishonest { channel, dealer, cheat, hash: Mitccrh::new(backend, start), zero, other })
    }

    async fn play(&mut self, program: &Program, x: &BitRows, seen: &mut Seen) -> Result<(), TripleError> {
        let inputs = self.inputs(program, x).await?;
        let mut checks = AndChecks::new(sid());
        let outputs = self.call(program, &inputs, &mut checks, seen).await?;
        let context = if self.cheat == Cheat::OtherContext { b"other outputs" } else { CONTEXT };
        // -> RO(MACs of all ANDs)
        self.channel.send(Kind::CheckAnswer, checks.answer(context).to_vec()).await?;
        let lie = match self.cheat {
            Cheat::OutputOpening(lie) => Some(lie),
            _ => None,
        };
        let opened = lied(&outputs, lie, self.dealer.delta());
        self.dealer.open(&mut self.channel, &[&opened]).await?;
        self.dealer.learn(&mut self.channel, &[&outputs]).await?;
        seen.opened = true;
        Ok(())
    }

    async fn inputs(&mut self, program: &Program, x: &BitRows) -> Result<Inputs, TripleError> {
        let widths = [0, 1].map(|group: usize| program.inputs()[group].group.width as usize);
        let seeds = [0; 2].map(|_| self.dealer.fresh_block());
        // -> seeds
        self.channel.send(Kind::InputSeed, seeds.map(Block::to_bytes).concat()).await?;
        let all = self.dealer.bits(&mut self.channel, widths[0] + widths[1]).await?;
        let masks = [all.part(0, widths[0]), all.part(widths[0], widths[1])];
        let lie = match self.cheat {
            Cheat::InputOpening(lie) => Some(lie),
            _ => None,
        };
        let opened = lied(&masks[1], lie, self.dealer.delta());
        self.dealer.open(&mut self.channel, &[&opened]).await?;
        let mut own = self.dealer.learn(&mut self.channel, &[&masks[0]]).await?;
        own.xor_assign(x);
        // -> Λ, <- Λ
        send_bits(&mut self.channel, Kind::MaskedValues, &own).await?;
        let theirs = receive_bits(&mut self.channel, Kind::MaskedValues, widths[1]).await?;
        let masked = [own, theirs];
        let labels = [0, 1]
            .map(|group: usize| own_labels(Backend::detect(), seeds[group], self.delta(), &masked[group], 1));
        Ok(Inputs { masks, masked, labels })
    }

    /// Δ as it garbles.
    fn delta(&self) -> &Delta {
        if self.cheat == Cheat::OtherDelta { &self.other } else { self.dealer.delta() }
    }

    async fn call(
        &mut self,
        program: &Program,
        inputs: &Inputs,
        checks: &mut AndChecks,
        seen: &mut Seen,
    ) -> Result<AuthBits, TripleError> {
        let lie = match self.cheat {
            Cheat::ProductOpening(lie) => Some(lie),
            _ => None,
        };
        let own = lied(&inputs.masks[0], lie, self.dealer.delta());
        let walked = [&own, &inputs.masks[1]];
        let (portion, outputs) = prepare(&mut self.channel, &mut self.dealer, program, &walked).await?;
        seen.operands = operands(&portion, walked, inputs.masked.each_ref());
        let garbled = self.garble(program, inputs, &portion);
        let message = [garbled.rows.as_flattened(), &garbled.bits.to_bytes()].concat();
        // -> (G0, G1) …, b …
        self.channel.send(Kind::Rows, message).await?;
        // <- Λ, <- RO(labels)
        let claimed = receive_bits(&mut self.channel, Kind::MaskedValues, portion.len()).await?;
        self.channel.receive(Kind::LabelDigest, Length::Exactly(DIGEST_BYTES)).await?;
        self.answer(program, inputs, &portion, claimed, checks);
        Ok(AuthBits::joined(outputs.iter()))
    }

    fn garble(&self, program: &Program, inputs: &Inputs, portion: &Portion) -> GarbledAnds {
        let mut masks = portion.masks().to_vec();
        if let Cheat::ProductShare { and, .. } = self.cheat {
            masks[and].out.key ^= self.delta().block();
        }
        let source = AuthenticatedSource { delta: self.delta(), hash: &self.hash, zero: self.zero };
        let labels = inputs.labels.each_ref();
        let mut garbled = GarbledAnds::default();
        AuthenticatedGarbling::new(program, &labels, 1, 0).advance(source, &masks, &mut garbled);
        match self.cheat {
            Cheat::Row { and, half, bits } => {
                let row = &mut garbled.rows[and][16 * half..][..16];
                row.iter_mut().zip(bits.to_le_bytes()).for_each(|(byte, flips)| *byte ^= flips);
            }
            Cheat::Bit { and, .. } => flip(&mut garbled.bits, and),
            _ => {}
        }
        garbled
    }

    fn answer(
        &self,
        program: &Program,
        inputs: &Inputs,
        portion: &Portion,
        mut claimed: BitRows,
        checks: &mut AndChecks,
    ) {
        let cheated = match self.cheat {
            Cheat::Bit { and, answer } | Cheat::ProductShare { and, answer } => Some((and, answer)),
            _ => None,
        };
        if let Some((and, Answer::Right)) = cheated {
            flip(&mut claimed, and);
        }
        let masked = inputs.masked.each_ref();
        let mut macs = Vec::new();
        MaskedWalk::new(program, &masked, 1).advance(portion.masks(), &claimed, &mut macs);
        if let Some((and, Answer::PlusDelta)) = cheated {
            macs[and] ^= self.dealer.delta().block();
        }
        checks.add(&macs);
    }
}
