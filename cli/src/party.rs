//! `halfgate garble` and `halfgate evaluate`: one side of a run.

use std::env;

use halfgate::channel::ChannelError;
use halfgate::circuits::{Circuit, Group};
use halfgate::{Backend, Entropy, Meter, Party, Program, Reveal, Security, Session, Terms, Values, compile};

use crate::agreed::Agreed;
use crate::args::PartyArgs;
use crate::endpoint::{Connection, Endpoint};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::results::{self, Results};
use crate::run_report::{Run, RunReport};
use crate::{groups, in_background, memory, notes, progress, summary};

/// Forces a backend by its name.
const BACKEND_VARIABLE: &str = "HALFGATE_BACKEND";

/// A function ready to run, and this side's values.
struct Job {
    own: Party,
    args: PartyArgs,
    circuit: Circuit,
    program: Program,
    inputs: Inputs,
    backend: Backend,
}

/// What a run has given.
struct Outcome {
    terms: Terms,
    values: Option<Vec<Values>>,
    meter: Meter,
    /// Why the peer's goodbye did not come. The results stand all the same.
    unfinished: Option<Failure>,
}

pub(crate) async fn run(own: Party, args: PartyArgs) -> Result<(), Failure> {
    // First of all, so that a peer that is started at the same time finds somebody.
    let endpoint = Endpoint::prepare(&args.endpoint).await?;
    let mut job = in_background(move || Job::prepare(own, args)).await?;
    let connection = endpoint.meet(&job.args.limits).await?;
    let outcome = job.compute(connection).await?;
    in_background(move || {
        job.show(&outcome)?;
        outcome.unfinished.map_or(Ok(()), |failure| Err(Failure::Unfinished(Box::new(failure))))
    })
    .await
}

impl Job {
    fn prepare(own: Party, args: PartyArgs) -> Result<Self, Failure> {
        let backend = choose_backend()?;
        let (circuit, _) = args.circuit.load()?;
        let circuit = groups::apply(circuit, &args.groups)?;
        let inputs = Inputs::read(&circuit, own, args.input.as_ref(), None)?;
        let program = compile(&circuit)?;
        Ok(Job { own, args, circuit, program, inputs, backend })
    }

    async fn compute(&mut self, connection: Connection) -> Result<Outcome, Failure> {
        let Connection { channel, peer, odometer } = connection;
        let (security, reveal) = (Security::from(self.args.security), Reveal::from(self.args.reveal));
        let terms = Terms::for_run(security, &self.circuit, &self.program, self.inputs.lanes(), reveal);
        let entropy = Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()))?;
        let (mut session, terms) =
            Session::open_with(channel, self.own, terms, self.backend, entropy).await?;
        session.use_threads(self.args.threads())?;
        let lanes = match self.checked_lanes(&terms, reveal) {
            Ok(lanes) => lanes,
            Err(refusal) => {
                session.abort().await;
                return Err(refusal);
            }
        };
        notes::say(self.agreed(&peer, terms.lanes(), reveal, security).table());
        let own = self.inputs.with_lanes(&self.circuit, self.own, lanes);
        let running = session.run(&self.program, lanes, &own, reveal);
        let values = progress::show(running, &odometer, &self.program, terms.lanes()).await?;
        let meter = session.meter();
        match (session.finish().await, meter) {
            (Ok(meter), _) => Ok(Outcome { terms, values, meter, unfinished: None }),
            // A peer that gave up has found something wrong; a connection that broke says nothing about the results.
            (Err(error), Some(meter)) if !peer_aborted(&error) => {
                Ok(Outcome { terms, values, meter, unfinished: Some(error.into()) })
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    /// The number of lanes, which may be the peer's word.
    fn checked_lanes(&self, terms: &Terms, reveal: Reveal) -> Result<usize, Failure> {
        let asked = terms.lanes();
        if self.inputs.lanes().is_none() && asked > self.args.limits.max_lanes {
            return Err(Failure::TooManyLanes { asked });
        }
        if reveal == Reveal::Shares || reveal.reaches(self.own) {
            memory::check("the results", self.circuit.outputs().iter().map(|output| &output.group), asked)?;
        }
        usize::try_from(asked).map_err(|_| Failure::TooManyLanes { asked })
    }

    fn agreed<'a>(&'a self, peer: &'a str, lanes: u64, reveal: Reveal, security: Security) -> Agreed<'a> {
        Agreed {
            function: self.args.circuit.to_string(),
            circuit: &self.circuit,
            program: &self.program,
            own: self.own,
            peer,
            lanes,
            reveal,
            security,
        }
    }

    fn show(&self, outcome: &Outcome) -> Result<(), Failure> {
        let Outcome { terms, values, meter, .. } = outcome;
        let ands = (self.program.and_count() as u64).saturating_mul(terms.lanes());
        notes::say(summary::table(meter, ands));
        let groups: Vec<&Group> = self.circuit.outputs().iter().map(|output| &output.group).collect();
        let radix = self.args.output.radix();
        let outputs = values.as_ref().map(|values| Results {
            groups,
            values,
            radix,
            ids: self.inputs.ids(),
            function: None,
        });
        if !self.args.output.json {
            return outputs.map_or(Ok(()), |outputs| results::print(|mut out| outputs.write_csv(&mut out)));
        }
        let run = Run {
            circuit: self.args.circuit.to_string(),
            role: self.own,
            agreement: terms.agreement(),
            lanes: terms.lanes(),
            program: &self.program,
            meter,
            backend: self.backend.name(),
        };
        results::print_json(&RunReport::new(run, outputs))
    }
}

fn peer_aborted(error: &halfgate::Error) -> bool {
    matches!(error.channel_error(), Some(ChannelError::PeerAborted))
}

/// The fastest backend, or the one that the environment names.
pub(crate) fn choose_backend() -> Result<Backend, Failure> {
    let Some(name) = env::var_os(BACKEND_VARIABLE) else { return Ok(Backend::detect()) };
    let name = name.to_string_lossy();
    Backend::by_name(&name).ok_or_else(|| {
        let names: Vec<_> = Backend::available().into_iter().map(Backend::name).collect();
        Failure::Usage(format!("{BACKEND_VARIABLE}={name}: this machine has {}", names.join(", ")))
    })
}
