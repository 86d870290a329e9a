//! A circuit file of any size, and whether it can be compiled in little memory.
//!
//! ```console
//! large write 50000000 /tmp/large.txt
//! /usr/bin/time -v large compile /tmp/large.txt
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use halfgate_circuits::bristol;
use halfgate_compiler::compile;

const WIDTH: usize = 64;

/// Writes additions of rotated words, each full adder with two ANDs and three XORs, as Bristol Fashion.
fn write(gates: usize, path: &str) -> std::io::Result<()> {
    let rounds = gates.div_ceil(5 * WIDTH);
    let mut out = BufWriter::new(File::create(path)?);
    let gates = 5 * WIDTH * rounds + 1;
    writeln!(out, "{gates} {}", gates + 2 * WIDTH)?;
    writeln!(out, "2 {WIDTH} {WIDTH}\n1 {WIDTH}\n")?;
    let (mut a, mut b): (Vec<_>, Vec<_>) = ((0..WIDTH).collect(), (WIDTH..2 * WIDTH).collect());
    let zero = 2 * WIDTH;
    writeln!(out, "2 1 0 0 {zero} XOR")?;
    let mut next = zero + 1;
    for round in 0..rounds {
        let mut carry = zero;
        let first = next;
        for bit in 0..WIDTH {
            let (x, y) = (a[bit], b[(bit + 7 * round + 1) % WIDTH]);
            writeln!(out, "2 1 {x} {y} {next} XOR\n2 1 {x} {y} {} AND", next + 1)?;
            writeln!(out, "2 1 {next} {carry} {} AND", next + 2)?;
            writeln!(out, "2 1 {} {} {} XOR", next + 1, next + 2, next + 3)?;
            writeln!(out, "2 1 {next} {carry} {} XOR", next + 4)?;
            carry = next + 3;
            next += 5;
        }
        a = std::mem::replace(&mut b, (0..WIDTH).map(|bit| first + 5 * bit + 4).collect());
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", gates, path] => write(gates.parse()?, path)?,
        ["compile", path] => {
            let start = Instant::now();
            let (circuit, _) = bristol::read(File::open(path)?, path)?;
            println!("{} gates read in {:?}", circuit.gates().len(), start.elapsed());
            let start = Instant::now();
            let program = compile(&circuit)?;
            let (ands, xors) = (program.and_count(), program.xor_count());
            println!("compiled in {:?}: {ands} ANDs, {xors} XORs", start.elapsed());
        }
        _ => return Err("usage: large write GATES PATH, or large compile PATH".into()),
    }
    Ok(())
}
