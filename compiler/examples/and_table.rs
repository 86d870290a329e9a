//! ANDs of Bristol files before and after each pass: `and_table EFFORT FILE…`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::fs::File;
use std::time::Instant;

use halfgate_circuits::{Gate, bristol};
use halfgate_compiler::{Effort, Optimizer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let effort = arguments.next().and_then(|level| Effort::from_level(level.parse().ok()?));
    let effort = effort.ok_or("the first argument is an effort from 0 to 3")?;
    for path in arguments {
        let (circuit, _) = bristol::read(File::open(&path)?, &path)?;
        let start = Instant::now();
        let optimized = Optimizer::new(effort).run(&circuit, &mut |_| ());
        let seconds = start.elapsed().as_secs_f64();
        let ands = |gates: &[Gate]| gates.iter().filter(|gate| matches!(gate, Gate::And(..))).count();
        let [before, after] = [&circuit, &optimized.circuit].map(|circuit| ands(circuit.gates()));
        println!("{path}: {before} → {after} ANDs in {seconds:.2} s");
        for stage in optimized.stages {
            println!("    {stage:?}");
        }
    }
    Ok(())
}
