//! The command line of `halfgate circuit`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, value_parser};
use halfgate::circuits::bristol;
use halfgate::compiler::{Effort, Objective, Optimizer, ProofLimits};

use super::{
    EncodingArgs, FunctionArgs, GroupArgs, OutputArgs, PartyGroupArgs, ProgramArgs, TABLE_HELP, circuit_name,
    source,
};
use crate::circuit_name::CircuitName;
use crate::source::Source;

const OPTIMIZE_HELP: &str = "\
Only ANDs cost anything when a circuit is garbled, so they are counted. The same file and effort give the same circuit \
on every machine.

From effort 2 on the result is compared with the original on more than a million inputs before it is written. With \
`--prove` a solver tries to prove the two equal for all inputs, whatever the effort; what it could not prove is named.";

const DIFF_HELP: &str = "\
Groups are compared by their order and width; names, owners and encodings do not matter. If all inputs together have \
few bits, all are tried. Otherwise more than a million are, and then a solver merges what is equal inside the circuits \
until their outputs are. For each output group it is said how many bits are proved equal for all inputs and how many \
were only tested. The solver gives up after 300,000 conflicts, or `--conflicts COUNT`: with more it may prove more, and \
with fewer it is sooner done, which counts for multipliers.";

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
    #[command(after_long_help = OPTIMIZE_HELP)]
    Optimize(OptimizeArgs),
    /// Compile a circuit once and write the program (`.hgp`), for all commands that compute to start from
    Compile(CompileArgs),
    /// Draw a circuit as SVG: its gates one by one, or the ANDs of each AND layer if there are too many
    Draw(DrawArgs),
    /// Find out whether two circuits compute the same: exit code 0 if they do, 1 with a counterexample if not
    #[command(after_long_help = DIFF_HELP)]
    Diff(DiffArgs),
    /// List the builtin circuits and the comparison functions
    List(ListArgs),
    /// Write the book's table of what the optimiser makes of a folder of circuits
    #[command(hide = true)]
    Table(TableArgs),
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
#[command(mut_arg("conflicts", |conflicts| conflicts.requires("prove")))]
pub(crate) struct OptimizeArgs {
    /// A Bristol file, old or Fashion, or any other source of circuits or `builtin:NAME` (written as Fashion)
    #[arg(value_parser = circuit_name())]
    pub(crate) circuit: CircuitName,
    /// How hard to try: 0 folds only, 1 takes seconds, 2 up to minutes, 3 as long as it pays
    #[arg(long, value_name = "LEVEL", default_value_t = Effort::default().level(), value_parser = value_parser!(u8).range(0..=3))]
    effort: u8,
    /// What to have less of: ANDs, or the depth in ANDs first and ANDs then
    #[arg(long = "for", value_enum, value_name = "OBJECTIVE", default_value = "ands")]
    objective: ObjectiveName,
    /// Prove that the result computes the same, and say what was proved
    #[arg(long)]
    pub(crate) prove: bool,
    #[command(flatten)]
    pub(crate) proof: ProofArgs,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

impl OptimizeArgs {
    pub(crate) fn optimizer(&self) -> Optimizer {
        Optimizer::new(self.effort()).with_objective(self.objective.into())
    }

    pub(crate) fn effort(&self) -> Effort {
        Effort::from_level(self.effort).unwrap_or_default()
    }
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// A Bristol file, old or Fashion, or `builtin:NAME`
    #[arg(value_parser = circuit_name())]
    pub(crate) first: CircuitName,
    /// The circuit to compare it with
    #[arg(value_parser = circuit_name())]
    pub(crate) second: CircuitName,
    /// Only try inputs, which is fast, and prove nothing beyond that
    #[arg(long, conflicts_with = "conflicts")]
    pub(crate) no_proof: bool,
    #[command(flatten)]
    pub(crate) proof: ProofArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
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
pub(crate) struct TableArgs {
    /// The folder; all its `.txt` files are Bristol circuits
    pub(crate) folder: PathBuf,
    /// The highest effort
    #[arg(long, value_name = "LEVEL", default_value_t = 3, value_parser = value_parser!(u8).range(0..=3))]
    pub(crate) effort: u8,
    /// Leave the highest effort out where the one before left more ANDs than this
    #[arg(long, value_name = "ANDS")]
    pub(crate) largest: Option<u64>,
    #[command(flatten)]
    pub(crate) proof: ProofArgs,
}

#[derive(Args)]
pub(crate) struct ProofArgs {
    /// Conflicts after which the solver gives up on a circuit
    #[arg(long, value_name = "COUNT")]
    pub(crate) conflicts: Option<u64>,
}

impl ProofArgs {
    pub(crate) fn limits(&self) -> ProofLimits {
        let default = ProofLimits::default();
        ProofLimits { all_conflicts: self.conflicts.unwrap_or(default.all_conflicts), ..default }
    }
}

#[derive(Args)]
pub(crate) struct ListArgs {
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ObjectiveName {
    Ands,
    Depth,
}

impl From<ObjectiveName> for Objective {
    fn from(name: ObjectiveName) -> Self {
        match name {
            ObjectiveName::Ands => Objective::Ands,
            ObjectiveName::Depth => Objective::Depth,
        }
    }
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
