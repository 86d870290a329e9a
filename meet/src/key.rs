//! Who this side is, in files: a key of its own, or the certificate of a firm's PKI.

use std::{
    fmt, fs,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use halfgate::channel::{Authorities, Fingerprint, Identity, TlsError, Trust};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use zeroize::{Zeroize, Zeroizing};

use crate::new_file;

/// The longest file of keys or certificates, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The one name that is in every certificate that halfgate makes: it says nothing about its owner.
const COMMON_NAME: &str = "halfgate";

/// What a key file holds, for errors.
const KEY_FILE: &str = "a private key and its certificate as PEM, as `halfgate key new` writes them";

/// A party's own key (ECDSA on P-256) with a self-signed certificate that names nobody and does not end: peers know it by
/// its fingerprint. Made for one meeting, or kept in a file for firms that meet again.
pub struct Key {
    identity: Identity,
    pem: Zeroizing<String>,
}

/// Whether a file may take the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// It may.
    Yes,
    /// It must not; nor does it if both appear at once.
    No,
}

impl Key {
    /// A fresh one.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] if the operating system has no randomness to give.
    pub fn generate() -> Result<Self, KeyError> {
        let made = make_pem().map_err(|error| KeyError::NotMade { reason: error.to_string() })?;
        let identity = Identity::from_pem(made.as_bytes(), made.as_bytes());
        let identity = identity.map_err(|error| KeyError::NotMade { reason: error.to_string() })?;
        Ok(Key { identity, pem: made })
    }

    /// Writes it to a file that only its owner may read, which appears whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written, or is there already and must not be overwritten.
    pub fn save(&self, path: &Path, overwrite: Overwrite) -> Result<(), KeyError> {
        let write = match overwrite {
            Overwrite::Yes => new_file::replace,
            Overwrite::No => new_file::create,
        };
        write(path, self.pem.as_bytes(), new_file::PRIVATE)
            .map_err(|source| KeyError::Unwritable { path: path.to_owned(), source })
    }

    /// Reads it from a file.
    ///
    /// # Errors
    /// If the file cannot be read or is no key.
    pub fn load(path: &Path) -> Result<Loaded<Self>, KeyError> {
        let file = read(path, Secret::Yes)?;
        let identity = Identity::from_pem(&file.value, &file.value);
        let identity = identity.map_err(|source| unusable(path, KEY_FILE, source))?;
        let pem = String::from_utf8(file.value.to_vec()).map_err(|error| {
            error.into_bytes().zeroize();
            unusable(path, KEY_FILE, TlsError::BadIdentity { reason: "it is no text".into() })
        })?;
        Ok(Loaded { value: Key { identity, pem: Zeroizing::new(pem) }, warning: file.warning })
    }

    /// What TLS needs of it.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// By what peers know it.
    pub fn fingerprint(&self) -> Fingerprint {
        self.identity.fingerprint()
    }
}

/// Who this side is, and whom it trusts, by the certificates of a firm's own PKI.
pub struct Certified {
    /// Who this side is.
    pub identity: Identity,
    /// Whom it trusts.
    pub trust: Trust,
}

/// The files of a firm's own PKI, all PEM.
#[derive(Clone, Copy, Debug)]
pub struct CertificateFiles<'a> {
    /// This side's certificate, and those that lead from it to the authority.
    pub certificate: &'a Path,
    /// Its private key.
    pub key: &'a Path,
    /// The authorities that certify the peer.
    pub authorities: &'a Path,
    /// The DNS name or IP address that the peer's certificate has to be for; any if this is `None`.
    pub peer_name: Option<&'a str>,
}

impl Certified {
    /// Reads the files.
    ///
    /// # Errors
    /// If a file cannot be read or is not what it should be.
    pub fn load(files: &CertificateFiles<'_>) -> Result<Loaded<Self>, KeyError> {
        let chain = read(files.certificate, Secret::No)?;
        let key = read(files.key, Secret::Yes)?;
        let authorities = read(files.authorities, Secret::No)?;
        let identity = Identity::from_pem(&chain.value, &key.value).map_err(|source| {
            let expected = "the private key, as PEM, of the certificate given with it";
            unusable(files.key, expected, source)
        })?;
        let authorities = Authorities::from_pem(&authorities.value, files.peer_name)
            .map_err(|source| unusable(files.authorities, "certificates of authorities as PEM", source))?;
        let value = Certified { identity, trust: Trust::Authorities(authorities) };
        Ok(Loaded { value, warning: key.warning })
    }
}

/// What a file held, and what its owner should know about the file.
pub struct Loaded<T> {
    /// What it held.
    pub value: T,
    /// Set if others can read a file that is secret.
    pub warning: Option<Exposed>,
}

/// A secret file that others can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// The file.
    pub path: PathBuf,
    /// Its mode.
    pub mode: u32,
}

impl Exposed {
    /// Whether others than its owner can read a file.
    ///
    /// # Errors
    /// If the operating system does not say.
    pub fn check(path: &Path) -> io::Result<Option<Exposed>> {
        let mode = fs::metadata(path)?.permissions().mode() & 0o777;
        let exposed = mode & new_file::READABLE_BY_OTHERS != 0;
        Ok(exposed.then(|| Exposed { path: path.to_owned(), mode }))
    }
}

impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, mode) = (self.path.display(), self.mode);
        write!(
            f,
            "{path} holds a secret and can be read by others (mode {mode:04o}); `chmod 600 {path}` changes that"
        )
    }
}

/// Why a key is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// None can be made.
    #[error("no key can be made: {reason}")]
    NotMade {
        /// What stands in the way.
        reason: String,
    },
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {source}; expected is {expected}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
        /// What is wrong.
        source: TlsError,
    },
    /// A file cannot be written.
    #[error("{}: the key cannot be written: {source}{}", path.display(), write_advice(source))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

fn write_advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::AlreadyExists => "; whoever pinned that key would not know this side any more",
        _ => "",
    }
}

fn make_pem() -> Result<Zeroizing<String>, rcgen::Error> {
    let mut pair = KeyPair::generate()?;
    let mut parameters = CertificateParams::new(Vec::new())?;
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, COMMON_NAME);
    let certificate = parameters.self_signed(&pair)?;
    let key = Zeroizing::new(pair.serialize_pem());
    pair.zeroize();
    Ok(Zeroizing::new([key.as_str(), &certificate.pem()].concat()))
}

fn unusable(path: &Path, expected: &'static str, source: TlsError) -> KeyError {
    KeyError::Unusable { path: path.to_owned(), expected, source }
}

/// Whether a file is to be read by its owner only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    Yes,
    No,
}

fn read(path: &Path, secret: Secret) -> Result<Loaded<Zeroizing<Vec<u8>>>, KeyError> {
    let unreadable = |source| KeyError::Unreadable { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(unreadable)?;
    let warning = match secret {
        Secret::Yes => Exposed::check(path).map_err(unreadable)?,
        Secret::No => None,
    };
    let mut value = Zeroizing::new(Vec::with_capacity(MAX_FILE as usize + 1));
    file.take(MAX_FILE + 1).read_to_end(&mut value).map_err(unreadable)?;
    match value.len() as u64 {
        length if length > MAX_FILE => Err(unreadable(io::ErrorKind::FileTooLarge.into())),
        _ => Ok(Loaded { value, warning }),
    }
}
