//! The command line of `halfgate serve`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use halfgate::channel::Address;

use super::{FormatArg, FunctionArgs, IdentityArgs, LearnerArg, ModeArgs, OwnerArgs, SeatArg, source};
use crate::duration;
use crate::serve::Rate;
use crate::source::Source;

/// What a host of many guests says.
#[derive(Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) function: FunctionArgs,
    /// Wait for guests at HOST:PORT or unix:PATH (port 0 takes a free one and says which); several with commas
    #[arg(long, value_name = "ADDR[,ADDR]", value_delimiter = ',', required = true)]
    pub(crate) listen: Vec<Address>,
    /// The data that guests ask about: a CSV or JSON file, or `-` for standard input. Guests bring as many rows as it has
    #[arg(long, value_name = "FILE", value_parser = source())]
    pub(crate) input: Option<Source>,
    /// The input is one row, and each guest may bring as many rows as it likes to meet it
    #[arg(long, conflicts_with = "id_column")]
    pub(crate) broadcast: bool,
    /// The column of row ids: guests must list the same ones in the same order
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    /// Who learns the outputs; guests have to say the same
    #[arg(long, value_enum, value_name = "WHO", default_value_t = LearnerArg::Both)]
    pub(crate) reveal: LearnerArg,
    /// Who garbles; the evaluator does about as much work and learns first what both learn
    #[arg(long, value_enum, value_name = "WHO", default_value_t = SeatArg::Host)]
    pub(crate) garbler: SeatArg,
    #[command(flatten)]
    pub(crate) owners: OwnerArgs,
    /// Print all values in hexadecimal, decimal or binary; without it, as their encodings say
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<FormatArg>,
    #[command(flatten)]
    pub(crate) mode: ModeArgs,
    /// How many threads compute, for all guests together [default: one for each CPU]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Show how the server does at http://ADDR/metrics, in the text format of Prometheus; ADDR is for this machine only
    /// unless you name another
    #[arg(long, value_name = "[HOST:]PORT")]
    pub(crate) metrics: Option<String>,
    #[command(flatten)]
    pub(crate) guests: GuestArgs,
    #[command(flatten)]
    pub(crate) quotas: QuotaArgs,
    #[command(flatten)]
    pub(crate) times: ServeTimeArgs,
}

/// Who may come, and who this side is.
#[derive(Args)]
#[command(next_help_heading = "Who is who")]
pub(crate) struct GuestArgs {
    /// The guests, by their names in the peers file, or `all-peers`; SIGHUP reads the file again
    #[arg(
        long,
        value_name = "NAME[,NAME]",
        value_delimiter = ',',
        required_unless_present = "tls_ca",
        conflicts_with = "tls_ca"
    )]
    pub(crate) allow: Vec<String>,
    #[command(flatten)]
    pub(crate) files: IdentityArgs,
}

/// How much a guest may take.
#[derive(Args)]
#[command(next_help_heading = "Limits of guests")]
pub(crate) struct QuotaArgs {
    /// Sessions at once, of all guests together
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::new(256).expect("not zero"))]
    pub(crate) max_sessions: NonZeroUsize,
    /// Sessions at once of one guest
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::new(4).expect("not zero"))]
    pub(crate) max_sessions_per_peer: NonZeroUsize,
    /// Rows of one session
    #[arg(long, value_name = "N", default_value_t = NonZeroU64::new(1 << 20).expect("not zero"))]
    pub(crate) max_rows: NonZeroU64,
    /// How often one guest may come, such as 60/1m: sixty times at once, and then one more each second
    #[arg(long, value_name = "N/TIME", default_value = "60/1m")]
    pub(crate) rate: Rate,
    /// How many rows one guest may bring in a time, such as 1000000/1h [default: as many as it likes]
    #[arg(long, value_name = "N/TIME")]
    pub(crate) row_rate: Option<Rate>,
    /// How often one guest may ask about the same row of the input, in all. Each answer tells it something: about 64
    /// comparisons with values of its choice find out a 64-bit value
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) max_queries: u64,
    /// Keep the counts for --max-queries in this file, so that a restart does not forget them
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

/// How long to wait, and for what.
#[derive(Args)]
#[command(next_help_heading = "Time and other limits")]
pub(crate) struct ServeTimeArgs {
    /// How long the first Ctrl-C, or SIGTERM, lets sessions go on
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "30s")]
    pub(crate) grace: Duration,
    /// How long TLS may take, and then a guest to say what it wants
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "10s")]
    pub(crate) handshake_timeout: Duration,
    /// How long people at a guest have to read the terms and answer
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "5m")]
    pub(crate) answer_timeout: Duration,
    /// The longest time without a message from or to a guest
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "1m")]
    pub(crate) idle_timeout: Duration,
    /// The longest time for a whole session
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "1h")]
    pub(crate) timeout: Duration,
    /// How long a guest may take to come back after its connection was lost
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "2m")]
    pub(crate) reconnect: Duration,
    /// How often to send a sign of life over a quiet connection
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "15s")]
    pub(crate) keep_alive: Duration,
    /// Bytes that a session may be ahead of its guest, and keeps in memory
    #[arg(long, value_name = "BYTES", default_value_t = 2 << 20, value_parser = clap::value_parser!(u32).range(1 << 16..))]
    pub(crate) window: u32,
}
