//! What one side brings to a meeting: a function ready to run, what is to be agreed on it, and this side's values.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use halfgate::circuits::library::functions::Function;
use halfgate::circuits::{Circuit, Group};
use halfgate::estimate::{Forecast, Pace};
use halfgate::{Backend, Party, Pool, Program, Reveal, Security, Terms, Values, compile};
use halfgate_meet::{Job, Journal, Plan, Seat};

use crate::args::{JobArgs, LearnerArg};
use crate::backend;
use crate::failure::Failure;
use crate::inputs::{From, Inputs};
use crate::{memory, pool};

/// A function, the parts in it, and this side's values.
pub(crate) struct Deal {
    /// The function as it was named.
    pub(crate) name: String,
    /// What the catalogue says about it, if it is one of the comparison functions.
    pub(crate) function: Option<&'static Function>,
    pub(crate) circuit: Circuit,
    pub(crate) program: Program,
    pub(crate) inputs: Inputs,
    pub(crate) parts: Parts,
    pub(crate) security: Security,
    /// What was prepared for this run, until it begins.
    pub(crate) pool: Option<Pool>,
    pub(crate) backend: Backend,
    pub(crate) bounds: Bounds,
    pub(crate) batches: Batches,
    /// How fast this machine is at the function, or a slow one if the run is too short to find out.
    pub(crate) pace: Pace,
}

/// What a deal is made of.
pub(crate) struct Draft<'a> {
    pub(crate) name: String,
    pub(crate) function: Option<&'static Function>,
    /// With the owners that the parts ask for.
    pub(crate) circuit: Circuit,
    /// Where the circuit has been compiled before.
    pub(crate) program: Option<Program>,
    pub(crate) parts: Parts,
    pub(crate) security: Security,
    pub(crate) pool: Option<&'a Path>,
    pub(crate) inputs: From<'a>,
    pub(crate) bounds: Bounds,
    pub(crate) batches: Batches,
}

/// How a long run is cut and kept.
#[derive(Clone)]
pub(crate) struct Batches {
    /// All at once if there is none.
    pub(crate) batch: Option<NonZeroU64>,
    pub(crate) journal: Option<PathBuf>,
}

impl Batches {
    pub(crate) fn new(args: &JobArgs) -> Self {
        Batches { batch: args.batch, journal: args.journal.clone() }
    }

    /// With a journal there are batches, of a size that suits the program if nothing else is said.
    fn or_usual(self, program: &Program) -> Self {
        let usual = || NonZeroU64::new(Plan::default_batch(program) as u64);
        let batch = self.batch.or_else(|| self.journal.as_ref().and_then(|_| usual()));
        Batches { batch, ..self }
    }
}

/// Who does what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Where this side sits.
    pub(crate) seat: Seat,
    /// Who garbles.
    pub(crate) garbler: Seat,
    pub(crate) reveal: Reveal,
}

impl Parts {
    /// The party that a seat is.
    pub(crate) fn party(self, seat: Seat) -> Party {
        if seat == self.garbler { Party::Garbler } else { Party::Evaluator }
    }

    /// Who evaluates.
    pub(crate) fn evaluator(self) -> Seat {
        self.garbler.other()
    }

    /// The party that this side is.
    pub(crate) fn own(self) -> Party {
        self.party(self.seat)
    }
}

/// Who learns, in terms of the parties.
pub(crate) fn reveal(learner: LearnerArg, garbler: Seat) -> Reveal {
    let only = |seat| if seat == garbler { Reveal::Garbler } else { Reveal::Evaluator };
    match learner {
        LearnerArg::Both => Reveal::Both,
        LearnerArg::Shares => Reveal::Shares,
        LearnerArg::Host => only(Seat::Host),
        LearnerArg::Guest => only(Seat::Guest),
    }
}

/// A circuit whose first party is the host, with owners as the parts have it.
pub(crate) fn seated(mut circuit: Circuit, garbler: Seat) -> Result<Circuit, Failure> {
    if garbler == Seat::Guest {
        for index in 0..circuit.inputs().len() {
            let owner = circuit.inputs()[index].owner.peer();
            circuit = circuit.with_owner(index, owner).map_err(Failure::NotACircuit)?;
        }
    }
    Ok(circuit)
}

/// What this side takes at most.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// Rows, if only the peer knows how many there are.
    pub(crate) lanes: u64,
    pub(crate) threads: usize,
}

