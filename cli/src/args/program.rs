//! The options that choose what of a source program becomes a circuit.

use clap::Args;

use super::Setting;
use crate::groups::GroupList;

const HEADING: &str = "Programs (.garble.rs)";

/// Only for `.garble.rs` programs.
#[derive(Args, Clone, Default)]
pub(crate) struct ProgramArgs {
    /// The function of a program [default: main]
    #[arg(help_heading = HEADING, long = "function", id = "program_function", value_name = "NAME")]
    pub(crate) function: Option<String>,
    /// A constant that a program takes from outside, such as `PARTY_0::ROWS=100`, or `ROWS=100`. May be given several
    /// times; both sides have to give the same
    #[arg(help_heading = HEADING, long = "const", value_name = "NAME=VALUE")]
    pub(crate) constants: Vec<Setting>,
}

impl ProgramArgs {
    /// Whether none was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.function.is_none() && self.constants.is_empty()
    }
}

/// Whose the parameters of a program are where the sides are host and guest.
#[derive(Args, Clone, Default)]
pub(crate) struct OwnerArgs {
    /// The parameters of a program that the host puts in, by name or index, such as `0,2`; the others are the guest's
    /// [default: the first]
    #[arg(help_heading = HEADING, long, value_name = "LIST")]
    pub(crate) host_groups: Option<GroupList>,
}
