//! The command line of `halfgate bench`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use halfgate::channel::{Address, Link};
use serde::{Deserialize, Serialize};

use crate::args::SecurityArg;

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// How much to measure: `quick` takes about a minute, `full` about a quarter of an hour
    #[arg(long, value_enum, value_name = "SUITE", default_value_t = Suite::Quick)]
    pub(crate) suite: Suite,
    /// Measure only what has this in its name, such as `garble` or `tcp`; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Vec<String>,
    /// Measure only what is about this mode; kernels and limits count as semi-honest [default: both]
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) security: Option<SecurityArg>,
    /// How many threads compute in each party where there are two processes; the project's goals are for one
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) threads: NonZeroUsize,
    /// Put a link between the two processes of a row, such as `100mbit,30ms`: rate and round trip; goals are for none
    #[arg(long, value_name = "RATE,RTT", default_value = "none")]
    pub(crate) link: Link,
    /// Print one JSON object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page with tables and plots, in one file that needs no other
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Compare with an earlier run, saved with --json
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// List the names of what can be measured, and measure nothing
    #[arg(long)]
    pub(crate) list: bool,
}

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Suite {
    Quick,
    Full,
}

/// One party of a measurement, as the bench starts it.
#[derive(Args)]
pub(crate) struct BenchPartyArgs {
    #[arg(value_enum)]
    pub(crate) role: RoleArg,
    /// The garbler listens here and the evaluator connects.
    pub(crate) address: Address,
    pub(crate) threads: NonZeroUsize,
    #[arg(long, default_value = "none")]
    pub(crate) link: Link,
    /// Encrypt the connection.
    #[arg(long)]
    pub(crate) tls: bool,
    /// The work, as JSON.
    pub(crate) work: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    Garbler,
    Evaluator,
}
