//! A run of one program between two sessions, with fixed randomness.

use halfgate::circuits::{Party, Reveal, Values};
use halfgate::{Backend, Channel, Entropy, Error, Program, Session, Terms};

use crate::relay::{Log, Plan, line};
use crate::script::MALICIOUS;

/// What to run: input groups of both parties, in the program's order.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) program: &'a Program,
    pub(crate) inputs: &'a [Values],
    pub(crate) lanes: usize,
    pub(crate) to: Reveal,
    pub(crate) backend: Backend,
    pub(crate) seed: u64,
}

/// What a party ends up with.
pub(crate) type Answer = Result<Option<Vec<Values>>, Error>;

impl<'a> Job<'a> {
    pub(crate) fn new(program: &'a Program, inputs: &'a [Values]) -> Self {
        let lanes = inputs.first().map_or(1, Values::lanes);
        Job { program, inputs, lanes, to: Reveal::Both, backend: Backend::detect(), seed: 31 }
    }

    /// The answers of both parties, the garbler's first, and what they sent.
    pub(crate) fn run(self, plan: Option<Plan>) -> ([Answer; 2], Log) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (left, right, log) = line(plan);
            let (garbler, evaluator) =
                tokio::join!(self.party(left, Party::Garbler), self.party(right, Party::Evaluator));
            ([garbler, evaluator], log)
        })
    }

    /// Both answers of an honest run in which both learn the outputs: the numbers of the first output group.
    pub(crate) fn outputs(self) -> Vec<u64> {
        let (answers, _) = self.run(None);
        let [garbler, evaluator] = answers.map(|answer| numbers(&answer));
        assert_eq!(garbler, evaluator);
        garbler
    }

    async fn party(self, channel: Channel, own: Party) -> Answer {
        let entropy = Entropy::fixed(2 * self.seed + u64::from(own == Party::Evaluator));
        let (mut session, _) =
            Session::open_with(channel, own, Terms::new(MALICIOUS), self.backend, entropy).await?;
        let groups = self.program.inputs().iter().zip(self.inputs);
        let owned: Vec<_> = groups.map(|(input, values)| (input.owner == own).then_some(values)).collect();
        let outputs = session.run(self.program, self.lanes, &owned, self.to).await?;
        session.finish().await?;
        Ok(outputs)
    }
}

/// The numbers of the first output group that a party learned.
pub(crate) fn numbers(answer: &Answer) -> Vec<u64> {
    let outputs = answer.as_ref().expect("an honest peer").as_ref().expect("an opening to it");
    outputs[0].to_u64s()
}
