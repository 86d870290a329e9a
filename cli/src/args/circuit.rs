//! The command line of `halfgate circuit`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use halfgate::circuits::bristol;

use super::{
    EncodingArgs, FunctionArgs, GroupArgs, OutputArgs, PartyGroupArgs, ProgramArgs, TABLE_HELP, circuit_name,
    source,
};
use crate::circuit_name::CircuitName;
use crate::source::Source;

#[derive(Subcommand)]
pub(crate) enum CircuitCommand {
    /// Check a file: no output and exit code 0 if it is good, its first ten errors and exit code 10 if not
    Check(CheckArgs),
    /// Show gates by kind, AND depth, groups, digests, and what the compiler makes of it
    Info(InfoArgs),
    /// Compute a circuit in the clear; all input groups are columns of the input
    #[command(after_long_help = TABLE_HELP)]
    Eval(EvalArgs),
    /// Write a circuit in another Bristol format
    Convert(ConvertArgs),
    /// Write an equivalent circuit with fewer gates, in the same format and with the same groups
    Optimize(OptimizeArgs),
    /// Compile a circuit once and write the program (`.hgp`), for all commands that compute to start from
    Compile(CompileArgs),
    /// Draw a circuit as SVG: its gates one by one, or the ANDs of each AND layer if there are too many
    Draw(DrawArgs),
    /// List the builtin circuits and the comparison functions
    List(ListArgs),
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// A Bristol file, old or Fashion, a `.garble.rs` program, a netlist (`.blif`, `.json`), a compiled program (`.hgp`),
    /// or `builtin:NAME`
    #[arg(value_parser = circuit_name())]
    pub(crate) circuit: CircuitName,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
    /// Print one JSON object to standard output instead of text to standard error
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    #[command(flatten)]
    pub(crate) groups: GroupArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    /// The input of both parties: a CSV or JSON file, or `-` for standard input. A circuit without inputs needs none
    #[arg(long, value_name = "FILE", value_parser = source())]
    pub(crate) input: Option<Source>,
    /// The column of the input whose texts are ids, not values; they head the rows of the output
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    #[command(flatten)]
    pub(crate) encodings: EncodingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args)]
pub(crate) struct ConvertArgs {
    /// A Bristol file, old or Fashion, a `.garble.rs` program, a netlist (`.blif`, `.json`), a compiled program (`.hgp`),
    /// or `builtin:NAME`
    #[arg(value_parser = circuit_name())]
    pub(crate) circuit: CircuitName,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
    /// The format to write: `bristol` is the old one (one or two inputs, one output), `fashion` is Bristol Fashion
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: BristolFormat,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Args)]
pub(crate) struct OptimizeArgs {
    /// A Bristol file, old or Fashion, or any other source of circuits or `builtin:NAME` (written as Fashion)
    #[arg(value_parser = circuit_name())]
    pub(crate) circuit: CircuitName,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Args)]
pub(crate) struct CompileArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    #[command(flatten)]
    pub(crate) groups: GroupArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Args)]
pub(crate) struct DrawArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    #[command(flatten)]
    pub(crate) groups: PartyGroupArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Draw how many ANDs each AND layer has, of small circuits, too
    #[arg(long)]
    pub(crate) profile: bool,
}

#[derive(Args)]
pub(crate) struct TargetArgs {
    /// The file to write. It is replaced only when the new one is complete
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Print what was done as one JSON object to standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct ListArgs {
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum BristolFormat {
    Bristol,
    Fashion,
}

impl From<BristolFormat> for bristol::Format {
    fn from(format: BristolFormat) -> Self {
        match format {
            BristolFormat::Bristol => bristol::Format::Old,
            BristolFormat::Fashion => bristol::Format::Fashion,
        }
    }
}
