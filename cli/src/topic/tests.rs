use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use halfgate::channel::{Cut, Field, Fingerprint, Kind, Misbehaviour, Mismatch, Role, Waiting};
use halfgate::circuits::Fault;
use halfgate::languages::garble::{self, Options};
use halfgate_evaluator::EvaluatorError;
use halfgate_garbler::GarblerError;
use halfgate_meet::{Decliner, PeersError};
use halfgate_ot::OtError;

use super::*;
use crate::explain::sections;
use crate::failure::Exit;

const WAITING: Waiting = Waiting::For(Kind::Rows);
const LIMIT: Duration = Duration::from_secs(120);

fn meeting(error: impl Into<MeetError>) -> Failure {
    Failure::Meet(error.into())
}

fn refused(refusal: Refusal) -> Failure {
    meeting(MeetError::Refused { address: "alice.example:7000".to_owned(), refusal })
}

fn mismatch() -> Mismatch {
    Mismatch { field: "lanes".to_owned(), ours: Field::Number(3), theirs: Field::Number(4) }
}

fn broken() -> ChannelError {
    ChannelError::Broken { waiting: WAITING, source: Arc::new(io::ErrorKind::ConnectionReset.into()) }
}

fn address() -> halfgate::channel::Address {
    "alice.example:7000".parse().unwrap()
}

/// Failures of connections and of TLS.
fn of_the_network() -> Vec<Failure> {
    let source = || Arc::new(io::Error::from(io::ErrorKind::ConnectionRefused));
    let (pinned, presented) = (vec![Fingerprint([1; 32])], Fingerprint([2; 32]));
    let dial = || ChannelError::Dial { address: address(), attempts: 3, waited: LIMIT, source: source() };
    let channel = vec![
        ChannelError::Bind { address: address(), source: source() },
        dial(),
        ChannelError::NotHalfgate { first: *b"HTTP/1.1" },
        ChannelError::SameRoles { role: Role::Garbler },
        ChannelError::Mismatch(Box::new(mismatch())),
        broken(),
        ChannelError::Closed { waiting: WAITING },
        ChannelError::ConnectionLost {
            waiting: WAITING,
            cut: Cut::Silent { limit: LIMIT },
            waited: LIMIT,
            attempt: None,
        },
        ChannelError::PeerAborted,
        ChannelError::IdleTimeout { waiting: WAITING, limit: LIMIT },
        ChannelError::TotalTimeout { waiting: WAITING, limit: LIMIT },
        ChannelError::PeerMisbehaved(Misbehaviour::UnknownKind { header: [9; 8] }),
    ];
    let tls = vec![
        TlsError::NotPinned { presented, pinned },
        TlsError::Untrusted { reason: "it has expired".to_owned() },
        TlsError::NoCertificate,
        TlsError::Refused { alert: "bad certificate".to_owned() },
        TlsError::PlainPeer,
        TlsError::EncryptedPeer,
        TlsError::Incompatible { reason: "no group".to_owned() },
        TlsError::Foreign,
        TlsError::Timeout { limit: LIMIT },
        TlsError::Damaged { reason: "bad record".to_owned() },
        TlsError::BadIdentity { reason: "no key".to_owned() },
    ];
    let tls = tls.into_iter().map(|error| Failure::Channel(error.into()));
    let unreachable = MeetError::Unreachable { causes: vec![(address(), dial())] };
    channel.into_iter().map(Failure::Channel).chain(tls).chain([meeting(unreachable)]).collect()
}