impl Deal {
    /// Compiles the function and reads this side's values.
    pub(crate) fn new(draft: Draft<'_>) -> Result<Self, Failure> {
        let Draft { name, function, circuit, program, parts, security, pool, inputs, bounds, batches } =
            draft;
        let backend = backend::choose()?;
        let pool = pool::open(pool, security)?;
        let inputs = Inputs::read(&circuit, parts.own(), inputs)?;
        // Owners and encodings may be others than those it was compiled with.
        let compiled = program.and_then(|program| program.with_groups_of(&circuit));
        let program = compiled.map_or_else(|| compile(&circuit), Ok)?;
        let lanes = inputs.lanes().and_then(|lanes| usize::try_from(lanes).ok()).unwrap_or(1);
        let batches = batches.or_usual(&program);
        let mut deal = Deal {
            name,
            function,
            circuit,
            program,
            inputs,
            parts,
            security,
            pool,
            backend,
            bounds,
            batches,
            pace: Pace::of_a_slow_machine(),
        };
        deal.try_out()?;
        if deal.inputs.lanes().is_some() {
            deal.inputs.fill(&deal.circuit, parts.own(), lanes);
            deal.check_journal(lanes)?;
        }
        Ok(deal)
    }

    /// Finds out how fast this machine is, unless the run is known to be short.
    pub(crate) fn try_out(&mut self) -> Result<(), Failure> {
        let lanes = self.inputs.lanes().and_then(|lanes| usize::try_from(lanes).ok());
        let pace = match lanes {
            Some(lanes) if self.is_short(lanes) => Pace::of_a_slow_machine(),
            _ => Pace::measure(&self.program, lanes.unwrap_or(1), self.security, self.backend)?,
        };
        self.pace = pace.with_threads(self.bounds.threads);
        Ok(())
    }

    /// Whether a run of so many lanes is over before its forecast could be much better than a bound. Both sides say the same.
    pub(crate) fn is_short(&self, lanes: usize) -> bool {
        let forecast = self.forecast(&self.run_terms(Some(lanes as u64)), 0);
        let forecast = forecast.and_then(|begun| Ok(begun.run(&self.program, lanes, self.parts.reveal)?));
        // What is wrong with it comes up when it is run.
        forecast.is_ok_and(|forecast| forecast.is_short())
    }

    /// A session on these terms, with the pool if there is one.
    pub(crate) fn forecast(&self, terms: &Terms, key: usize) -> Result<Forecast, Failure> {
        let begun = Forecast::new(terms, key)?;
        Ok(match &self.pool {
            Some(pool) => begun.prepared(pool.size()),
            None => begun,
        })
    }

    /// Finds out before there is a peer whether the job of the journal is this one.
    fn check_journal(&self, lanes: usize) -> Result<(), Failure> {
        let batch = self.batches.batch.map(|rows| usize::try_from(rows.get()).unwrap_or(usize::MAX));
        self.open_job(&self.inputs.values(), lanes, batch).map(drop)
    }

    /// The job of so many rows, begun or to be gone on with.
    pub(crate) fn open_job<'a>(
        &'a self,
        inputs: &'a [Option<&'a Values>],
        rows: usize,
        batch: Option<usize>,
    ) -> Result<Job<'a>, Failure> {
        let (program, own, reveal) = (&self.program, self.parts.own(), self.parts.reveal);
        // In malicious mode a peer could come back with any result that it likes.
        let resend = self.security == Security::SemiHonest;
        let plan = Plan { program, own, reveal, resend, rows, batch, inputs, ids: self.inputs.ids() };
        let journal = self.batches.journal.as_deref().map(Journal::open).transpose()?;
        Ok(Job::new(plan, journal)?)
    }

    /// The terms of the run as this side means them, or with the lanes as agreed.
    pub(crate) fn run_terms(&self, lanes: Option<u64>) -> Terms {
        let lanes = lanes.or(self.inputs.lanes());
        let terms = Terms::for_run(self.security, &self.circuit, &self.program, lanes, self.parts.reveal);
        match &self.pool {
            Some(pool) => terms.prepared(pool.id()),
            None => terms,
        }
    }

    /// The number of lanes, which may be the peer's word.
    pub(crate) fn checked_lanes(&self, asked: u64) -> Result<usize, Failure> {
        if self.inputs.lanes().is_none() && asked > self.bounds.lanes {
            return Err(Failure::TooManyLanes { asked });
        }
        let reveal = self.parts.reveal;
        if reveal == Reveal::Shares || reveal.reaches(self.parts.own()) {
            memory::check("the results", self.circuit.outputs().iter().map(|output| &output.group), asked)?;
        }
        usize::try_from(asked).map_err(|_| Failure::TooManyLanes { asked })
    }

    /// The output groups, to show values by. A share of a value is no value of its type.
    pub(crate) fn output_groups(&self) -> Vec<Group> {
        let is_shared = self.parts.reveal == Reveal::Shares;
        let plain =
            |group: &Group| Group { shape: group.shape.clone().filter(|_| !is_shared), ..group.clone() };
        self.circuit.outputs().iter().map(|output| plain(&output.group)).collect()
    }

    /// ANDs of so many lanes.
    pub(crate) fn ands(&self, lanes: u64) -> u64 {
        (self.program.and_count() as u64).saturating_mul(lanes)
    }
}
