//! The command line of `halfgate prepare`.

use std::path::PathBuf;

use clap::Args;
use halfgate::Statistical;

use super::security::statistical;
use super::{EndpointArgs, InvitedArgs, InvitingArgs, LimitArgs, SeatArg, SecurityArgs};

/// What either side says that prepares a pool.
#[derive(Args)]
pub(crate) struct PrepareArgs {
    /// The file for this side's half: a new one, as secret as a key, for one later run with the same peer
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) pool: PathBuf,
    /// How many AND triples: one for each AND and row of the later run (`halfgate circuit info` counts ANDs)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) triples: Option<u64>,
    /// How many masks: one for each AND and each input bit of the later run [default: three for each triple]
    #[arg(long, value_name = "N", requires = "triples")]
    pub(crate) masks: Option<u64>,
    /// Who garbles in the later run [default: the host]
    #[arg(long, value_enum, value_name = "WHO")]
    pub(crate) garbler: Option<SeatArg>,
    /// A cheat that would gain anything is noticed but for a chance of 2^-BITS; the later run has to say the same [default: 40]
    #[arg(long, value_name = "BITS", value_parser = statistical())]
    pub(crate) statistical_security: Option<Statistical>,
    #[command(flatten)]
    pub(crate) endpoint: EndpointArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) who: SecurityArgs,
    #[command(flatten)]
    pub(crate) inviting: InvitingArgs,
    #[command(flatten)]
    pub(crate) invited: InvitedArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}
