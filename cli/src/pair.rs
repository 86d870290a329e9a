//! Both parties as processes of this very command, for the demo.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use halfgate::Party;
use halfgate::channel::Link;
use serde_json::Value;

use crate::failure::Failure;

/// How long each side waits for the other: both start at once, on one machine.
const CONNECT_TIMEOUT: &str = "20s";

/// The command lines of both parties, and what they put in.
pub(crate) struct Pair {
    /// The garbler listens.
    garbler: Side,
    evaluator: Side,
}

struct Side {
    role: Party,
    arguments: Vec<String>,
    table: String,
}

/// What both parties printed: JSON.
pub(crate) struct Reports {
    pub(crate) garbler: Value,
    pub(crate) evaluator: Value,
}

impl Pair {
    /// Two sides that meet on a free port of this machine, with a link between them. Each gets its table through standard input.
    pub(crate) fn new(
        circuit: &str,
        garbler_table: String,
        evaluator_table: String,
        link: Link,
    ) -> Result<Self, Failure> {
        let address =
            free_address().map_err(|source| Failure::System { what: "find a free port", source })?;
        // They share this machine.
        let threads = (thread::available_parallelism().map_or(1, NonZeroUsize::get) / 2).max(1).to_string();
        let arguments = |command: &str, endpoint: &str| {
            let mut arguments = [
                command,
                circuit,
                "--input",
                "-",
                endpoint,
                &address,
                "--connect-timeout",
                CONNECT_TIMEOUT,
                "--threads",
                &threads,
                "--insecure-plaintext",
                "--yes",
                "--json",
            ]
            .map(str::to_owned)
            .to_vec();
            if link != Link::UNLIMITED {
                arguments.extend(["--link".to_owned(), link.to_string()]);
            }
            arguments
        };
        Ok(Pair {
            garbler: Side {
                role: Party::Garbler,
                arguments: arguments("garble", "--listen"),
                table: garbler_table,
            },
            evaluator: Side {
                role: Party::Evaluator,
                arguments: arguments("evaluate", "--connect"),
                table: evaluator_table,
            },
        })
    }

    /// Both commands as one would type them.
    pub(crate) fn commands(&self) -> [String; 2] {
        [&self.garbler, &self.evaluator].map(|side| format!("halfgate {}", side.arguments.join(" ")))
    }

    /// Runs both to the end.
    pub(crate) fn run(&self) -> Result<Reports, Failure> {
        let program = std::env::current_exe().map_err(could_not_start)?;
        let (garbler, evaluator) = thread::scope(|scope| {
            let garbler = scope.spawn(|| self.garbler.run(program.as_os_str()));
            let evaluator = self.evaluator.run(program.as_os_str());
            (garbler.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), evaluator)
        });
        Ok(Reports { garbler: garbler?, evaluator: evaluator? })
    }
}

impl Side {
    fn run(&self, program: &OsStr) -> Result<Value, Failure> {
        let mut command = Command::new(program);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = command.spawn().and_then(|child| self.feed(child)).map_err(could_not_start)?;
        let failed = |what: &str| {
            let said = String::from_utf8_lossy(&output.stderr);
            Failure::Demo(format!("the {} {what}; it said:\n{said}", self.role))
        };
        if !output.status.success() {
            return Err(failed("failed"));
        }
        serde_json::from_slice(&output.stdout).map_err(|_| failed("printed no JSON"))
    }

    fn feed(&self, mut child: Child) -> io::Result<Output> {
        if let Some(mut stdin) = child.stdin.take() {
            // A child that stopped reading has failed and says why.
            let _ = stdin.write_all(self.table.as_bytes());
        }
        child.wait_with_output()
    }
}

/// The port is free now; should another program take it in the next moment, the garbler says so.
fn free_address() -> io::Result<String> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.to_string())
}

fn could_not_start(source: io::Error) -> Failure {
    Failure::System { what: "start another process", source }
}
