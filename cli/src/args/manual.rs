//! The command line of what the command says about itself.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// What an error names, such as `invite-expired`; without it, all there is to choose from
    pub(crate) topic: Option<String>,
}

#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that reads them
    #[arg(value_enum)]
    pub(crate) shell: ShellArg,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ShellArg {
    Bash,
    Zsh,
    Fish,
}

impl From<ShellArg> for Shell {
    fn from(shell: ShellArg) -> Self {
        match shell {
            ShellArg::Bash => Shell::Bash,
            ShellArg::Zsh => Shell::Zsh,
            ShellArg::Fish => Shell::Fish,
        }
    }
}

/// Where generated files go.
#[derive(Args)]
pub(crate) struct PagesArgs {
    /// The folder to write into, which is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}
