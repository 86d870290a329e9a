//! The command line of `halfgate doctor`.

use std::time::Duration;

use clap::Args;

use super::source;
use crate::duration;
use crate::source::Source;

/// What is examined.
#[derive(Args)]
pub(crate) struct DoctorArgs {
    /// Examine the way to the host of this invite, too: a file, or `-` for standard input
    #[arg(long, value_name = "FILE", value_parser = source())]
    pub(crate) invite: Option<Source>,
    /// How long to wait for each answer of the network
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "5s")]
    pub(crate) timeout: Duration,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
