//! `halfgate prepare`: does ahead of a run what does not depend on its function and inputs.

use halfgate::channel::Agreement;
use halfgate::{Entropy, Meter, NewPool, Party, PoolId, PoolSize, Statistical, Terms};
use halfgate_meet::{Invite, Seat};
use serde::Serialize;

use crate::args::PrepareArgs;
use crate::conversation::{Met, or_abort};
use crate::failure::Failure;
use crate::human::{bytes, counted};
use crate::inviting::{self, Inviting, Offered};
use crate::meeting::{self, Way};
use crate::results::{self, SCHEMA_VERSION};
use crate::who::Who;
use crate::{backend, in_background, invited, key, notes, progress, terms};

/// What the invite of a preparation calls it, where others name a function.
const FUNCTION: &str = "prepare";

/// What is to be prepared.
#[derive(Clone, Copy)]
struct Plan {
    size: PoolSize,
    statistical: Statistical,
    garbler: Seat,
}

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    pool: String,
    id: String,
    role: String,
    triples: u64,
    masks: u64,
    statistical_security: u32,
    file_bytes: u64,
    bytes_sent: u64,
    bytes_received: u64,
}

pub(crate) async fn run(args: PrepareArgs) -> Result<(), Failure> {
    check_key(&args)?;
    let who = Who::read(&args.who, None)?;
    let seat = if args.endpoint.listen.is_empty() { Seat::Guest } else { Seat::Host };
    if seat == Seat::Host {
        inviting::check(who.as_ref(), &args.inviting)?;
        Plan::of_options(&args)?;
    }
    let listeners = meeting::bind(&args.endpoint.listen).await?;
    let pool = args.pool.clone();
    let new = in_background(move || Ok(NewPool::create(&pool).map_err(halfgate::Error::from)?)).await?;
    let way = Way::to_prepare(&args.limits);
    let (met, plan) = match seat {
        Seat::Host => {
            let plan = Plan::of_options(&args)?;
            let inviting = Inviting::to(plan.offered(), args.inviting.clone(), &listeners);
            (meeting::receive(listeners, who, inviting, way).await?, plan)
        }
        Seat::Guest => {
            let connect = &args.endpoint.connect;
            let invite = invited::read_if_needed(&args.invited, connect, who.as_ref()).await?;
            let plan = match &invite {
                Some(invite) => Plan::of_invite(invite, &args)?,
                None => Plan::of_options(&args)?,
            };
            let addresses = meeting::addresses(connect, invite.as_ref(), who.as_ref())?;
            (meeting::go(&addresses, who, invite.as_ref(), way).await?, plan)
        }
    };
    let (id, meter) = fill(met, plan, seat, new).await?;
    report(&args, plan, seat, id, &meter)
}

/// A pool is bound to both keys, so this side needs one that it still has by then.
fn check_key(args: &PrepareArgs) -> Result<(), Failure> {
    if args.who.insecure_plaintext || args.who.files.tls_cert.is_some() {
        return Ok(());
    }
    let path = key::path(args.who.files.key.as_ref())?;
    if path.exists() { Ok(()) } else { Err(Failure::NoKey { path }) }
}

async fn fill(met: Met, plan: Plan, seat: Seat, new: NewPool) -> Result<(PoolId, Meter), Failure> {
    let Met { mut channel, ticket, reception: _reception, .. } = met;
    if let Some(ticket) = ticket {
        ticket.spend();
    }
    let entropy = Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()).into());
    let entropy = or_abort(&mut channel, entropy).await?;
    let backend = backend::choose();
    let backend = or_abort(&mut channel, backend).await?;
    let (odometer, terms) = (channel.odometer(), plan.terms());
    let prepared = halfgate::prepare(channel, plan.own(seat), terms, new, backend, entropy);
    Ok(progress::show(prepared, &odometer, plan.bytes()).await?)
}

impl Plan {
    fn of_options(args: &PrepareArgs) -> Result<Self, Failure> {
        let triples = args
            .triples
            .ok_or_else(|| Failure::Usage("say with --triples N how much is to be prepared".to_owned()))?;
        let bits = args.masks.unwrap_or(triples.saturating_mul(3));
        Ok(Plan {
            size: PoolSize { triples, bits },
            statistical: args.statistical_security.unwrap_or_default(),
            garbler: args.garbler.map_or(Seat::Host, Seat::from),
        })
    }

    fn of_invite(invite: &Invite, args: &PrepareArgs) -> Result<Self, Failure> {
        if invite.function != FUNCTION {
            return Err(Failure::Usage(format!(
                "the invite is for `{}` and not for a preparation: use it with `halfgate join`, or ask the host for \
                 one of `halfgate prepare`",
                invite.function.escape_debug()
            )));
        }
        if args.triples.is_some() || args.garbler.is_some() || args.statistical_security.is_some() {
            return Err(Failure::Usage(
                "the invite says what is prepared: leave --triples, --masks, --garbler and --statistical-security away, \
                 or ask the host for another invite"
                    .to_owned(),
            ));
        }
        let odd = Failure::OddInvite { term: terms::STATISTICAL };
        let statistical = invite.terms.number(terms::STATISTICAL).map(|bits| bits.to_string().parse());
        let Some(Ok(statistical)) = statistical else { return Err(odd) };
        let size = Terms::size_of_pool(&invite.terms).ok_or(Failure::OddInvite { term: "triples" })?;
        Ok(Plan { size, statistical, garbler: invite.garbler })
    }

    fn terms(self) -> Terms {
        Terms::for_pool(self.statistical, self.size)
    }

    fn own(self, seat: Seat) -> Party {
        if seat == self.garbler { Party::Garbler } else { Party::Evaluator }
    }

    fn offered(self) -> Offered {
        let terms: Agreement = self.terms().agreement().clone();
        Offered { function: FUNCTION.to_owned(), circuit: [0; 32], terms, garbler: self.garbler }
    }

    /// About what passes in both directions, for the bar: large blocks take 3 leaky ANDs for a triple, or 5.
    fn bytes(self) -> u64 {
        let triple = match self.statistical {
            Statistical::Bits40 => 168,
            Statistical::Bits64 => 279,
        };
        self.size.triples.saturating_mul(triple).saturating_add(self.size.bits.saturating_mul(8))
    }
}

fn report(args: &PrepareArgs, plan: Plan, seat: Seat, id: PoolId, meter: &Meter) -> Result<(), Failure> {
    let Plan { size, statistical, .. } = plan;
    let file_bytes = size.stored(statistical).and_then(PoolSize::file_length).unwrap_or(0);
    let pool = args.pool.display().to_string();
    if !args.json {
        notes::say(format_args!(
            "{pool} holds {} and {} in {}; it is good for one run with this peer, in which this side is the {}, and as \
             secret as a key",
            counted(size.triples, "triple"),
            counted(size.bits, "mask"),
            bytes(file_bytes),
            plan.own(seat),
        ));
        return results::print(|out| writeln!(out, "{id}"));
    }
    results::print_json(&Report {
        schema_version: SCHEMA_VERSION,
        pool,
        id: id.to_string(),
        role: plan.own(seat).to_string(),
        triples: size.triples,
        masks: size.bits,
        statistical_security: statistical.bits(),
        file_bytes,
        bytes_sent: meter.sent.bytes,
        bytes_received: meter.received.bytes,
    })
}