/// Failures of invites, keys, terms and journals.
fn of_the_meeting() -> Vec<Failure> {
    let invite = |error: InviteError| meeting(error);
    let refusals = [
        Refusal::Wrong,
        Refusal::Unknown,
        Refusal::Expired,
        Refusal::Spent,
        Refusal::Locked,
        Refusal::Busy,
        Refusal::NotListed,
        Refusal::Version,
    ];
    let path = || PathBuf::from("job.journal");
    let journal = |error: JournalError| Failure::Job(error.into());
    let field = || Field::Number(1);
    let mut failures: Vec<_> = refusals.into_iter().map(refused).collect();
    failures.extend([
        invite(InviteError::NotAnInvite),
        invite(InviteError::Truncated { expected: 400, got: 300 }),
        invite(InviteError::Altered { what: "the checksum does not fit" }),
        invite(InviteError::Newer { version: 2 }),
        invite(InviteError::Expired { since: LIMIT }),
        meeting(MeetError::Impostor { address: "alice.example:7000".to_owned() }),
        meeting(mismatch()),
        meeting(MeetError::Declined { by: Decliner::Peer }),
        meeting(PeersError::Line { file: "peers".into(), line: 1, column: 6, problem: "no address".into() }),
        Failure::OddInvite { term: "garbler" },
        Failure::InviteUnused { limit: LIMIT },
        Failure::OtherIds,
        Failure::OneSidedIds,
        Failure::EmptyBatches,
        Failure::NoPeer { address: "0.0.0.0:7000".to_owned(), limit: LIMIT },
        Failure::OtherCircuit { function: "mine.txt".into(), here: "a1".into(), invited: "b2".into() },
        Failure::TooManyLanes { asked: 1 << 30 },
        Failure::Memory { what: "the results", lanes: 1 << 40 },
        Failure::Lost { rows: 3, which: "1 to 3".to_owned() },
        Failure::Unfinished(Box::new(Failure::Channel(broken()))),
        journal(JournalError::Locked { path: path() }),
        journal(JournalError::Foreign { path: path() }),
        journal(JournalError::Damaged {
            path: path(),
            offset: 9,
            what: "a record does not fit its checksum",
        }),
        Failure::Session(halfgate::PoolError::Different.into()),
        Failure::Session(halfgate::PoolError::Exposed { path: path(), mode: 0o644 }.into()),
        Failure::Session(halfgate::PoolError::OtherPeer { path: path() }.into()),
        Failure::Session(halfgate::PoolError::Spent { path: path(), destroyed: false }.into()),
        Failure::Session(
            GarblerError::Authenticated(halfgate::PoolError::Foreign { path: path() }.into()).into(),
        ),
        Failure::Job(JobError::OtherInputs),
        Failure::Job(JobError::OtherJob { what: "the program", then: field(), now: field() }),
        Failure::Job(JobError::TwoJobs),
        Failure::Job(JobError::Contradiction { batch: 1, what: "it has a result" }),
    ]);
    failures.extend(of_programs());
    failures
}

/// Failures of source programs.
fn of_programs() -> Vec<Failure> {
    let name = || "pay.garble.rs".to_owned();
    let compile = |source: &str, constants: &[&str]| {
        let constants = constants.iter().map(|constant| ((*constant).to_owned(), "x".to_owned()));
        let options = Options { constants: constants.collect(), ..Options::default() };
        Failure::Program(garble::compile(source, &name(), &options).unwrap_err())
    };
    let netlist = |text: &str| {
        Failure::Netlist(Box::new(halfgate::languages::blif::read(text.as_bytes(), "x.blif").unwrap_err()))
    };
    let constant = "const N: u8 = PARTY_0::N; pub fn main(x: u8) -> u8 { x ^ N }";
    vec![
        compile("pub fn main(x: u8) -> u16 { x }", &[]),
        compile("pub fn main(x: u8) -> u16 { x", &[]),
        compile("pub fn other(x: u8) -> u8 { x }", &[]),
        compile(constant, &[]),
        compile(constant, &["N"]),
        compile(constant, &["M"]),
        netlist(".model x\n.inputs a\n.outputs y\n.latch a y\n.end"),
        netlist(".model x\n.inputs a\n.outputs y\n.names b y\n1 1\n.end"),
        Failure::Stopped {
            rows: 1,
            of: 9,
            row: 3,
            fault: Fault { reason: "overflow".to_owned(), line: 2, column: 5 },
        },
    ]
}

