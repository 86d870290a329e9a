//! Who may come, by the peers file or by certificates of authorities.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use halfgate::channel::{Fingerprint, Identity, Trust};
use halfgate_meet::{Admission, Arrival, Peers};

use crate::args::{GuestArgs, SecurityArgs};
use crate::failure::Failure;
use crate::who::{Known, PEERS, Who};
use crate::{home, key, notes};

/// Stands for everybody in the peers file.
const ALL: &str = "all-peers";

/// The name of one who has none.
const NAMELESS: &str = "unknown";

/// The guests that are let in.
#[derive(Clone)]
pub(crate) struct Guests {
    pub(crate) identity: Identity,
    /// Whom TLS takes for a guest.
    pub(crate) trust: Trust,
    pub(crate) admission: Admission,
    allow: Arc<[String]>,
    file: PathBuf,
    listed: Arc<RwLock<HashMap<Fingerprint, String>>>,
}

/// A guest, as the ledger and people know it.
pub(crate) struct Guest {
    /// What its limits go by: its fingerprint, or the names that an authority has certified, whatever key it has today.
    pub(crate) account: String,
    pub(crate) name: String,
}

impl Guests {
    pub(crate) fn read(args: &GuestArgs) -> Result<Self, Failure> {
        let who = identify(args)?;
        notes::say(format_args!("this side's words, to compare by voice: {}", who.words()));
        let file = args.files.peers.clone().map_or_else(|| home::file(PEERS), Ok)?;
        let admission = Admission::new();
        let trust = match who.known {
            Known::Authority(trust) => {
                admission.add_all_authenticated();
                trust
            }
            // The knock decides, so that strangers hear why they are not let in.
            _ => Trust::Anyone,
        };
        let (allow, listed) = (args.allow.clone().into(), Arc::default());
        let guests = Guests { identity: who.identity, trust, admission, allow, file, listed };
        guests.reload()?;
        Ok(guests)
    }

    /// Reads the peers file again. Sessions of guests that are no longer listed go on to their end.
    pub(crate) fn reload(&self) -> Result<(), Failure> {
        if self.allow.is_empty() {
            return Ok(());
        }
        let new = self.choose(&Peers::load(&self.file)?)?;
        let mut listed = self.listed.write().unwrap_or_else(PoisonError::into_inner);
        for gone in listed.keys().filter(|fingerprint| !new.contains_key(fingerprint)) {
            self.admission.remove_key(gone);
        }
        new.keys().for_each(|fingerprint| self.admission.add_key(*fingerprint));
        *listed = new;
        let mut names: Vec<_> = listed.values().cloned().collect();
        names.sort();
        let names = if names.is_empty() { "nobody yet".to_owned() } else { names.join(", ") };
        notes::say(format_args!("may come: {names}"));
        Ok(())
    }

    fn choose(&self, peers: &Peers) -> Result<HashMap<Fingerprint, String>, Failure> {
        let mut chosen = HashMap::new();
        for name in self.allow.iter() {
            let named = peers.iter().filter(|peer| name == ALL || peer.name == *name);
            chosen.extend(named.map(|peer| (peer.fingerprint, peer.name.clone())));
            if name != ALL && !peers.iter().any(|peer| peer.name == *name) {
                let file = self.file.display();
                return Err(Failure::Usage(format!(
                    "{file}: there is no peer `{name}`; `{ALL}` stands for all"
                )));
            }
        }
        Ok(chosen)
    }

    /// Who has come.
    pub(crate) fn who(&self, arrival: &Arrival) -> Guest {
        let certified = arrival.names.join(",");
        if !certified.is_empty() {
            return Guest { account: format!("name:{certified}"), name: certified };
        }
        let listed = self.listed.read().unwrap_or_else(PoisonError::into_inner);
        let name = listed.get(&arrival.peer).cloned().unwrap_or_else(|| NAMELESS.to_owned());
        Guest { account: arrival.peer.to_string(), name }
    }
}

/// A server has a key of its own that its guests know: a new one at each start would be a stranger to them.
fn identify(args: &GuestArgs) -> Result<Who, Failure> {
    let no_key = || {
        Failure::Usage(
            "a server needs a key that its guests know: make one with `halfgate key new`".to_owned(),
        )
    };
    if args.files.tls_cert.is_none() && !key::path(args.files.key.as_ref())?.exists() {
        return Err(no_key());
    }
    let args =
        SecurityArgs { peer: None, files: args.files.clone(), peer_name: None, insecure_plaintext: false };
    Who::read(&args, None)?.ok_or_else(no_key)
}
