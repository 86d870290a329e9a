//! The terms of a meeting: put together, and read back from an invite.

use halfgate::Terms;
use halfgate::channel::{Agreement, Binding, Field};
use halfgate_crypto::Oracle;
use halfgate_meet::Seat;

use crate::deal::Deal;
use crate::failure::Failure;

mod expected;
mod screen;

pub(crate) use expected::Expected;
pub(crate) use screen::Screen;

pub(crate) const CHANNEL: &str = "channel";
pub(crate) const HOST: &str = "certificate of the host";
pub(crate) const GUEST: &str = "certificate of the guest";
pub(crate) const FUNCTION: &str = "function";
pub(crate) const GARBLER: &str = "garbler";
pub(crate) const IDS: &str = "row ids";
pub(crate) const BATCH: &str = "rows per batch";
pub(crate) const JOURNAL: &str = "journal";

/// What the terms of a session call these.
const POOL: &str = "prepared pool";
pub(crate) const STATISTICAL: &str = "statistical security";

/// What the terms of a run call it.
pub(crate) const LEARNERS: &str = "who learns the outputs";

/// What a session's terms call the digest of those that people have seen.
pub(crate) const MEETING: &str = "terms of the meeting";

/// The terms that do not depend on who the peer is.
pub(crate) fn of_deal(deal: &Deal) -> Agreement {
    let batch = deal.batches.batch.map_or(Field::Unspecified, |rows| Field::Number(rows.get()));
    // Circuits are compared by their digests: each side may have its own name for the file.
    let function = deal.function.map_or(Field::Unspecified, |_| Field::Text(deal.name.clone()));
    let terms = Agreement::new()
        .with(FUNCTION, function)
        .with(GARBLER, deal.parts.garbler.to_string().as_str())
        .with(BATCH, batch)
        .with(JOURNAL, if deal.batches.journal.is_some() { "kept" } else { "none" });
    deal.run_terms(None)
        .agreement()
        .fields()
        .fold(terms, |terms, (name, field)| terms.with(name, field.clone()))
}

/// The terms as this side means them on a connection.
pub(crate) fn on_connection(deal: &Deal, binding: &Binding) -> Result<Agreement, Failure> {
    let encrypted = !binding.exporter.is_empty();
    let mut terms = Agreement::new().with(CHANNEL, if encrypted { "TLS 1.3" } else { "plaintext" });
    if encrypted {
        let (host, guest) = match deal.parts.seat {
            Seat::Host => (&binding.own_key, &binding.peer_key),
            Seat::Guest => (&binding.peer_key, &binding.own_key),
        };
        terms = terms.with(HOST, digest(host)?).with(GUEST, digest(guest)?);
    }
    let ids = match deal.inputs.ids() {
        Some(ids) => Field::Digest(ids.digest(&ids_key(binding))),
        None => Field::Text("not compared".to_owned()),
    };
    let terms = terms.with(IDS, ids);
    Ok(of_deal(deal).fields().fold(terms, |terms, (name, field)| terms.with(name, field.clone())))
}

/// The terms of the session, bound to those that people have seen.
pub(crate) fn of_session(deal: &Deal, agreed: &Agreement, lanes: u64) -> Terms {
    let digest = Oracle::unbound("terms of a meeting").field(&agreed.canonical_bytes()).digest();
    after_meeting(deal.run_terms(Some(lanes)), digest)
}

/// The terms of a session whose parties have met on terms with this digest.
pub(crate) fn after_meeting(run: Terms, digest: [u8; 32]) -> Terms {
    run.with(MEETING, digest)
}

/// What stays the same when the two meet again to go on.
pub(crate) fn without_connection(agreed: &Agreement) -> Agreement {
    let lasting = |name: &str, field: &Field| match field {
        // It depends on the connection.
        Field::Digest(_) if name == IDS => Field::Text("compared".to_owned()),
        // A job that goes on has another pool, or none.
        _ if name == POOL => Field::Text("for one session".to_owned()),
        field => field.clone(),
    };
    agreed.fields().fold(Agreement::new(), |terms, (name, field)| terms.with(name, lasting(name, field)))
}

/// The term that says who sits there.
pub(crate) fn of(seat: Seat) -> &'static str {
    match seat {
        Seat::Host => HOST,
        Seat::Guest => GUEST,
    }
}

/// What an invite says: what the guest cannot find out from the function.
pub(crate) fn of_invite(deal: &Deal) -> Agreement {
    let told = [FUNCTION, GARBLER, BATCH, JOURNAL, LEARNERS, "lanes", "security mode"];
    let terms = of_deal(deal);
    let fields = terms.fields().filter(|(name, _)| told.contains(name));
    fields.fold(Agreement::new(), |terms, (name, field)| terms.with(name, field.clone()))
}

/// Row ids are compared by a digest that says nothing outside this connection.
fn ids_key(binding: &Binding) -> [u8; 32] {
    Oracle::unbound("row ids").field(&binding.exporter).digest()
}

fn digest(fingerprint: &[u8]) -> Result<[u8; 32], Failure> {
    fingerprint.try_into().map_err(|_| Failure::Usage("the connection has no certificates".to_owned()))
}
