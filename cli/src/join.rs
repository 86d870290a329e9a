//! `halfgate join`: computes what an invite proposes, or what this side names, with a host.

use halfgate::Reveal;
use halfgate::circuits::Circuit;
use halfgate::compiler::Program;
use halfgate_meet::{Invite, Seat};

use crate::args::{FunctionArgs, FunctionOptions, JoinArgs, JoiningArgs, LearnerArg, SideArgs};
use crate::circuit_name::CircuitName;
use crate::conversation::{self, Answer};
use crate::deal::{self, Batches, Bounds, Deal, Draft, Parts};
use crate::failure::Failure;
use crate::function_choice::{FunctionChoice, FunctionName};
use crate::inputs::From;
use crate::meeting::{self, Way};
use crate::program::Settings;
use crate::who::Who;
use crate::{in_background, invited, showing, terms};

pub(crate) async fn run(args: JoinArgs) -> Result<(), Failure> {
    let answer = Answer::new(args.joining.side.yes)?;
    let (who, args) = in_background(move || {
        let side = &args.joining.side;
        Ok((Who::read(&side.who, side.job.journal.as_deref())?, args))
    })
    .await?;
    let JoinArgs { function, options, joining } = args;
    let invite = invited::read_if_needed(&joining.invited, &joining.connect, who.as_ref()).await?;
    let (mut deal, invite, joining) = in_background(move || {
        let named = Named { function, options };
        let deal = match &invite {
            Some(invite) => of_invite(invite, &named, &joining)?,
            None => of_names(named, &joining)?,
        };
        Ok((deal, invite, joining))
    })
    .await?;
    let addresses = meeting::addresses(&joining.connect, invite.as_ref(), who.as_ref())?;
    let side = joining.side;
    let met = meeting::go(&addresses, who, invite.as_ref(), Way::over(&side)).await?;
    let outcome = conversation::hold(&mut deal, met, answer, side.limits.answer_timeout).await?;
    in_background(move || showing::show(&deal, outcome, &side.output)).await
}

/// What the command line says about the function.
struct Named {
    function: Option<FunctionName>,
    options: FunctionOptions,
}

/// What the invite proposes. The command line may only name the file of a circuit.
fn of_invite(invite: &Invite, named: &Named, args: &JoiningArgs) -> Result<Deal, Failure> {
    let owners = args.owners.host_groups.is_some();
    if !named.options.is_empty() || owners || args.reveal.is_some() || args.garbler.is_some() {
        return Err(Failure::Usage(
            "the invite says what is computed and who learns it: leave --bits, --signed, --scale, --set, --function, \
             --const, --host-groups, --reveal and --garbler away, or ask the host for another invite"
                .to_owned(),
        ));
    }
    let choice = invited_choice(invite, named.function.as_ref())?;
    let garbler = invite.garbler;
    let circuit = deal::seated(choice.circuit, garbler)?;
    invited::check_circuit(invite, &circuit)?;
    let reveal = match invite.terms.text(terms::LEARNERS) {
        Some("both") => Reveal::Both,
        Some("garbler") => Reveal::Garbler,
        Some("evaluator") => Reveal::Evaluator,
        Some("shares") => Reveal::Shares,
        _ => return Err(Failure::OddInvite { term: terms::LEARNERS }),
    };
    draft(
        (choice.text, choice.function),
        (circuit, choice.program),
        Parts { seat: Seat::Guest, garbler, reveal },
        &args.side,
    )
}

/// The function of an invite. Of a program it carries the settings too, and this side names only its own file.
fn invited_choice(invite: &Invite, named: Option<&FunctionName>) -> Result<FunctionChoice, Failure> {
    let settings = Settings::split(&invite.function).map(|(_, settings)| settings);
    let choice = match (named, settings) {
        (Some(FunctionName::Circuit(name @ CircuitName::Program(_))), Some(settings)) => {
            FunctionChoice::of_circuit(name, &settings)
        }
        (Some(function), _) => {
            FunctionArgs { function: function.clone(), options: FunctionOptions::default() }.load()
        }
        // The host's word is no reason to open a file here.
        (None, Some(_)) => return Err(Failure::InvitedToFile { function: invite.function.clone() }),
        (None, None) => match FunctionName::from(std::ffi::OsString::from(&invite.function)) {
            FunctionName::Circuit(name) if name.is_on_disk() => {
                return Err(Failure::InvitedToFile { function: invite.function.clone() });
            }
            function => FunctionArgs { function, options: FunctionOptions::default() }.load(),
        },
    };
    choice
        .map_err(|failure| Failure::Invited { function: invite.function.clone(), failure: Box::new(failure) })
}

/// What both sides have named, each for itself.
fn of_names(named: Named, args: &JoiningArgs) -> Result<Deal, Failure> {
    let Named { function, options } = named;
    let function = function.ok_or_else(|| {
        Failure::Usage("without an invite, name the function that the host names".to_owned())
    })?;
    let choice = FunctionArgs { function, options }.load_owned(&args.owners)?;
    let garbler = args.garbler.map_or(Seat::Host, Seat::from);
    let circuit = deal::seated(choice.circuit, garbler)?;
    let reveal = deal::reveal(args.reveal.unwrap_or(LearnerArg::Both), garbler);
    draft(
        (choice.text, choice.function),
        (circuit, choice.program),
        Parts { seat: Seat::Guest, garbler, reveal },
        &args.side,
    )
}

fn draft(
    (name, function): (String, Option<&'static halfgate::circuits::library::functions::Function>),
    (circuit, program): (Circuit, Option<Program>),
    parts: Parts,
    side: &SideArgs,
) -> Result<Deal, Failure> {
    Deal::new(Draft {
        name,
        function,
        circuit,
        program,
        parts,
        security: side.mode.security()?,
        pool: side.pool.as_deref(),
        inputs: From { source: side.input.as_ref(), id_column: side.id_column.as_deref() },
        bounds: Bounds { lanes: side.max_lanes, threads: side.threads() },
        batches: Batches::new(&side.job),
    })
}
