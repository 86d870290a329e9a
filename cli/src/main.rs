//! The `halfgate` command: reads the command line, runs it, shows an error once, and exits with the code that
//! `halfgate --help` lists.

mod and_table;
mod args;
mod backend;
mod bench;
#[cfg(test)]
mod book;
mod cells;
mod circuit_name;
mod compare;
mod compile;
mod conversation;
mod deal;
mod demo;
mod doctor;
mod draw;
mod duration;
mod equality;
mod estimate;
mod eval;
mod explain;
mod failure;
mod figures;
mod function_choice;
mod groups;
mod home;
mod host;
mod human;
mod inputs;
mod inspect;
mod interrupt;
mod invited;
mod inviting;
mod join;
mod key;
mod manual;
mod meeting;
mod memory;
mod notes;
mod pair;
mod party;
mod pool;
mod prepare;
mod program;
mod progress;
mod question;
mod replacing;
mod results;
mod rewrite;
mod run_report;
mod serve;
mod showing;
mod source;
mod summary;
mod tables;
mod terms;
mod topic;
mod typed;
mod who;

use std::process::ExitCode;

use clap::Parser;
use halfgate::Party;
use tokio::runtime::Builder;

use crate::args::{CircuitCommand, Cli, Command};
use crate::failure::{Exit, Failure};
use crate::topic::Topic;

fn main() -> ExitCode {
    let exit = match run(Cli::parse().command) {
        Ok(()) => Exit::Success,
        // What there is to say has been said.
        Err(failure @ (Failure::CheckFailed | Failure::Differ)) => failure.exit(),
        Err(failure) => {
            notes::say(format_args!("error: {failure}"));
            if let Some(Topic(anchor)) = Topic::of(&failure) {
                notes::say(format_args!("`halfgate explain {anchor}` says more"));
            }
            failure.exit()
        }
    };
    ExitCode::from(exit as u8)
}

/// Network tasks run on threads of their own, beside the computation, unless it is to have one thread: to hand each
/// message to another thread costs more than to write it, and only a free CPU makes up for that.
fn run(command: Command) -> Result<(), Failure> {
    let mut builder = match &command {
        Command::Garble(args) | Command::Evaluate(args) if args.side.threads() == 1 => {
            Builder::new_current_thread()
        }
        Command::BenchParty(args) if args.threads.get() == 1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    let runtime =
        builder.enable_all().build().map_err(|source| Failure::System { what: "start threads", source })?;
    // To a server Ctrl-C says something else.
    let is_server = matches!(command, Command::Serve(_));
    let command = dispatch(command);
    let result = match is_server {
        true => runtime.block_on(command),
        false => runtime.block_on(interrupt::guard(command)),
    };
    // A file that is still being read, or a terminal that says nothing, is not waited for.
    runtime.shutdown_background();
    result
}

async fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => demo::run(&args).await,
        Command::Host(args) => host::run(*args).await,
        Command::Join(args) => join::run(*args).await,
        Command::Compare(args) => compare::run(*args).await,
        Command::Prepare(args) => prepare::run(*args).await,
        Command::Serve(args) => serve::run(*args).await,
        Command::Key(command) => in_background(move || key::run(&command)).await,
        Command::Garble(args) => party::run(Party::Garbler, *args).await,
        Command::Evaluate(args) => party::run(Party::Evaluator, *args).await,
        Command::Estimate(args) => in_background(move || estimate::run(&args)).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::man(&args),
        Command::Reference(args) => manual::reference(&args),
        Command::Bench(args) => bench::run(args).await,
        Command::BenchParty(args) => bench::run_party(args).await,
        Command::Circuit(command) => {
            in_background(move || match &command {
                CircuitCommand::Check(args) => inspect::check(args),
                CircuitCommand::Info(args) => inspect::info(args),
                CircuitCommand::Eval(args) => eval::run(args),
                CircuitCommand::Convert(args) => rewrite::convert(args),
                CircuitCommand::Optimize(args) => rewrite::improve(args),
                CircuitCommand::Compile(args) => compile::run(args),
                CircuitCommand::Draw(args) => draw::run(args),
                CircuitCommand::Diff(args) => equality::diff(args),
                CircuitCommand::List(args) => inspect::list(args),
                CircuitCommand::Table(args) => and_table::table(args),
            })
            .await
        }
    }
}

/// Runs what blocks, such as reading a file, so that Ctrl-C is heard meanwhile.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        // A panic goes on here, as if there had been no thread.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
