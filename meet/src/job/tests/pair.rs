//! Two sides with a journal each.

use std::path::PathBuf;
use std::sync::OnceLock;

use halfgate::channel::Agreement;
use halfgate::{
    Backend, Channel, Entropy, Party, Program, Reveal, Security, Session, Terms, Values, compile, library,
};
use tempfile::TempDir;

use super::wire::{Cut, Log, wire};
use crate::job::verdict::State;
use crate::journal::Fault;
use crate::{Job, JobError, Journal, Plan, Standing};

pub(super) const ROWS: usize = 7;
pub(super) const BATCH: usize = 3;
pub(super) const BATCHES: usize = 3;
pub(super) const PEER: Option<[u8; 32]> = Some([9; 32]);
const OURS: [u64; ROWS] = [1, 20, 33, 40, 255, 66, 7];
const THEIRS: [u64; ROWS] = [9, 8, 7, 6, 5, 4, 3];

pub(super) fn program() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| compile(&library::find("add8").unwrap()).unwrap())
}

/// What both put in; the evaluator's rows are summed to the garbler's.
pub(super) fn inputs(own: Party) -> [Option<Values>; 2] {
    let of = |party, numbers: &[u64]| (own == party).then(|| Values::from_u64s(8, numbers));
    [of(Party::Garbler, &OURS), of(Party::Evaluator, &THEIRS)]
}

pub(super) fn sums() -> Vec<u64> {
    OURS.iter().zip(THEIRS).map(|(a, b)| (a + b) & 255).collect()
}

pub(super) fn terms() -> Agreement {
    Agreement::new().with("function", "add8").with("rows in a batch", BATCH as u64)
}

pub(super) fn plan<'a>(own: Party, reveal: Reveal, inputs: &'a [Option<&'a Values>]) -> Plan<'a> {
    Plan { program: program(), own, reveal, resend: true, rows: ROWS, batch: Some(BATCH), inputs, ids: None }
}

/// Two folders with a journal each.
pub(super) struct Pair {
    pub(super) folder: TempDir,
    pub(super) reveal: Reveal,
    /// Whether a side whose journal fails takes its leave of the peer, as one does that has not crashed.
    pub(super) polite: bool,
}

/// A folder in memory, if there is one: these tests wait for a disk thousands of times.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// What a session of both sides came to.
pub(super) type Both = [Result<Standing, JobError>; 2];

impl Pair {
    pub(super) fn new(reveal: Reveal) -> Self {
        Pair { folder: folder(), reveal, polite: false }
    }

    pub(super) fn path(&self, own: Party) -> PathBuf {
        self.folder.path().join(own.to_string())
    }

    /// Opens both journals and hands both jobs over; they are closed again when that returns.
    pub(super) fn with<T>(&self, work: impl FnOnce([&mut Job<'_>; 2]) -> T) -> T {
        let values = [Party::Garbler, Party::Evaluator].map(inputs);
        let refs = values.each_ref().map(|values| values.each_ref().map(Option::as_ref));
        let job = |own: Party, inputs| {
            let journal = Journal::open(&self.path(own)).unwrap();
            Job::new(plan(own, self.reveal, inputs), Some(journal)).unwrap()
        };
        let (mut garbler, mut evaluator) = (job(Party::Garbler, &refs[0]), job(Party::Evaluator, &refs[1]));
        work([&mut garbler, &mut evaluator])
    }

    /// One session from the journals, to wherever it gets.
    pub(super) fn session(&self, cut: Option<Cut>, faults: [Option<Fault>; 2]) -> Both {
        self.with(|jobs| {
            let [garbler, evaluator] = jobs;
            for (job, fault) in [&mut *garbler, &mut *evaluator].into_iter().zip(faults) {
                job.journal.as_mut().unwrap().inject(fault);
            }
            sides(garbler, evaluator, cut, self.polite).0
        })
    }

    /// What the journals say.
    pub(super) fn states(&self) -> [Vec<State>; 2] {
        self.with(|jobs| jobs.map(|job| job.states.clone()))
    }

    /// Both run to the end. The batches that are lost have to be these, everything else has to be right.
    pub(super) fn finish(&self, lost: &[bool]) {
        let standings = self.session(None, [None, None]).map(|side| side.unwrap());
        for standing in &standings {
            assert!(standing.forgotten.is_empty());
        }
        self.check_end(lost);
    }

    pub(super) fn check_end(&self, lost: &[bool]) {
        let values = [Party::Garbler, Party::Evaluator].map(inputs);
        let ends = [Party::Garbler, Party::Evaluator].map(|own| {
            let refs = values[own as usize].each_ref().map(Option::as_ref);
            let journal = Journal::open(&self.path(own)).unwrap();
            let job = Job::new(plan(own, self.reveal, &refs), Some(journal)).unwrap();
            assert!(job.is_complete(), "{own} {:?}", job.states);
            job.into_outcome()
        });
        let mut shares = Vec::new();
        for (own, end) in [Party::Garbler, Party::Evaluator].into_iter().zip(&ends) {
            for (batch, &lost) in (0..).zip(lost) {
                assert_eq!(end.lost.contains(batch), lost, "{own}: lost are {}, expected {lost:?}", end.lost);
            }
            let entitled = self.reveal == Reveal::Shares || self.reveal.reaches(own);
            assert_eq!(end.outputs.is_some(), entitled);
            shares.extend(end.outputs.as_ref().map(|outputs| outputs[0].to_u64s()));
        }
        let got = match self.reveal {
            Reveal::Shares => shares[0].iter().zip(&shares[1]).map(|(a, b)| a ^ b).collect(),
            _ => {
                assert!(shares.iter().all(|values| *values == shares[0]));
                shares[0].clone()
            }
        };
        for (row, (got, sum)) in got.into_iter().zip(sums()).enumerate() {
            assert_eq!(got, if lost[row / BATCH] { 0 } else { sum }, "row {row}");
        }
    }
}

/// One session of both sides over a fresh connection.
pub(super) fn both(garbler: &mut Job<'_>, evaluator: &mut Job<'_>) -> (Both, Log) {
    sides(garbler, evaluator, None, true)
}

pub(super) fn sides(
    garbler: &mut Job<'_>,
    evaluator: &mut Job<'_>,
    cut: Option<Cut>,
    polite: bool,
) -> (Both, Log) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right, log) = wire(cut);
        let sides = tokio::join!(side(garbler, left, polite), side(evaluator, right, polite));
        (sides.into(), log)
    })
}

/// A session from its opening to the goodbye, as a command runs it.
async fn side(job: &mut Job<'_>, channel: Channel, polite: bool) -> Result<Standing, JobError> {
    let mut session = open(job.plan.own, channel).await?;
    let worked = async {
        let standing = job.agree(&mut session, &terms(), PEER).await?;
        job.run(&mut session, |_| ()).await?;
        Ok(standing)
    };
    match worked.await {
        Ok(standing) => {
            session.finish().await?;
            job.finished()?;
            Ok(standing)
        }
        Err(error) => {
            if polite {
                session.abort().await;
            }
            Err(error)
        }
    }
}

pub(super) async fn open(own: Party, channel: Channel) -> Result<Session, halfgate::Error> {
    let terms = Terms::new(Security::SemiHonest);
    let opened = Session::open_with(channel, own, terms, Backend::detect(), Entropy::fixed(own as u64 + 1));
    opened.await.map(|(session, _)| session)
}
