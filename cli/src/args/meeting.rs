//! Options about the peer: where it is, who it is, what is agreed with it.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use halfgate::channel::{Address, Link};
use halfgate_meet::Seat;

use super::{
    FunctionArgs, FunctionOptions, GroupArgs, ModeArgs, OutputArgs, OwnerArgs, ProgramArgs, RevealArg,
    circuit_name, function_name, source,
};
use crate::circuit_name::CircuitName;
use crate::duration;
use crate::function_choice::FunctionName;
use crate::source::Source;

/// Who the peer has to be, and who this side is.
#[derive(Args)]
#[command(next_help_heading = "Who is who")]
pub(crate) struct SecurityArgs {
    /// Meet a firm that the peers file names: only its certificate is let in, and no invite is needed
    #[arg(long, value_name = "NAME", conflicts_with_all = ["insecure_plaintext", "tls_ca"])]
    pub(crate) peer: Option<String>,
    #[command(flatten)]
    pub(crate) files: IdentityArgs,
    /// With --tls-ca: the DNS name that the peer's certificate has to carry
    #[arg(long, value_name = "NAME", requires = "tls_ca")]
    pub(crate) peer_name: Option<String>,
    /// Use a connection that is neither encrypted nor authenticated; both sides have to say so
    #[arg(long, conflicts_with_all = ["key", "tls_cert"])]
    pub(crate) insecure_plaintext: bool,
}

/// The files that say who is who.
#[derive(Args, Clone)]
#[command(next_help_heading = "Who is who")]
pub(crate) struct IdentityArgs {
    /// The peers file [default: `peers` in the folder of `halfgate key show`]
    #[arg(long, value_name = "FILE")]
    pub(crate) peers: Option<PathBuf>,
    /// This side's long-term key, made by `halfgate key new` [default: the one there; without it, a single meeting gets a new one]
    #[arg(long, value_name = "FILE", conflicts_with = "tls_cert")]
    pub(crate) key: Option<PathBuf>,
    /// A certificate of your own authority, with its chain, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of --tls-cert, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Let in whoever has a certificate of these authorities, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_ca: Option<PathBuf>,
}

/// What the side that listens hands out.
#[derive(Args, Clone)]
#[command(next_help_heading = "The invite")]
pub(crate) struct InvitingArgs {
    /// Write the invite to a new file that only you can read, instead of showing it
    #[arg(long, value_name = "FILE")]
    pub(crate) invite_file: Option<PathBuf>,
    /// How long the invite can be used
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "24h")]
    pub(crate) expires: Duration,
    /// The addresses in the invite, if the peer reaches this machine by others than --listen
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',')]
    pub(crate) advertise: Vec<Address>,
}

/// What the side that joins was handed.
#[derive(Args)]
#[command(next_help_heading = "The invite")]
pub(crate) struct InvitedArgs {
    /// The invite: a file, or `-` for standard input; on a terminal it is asked for
    #[arg(long, value_name = "FILE", value_parser = source(), conflicts_with_all = ["peer", "tls_ca", "insecure_plaintext"])]
    pub(crate) invite: Option<Source>,
}

/// How long to wait, and for what.
#[derive(Args)]
#[command(next_help_heading = "Time and other limits")]
pub(crate) struct LimitArgs {
    /// How long to wait for the peer [default: 30s when connecting, without end when listening]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) connect_timeout: Option<Duration>,
    /// How long people have to read the terms and answer
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "30m")]
    pub(crate) answer_timeout: Duration,
    /// The longest time without a message from or to the peer, such as 90s or 1h30m
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "2m")]
    pub(crate) idle_timeout: Duration,
    /// The longest time for the whole run once the peer is there
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "24h")]
    pub(crate) timeout: Duration,
    /// How long to try to get a lost connection back (not with --insecure-plaintext)
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "2m")]
    pub(crate) reconnect: Duration,
    /// How often to send a sign of life over a quiet connection
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "15s")]
    pub(crate) keep_alive: Duration,
}

/// Who listens, and who joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatArg {
    Host,
    Guest,
}

impl From<SeatArg> for Seat {
    fn from(seat: SeatArg) -> Self {
        match seat {
            SeatArg::Host => Seat::Host,
            SeatArg::Guest => Seat::Guest,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LearnerArg {
    Both,
    Host,
    Guest,
    Shares,
}

/// How a long run is cut and kept.
#[derive(Args)]
#[command(next_help_heading = "Long runs")]
pub(crate) struct JobArgs {
    /// Compute and open the rows in batches of so many [default: 65536 with --journal, else all at once]
    #[arg(long, value_name = "ROWS")]
    pub(crate) batch: Option<NonZeroU64>,
    /// Keep a journal in this file, so that the run can go on after a crash: start the same command again on both sides
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

/// What the side that listens and proposes the function says.
#[derive(Args)]
pub(crate) struct HostArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    #[command(flatten)]
    pub(crate) hosting: HostingArgs,
}

/// What a host says beside the function.
#[derive(Args)]
pub(crate) struct HostingArgs {
    /// Wait for the guest at HOST:PORT or unix:PATH (port 0 takes a free one and says which); several with commas
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',', required = true)]
    pub(crate) listen: Vec<Address>,
    /// Who learns the outputs; with `shares` each side prints a share, and the exclusive or of both is the value
    #[arg(long, value_enum, value_name = "WHO", default_value_t = LearnerArg::Both)]
    pub(crate) reveal: LearnerArg,
    /// Who garbles; the evaluator does about as much work and learns first what both learn
    #[arg(long, value_enum, value_name = "WHO", default_value_t = SeatArg::Host)]
    pub(crate) garbler: SeatArg,
    #[command(flatten)]
    pub(crate) owners: OwnerArgs,
    #[command(flatten)]
    pub(crate) side: SideArgs,
    #[command(flatten)]
    pub(crate) inviting: InvitingArgs,
}

/// What the side that joins says.
#[derive(Args)]
pub(crate) struct JoinArgs {
    /// What to compute, if there is no invite that says it; or the file of the invite's circuit
    #[arg(value_parser = function_name())]
    pub(crate) function: Option<FunctionName>,
    #[command(flatten)]
    pub(crate) options: FunctionOptions,
    #[command(flatten)]
    pub(crate) joining: JoiningArgs,
}

/// What a guest says beside the function.
#[derive(Args)]
pub(crate) struct JoiningArgs {
    #[command(flatten)]
    pub(crate) invited: InvitedArgs,
    /// Where the host is, if there is no invite that says it [default: the addresses in the peers file]
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',')]
    pub(crate) connect: Vec<Address>,
    /// Who learns the outputs, if there is no invite that says it [default: both]
    #[arg(long, value_enum, value_name = "WHO")]
    pub(crate) reveal: Option<LearnerArg>,
    /// Who garbles, if there is no invite that says it [default: the host]
    #[arg(long, value_enum, value_name = "WHO")]
    pub(crate) garbler: Option<SeatArg>,
    #[command(flatten)]
    pub(crate) owners: OwnerArgs,
    #[command(flatten)]
    pub(crate) side: SideArgs,
}

