//! `halfgate host`: proposes a function, hands out an invite, and waits for the guest.

use halfgate_meet::Seat;

use crate::args::{FunctionArgs, HostArgs, HostingArgs};
use crate::conversation::{self, Answer};
use crate::deal::{self, Batches, Bounds, Deal, Draft, Parts};
use crate::failure::Failure;
use crate::inputs::From;
use crate::inviting::{self, Inviting};
use crate::meeting::{self, Way};
use crate::who::Who;
use crate::{in_background, showing};

pub(crate) async fn run(args: HostArgs) -> Result<(), Failure> {
    let HostArgs { function, hosting } = args;
    let answer = Answer::new(hosting.side.yes)?;
    let who = Who::read(&hosting.side.who, hosting.side.job.journal.as_deref())?;
    inviting::check(who.as_ref(), &hosting.inviting)?;
    let listeners = meeting::bind(&hosting.listen).await?;
    let (mut deal, args) = in_background(move || Ok((deal(&function, &hosting)?, hosting))).await?;
    let HostingArgs { side, inviting, .. } = args;
    let inviting = Inviting::new(&deal, inviting, &listeners);
    let met = meeting::receive(listeners, who, inviting, Way::over(&side)).await?;
    let outcome = conversation::hold(&mut deal, met, answer, side.limits.answer_timeout).await?;
    in_background(move || showing::show(&deal, outcome, &side.output)).await
}

fn deal(function: &FunctionArgs, args: &HostingArgs) -> Result<Deal, Failure> {
    let choice = function.load_owned(&args.owners)?;
    let garbler = Seat::from(args.garbler);
    let side = &args.side;
    Deal::new(Draft {
        name: choice.text,
        function: choice.function,
        circuit: deal::seated(choice.circuit, garbler)?,
        program: choice.program,
        parts: Parts { seat: Seat::Host, garbler, reveal: deal::reveal(args.reveal, garbler) },
        security: side.mode.security()?,
        pool: side.pool.as_deref(),
        inputs: From { source: side.input.as_ref(), id_column: side.id_column.as_deref() },
        bounds: Bounds { lanes: side.max_lanes, threads: side.threads() },
        batches: Batches::new(&side.job),
    })
}
