//! The invite: made by the host, shown on its terminal or written to a file.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use halfgate::Entropy;
use halfgate::channel::{Address, Agreement, Listener};
use halfgate_meet::{Invite, Seat, Token, expiry};
use terminal_size::terminal_size_of;

use crate::args::InvitingArgs;
use crate::deal::Deal;
use crate::failure::Failure;
use crate::meeting::until;
use crate::who::{Known, Who};
use crate::{notes, terms};

/// What goes into an invite, and where the invite goes.
pub(crate) struct Inviting {
    addresses: Vec<Address>,
    function: String,
    circuit: [u8; 32],
    terms: Agreement,
    garbler: Seat,
    lifetime: Duration,
    file: Option<PathBuf>,
}

/// What an invite is for.
pub(crate) struct Offered {
    pub(crate) function: String,
    pub(crate) circuit: [u8; 32],
    pub(crate) terms: Agreement,
    pub(crate) garbler: Seat,
}

impl Inviting {
    pub(crate) fn new(deal: &Deal, args: InvitingArgs, listeners: &[Listener]) -> Self {
        let offered = Offered {
            function: deal.name.clone(),
            circuit: deal.circuit.digest(),
            terms: terms::of_invite(deal),
            garbler: deal.parts.garbler,
        };
        Inviting::to(offered, args, listeners)
    }

    /// An invite to what is no deal.
    pub(crate) fn to(offered: Offered, args: InvitingArgs, listeners: &[Listener]) -> Self {
        let addresses = match args.advertise.is_empty() {
            true => listeners.iter().map(|listener| listener.address().clone()).collect(),
            false => args.advertise,
        };
        let Offered { function, circuit, terms, garbler } = offered;
        let (lifetime, file) = (args.expires, args.invite_file);
        Inviting { addresses, function, circuit, terms, garbler, lifetime, file }
    }

    /// How long the invite can be used.
    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Makes the invite and hands it to the user.
    pub(crate) fn hand_out(self, who: &Who) -> Result<Invite, Failure> {
        if let Some(address) = self.addresses.iter().find(|address| is_everywhere(address)) {
            notes::say(format_args!(
                "warning: the invite names {address}, which the guest cannot connect to from another machine: give the \
                 address that it can reach with --advertise HOST:PORT"
            ));
        }
        let mut entropy =
            Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()))?;
        let invite = Invite {
            addresses: self.addresses,
            fingerprint: who.identity.fingerprint(),
            token: Token::fresh(&mut entropy),
            function: self.function,
            circuit: self.circuit,
            terms: self.terms,
            expires: expiry(SystemTime::now(), self.lifetime),
            garbler: self.garbler,
        };
        match self.file {
            Some(path) => {
                invite.write(&path)?;
                notes::say(format_args!("the invite is in {}", path.display()));
            }
            None => show(&invite)?,
        }
        notes::say(format_args!(
            "it is good for one guest until {}; send it on a way that nobody else can read or change",
            until(invite.expires)
        ));
        notes::say(format_args!("this side's words, to compare by voice: {}", who.words()));
        Ok(invite)
    }
}

/// Fails before anything else is done if an invite is needed and there is no way to hand it out.
pub(crate) fn check(who: Option<&Who>, args: &InvitingArgs) -> Result<(), Failure> {
    let needed = who.is_some_and(|who| matches!(who.known, Known::Invite));
    if needed && args.invite_file.is_none() && !stderr().is_terminal() {
        return Err(Failure::Usage(
            "an invite is a secret and is shown on a terminal only: write it to a file with --invite-file FILE, or name \
             the peer with --peer"
                .to_owned(),
        ));
    }
    Ok(())
}

fn show(invite: &Invite) -> Result<(), Failure> {
    let columns = terminal_size_of(stderr()).map_or(80, |(columns, _)| usize::from(columns.0));
    if let Some(code) = invite.to_qr(columns)? {
        notes::say(&*code);
    }
    notes::say(&*invite.to_text()?);
    Ok(())
}

/// Whether an address is good for listening only.
fn is_everywhere(address: &Address) -> bool {
    matches!(address, Address::Tcp { host, .. } if host == "0.0.0.0" || host == "::")
}
