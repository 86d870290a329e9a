//! `halfgate compare`: the short form of host and join for the comparison functions.

use std::ffi::OsString;

use crate::args::{CompareArgs, FunctionArgs, HostArgs, HostingArgs, JoinArgs, LearnerArg, SeatArg};
use crate::failure::Failure;
use crate::function_choice::FunctionName;
use crate::{host, join};

/// What people compare if they say nothing else.
const USUAL: &str = "greater-than";

pub(crate) async fn run(args: CompareArgs) -> Result<(), Failure> {
    if let Some(FunctionName::Circuit(name)) = &args.function {
        return Err(Failure::Usage(format!(
            "{name} is no comparison function (`halfgate circuit list` shows them); host and join run any circuit"
        )));
    }
    let CompareArgs { function, options, listen, inviting, joining } = args;
    if listen.is_empty() {
        return join::run(JoinArgs { function, options, joining }).await;
    }
    let function = function.unwrap_or_else(|| FunctionName::from(OsString::from(USUAL)));
    let hosting = HostingArgs {
        listen,
        reveal: joining.reveal.unwrap_or(LearnerArg::Both),
        garbler: joining.garbler.unwrap_or(SeatArg::Host),
        owners: joining.owners,
        side: joining.side,
        inviting,
    };
    host::run(HostArgs { function: FunctionArgs { function, options }, hosting }).await
}
