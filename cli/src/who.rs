//! Who this side is, and whom it takes for its peer.

use std::path::Path;

use halfgate::channel::{Address, Fingerprint, Identity, Trust};
use halfgate_meet::{CertificateFiles, Certified, Journal, Peer, Peers, Words};

use crate::args::SecurityArgs;
use crate::failure::Failure;
use crate::{home, key, notes};

/// The name of the peers file in halfgate's folder.
pub(crate) const PEERS: &str = "peers";

/// How the peer is recognised.
pub(crate) enum Known {
    /// By an invite, on an encrypted connection.
    Invite,
    /// By its key.
    Key(Peer),
    /// By a certificate of an authority.
    Authority(Trust),
}

/// Who this side is, and how it knows its peer.
pub(crate) struct Who {
    pub(crate) identity: Identity,
    pub(crate) known: Known,
}

impl Who {
    /// Reads keys and peers. Nothing if the connection is to be in plaintext.
    pub(crate) fn read(args: &SecurityArgs, journal: Option<&Path>) -> Result<Option<Self>, Failure> {
        if args.insecure_plaintext {
            return Ok(None);
        }
        let named = match (&args.peer, journal) {
            (Some(name), _) => Some(find_peer(args, name)?),
            (None, Some(journal)) if args.files.tls_ca.is_none() => peer_of(journal)?,
            (None, _) => None,
        };
        if let (Some(certificate), Some(own_key)) = (&args.files.tls_cert, &args.files.tls_key) {
            return Who::certified(args, certificate, own_key, named).map(Some);
        }
        let identity = key::for_meeting(args.files.key.as_ref(), journal)?.identity().clone();
        let known = named.map_or(Known::Invite, Known::Key);
        Ok(Some(Who { identity, known }))
    }

    fn certified(
        args: &SecurityArgs,
        certificate: &Path,
        own_key: &Path,
        named: Option<Peer>,
    ) -> Result<Self, Failure> {
        // Without authorities of the peer, an invite or the peers file says who it is.
        let authorities = args.files.tls_ca.as_deref().unwrap_or(certificate);
        let peer_name = args.peer_name.as_deref();
        let files = CertificateFiles { certificate, key: own_key, authorities, peer_name };
        let loaded = Certified::load(&files)?;
        if let Some(warning) = loaded.warning {
            notes::say(format_args!("warning: {warning}"));
        }
        let Certified { identity, trust } = loaded.value;
        let known = match (named, &args.files.tls_ca) {
            (Some(peer), _) => Known::Key(peer),
            (None, Some(_)) => Known::Authority(trust),
            (None, None) => Known::Invite,
        };
        Ok(Who { identity, known })
    }

    /// What the other side should see, too.
    pub(crate) fn words(&self) -> String {
        Words::of(&self.identity.fingerprint()).to_string()
    }

    /// Where the peer is, if the peers file says it.
    pub(crate) fn addresses(&self) -> &[Address] {
        match &self.known {
            Known::Key(peer) => &peer.addresses,
            Known::Invite | Known::Authority(_) => &[],
        }
    }

    /// Whose certificates TLS accepts; with an invite the knock decides.
    pub(crate) fn trust(&self) -> Trust {
        match &self.known {
            Known::Invite => Trust::Anyone,
            Known::Key(peer) => Trust::Only(vec![peer.fingerprint]),
            Known::Authority(trust) => trust.clone(),
        }
    }
}

/// The peer that a job began with: it goes on with nobody else, and its invite was spent.
fn peer_of(journal: &Path) -> Result<Option<Peer>, Failure> {
    let journal = Journal::open(journal)?;
    let peer = journal.header().and_then(|header| header.peer());
    let named = |peer| Peer {
        name: "the peer of the journal".to_owned(),
        fingerprint: Fingerprint(peer),
        addresses: Vec::new(),
    };
    Ok(peer.map(named))
}

fn find_peer(args: &SecurityArgs, name: &str) -> Result<Peer, Failure> {
    let path = args.files.peers.as_ref().map_or_else(|| home::file(PEERS), |path| Ok(path.clone()))?;
    let peers = Peers::load(&path)?;
    peers.named(name).cloned().ok_or_else(|| {
        let known: Vec<_> = peers.iter().map(|peer| peer.name.as_str()).collect();
        let known = if known.is_empty() { "nobody".to_owned() } else { known.join(", ") };
        Failure::Usage(format!("{}: there is no peer `{name}`; the file names {known}", path.display()))
    })
}
