//! The command line.

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use halfgate::Reveal;
use halfgate::channel::Link;
use halfgate::circuits::Radix;

use crate::bench::{BenchArgs, BenchPartyArgs};
use crate::circuit_name::CircuitName;
use crate::function_choice::FunctionName;
use crate::groups::{EncodingOption, GroupList};
use crate::source::Source;

mod circuit;
mod doctor;
mod estimate;
mod function;
mod manual;
mod meeting;
mod prepare;
mod program;
mod security;
mod serve;

pub(crate) use circuit::{
    CheckArgs, CircuitCommand, CompileArgs, ConvertArgs, DiffArgs, DrawArgs, EvalArgs, InfoArgs, ListArgs,
    OptimizeArgs, TableArgs, TargetArgs,
};
pub(crate) use doctor::DoctorArgs;
pub(crate) use estimate::EstimateArgs;
pub(crate) use function::{FunctionArgs, FunctionOptions, Setting};
pub(crate) use manual::{CompletionsArgs, ExplainArgs, PagesArgs};
pub(crate) use meeting::{
    CompareArgs, EndpointArgs, HostArgs, HostingArgs, IdentityArgs, InvitedArgs, InvitingArgs, JobArgs,
    JoinArgs, JoiningArgs, KeyArgs, KeyCommand, LearnerArg, LimitArgs, PartyArgs, SeatArg, SecurityArgs,
    SideArgs, threads,
};
pub(crate) use prepare::PrepareArgs;
pub(crate) use program::{OwnerArgs, ProgramArgs};
pub(crate) use security::{ModeArgs, SecurityArg};
pub(crate) use serve::{GuestArgs, QuotaArgs, ServeArgs, ServeTimeArgs};

const AFTER_HELP: &str = "\
Results go to standard output, everything else to standard error. `halfgate COMMAND --help` says more.

Exit codes:
    0  success
    1  the demo or the bench failed or computed a wrong result, the doctor found something wrong, or two circuits differ
    2  usage: the command line or the environment is wrong
   10  a circuit, program or input file is bad, or a program stopped
   11  the peer is not who it should be: a wrong certificate or invite, or it takes this side for somebody else
   12  the two sides do not agree on the terms, or somebody did not accept them
   13  the network failed, a time limit passed, the peer went away, or results were lost with a crash
   14  the peer cheated and was caught
   15  a resource limit: lanes, memory, disk space, randomness
  130  interrupted (Ctrl-C)

Environment:
  HALFGATE_HOME     the folder of key and peers file; without it `halfgate` in the user's configuration folder
  HALFGATE_BACKEND  forces the kernels for tests and measurements: `portable`, `aes-ni`, `vaes-256` or
                    `vaes-512`. Without it the fastest that the processor has are used. Results are the same.";

const TABLE_HELP: &str = "\
Input is CSV: one row per lane (one run of the function), one column per value group, in the order of the groups. A \
header row with their names may come first; columns then stand in any order, and the `host_` or `guest_` of a comparison \
function's column may be left off. Groups of zero wires have no column. `#` starts a comment.

A value is decimal, `0x…` or `0b…`, whatever its group's encoding, and has to fit the group's width. Groups of encoding \
`int` take decimal numbers with a minus sign; `0x…` and `0b…` are two's complement there. Values are printed as their \
encoding says: `uint` in decimal up to 64 bits and as `0x…` above, `int` in decimal with its sign, `bytes` as `0x…`, \
`bits` as `0b…`. With a scale of 2, decimal numbers have up to two digits behind a point, and nothing is ever rounded.

The parameters of a `.garble.rs` program have types. A value is written as in the program, such as \
`Pay { base: 5, bonus: (true, -1) }`, or as JSON; one with commas stands in quotes. `--input FILE.json` takes an array of \
objects, one for each row, with the names of the parameters as keys.

`halfgate circuit info CIRCUIT` shows the groups. `halfgate --help` lists the exit codes.";

const PREPARE_HELP: &str = "\
Both sides run it, as they meet for a run: one with --listen, the other with --connect or an invite. Each gets a file. \
Later both give theirs to `host`, `join`, `compare`, `garble` or `evaluate` with --pool, and most of the work and of \
the bytes is done already. What a run needs beyond the pool it makes itself.

A pool is bound to both keys, to who garbles, and to --statistical-security. It serves one run: the file is marked when \
the run begins, and destroyed when it ends, also if it fails. Who has the file can read what is computed \
with it. Never copy one.

    halfgate prepare --triples 1000000 --pool next.pool --peer bob-firm --listen 0.0.0.0:7000
    halfgate prepare --triples 1000000 --pool next.pool --peer alice-firm";

const BENCH_HELP: &str = "\
The table goes to standard output, progress to standard error. Each row is the median of some runs with its spread, \
beside it the limit that bounds it, measured in the same run, and the project's goal; a goal that was set for another \
kind of machine is shown and not judged. Kernels run in this process; two parties are two processes.

For figures that can be repeated: a release build, an idle machine, `--suite full`. `docs/performance.md` explains \
every row.

    halfgate bench --suite full --json > before.json
    halfgate bench --suite full --baseline before.json --html report.html
    halfgate bench --only lanes.aes128 --only compare.once";

const COMPLETIONS_HELP: &str = "\
    bash:  halfgate completions bash > ~/.local/share/bash-completion/completions/halfgate
    zsh:   halfgate completions zsh > ~/.zfunc/_halfgate    (with `fpath+=~/.zfunc` before `compinit`)
    fish:  halfgate completions fish > ~/.config/fish/completions/halfgate.fish";

