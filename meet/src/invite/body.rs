//! What an invite says, as bytes: postcard of [`Body`], within limits both ways.

use halfgate::channel::{Address, Agreement, Fingerprint};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{Invite, InviteError, Seat};
use crate::Token;

/// The fields in the order in which they travel; to add one is to make a new version of the invite.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    token: [u8; Token::LENGTH],
    fingerprint: [u8; 32],
    circuit: [u8; 32],
    expires: u64,
    guest_garbles: bool,
    addresses: Vec<String>,
    function: &'a str,
    terms: &'a [u8],
}

impl Drop for Body<'_> {
    fn drop(&mut self) {
        self.token.zeroize();
    }
}

pub(super) fn encode(invite: &Invite) -> Result<Zeroizing<Vec<u8>>, InviteError> {
    check(invite)?;
    let too_long = |count| InviteError::TooMuch { what: "bytes", count, limit: Invite::MAX_LENGTH };
    let terms = invite.terms.encode().map_err(|_| too_long(invite.terms.canonical_bytes().len()))?;
    let body = Body {
        token: *invite.token.as_bytes(),
        fingerprint: invite.fingerprint.0,
        circuit: invite.circuit,
        expires: invite.expires,
        guest_garbles: invite.garbler == Seat::Guest,
        addresses: invite.addresses.iter().map(Address::to_string).collect(),
        function: &invite.function,
        terms: &terms,
    };
    // Of full length from the start, as a vector that grows leaves copies of the token behind.
    let mut bytes = Zeroizing::new(vec![0; Invite::MAX_LENGTH]);
    match postcard::to_slice(&body, &mut bytes) {
        Ok(used) => {
            let length = used.len();
            bytes.truncate(length);
            Ok(bytes)
        }
        Err(_) => Err(too_long(terms.len() + invite.function.len())),
    }
}

pub(super) fn decode(bytes: &[u8]) -> Result<Invite, InviteError> {
    let unreadable = || InviteError::Altered { what: "its checksum fits, but what it says cannot be read" };
    let (body, rest) = postcard::take_from_bytes::<Body<'_>>(bytes).map_err(|_| unreadable())?;
    let addresses: Result<Vec<Address>, _> = body.addresses.iter().map(|text| text.parse()).collect();
    let invite = Invite {
        addresses: addresses.map_err(|_| unreadable())?,
        fingerprint: Fingerprint(body.fingerprint),
        token: Token::from_bytes(body.token),
        function: body.function.to_owned(),
        circuit: body.circuit,
        terms: Agreement::decode(body.terms).map_err(|_| unreadable())?,
        expires: body.expires,
        garbler: if body.guest_garbles { Seat::Guest } else { Seat::Host },
    };
    check(&invite)?;
    if rest.is_empty() { Ok(invite) } else { Err(unreadable()) }
}

fn check(invite: &Invite) -> Result<(), InviteError> {
    let within = |what, count: usize, limit: usize| match count {
        count if count > limit => Err(InviteError::TooMuch { what, count, limit }),
        _ => Ok(()),
    };
    within("addresses", invite.addresses.len(), Invite::MAX_ADDRESSES)?;
    within("bytes of a function's name", invite.function.len(), Invite::MAX_FUNCTION)?;
    match invite.addresses.is_empty() {
        true => Err(InviteError::NoAddress),
        false => Ok(()),
    }
}
