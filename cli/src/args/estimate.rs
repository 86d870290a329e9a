//! The command line of `halfgate estimate`.

use std::num::NonZeroUsize;

use clap::Args;
use halfgate::channel::Link;

use super::{FunctionArgs, GroupArgs, ModeArgs, RevealArg};

/// What a run is asked about beforehand.
#[derive(Args)]
pub(crate) struct EstimateArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    /// How many rows: runs of the function
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) lanes: NonZeroUsize,
    /// The link to the peer, such as `100mbit,30ms`: rate and round trip; `none` is this machine itself
    #[arg(long, value_name = "RATE,RTT", default_value = "none")]
    pub(crate) link: Link,
    /// Who learns the outputs
    #[arg(long, value_enum, value_name = "WHO", default_value_t = RevealArg::Both)]
    pub(crate) reveal: RevealArg,
    #[command(flatten)]
    pub(crate) mode: ModeArgs,
    #[command(flatten)]
    pub(crate) groups: GroupArgs,
    /// For a run with --pool, whose pool holds all that the run takes (--security malicious)
    #[arg(long)]
    pub(crate) prepared: bool,
    /// How many threads compute on each side with --security semi-honest [default: one for each CPU]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// For a run with this option
    #[arg(long)]
    pub(crate) insecure_plaintext: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