/// Two parties compute a function of both their inputs with garbled circuits. Each learns the agreed output and nothing
/// else about the other's input.
#[derive(Parser)]
#[command(name = "halfgate", version, after_help = AFTER_HELP, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run both parties as two processes on this machine and show what happens
    Demo(DemoArgs),
    /// Propose a function, hand out an invite, and compute with the guest who comes
    #[command(after_long_help = TABLE_HELP)]
    Host(Box<HostArgs>),
    /// Compute what an invite proposes, with the host who made it
    #[command(after_long_help = TABLE_HELP)]
    Join(Box<JoinArgs>),
    /// Compare with a peer: the short form of host and join for the comparison functions
    #[command(after_long_help = TABLE_HELP)]
    Compare(Box<CompareArgs>),
    /// This side's long-term key, for firms that meet again
    #[command(subcommand)]
    Key(KeyCommand),
    /// Do ahead of a run of malicious security what does not depend on its function and inputs
    #[command(after_long_help = PREPARE_HELP)]
    Prepare(Box<PrepareArgs>),
    /// Host many guests at once on the same input
    #[command(after_long_help = TABLE_HELP)]
    Serve(Box<ServeArgs>),
    /// Compute a circuit with a peer, as the garbler
    #[command(after_long_help = TABLE_HELP)]
    Garble(Box<PartyArgs>),
    /// Compute a circuit with a peer, as the evaluator
    #[command(after_long_help = TABLE_HELP)]
    Evaluate(Box<PartyArgs>),
    /// Find out whether this machine, and the way to a host, are as they should be
    Doctor(DoctorArgs),
    /// Say what a run would cost: bytes, round trips, memory, time
    Estimate(EstimateArgs),
    /// Look at circuits, compute them in the clear, convert and improve them
    #[command(subcommand)]
    Circuit(CircuitCommand),
    /// Measure both parties on this machine, beside the limits of the machine
    #[command(after_long_help = BENCH_HELP)]
    Bench(BenchArgs),
    /// Say more about an error, from the book's page on troubles
    Explain(ExplainArgs),
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArgs),
    /// Write manual pages, one for each command
    Man(PagesArgs),
    /// Write the book's reference of commands
    #[command(hide = true)]
    Reference(PagesArgs),
    /// One party of a measurement; `halfgate bench` starts it
    #[command(hide = true)]
    BenchParty(BenchPartyArgs),
}

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Rows of the AES example; the first is the FIPS-197 vector, the others are random
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) lanes: u32,
    /// Put a link between the processes, such as `100mbit,30ms`: rate and round trip
    #[arg(long, value_name = "RATE,RTT", default_value = "none")]
    pub(crate) link: Link,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Whose the input groups are and how values are written.
#[derive(Args)]
pub(crate) struct GroupArgs {
    #[command(flatten)]
    pub(crate) owners: PartyGroupArgs,
    #[command(flatten)]
    pub(crate) encodings: EncodingArgs,
}

/// Whose the input groups are.
#[derive(Args)]
pub(crate) struct PartyGroupArgs {
    /// The input groups of the garbler, by index or name, such as `0,2`; the others are the evaluator's
    ///
    /// Without this and --evaluator-groups, group 0 of a file is the garbler's and the others are the evaluator's; a
    /// builtin circuit names the owners itself. An empty list means none.
    #[arg(long, value_name = "LIST")]
    pub(crate) garbler_groups: Option<GroupList>,
    /// The input groups of the evaluator; the others are the garbler's
    #[arg(long, value_name = "LIST")]
    pub(crate) evaluator_groups: Option<GroupList>,
}

#[derive(Args)]
pub(crate) struct EncodingArgs {
    /// How a group's values are written: `uint`, `int`, `bytes` or `bits`, with `,msb-first` if its first wire is the top bit
    ///
    /// GROUP is a name, or `in0`, `in1`, …, `out0`, … by position. May be given several times.
    #[arg(long = "encoding", value_name = "GROUP=ENCODING")]
    pub(crate) encodings: Vec<EncodingOption>,
}

#[derive(Args)]
pub(crate) struct OutputArgs {
    /// Print all values in hexadecimal, decimal or binary; without it, as their encodings say
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<FormatArg>,
    /// Print one JSON object instead of CSV
    #[arg(long)]
    pub(crate) json: bool,
    /// Print a column for each number inside the values of a program, named as those of inputs are (`result.base`,
    /// `result.salaries[0]`), below a header
    #[arg(long, conflicts_with = "json")]
    pub(crate) parts: bool,
}

impl OutputArgs {
    pub(crate) fn radix(&self) -> Radix {
        radix(self.format)
    }
}

/// How values are printed.
pub(crate) fn radix(format: Option<FormatArg>) -> Radix {
    match format {
        None => Radix::Natural,
        Some(FormatArg::Hex) => Radix::Hex,
        Some(FormatArg::Dec) => Radix::Dec,
        Some(FormatArg::Bin) => Radix::Bin,
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RevealArg {
    Both,
    Garbler,
    Evaluator,
    Shares,
}

impl From<RevealArg> for Reveal {
    fn from(reveal: RevealArg) -> Self {
        match reveal {
            RevealArg::Both => Reveal::Both,
            RevealArg::Garbler => Reveal::Garbler,
            RevealArg::Evaluator => Reveal::Evaluator,
            RevealArg::Shares => Reveal::Shares,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FormatArg {
    Hex,
    Dec,
    Bin,
}

fn circuit_name() -> impl TypedValueParser<Value = CircuitName> {
    OsStringValueParser::new().map(CircuitName::from)
}

fn function_name() -> impl TypedValueParser<Value = FunctionName> {
    OsStringValueParser::new().map(FunctionName::from)
}

fn source() -> impl TypedValueParser<Value = Source> {
    OsStringValueParser::new().map(Source::from)
}
