//! What the malicious mode takes beside the oblivious transfers: its kernels run here, and two dealers in a runtime of their
//! own.

use std::time::Instant;

use halfgate_channel::{Channel, Limits};
use halfgate_circuits::{BitRows, Party};
use halfgate_compiler::{Program, Progress};
use halfgate_crypto::{ActiveLabels, Backend, Block, Delta, Entropy, Mitccrh, SessionId, ZeroLabels};
use halfgate_evaluator::{AndRows, AuthenticatedEvaluating, AuthenticatedStart, EvaluatedAnds, MaskedLabels};
use halfgate_garbler::{AuthenticatedGarbling, AuthenticatedSource, GarbledAnds, MaskedWalk};
use halfgate_triples::{AndChecks, AuthBits, Buckets, Dealer, MaskWalk, Portion, Statistical, TripleError};

use super::{Samples, Transfers, budget, most_lanes, timed};

/// Authenticated bits of a trial, and AND triples.
const BITS: usize = 1 << 14;
const TRIPLES: usize = 1 << 12;

/// ANDs from which on dealing takes longer than to try it out, most of which is two set-ups of oblivious transfer.
const WORTH_A_TRIAL: usize = 1 << 16;

/// Nanoseconds for a portion's AND: its masks with their product, its garbling and checking, its evaluation.
pub(super) fn rows(program: &Program, lanes: usize, backend: Backend, entropy: &mut Entropy) -> [f64; 3] {
    if program.and_count() == 0 {
        return [1.0; 3];
    }
    let budget = budget(program, lanes);
    let lanes = lanes.clamp(1, most_lanes(program));
    let (start, zero, delta) = (entropy.block(), entropy.block(), Delta::with_second_bit(entropy, true));
    let hash = Mitccrh::new(backend, start);
    let source = AuthenticatedSource { delta: &delta, hash: &hash, zero };
    let start = AuthenticatedStart { delta: &delta, hash: &hash, zero };
    let widths = program.inputs().iter().map(|input| input.group.width as usize);
    let masks: Vec<_> = widths.clone().map(|width| AuthBits::zeroed(width * lanes)).collect();
    let masked: Vec<_> = widths.clone().map(|width| BitRows::new(width * lanes, 1)).collect();
    let zeros: Vec<_> = widths.clone().map(|width| ZeroLabels::zeroed(width, lanes)).collect();
    let active: Vec<_> = widths.map(|width| ActiveLabels::zeroed(width, lanes)).collect();
    let (masks, masked): (Vec<_>, Vec<_>) = (masks.iter().collect(), masked.iter().collect());
    let zeros: Vec<_> = zeros.iter().collect();
    let labels: Vec<_> =
        active.iter().zip(&masked).map(|(labels, masked)| MaskedLabels { labels, masked }).collect();
    let (mut portion, mut macs, mut opened) = (Portion::default(), Vec::new(), Vec::new());
    let (mut sent, mut found) = (GarbledAnds::default(), EvaluatedAnds::default());
    let mut samples = Samples::default();
    let began = Instant::now();
    while samples.is_empty() || began.elapsed() < budget {
        let mut walk = MaskWalk::new(program, backend, &masks, lanes);
        let mut garbling = AuthenticatedGarbling::new(program, &zeros, lanes, 0);
        let mut evaluating = AuthenticatedEvaluating::new(program, &labels, lanes, 0);
        let mut masked_walk = MaskedWalk::new(program, &masked, lanes);
        let mut checks = AndChecks::new(SessionId::new([0; 32]));
        loop {
            let count = walk.next_portion();
            let fresh = AuthBits::zeroed(count);
            opened.resize(opened.len().max(4 * count), Block::ZERO);
            let (multiplied, progress) = timed(|| {
                // The product hashes two MACs for the peer and two of the peer's.
                checks.add(&opened[..4 * count]);
                walk.advance(&fresh, &mut portion)
            });
            let (garbled, _) = timed(|| garbling.advance(source, portion.masks(), &mut sent));
            let rows = AndRows { rows: &sent.rows, bits: &sent.bits };
            let (evaluated, _) = timed(|| {
                evaluating.advance(start, portion.masks(), rows, &mut found);
                checks.add(&found.expected);
                checks.label_digest(&found.labels)
            });
            let (checked, ()) = timed(|| {
                checks.label_digest(&sent.zeros);
                masked_walk.advance(portion.masks(), &found.masked, &mut macs);
                checks.add(&macs);
            });
            samples.add([multiplied, garbled + checked, evaluated], count);
            if progress == Progress::Done || began.elapsed() >= budget {
                break;
            }
        }
    }
    samples.medians()
}

/// Nanoseconds for an authenticated bit and a leaky AND.
#[derive(Clone, Copy, Default)]
pub(super) struct Dealing {
    pub(super) bit: f64,
    pub(super) leaky_and: f64,
}

impl Dealing {
    /// What it takes on common machines: enough to know for few ANDs.
    const USUAL: Dealing = Dealing { bit: 20.0, leaky_and: 150.0 };

    /// Two dealers on one thread, if there are enough ANDs. Nothing is known if there is no runtime to be had.
    pub(super) fn measure(
        ands: usize,
        statistical: Statistical,
        backend: Backend,
        transfers: &Transfers,
    ) -> Self {
        if ands < WORTH_A_TRIAL {
            return Dealing::USUAL;
        }
        let (Ok(garblers), Ok(evaluators)) = (Entropy::from_os(), Entropy::from_os()) else {
            return Dealing::default();
        };
        // The caller may be in a runtime, in which no other can be entered.
        let dealt = std::thread::scope(|scope| {
            let trial = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
                runtime.block_on(deal(statistical, backend, [garblers, evaluators])).ok()
            });
            trial.join().ok().flatten()
        });
        let Some([bits, triples]) = dealt else { return Dealing::default() };
        let row = transfers.make + transfers.check;
        let candidates = Buckets::for_triples(TRIPLES, statistical).candidates() as f64;
        let least = |each: f64, rows: f64| (each / 2.0 - rows * row).max(row / 10.0).max(1.0);
        Dealing { bit: least(bits / BITS as f64, 1.0), leaky_and: least(triples / candidates, 3.0) }
    }
}

/// The times of both parties together for bits and for triples.
async fn deal(
    statistical: Statistical,
    backend: Backend,
    [garblers, evaluators]: [Entropy; 2],
) -> Result<[f64; 2], TripleError> {
    let (mut left, mut right) = Channel::memory_pair(Limits::default());
    let sid = SessionId::new([0; 32]);
    let garbler = Dealer::start(&mut left, sid, Party::Garbler, statistical, backend, garblers);
    let evaluator = Dealer::start(&mut right, sid, Party::Evaluator, statistical, backend, evaluators);
    let (mut garbler, mut evaluator) = tokio::try_join!(garbler, evaluator)?;
    let began = Instant::now();
    tokio::try_join!(garbler.bits(&mut left, BITS), evaluator.bits(&mut right, BITS))?;
    let bits = began.elapsed();
    let began = Instant::now();
    tokio::try_join!(
        garbler.provide(&mut left, TRIPLES, TRIPLES),
        evaluator.provide(&mut right, TRIPLES, TRIPLES)
    )?;
    Ok([bits, began.elapsed()].map(|time| time.as_nanos() as f64))
}
