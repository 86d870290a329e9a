//! The options that choose a function and its settings, for every command that runs one.

use std::str::FromStr;

use clap::Args;

use super::{ProgramArgs, function_name};
use crate::function_choice::FunctionName;

/// What to compute, and how its values are written.
#[derive(Args, Clone)]
pub(crate) struct FunctionArgs {
    /// What to compute: a comparison function such as `maximum`, a `.garble.rs` program, a Bristol file, a netlist (`.blif`,
    /// `.json`), a compiled program (`.hgp`), or `builtin:NAME`
    ///
    /// `halfgate circuit list` shows all functions and circuits. A function may carry its settings in its text, as
    /// invites and terms show it: "closest bits=64 scale=2 threshold=0.50".
    #[arg(value_parser = function_name())]
    pub(crate) function: FunctionName,
    #[command(flatten)]
    pub(crate) options: FunctionOptions,
}

/// The settings of a comparison function. Both sides see them in the terms; none may depend on private data.
#[derive(Args, Clone, Default)]
pub(crate) struct FunctionOptions {
    /// The width of a function's values in bits, the sign included, 1 to 4096 [default: 64]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) bits: Option<u32>,
    /// Values of the function may be negative
    #[arg(long)]
    pub(crate) signed: bool,
    /// How many decimal digits of a function's values stand behind the point: with 2, `12.50` is a value [default: 0]
    #[arg(long, value_name = "DIGITS", value_parser = clap::value_parser!(u32).range(0..=64))]
    pub(crate) scale: Option<u32>,
    /// A public parameter of the function, such as `limit=1000.00`. May be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<Setting>,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
}

impl FunctionOptions {
    /// Whether none was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.program.is_empty() && self.has_no_settings()
    }

    /// Whether none was given that comparison functions have.
    pub(crate) fn has_no_settings(&self) -> bool {
        self.bits.is_none() && !self.signed && self.scale.is_none() && self.parameters.is_empty()
    }
}

/// `NAME=VALUE`.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok(Setting { name: name.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err("expected NAME=VALUE, such as limit=1000.00".to_owned()),
        }
    }
}
