//! Garbling on more than one core.

use std::ops::Range;
use std::thread;
use std::time::Instant;

use halfgate::{Party, Program, compile, library};

use super::context::{Bench, Entry, debug_build};
use super::kernels::{InMemoryGarbler, Lanes, entropy};
use super::report::{Row, Unit};
use super::statistics::Figure;
use crate::failure::Failure;

const THREADS: usize = 2;

/// Nanoseconds of a run on one thread, long enough for the start of threads not to count.
const RUN: f64 = 40e6;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::row("threads.garble", ratio)]
}

/// One call whose tiles are garbled on two threads, as sessions do with bands of lanes, against one thread.
fn ratio(bench: &Bench) -> Result<Row, Failure> {
    let program = compile(&library::find("aes128")?)?;
    let single = bench.in_memory(bench.backend, Party::Garbler, "aes128", Lanes::Tile)?.median;
    let tile = program.tile_width();
    let tiles = (RUN / (single * (program.and_count() * tile) as f64)).ceil() as usize;
    let lanes = tiles.next_multiple_of(THREADS) * tile;
    let garbler = InMemoryGarbler::new(&program, bench.backend, lanes, &mut entropy()?);
    let run = |threads| seconds(&garbler, &program, lanes, threads);
    // One right after the other, so that a slower clock slows both.
    let ratios = (0..bench.pace.sessions + 2).map(|_| run(1) / run(THREADS)).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let too_few = (cores < THREADS).then(|| format!("this process may use {cores} core"));
    let what = format!("garble AES-128 in {lanes} lanes on two threads against one");
    Ok(Row::new("threads.garble", what, Unit::Times, Figure::of(ratios))
        .bounded_by("as many as threads", THREADS.min(cores) as f64)
        .aims_at(1.8, debug_build().or(too_few)))
}

fn seconds(garbler: &InMemoryGarbler, program: &Program, lanes: usize, threads: usize) -> f64 {
    let part = lanes / threads;
    let garble = |lanes: Range<usize>| garbler.run(program, lanes, &mut vec![0; 256 << 10]);
    let start = Instant::now();
    thread::scope(|scope| {
        for from in (0..lanes).step_by(part) {
            scope.spawn(move || garble(from..from + part));
        }
    });
    start.elapsed().as_secs_f64()
}
