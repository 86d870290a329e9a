//! What the host gives to its guest, on another way than the network that they meet on.

use std::{
    fmt, fs,
    io::{self, Read},
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use halfgate::channel::{Address, Agreement, Fingerprint};
use zeroize::Zeroizing;

use crate::{Token, new_file};

mod armour;
mod body;
mod error;
mod qr;

pub use error::InviteError;

/// The longest file that is read as an invite: the invite itself and the mail around it.
const MAX_FILE: u64 = 1 << 20;

/// Which side garbles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// The one that listens and makes the invite.
    Host,
    /// The one that has the invite and connects.
    Guest,
}

impl Seat {
    /// Where the peer sits.
    pub fn other(self) -> Seat {
        match self {
            Seat::Host => Seat::Guest,
            Seat::Guest => Seat::Host,
        }
    }
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Seat::Host => "host",
            Seat::Guest => "guest",
        })
    }
}

/// An invite to one meeting. Whoever holds it can be the guest, so the way it travels has to be private, and whoever can
/// change it can be the host, so that way has to be authentic.
pub struct Invite {
    /// Where the host listens, to be tried in this order; 1 to [`Invite::MAX_ADDRESSES`].
    pub addresses: Vec<Address>,
    /// The fingerprint of the host's certificate.
    pub fingerprint: Fingerprint,
    /// The secret that admits the guest.
    pub token: Token,
    /// The function and its settings, as the host's command line names them.
    pub function: String,
    /// The digest of the circuit.
    pub circuit: [u8; 32],
    /// The host's terms.
    pub terms: Agreement,
    /// When it ends, in seconds since 1970.
    pub expires: u64,
    /// Which side garbles.
    pub garbler: Seat,
}

impl Invite {
    /// The most addresses that fit.
    pub const MAX_ADDRESSES: usize = 8;

    /// The longest name of a function with its settings, in bytes.
    pub const MAX_FUNCTION: usize = 1024;

    /// The longest invite before it is made text, in bytes.
    pub const MAX_LENGTH: usize = 8192;

    /// The invite as text in lines of 64 characters: only capital letters, digits and one colon, so that mail programs
    /// leave it alone. The text is as secret as the token.
    ///
    /// # Errors
    /// If something in it is over its limit.
    pub fn to_text(&self) -> Result<Zeroizing<String>, InviteError> {
        Ok(armour::wrap(&armour::write(&body::encode(self)?)))
    }

    /// Understands an invite in the text in which it came: line breaks, blanks, quotation marks and the `>` of a quoted
    /// mail do no harm, nor does text before and after it.
    ///
    /// # Errors
    /// [`InviteError::NotAnInvite`], [`InviteError::Newer`], [`InviteError::Truncated`], [`InviteError::Altered`].
    pub fn parse(text: &str) -> Result<Self, InviteError> {
        body::decode(&armour::read(text)?)
    }

    /// The invite as a QR code of half blocks, light on dark, if it fits into so many columns of a terminal.
    ///
    /// # Errors
    /// If something in the invite is over its limit.
    pub fn to_qr(&self, columns: usize) -> Result<Option<Zeroizing<String>>, InviteError> {
        Ok(qr::draw(&armour::write(&body::encode(self)?), columns))
    }

    /// Writes the invite to a new file that only its owner may read.
    ///
    /// # Errors
    /// If there is such a file already, it cannot be written, or something in the invite is over its limit.
    pub fn write(&self, path: &Path) -> Result<(), InviteError> {
        new_file::create(path, self.to_text()?.as_bytes(), new_file::PRIVATE)
            .map_err(|source| InviteError::Unwritable { path: path.to_owned(), source })
    }

    /// Reads the file of an invite.
    ///
    /// # Errors
    /// If it cannot be read, and as [`Invite::parse`].
    pub fn load(path: &Path) -> Result<Self, InviteError> {
        let unreadable = |source| InviteError::Unreadable { path: path.to_owned(), source };
        let file = fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE as usize + 1));
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(unreadable(io::ErrorKind::FileTooLarge.into()));
        }
        let named = |error| InviteError::InFile { path: path.to_owned(), source: Box::new(error) };
        let text = std::str::from_utf8(&bytes).map_err(|_| named(InviteError::NotAnInvite))?;
        Invite::parse(text).map_err(named)
    }

    /// Whether it is still of use.
    ///
    /// # Errors
    /// [`InviteError::Expired`].
    pub fn check_expiry(&self, now: SystemTime) -> Result<(), InviteError> {
        let end = UNIX_EPOCH.checked_add(Duration::from_secs(self.expires));
        match end.map(|end| now.duration_since(end)) {
            Some(Ok(since)) => Err(InviteError::Expired { since }),
            Some(Err(_)) | None => Ok(()),
        }
    }
}

/// The seconds since 1970 that an invite made now with this lifetime ends at.
pub fn expiry(now: SystemTime, lifetime: Duration) -> u64 {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    now.saturating_add(lifetime).as_secs()
}
