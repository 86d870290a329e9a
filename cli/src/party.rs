//! `halfgate garble` and `halfgate evaluate`: one side of a run, by its role.

use halfgate::channel::{ChannelError, Role};
use halfgate::{Party, Reveal};
use halfgate_meet::{MeetError, Seat};

use crate::args::{OwnerArgs, PartyArgs};
use crate::circuit_name::Loaded;
use crate::conversation::{self, Answer};
use crate::deal::{Batches, Bounds, Deal, Draft, Parts};
use crate::failure::Failure;
use crate::inputs::From;
use crate::inviting::{self, Inviting};
use crate::meeting::{self, Way};
use crate::program::Settings;
use crate::who::Who;
use crate::{groups, in_background, invited, showing, terms};

pub(crate) async fn run(own: Party, args: PartyArgs) -> Result<(), Failure> {
    let answer = Answer::new(args.side.yes)?;
    let who = Who::read(&args.side.who, args.side.job.journal.as_deref())?;
    let seat = if args.endpoint.listen.is_empty() { Seat::Guest } else { Seat::Host };
    if seat == Seat::Host {
        inviting::check(who.as_ref(), &args.inviting)?;
    }
    // Before files are read, so that a peer that is started at the same time finds somebody.
    let listeners = meeting::bind(&args.endpoint.listen).await?;
    let (mut deal, args) = in_background(move || Ok((deal(own, seat, &args)?, args))).await?;
    let PartyArgs { endpoint, side, inviting, invited, link, .. } = args;
    let met = match seat {
        Seat::Host => {
            let inviting = Inviting::new(&deal, inviting, &listeners);
            meeting::receive(listeners, who, inviting, Way { link, ..Way::over(&side) }).await?
        }
        Seat::Guest => {
            let invite = invited::read_if_needed(&invited, &endpoint.connect, who.as_ref()).await?;
            if let Some(invite) = &invite {
                invited::check_circuit(invite, &deal.circuit)?;
            }
            let addresses = meeting::addresses(&endpoint.connect, invite.as_ref(), who.as_ref())?;
            meeting::go(&addresses, who, invite.as_ref(), Way { link, ..Way::over(&side) }).await?
        }
    };
    let outcome = conversation::hold(&mut deal, met, answer, side.limits.answer_timeout).await;
    let outcome = outcome.map_err(|failure| of_roles(own, failure))?;
    in_background(move || showing::show(&deal, outcome, &side.output)).await
}

/// Both sides were started in the same role if each takes itself for the garbler, or for the evaluator.
fn of_roles(own: Party, failure: Failure) -> Failure {
    let role = match own {
        Party::Garbler => Role::Garbler,
        Party::Evaluator => Role::Evaluator,
    };
    match failure {
        Failure::Meet(MeetError::Mismatch(mismatch)) if mismatch.field == terms::GARBLER => {
            ChannelError::SameRoles { role }.into()
        }
        failure => failure,
    }
}

fn deal(own: Party, seat: Seat, args: &PartyArgs) -> Result<Deal, Failure> {
    let settings = Settings::new(&args.program, &OwnerArgs::default());
    let Loaded { circuit, program, .. } = args.circuit.load_compiled(&settings)?;
    let circuit = groups::apply(circuit, &args.groups)?;
    let garbler = if own == Party::Garbler { seat } else { seat.other() };
    let side = &args.side;
    Deal::new(Draft {
        name: format!("{}{settings}", args.circuit),
        function: None,
        circuit,
        program,
        parts: Parts { seat, garbler, reveal: Reveal::from(args.reveal) },
        security: side.mode.security()?,
        pool: side.pool.as_deref(),
        inputs: From { source: side.input.as_ref(), id_column: side.id_column.as_deref() },
        bounds: Bounds { lanes: side.max_lanes, threads: side.threads() },
        batches: Batches::new(&side.job),
    })
}
