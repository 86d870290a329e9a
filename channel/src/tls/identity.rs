use std::sync::Arc;

use rustls::{
    crypto::aws_lc_rs::sign::any_supported_type,
    sign::{CertifiedKey, SingleCertAndKey},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use zeroize::Zeroize;

use super::{Fingerprint, TlsError};

/// Who this side is: a certificate, those that lead from it to an authority if there are any, and the private key.
///
/// Clones share one copy of the key, which is wiped when the last of them is dropped.
#[derive(Clone)]
pub struct Identity {
    keys: Arc<CertifiedKey>,
    fingerprint: Fingerprint,
}

impl Identity {
    /// From a certificate chain, own certificate first, and its private key.
    ///
    /// # Errors
    /// [`TlsError::BadIdentity`] if there is no certificate, the key is of no known kind, or the two do not belong
    /// together.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        mut key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsError> {
        let signer = any_supported_type(&key);
        key.zeroize();
        let fingerprint = Fingerprint::of(chain.first().ok_or_else(|| bad("there is no certificate"))?);
        let keys = CertifiedKey::new(chain, signer.map_err(bad)?);
        keys.keys_match().map_err(bad)?;
        Ok(Identity { keys: Arc::new(keys), fingerprint })
    }

    /// From the contents of PEM files: the chain, own certificate first, and the key.
    ///
    /// # Errors
    /// As [`Identity::new`], and if there is no PEM.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>();
        let key = PrivateKeyDer::from_pem_slice(key);
        Identity::new(chain.map_err(bad)?, key.map_err(bad)?)
    }

    /// The fingerprint by which others know this side.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    pub(crate) fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::new(SingleCertAndKey::from(Arc::clone(&self.keys)))
    }
}

fn bad(reason: impl ToString) -> TlsError {
    TlsError::BadIdentity { reason: reason.to_string() }
}
