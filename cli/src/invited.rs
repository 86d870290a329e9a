//! The invite that the guest was handed: read, asked for, and compared with what this side would compute.

use std::path::Path;

use halfgate::channel::Address;
use halfgate::circuits::Circuit;
use halfgate_meet::{Exposed, Invite, InviteError};

use crate::args::InvitedArgs;
use crate::failure::Failure;
use crate::human::short_digest;
use crate::question::Person;
use crate::source::Source;
use crate::who::{Known, Who};
use crate::{in_background, notes};

/// Reads the invite if it is what tells this side whom to trust, or if the user gives it: it also says what is computed,
/// and where the host is.
pub(crate) async fn read_if_needed(
    args: &InvitedArgs,
    connect: &[Address],
    who: Option<&Who>,
) -> Result<Option<Invite>, Failure> {
    let needed = who.is_some_and(|who| matches!(who.known, Known::Invite));
    if !needed && args.invite.is_none() {
        return Ok(None);
    }
    let source = args.invite.clone();
    let invite = in_background(move || read(source.as_ref())).await?;
    Ok(Some(with_addresses(invite, connect)))
}

/// Reads the invite, or asks for it.
pub(crate) fn read(source: Option<&Source>) -> Result<Invite, Failure> {
    match source {
        Some(Source::File(path)) if !path.exists() && is_invite(path) => Err(Failure::Usage(
            "--invite takes a file, and that is the invite itself: others on this machine can read command lines, and shells keep them. \
             Give `--invite -` and paste it, and ask for another invite if somebody may have seen this one"
                .to_owned(),
        )),
        Some(Source::File(path)) => {
            if let Ok(Some(warning)) = Exposed::check(path) {
                notes::say(format_args!("warning: {warning}"));
            }
            Ok(Invite::load(path)?)
        }
        Some(Source::Stdin) => {
            let text = Source::Stdin
                .read()
                .map_err(|source| Failure::Unreadable { name: Source::Stdin.name(), source })?;
            let text = std::str::from_utf8(&text).map_err(|_| InviteError::NotAnInvite)?;
            Ok(Invite::parse(text)?)
        }
        None => match Person::find() {
            Some(person) => {
                let prompt = "Paste the invite (an empty line ends it):\n";
                let text = person.lines_now(prompt, |text| Invite::parse(text).is_ok())?;
                Ok(Invite::parse(&text)?)
            }
            None => Err(Failure::Usage(
                "give the invite with --invite FILE, or name the peer with --peer".to_owned(),
            )),
        },
    }
}

/// Whether the text of an invite, perhaps damaged, stands where the path of its file should.
fn is_invite(path: &Path) -> bool {
    !matches!(Invite::parse(&path.to_string_lossy()), Err(InviteError::NotAnInvite))
}

/// Addresses on the command line come before those of the invite.
fn with_addresses(mut invite: Invite, connect: &[Address]) -> Invite {
    if !connect.is_empty() {
        invite.addresses = connect.to_vec();
    }
    invite
}

/// Fails if this side would compute something else than the host.
pub(crate) fn check_circuit(invite: &Invite, circuit: &Circuit) -> Result<(), Failure> {
    let own = circuit.digest();
    if own == invite.circuit {
        return Ok(());
    }
    Err(Failure::OtherCircuit {
        function: invite.function.clone(),
        here: short_digest(&own),
        invited: short_digest(&invite.circuit),
    })
}