/// What both sides say, each for itself.
#[derive(Args)]
pub(crate) struct SideArgs {
    /// This side's input: a CSV or JSON file, or `-` for standard input; on a terminal one row is asked for
    #[arg(long, value_name = "FILE", value_parser = source())]
    pub(crate) input: Option<Source>,
    /// The column of row ids: both sides must list the same ones in the same order, and results carry them
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Go ahead on the terms without asking
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) mode: ModeArgs,
    /// With malicious security: use what `halfgate prepare` has prepared with this peer. The file serves one run
    #[arg(long, value_name = "FILE")]
    pub(crate) pool: Option<PathBuf>,
    /// How many threads compute with --security semi-honest; malicious security computes with one. With 1 the network shares
    /// that one [default: one for each CPU]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) who: SecurityArgs,
    #[command(flatten)]
    pub(crate) job: JobArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// The largest number of rows to take from the peer, if this party has no rows of its own
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1 << 24,
        value_parser = clap::value_parser!(u64).range(1..),
        help_heading = "Time and other limits"
    )]
    pub(crate) max_lanes: u64,
}

impl SideArgs {
    pub(crate) fn threads(&self) -> usize {
        threads(self.threads)
    }
}

/// As many as asked for, or one for each CPU.
pub(crate) fn threads(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// What a party says that knows its role.
#[derive(Args)]
pub(crate) struct PartyArgs {
    /// A Bristol file, old or Fashion, a `.garble.rs` program, a netlist (`.blif`, `.json`), a compiled program (`.hgp`), or
    /// `builtin:NAME` (see `halfgate circuit list`)
    #[arg(value_parser = circuit_name())]
    pub(crate) circuit: CircuitName,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
    #[command(flatten)]
    pub(crate) endpoint: EndpointArgs,
    #[command(flatten)]
    pub(crate) groups: GroupArgs,
    /// Who learns the outputs; with `shares` each side prints a share, and the exclusive or of both is the value
    #[arg(long, value_enum, value_name = "WHO", default_value_t = RevealArg::Both)]
    pub(crate) reveal: RevealArg,
    #[command(flatten)]
    pub(crate) side: SideArgs,
    #[command(flatten)]
    pub(crate) inviting: InvitingArgs,
    #[command(flatten)]
    pub(crate) invited: InvitedArgs,
    /// Behave as over this link
    #[arg(
        long,
        value_name = "RATE,RTT",
        hide = true,
        default_value = "none",
        requires = "insecure_plaintext"
    )]
    pub(crate) link: Link,
}

/// Where the two sides meet.
#[derive(Args)]
pub(crate) struct EndpointArgs {
    /// Wait for the peer at HOST:PORT or unix:PATH (port 0 takes a free one and says which)
    ///
    /// One side listens and the other connects; either role may do either, and either may start first.
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',', conflicts_with_all = ["connect", "invite"])]
    pub(crate) listen: Vec<Address>,
    /// Connect to the peer at HOST:PORT or unix:PATH, trying again until it listens [default: where the invite or the
    /// peers file says]
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',')]
    pub(crate) connect: Vec<Address>,
}

/// Compare without much ado.
#[derive(Args)]
pub(crate) struct CompareArgs {
    /// A comparison function; with an invite, what the invite says
    #[arg(value_parser = function_name())]
    pub(crate) function: Option<FunctionName>,
    #[command(flatten)]
    pub(crate) options: FunctionOptions,
    /// Be the host, and wait for the guest at HOST:PORT
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',', conflicts_with_all = ["invite", "connect"])]
    pub(crate) listen: Vec<Address>,
    #[command(flatten)]
    pub(crate) inviting: InvitingArgs,
    #[command(flatten)]
    pub(crate) joining: JoiningArgs,
}

/// This side's long-term key, for firms that meet again.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key, which no later one replaces by accident
    New(KeyArgs),
    /// Show the key's fingerprint, its words, and the line for the other firm's peers file
    Show(KeyArgs),
}

#[derive(Args)]
pub(crate) struct KeyArgs {
    /// The key's file [default: `key.pem` in halfgate's folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