/// What a peer that cheats is caught by.
fn of_checks() -> Vec<Failure> {
    let garbler = [
        GarblerError::Ot(OtError::Cheating),
        GarblerError::ForgedOutputs,
        GarblerError::StrayBits { what: "output colours" },
    ];
    let evaluator = [
        EvaluatorError::Ot(OtError::Cheating),
        EvaluatorError::StrayBits { what: "permute bits of outputs" },
        EvaluatorError::MisalignedRows { got: 5, used: 4 },
    ];
    let garbler = garbler.into_iter().map(halfgate::Error::Garbler);
    let evaluator = evaluator.into_iter().map(halfgate::Error::Evaluator);
    garbler.chain(evaluator).map(Failure::Session).collect()
}

#[test]
fn every_failed_check_ends_with_14() {
    for failure in of_checks() {
        assert_eq!(failure.exit(), Exit::Cheating, "{failure}");
    }
}

#[test]
fn what_this_side_or_the_network_did_is_no_cheating() {
    let source = || Arc::new(io::ErrorKind::ConnectionReset.into());
    let broken = || ChannelError::Broken { waiting: WAITING, source: source() };
    for (error, exit) in [
        (halfgate::Error::Garbler(GarblerError::Ot(OtError::Channel(broken()))), Exit::Network),
        (halfgate::Error::Evaluator(EvaluatorError::Channel(broken())), Exit::Network),
        (halfgate::Error::Evaluator(EvaluatorError::Ot(OtError::Exhausted)), Exit::Limit),
        (halfgate::Error::Garbler(GarblerError::Spent), Exit::Limit),
        (halfgate::PoolError::Different.into(), Exit::Disagreement),
        (halfgate::PoolError::OtherPeer { path: "a".into() }.into(), Exit::Identity),
        (halfgate::PoolError::Spent { path: "a".into(), destroyed: true }.into(), Exit::BadInput),
    ] {
        assert_eq!(Failure::Session(error).exit(), exit);
    }
}

fn samples() -> Vec<Failure> {
    of_the_network().into_iter().chain(of_the_meeting()).chain(of_checks()).collect()
}

/// Whether a message is one that a section quotes, with `…` for what differs from case to case.
fn is_quoted(message: &str, section: &str) -> bool {
    let quotes = section.lines().filter_map(|line| line.strip_prefix("error: "));
    let fits = |quote: &str| {
        let mut rest = Some(message);
        for (at, part) in quote.split('…').enumerate() {
            rest = rest.and_then(|rest| match at {
                0 => rest.strip_prefix(part),
                _ => rest.find(part).map(|found| &rest[found + part.len()..]),
            });
        }
        rest.is_some()
    };
    quotes.into_iter().any(fits)
}

#[test]
fn every_failure_with_a_topic_is_quoted_in_its_section() {
    for failure in samples() {
        let message = failure.to_string();
        let topic = Topic::of(&failure).unwrap_or_else(|| panic!("no topic: {message}"));
        let sections = sections();
        let section = sections.iter().find(|section| section.anchor == topic.0);
        let section = section.unwrap_or_else(|| panic!("no section {topic:?}: {message}"));
        assert!(is_quoted(&message, section.text), "section {} does not quote: {message}", topic.0);
    }
}

#[test]
fn every_section_belongs_to_a_failure_or_says_that_it_does_not() {
    let reached: BTreeSet<_> =
        samples().iter().filter_map(Topic::of).map(|topic| topic.0.to_owned()).collect();
    for section in sections() {
        let reached = reached.contains(&section.anchor);
        let unprinted = section.text.contains("<!-- no error names this section -->");
        assert!(reached != unprinted, "section {}", section.anchor);
    }
}

#[test]
fn a_quote_has_to_fit() {
    let section = "error: the host at … does not let this side in: no";
    assert!(is_quoted("the host at a:1 does not let this side in: no way", section));
    assert!(!is_quoted("the guest at a:1 does not let this side in: no", section));
    assert!(!is_quoted("the host at a:1 lets this side in", section));
}
