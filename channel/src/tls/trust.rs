use std::sync::Arc;

use rustls::RootCertStore;
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};

use super::{Fingerprint, TlsError};

/// Whom this side takes for its peer. In every case the peer has to prove that it has the private key of the
/// certificate that it shows.
#[derive(Clone)]
pub enum Trust {
    /// Whoever it is: what follows on the connection decides, bound to both certificates.
    Anyone,
    /// Those whose certificates have these fingerprints. Names and dates in the certificates count for nothing.
    Only(Vec<Fingerprint>),
    /// Those whom a firm's own authorities have certified.
    Authorities(Authorities),
}

/// The roots of a firm's own PKI, and the name that the peer has to have.
#[derive(Clone)]
pub struct Authorities {
    pub(crate) roots: Arc<RootCertStore>,
    pub(crate) name: Option<ServerName<'static>>,
}

impl Authorities {
    /// Trusts certificates that lead to one of these roots and that are valid today. With a name, a DNS name or an IP
    /// address, they also have to be for this name.
    ///
    /// # Errors
    /// [`TlsError::BadAuthorities`] if there is no root, one cannot be read, or the name is none.
    pub fn new(
        roots: impl IntoIterator<Item = CertificateDer<'static>>,
        name: Option<&str>,
    ) -> Result<Self, TlsError> {
        let mut store = RootCertStore::empty();
        roots.into_iter().try_for_each(|root| store.add(root)).map_err(bad)?;
        if store.is_empty() {
            return Err(bad("there is no certificate"));
        }
        let name = name.map(|name| ServerName::try_from(name.to_owned())).transpose();
        Ok(Authorities { roots: Arc::new(store), name: name.map_err(bad)? })
    }

    /// As [`Authorities::new`], from the contents of a PEM file.
    ///
    /// # Errors
    /// As [`Authorities::new`], and if there is no PEM.
    pub fn from_pem(roots: &[u8], name: Option<&str>) -> Result<Self, TlsError> {
        let roots = CertificateDer::pem_slice_iter(roots).collect::<Result<Vec<_>, _>>();
        Authorities::new(roots.map_err(bad)?, name)
    }
}

fn bad(reason: impl ToString) -> TlsError {
    TlsError::BadAuthorities { reason: reason.to_string() }
}
