#![doc = include_str!("knock.md")]

use halfgate::channel::{Agreement, Field, Fingerprint, Secured};
use subtle::ConstantTimeEq;

use crate::{InviteId, Refusal, token::MacKey};

/// The version of knocks and welcomes.
pub const KNOCK_VERSION: u64 = 1;

/// The label of the exporter that knocks bind.
pub const EXPORTER_LABEL: &[u8] = b"EXPORTER-halfgate-knock";

/// The longest first message, in bytes: knocks and resumes are far shorter.
pub(crate) const MAX_MESSAGE: usize = 1024;

const GUEST: &[u8] = b"halfgate knock guest";
const HOST: &[u8] = b"halfgate knock host";

/// What both ends of one connection, and no other two ends, see alike.
pub(crate) struct Scene {
    exporter: [u8; 32],
    connecting: Fingerprint,
    listening: Fingerprint,
}

impl Scene {
    /// As the connecting side sees it.
    pub(crate) fn of_guest(secured: &Secured) -> Self {
        let exporter = secured.export(EXPORTER_LABEL, &[]);
        Scene { exporter, connecting: secured.own(), listening: secured.peer() }
    }

    /// As the listening side sees it.
    pub(crate) fn of_host(secured: &Secured) -> Self {
        let exporter = secured.export(EXPORTER_LABEL, &[]);
        Scene { exporter, connecting: secured.peer(), listening: secured.own() }
    }

    fn mac(&self, key: &MacKey, tag: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&key.0);
        let version = KNOCK_VERSION.to_le_bytes();
        for field in [tag, &version, &self.exporter, &self.connecting.0, &self.listening.0] {
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field);
        }
        let mac = *hasher.finalize().as_bytes();
        zeroize::Zeroize::zeroize(&mut hasher);
        mac
    }
}

/// Why a guest says that it may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It knows the token of an invite.
    Invite {
        /// Which.
        id: InviteId,
        /// The proof.
        mac: [u8; 32],
    },
    /// The host knows its key.
    Key,
}

impl Claim {
    /// The claim to know a token.
    pub(crate) fn of_token(token: &crate::Token, scene: &Scene) -> Self {
        Claim::Invite { id: token.id(), mac: scene.mac(&token.mac_key(), GUEST) }
    }

    /// The message that makes it.
    pub(crate) fn to_knock(self) -> Agreement {
        let knock = Agreement::new().with("version", KNOCK_VERSION);
        match self {
            Claim::Invite { id, mac } => {
                knock.with("credential", "invite").with("invite", id.0).with("mac", mac)
            }
            Claim::Key => knock.with("credential", "key"),
        }
    }

    /// What a message claims.
    pub(crate) fn of_knock(knock: &Agreement) -> Result<Self, Refusal> {
        match knock.number("version") {
            Some(KNOCK_VERSION) => {}
            Some(_) => return Err(Refusal::Version),
            None => return Err(Refusal::Unreadable),
        }
        match (knock.text("credential"), knock.digest("invite"), knock.digest("mac")) {
            (Some("invite"), Some(id), Some(mac)) => Ok(Claim::Invite { id: InviteId(id), mac }),
            (Some("key"), None, None) => Ok(Claim::Key),
            _ => Err(Refusal::Unreadable),
        }
    }
}

/// Whether a guest's MAC proves that it knows the token.
pub(crate) fn guest_knows(key: &MacKey, scene: &Scene, mac: &[u8; 32]) -> bool {
    scene.mac(key, GUEST).ct_eq(mac).into()
}

/// Whether a host's MAC proves that it knows the token.
pub(crate) fn host_knows(key: &MacKey, scene: &Scene, mac: &[u8; 32]) -> bool {
    scene.mac(key, HOST).ct_eq(mac).into()
}

/// What a host answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Welcome {
    /// Come in; with the host's proof if the guest came with an invite.
    Admitted(Option<[u8; 32]>),
    /// Stay out.
    Refused(Refusal),
}

impl Welcome {
    /// The welcome of a host that knows the token.
    pub(crate) fn with_proof(key: &MacKey, scene: &Scene) -> Self {
        Welcome::Admitted(Some(scene.mac(key, HOST)))
    }

