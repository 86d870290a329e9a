use halfgate_crypto::{Entropy, Oracle, SessionId};
use subtle::ConstantTimeEq;

use crate::{
    Agreement, Binding, Channel, ChannelError, Kind, Length, Misbehaviour, Mismatch, Role,
    frame::MAX_CONTROL,
    messages::{Greeting, Hello, PROTOCOL_VERSION},
};

/// What two parties hold after a handshake; the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The session id, which every hash of the session takes in.
    pub sid: SessionId,
    /// The terms, with what one side left open filled in by the other.
    pub agreement: Agreement,
}

/// Agrees on everything public before any secret is used: both sides send their terms at once, compare them field by
/// field, derive the session id and confirm to each other that it is the same. Takes one round trip.
///
/// The session is bound to the connection below it, by what the channel [knows](Channel::binding) of that: both
/// certificates and the exporter of TLS. After an error the channel is closed, in such a way that the peer sees our hello
/// and can name the difference as well.
///
/// # Errors
/// [`ChannelError::Mismatch`] and [`ChannelError::SameRoles`] if the two sides were started with different terms,
/// [`ChannelError::NotHalfgate`] if something else answers, and whatever a channel may fail with.
pub async fn handshake(
    channel: &mut Channel,
    role: Role,
    agreement: Agreement,
    entropy: &mut Entropy,
) -> Result<Agreed, ChannelError> {
    channel.begin_phase("handshake");
    let binding = channel.binding().clone();
    let ours = Hello { role, nonce: entropy.bytes(), static_key: binding.own_key.clone(), agreement };
    let outcome = meet(channel, &ours, &binding).await;
    channel.or_abort(outcome).await
}

async fn meet(channel: &mut Channel, ours: &Hello, binding: &Binding) -> Result<Agreed, ChannelError> {
    // -> hello, <- hello
    let payload = ours.encode().map_err(|reason| ChannelError::TermsTooLong { reason })?;
    let payload = channel.exchange(Kind::Hello, payload, Length::AtMost(MAX_CONTROL)).await;
    let theirs = read_hello(&payload.map_err(ChannelError::of_a_stranger)?)?;
    let agreement = settle(ours, &theirs, binding)?;
    let (garbler, evaluator) = match ours.role {
        Role::Garbler => (ours, &theirs),
        Role::Evaluator => (&theirs, ours),
    };
    let sid = session_id(garbler, evaluator, &agreement, &binding.exporter);
    // -> confirm, <- confirm
    let token = confirmation(&sid, ours.role).to_vec();
    let token = channel.exchange(Kind::Confirm, token, Length::Exactly(32)).await?;
    if !bool::from(token.ct_eq(&confirmation(&sid, ours.role.other()))) {
        return Err(Misbehaviour::Unconfirmed.into());
    }
    Ok(Agreed { sid, agreement })
}

fn read_hello(payload: &[u8]) -> Result<Hello, ChannelError> {
    match Hello::greet(payload) {
        Greeting::Foreign(first) => Err(ChannelError::NotHalfgate { first }),
        Greeting::OtherVersion(theirs) => Err(Mismatch::of_versions(PROTOCOL_VERSION, theirs).into()),
        Greeting::Ours(body) => Hello::decode_body(body)
            .map_err(|reason| Misbehaviour::Undecodable { kind: Kind::Hello, reason }.into()),
    }
}

fn settle(ours: &Hello, theirs: &Hello, binding: &Binding) -> Result<Agreement, ChannelError> {
    // Before the roles: our own hello has our own role, too.
    if ours.nonce == theirs.nonce {
        return Err(Misbehaviour::Reflected.into());
    }
    if theirs.static_key != binding.peer_key {
        return Err(Misbehaviour::OtherKey.into());
    }
    if ours.role == theirs.role {
        return Err(ChannelError::SameRoles { role: ours.role });
    }
    Ok(ours.agreement.resolve(&theirs.agreement)?)
}

fn session_id(garbler: &Hello, evaluator: &Hello, agreement: &Agreement, exporter: &[u8]) -> SessionId {
    let digest = Oracle::unbound("halfgate session id")
        .number(u64::from(PROTOCOL_VERSION))
        .field(&garbler.nonce)
        .field(&evaluator.nonce)
        .field(&garbler.static_key)
        .field(&evaluator.static_key)
        .field(exporter)
        .field(&agreement.canonical_bytes())
        .digest();
    SessionId::new(digest)
}

fn confirmation(sid: &SessionId, role: Role) -> [u8; 32] {
    Oracle::new("confirm", sid).field(role.to_string().as_bytes()).digest()
}
