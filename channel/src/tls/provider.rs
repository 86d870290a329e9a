//! The cryptography of the connection: which algorithms there are, in which order.

use std::sync::{Arc, LazyLock};

use rustls::{
    SupportedCipherSuite, Tls13CipherSuite,
    crypto::{
        CryptoProvider, WebPkiSupportedAlgorithms,
        aws_lc_rs::{
            cipher_suite::{
                TLS13_AES_128_GCM_SHA256, TLS13_AES_256_GCM_SHA384, TLS13_CHACHA20_POLY1305_SHA256,
            },
            default_provider,
            kx_group::X25519MLKEM768,
        },
    },
};

static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    Arc::new(CryptoProvider {
        cipher_suites: cipher_suites().to_vec(),
        // The hybrid group alone: where a second one is on offer, somebody can ask for it.
        kx_groups: vec![X25519MLKEM768],
        ..default_provider()
    })
});

/// What the connections of this crate are made with, whatever the process has chosen as its default.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::clone(&PROVIDER)
}

/// How signatures are verified.
pub(crate) fn algorithms() -> WebPkiSupportedAlgorithms {
    PROVIDER.signature_verification_algorithms
}

/// The digest of which fingerprints are made.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let suite: Option<&Tls13CipherSuite> = TLS13_AES_128_GCM_SHA256.tls13();
    let hash = suite.expect("a suite of TLS 1.3").common.hash_provider.hash(bytes);
    hash.as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// AES-128 first, as κ is 128 everywhere and it has ten rounds to AES-256's fourteen. Without AES in hardware ChaCha20
/// is several times faster, and AES in software leaks through caches.
fn cipher_suites() -> [SupportedCipherSuite; 3] {
    match has_aes() {
        true => [TLS13_AES_128_GCM_SHA256, TLS13_AES_256_GCM_SHA384, TLS13_CHACHA20_POLY1305_SHA256],
        false => [TLS13_CHACHA20_POLY1305_SHA256, TLS13_AES_128_GCM_SHA256, TLS13_AES_256_GCM_SHA384],
    }
}

#[cfg(target_arch = "x86_64")]
fn has_aes() -> bool {
    std::arch::is_x86_feature_detected!("aes") && std::arch::is_x86_feature_detected!("pclmulqdq")
}

#[cfg(target_arch = "aarch64")]
fn has_aes() -> bool {
    std::arch::is_aarch64_feature_detected!("aes") && std::arch::is_aarch64_feature_detected!("pmull")
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn has_aes() -> bool {
    false
}
