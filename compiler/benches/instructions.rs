//! Instructions it takes to schedule a circuit and to walk through a program: counts that noise cannot hide. See
//! `CONTRIBUTING.md` on how to run it.
#![allow(missing_docs)] // gungraun's macros make undocumented items

use std::hint::black_box;

use gungraun::prelude::*;
use halfgate_circuits::{Circuit, Values, library};
use halfgate_compiler::{EvaluateError, Program, ScheduleError, compile, evaluate, random, schedule};

fn circuit(name: &str) -> Circuit {
    library::find(name).expect("the library has it")
}

fn program(name: &str) -> Program {
    schedule(&circuit(name)).expect("small enough")
}

#[library_benchmark]
#[bench::aes128(args = ("aes128",), setup = circuit)]
#[bench::sha256(args = ("sha256",), setup = circuit)]
fn scheduling(circuit: Circuit) -> (Result<Program, ScheduleError>, Circuit) {
    (schedule(black_box(&circuit)), circuit)
}

#[library_benchmark]
#[bench::aes128(args = ("aes128",), setup = circuit)]
#[bench::sha256(args = ("sha256",), setup = circuit)]
fn compiling(circuit: Circuit) -> (Result<Program, ScheduleError>, Circuit) {
    (compile(black_box(&circuit)), circuit)
}

type Call = (Program, Vec<Values>);

fn call(lanes: usize) -> Call {
    (program("aes128"), random::inputs(1, &circuit("aes128"), lanes))
}

#[library_benchmark]
#[bench::lanes_64(args = (64,), setup = call)]
fn plaintext((program, inputs): Call) -> (Result<Vec<Values>, EvaluateError>, Call) {
    (evaluate(black_box(&program), black_box(&inputs)), (program, inputs))
}

library_benchmark_group!(name = compiler, benchmarks = [scheduling, compiling]);
library_benchmark_group!(name = machines, benchmarks = plaintext);
main!(library_benchmark_groups = [compiler, machines]);
