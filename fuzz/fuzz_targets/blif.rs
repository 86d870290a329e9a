#![no_main]

#[path = "../bodies/agreement.rs"]
mod agreement;
#[path = "../bodies/blif.rs"]
mod blif;

libfuzzer_sys::fuzz_target!(|data: &[u8]| blif::body(data));
