//! `halfgate circuit compile`: programs into files.

use std::io::{self, BufWriter};

use halfgate::compiler::compile;
use serde::Serialize;

use crate::args::CompileArgs;
use crate::failure::Failure;
use crate::groups;
use crate::human::hex;
use crate::replacing::replace;
use crate::results::{self, SCHEMA_VERSION};

#[derive(Serialize)]
struct Compiled {
    schema_version: u32,
    circuit: String,
    output: String,
    program_digest: String,
    and: usize,
    xor: usize,
}

pub(crate) fn run(args: &CompileArgs) -> Result<(), Failure> {
    let choice = args.function.load()?;
    let circuit = groups::apply(choice.circuit, &args.groups)?;
    let compiled = choice.program.and_then(|program| program.with_groups_of(&circuit));
    let program = compiled.map_or_else(|| compile(&circuit), Ok)?;
    let path = &args.target.output;
    replace(path, |file| program.save(BufWriter::new(file)))
        .map_err(|source: io::Error| Failure::WriteFile { path: path.clone(), source })?;
    if !args.target.json {
        return Ok(());
    }
    results::print_json(&Compiled {
        schema_version: SCHEMA_VERSION,
        circuit: choice.text,
        output: path.display().to_string(),
        program_digest: hex(&program.digest()),
        and: program.and_count(),
        xor: program.xor_count(),
    })
}