    pub(crate) fn to_terms(self) -> Agreement {
        let welcome = Agreement::new().with("version", KNOCK_VERSION);
        match self {
            Welcome::Admitted(mac) => {
                welcome.with("outcome", "admitted").with("mac", mac.map_or(Field::Unspecified, Field::Digest))
            }
            Welcome::Refused(refusal) => welcome.with("outcome", "refused").with("reason", refusal.code()),
        }
    }

    /// What a host's message says; `None` if it is no welcome.
    pub(crate) fn of_terms(welcome: &Agreement) -> Option<Self> {
        match welcome.text("outcome")? {
            // Whatever else a host of another version says, it has to be understood.
            _ if welcome.number("version") != Some(KNOCK_VERSION) => Some(Welcome::Refused(Refusal::Version)),
            "admitted" => Some(Welcome::Admitted(welcome.digest("mac"))),
            "refused" => Refusal::from_field(welcome.field("reason")?).map(Welcome::Refused),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Token;

    fn scene(exporter: u8, connecting: u8, listening: u8) -> Scene {
        Scene {
            exporter: [exporter; 32],
            connecting: Fingerprint([connecting; 32]),
            listening: Fingerprint([listening; 32]),
        }
    }

    fn mac_of(claim: Claim) -> [u8; 32] {
        match claim {
            Claim::Invite { mac, .. } => mac,
            Claim::Key => panic!("not made by a token"),
        }
    }

    #[test]
    fn a_proof_holds_for_its_token_and_its_connection_only() {
        let token = Token::from_bytes([7; 16]);
        let mac = mac_of(Claim::of_token(&token, &scene(1, 2, 3)));
        let knows = |key: &MacKey, scene: Scene| guest_knows(key, &scene, &mac);
        let key = token.mac_key();
        assert!(knows(&key, scene(1, 2, 3)));
        assert!(!knows(&Token::from_bytes([8; 16]).mac_key(), scene(1, 2, 3)));
        for other in [scene(9, 2, 3), scene(1, 9, 3), scene(1, 2, 9), scene(1, 3, 2)] {
            assert!(!knows(&key, other));
        }
    }

    #[test]
    fn every_bit_of_a_proof_counts() {
        let token = Token::from_bytes([7; 16]);
        let scene = scene(1, 2, 3);
        let mac = mac_of(Claim::of_token(&token, &scene));
        for bit in 0..256 {
            let mut other = mac;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!guest_knows(&token.mac_key(), &scene, &other));
        }
    }

    #[test]
    fn a_reflected_proof_is_none() {
        let (token, scene) = (Token::from_bytes([7; 16]), scene(1, 2, 2));
        let guests = mac_of(Claim::of_token(&token, &scene));
        assert!(!host_knows(&token.mac_key(), &scene, &guests));
        let Welcome::Admitted(Some(hosts)) = Welcome::with_proof(&token.mac_key(), &scene) else { panic!() };
        assert!(host_knows(&token.mac_key(), &scene, &hosts));
        assert!(!guest_knows(&token.mac_key(), &scene, &hosts));
    }

    #[test]
    fn messages_carry_what_they_are_made_of() {
        for claim in [Claim::Key, Claim::Invite { id: InviteId([1; 32]), mac: [2; 32] }] {
            assert_eq!(Claim::of_knock(&claim.to_knock()), Ok(claim));
        }
        for welcome in
            [Welcome::Admitted(None), Welcome::Admitted(Some([3; 32])), Welcome::Refused(Refusal::Spent)]
        {
            assert_eq!(Welcome::of_terms(&welcome.to_terms()), Some(welcome));
        }
    }

    #[test]
    fn what_is_no_knock_is_refused() {
        let knock = |version: u64, credential: &str| {
            Agreement::new().with("version", version).with("credential", credential)
        };
        assert_eq!(Claim::of_knock(&knock(2, "key")), Err(Refusal::Version));
        assert_eq!(Claim::of_knock(&knock(1, "charm")), Err(Refusal::Unreadable));
        assert_eq!(Claim::of_knock(&knock(1, "invite").with("mac", [1; 32])), Err(Refusal::Unreadable));
        assert_eq!(Claim::of_knock(&Agreement::new()), Err(Refusal::Unreadable));
        let later = Agreement::new().with("version", 2).with("outcome", "perhaps");
        assert_eq!(Welcome::of_terms(&later), Some(Welcome::Refused(Refusal::Version)));
        let odd = Agreement::new().with("version", 1).with("outcome", "perhaps");
        assert_eq!(Welcome::of_terms(&odd), None);
    }
}
