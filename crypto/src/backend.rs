#[cfg(target_arch = "x86_64")]
use crate::x86_64::{AesNi, Vaes256, Vaes512};

/// Which instructions the kernels use. All backends give the same bytes; only the time differs.
///
/// A backend other than [`Backend::Portable`] can only be had from a machine that has its instructions, so whoever
/// holds one may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// No instruction beyond the target's base, and the `aes` crate. The oracle of the other backends.
    Portable,
    /// AES-NI and PCLMULQDQ on vectors of one block.
    #[cfg(target_arch = "x86_64")]
    AesNi(AesNi),
    /// VAES and VPCLMULQDQ on AVX2 vectors of two blocks.
    #[cfg(target_arch = "x86_64")]
    Vaes256(Vaes256),
    /// VAES and VPCLMULQDQ on AVX-512 vectors of four blocks.
    #[cfg(target_arch = "x86_64")]
    Vaes512(Vaes512),
}

impl Backend {
    /// The fastest backend of this machine. Ask once and keep the answer.
    pub fn detect() -> Self {
        Self::available().last().copied().unwrap_or(Backend::Portable)
    }

    /// The backends of this machine, slowest first.
    pub fn available() -> Vec<Self> {
        let candidates = [
            Some(Backend::Portable),
            #[cfg(target_arch = "x86_64")]
            AesNi::detect().map(Backend::AesNi),
            #[cfg(target_arch = "x86_64")]
            Vaes256::detect().map(Backend::Vaes256),
            #[cfg(target_arch = "x86_64")]
            Vaes512::detect().map(Backend::Vaes512),
        ];
        candidates.into_iter().flatten().collect()
    }

    /// The backend with this [`name`](Backend::name), if it exists and this machine has its instructions.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::available().into_iter().find(|backend| backend.name() == name)
    }

    /// The name for reports and for [`Backend::by_name`].
    pub fn name(self) -> &'static str {
        match self {
            Backend::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Backend::AesNi(_) => "aes-ni",
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes256(_) => "vaes-256",
            #[cfg(target_arch = "x86_64")]
            Backend::Vaes512(_) => "vaes-512",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Backend;

    #[test]
    fn every_available_backend_is_found_by_its_name() {
        let available = Backend::available();
        assert_eq!(available[0], Backend::Portable);
        assert_eq!(available.last(), Some(&Backend::detect()));
        for backend in available {
            assert_eq!(Backend::by_name(backend.name()), Some(backend));
        }
        assert_eq!(Backend::by_name("abacus"), None);
    }
}
