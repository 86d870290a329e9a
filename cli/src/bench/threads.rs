//! Garbling on more than one core.

use std::thread;
use std::time::Instant;

use halfgate::{Program, compile, library};

use super::context::{Bench, Entry, debug_build};
use super::kernels::{InMemoryGarbler, entropy};
use super::report::{Row, Unit};
use super::statistics::Figure;
use crate::failure::Failure;

const THREADS: usize = 2;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::row("threads.garble", ratio)]
}

/// Tiles that are disjoint, on two threads, against the same tiles one after the other.
fn ratio(bench: &Bench) -> Result<Row, Failure> {
    let program = compile(&library::find("aes128")?)?;
    let (lanes, mut entropy) = (program.tile_width(), entropy()?);
    let new = |_| InMemoryGarbler::new(&program, bench.backend, lanes, &mut entropy);
    let garblers: Vec<InMemoryGarbler> = (0..THREADS).map(new).collect();
    let single =
        bench.in_memory(bench.backend, halfgate::Party::Garbler, "aes128", super::kernels::Lanes::Tile)?;
    // Long enough for the threads' start not to count.
    let calls = (50e6 / (single.median * (program.and_count() * lanes) as f64)).ceil() as usize;
    let ratios = (0..bench.pace.sessions + 2).map(|_| {
        // Side by side in time, so that a slower clock slows both.
        let alone = seconds(&program, &garblers[..1], calls);
        let together = seconds(&program, &garblers, calls);
        THREADS as f64 * alone / together
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let too_few = (cores < THREADS).then(|| format!("this process may use {cores} core"));
    let what = "garble AES-128 on two threads against one";
    Ok(Row::new("threads.garble", what, Unit::Times, Figure::of(ratios.collect()))
        .bounded_by("as many as threads", THREADS.min(cores) as f64)
        .aims_at(1.8, debug_build().or(too_few)))
}

fn seconds(program: &Program, garblers: &[InMemoryGarbler], calls: usize) -> f64 {
    let start = Instant::now();
    thread::scope(|scope| {
        for garbler in garblers {
            scope.spawn(move || {
                let mut chunk = vec![0; 256 << 10];
                (0..calls).for_each(|_| garbler.run(program, &mut chunk));
            });
        }
    });
    start.elapsed().as_secs_f64()
}
