//! A session that says every kind of message, most of them more than once: inputs of both, calls on values that live on,
//! openings to both, to either and to shares, and a run.

use halfgate::circuits::{Builder, Circuit, Party, Reveal, Values};
use halfgate::{
    Backend, Channel, Entropy, Error, Program, Security, Session, Statistical, Terms, Value, compile,
};

use crate::relay::{Log, Plan, line};

pub(crate) const MALICIOUS: Security = Security::Malicious { statistical: Statistical::Bits40 };

/// Two bits of each party, in two lanes.
const GARBLERS: [u64; 2] = [0b01, 0b11];
const EVALUATORS: [u64; 2] = [0b11, 0b10];

/// How a party's session ended.
pub(crate) struct Ending {
    /// What it learned before, opening by opening.
    pub(crate) outputs: Vec<Vec<u64>>,
    pub(crate) error: Option<Error>,
}

/// Both parties' endings, the garbler's first, and what they sent.
pub(crate) struct Outcome {
    pub(crate) endings: [Ending; 2],
    pub(crate) log: Log,
}

impl Outcome {
    pub(crate) fn of(&self, party: Party) -> &Ending {
        &self.endings[usize::from(party == Party::Evaluator)]
    }
}

/// Every bit goes into an AND, that of the constant only in the second program.
struct Programs {
    first: Program,
    second: Program,
}

impl Programs {
    fn new() -> Self {
        Programs { first: compile(&first()).unwrap(), second: compile(&second()).unwrap() }
    }
}

fn first() -> Circuit {
    let builder = Builder::new();
    let x = builder.input_bits("x", 2, Party::Garbler);
    let y = builder.input_bits("y", 2, Party::Evaluator);
    builder.output_bits("products", &builder.bits((0..2).map(|bit| x[bit] & y[bit])));
    builder.output_bit("one", builder.constant(true));
    builder.finish().unwrap()
}

fn second() -> Circuit {
    let builder = Builder::new();
    let products = builder.input_bits("products", 2, Party::Garbler);
    let one = builder.input_bit("one", Party::Garbler);
    let x = builder.input_bits("x", 2, Party::Garbler);
    let y = builder.input_bits("y", 2, Party::Evaluator);
    let bits = (0..2).map(|bit| (products[bit] & !x[1 - bit]) ^ (one & y[bit]));
    builder.output_bits("mixed", &builder.bits(bits));
    builder.finish().unwrap()
}

/// What is opened, opening by opening: products, mixed, products again.
pub(crate) fn expected() -> [Vec<u64>; 2] {
    let products: Vec<u64> = GARBLERS.iter().zip(&EVALUATORS).map(|(x, y)| x & y).collect();
    let mixed = |lane: usize| {
        let (x, y, p) = (GARBLERS[lane], EVALUATORS[lane], products[lane]);
        p & !(x >> 1 | x << 1) & 0b11 ^ y
    };
    let mixed = [0, 1].map(mixed).to_vec();
    [products, mixed]
}

async fn play(session: &mut Session, programs: &Programs, outputs: &mut Vec<Vec<u64>>) -> Result<(), Error> {
    let own = session.party();
    let (x, y) = (Values::from_u64s(2, &GARBLERS), Values::from_u64s(2, &EVALUATORS));
    let (a, b) = match own {
        Party::Garbler => (session.input(&x).await?, session.peer_input(2, 2).await?),
        Party::Evaluator => (session.peer_input(2, 2).await?, session.input(&y).await?),
    };
    let called = session.call(&programs.first, &[&a, &b]).await?;
    let (products, one) = (&called[0], &called[1]);
    open(session, products, Reveal::Both, outputs).await?;
    let mixed = session.call(&programs.second, &[products, one, &a, &b]).await?.remove(0);
    for to in [Reveal::Evaluator, Reveal::Garbler, Reveal::Shares] {
        open(session, &mixed, to, outputs).await?;
    }
    let inputs = match own {
        Party::Garbler => [Some(&x), None],
        Party::Evaluator => [None, Some(&y)],
    };
    let run = session.run(&programs.first, 2, &inputs, Reveal::Both).await?;
    outputs.push(run.expect("both learn it")[0].to_u64s());
    Ok(())
}

async fn open(
    session: &mut Session,
    value: &Value,
    to: Reveal,
    outputs: &mut Vec<Vec<u64>>,
) -> Result<(), Error> {
    outputs.extend(session.reveal(value, to).await?.map(|values| values.to_u64s()));
    Ok(())
}

async fn party(channel: Channel, own: Party, programs: &Programs) -> Ending {
    let mut outputs = Vec::new();
    let entropy = Entropy::fixed(if own == Party::Garbler { 21 } else { 22 });
    let opened = Session::open_with(channel, own, Terms::new(MALICIOUS), Backend::detect(), entropy).await;
    let mut session = match opened {
        Ok((session, _)) => session,
        Err(error) => return Ending { outputs, error: Some(error) },
    };
    let error = match play(&mut session, programs, &mut outputs).await {
        Ok(()) => session.finish().await.err(),
        Err(error) => {
            assert!(matches!(session.peer_input(1, 1).await, Err(Error::Ended)), "the session is gone");
            assert!(matches!(session.input(&Values::new(1, 1)).await, Err(Error::Ended)));
            assert!(session.meter().is_none(), "and so is its channel");
            Some(error)
        }
    };
    Ending { outputs, error }
}

/// Plays the session of both parties, always with the same randomness.
pub(crate) fn run(plan: Option<Plan>) -> Outcome {
    let programs = Programs::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = line(plan);
        let sides = async {
            tokio::join!(party(left, Party::Garbler, &programs), party(right, Party::Evaluator, &programs))
        };
        let ended = tokio::time::timeout(std::time::Duration::from_secs(60), sides).await;
        let (garbler, evaluator) = ended.unwrap_or_else(|_| panic!("hangs under {plan:?}"));
        Outcome { endings: [garbler, evaluator], log }
    })
}
