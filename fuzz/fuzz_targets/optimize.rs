#![no_main]

#[path = "../bodies/optimize.rs"]
mod optimize;

libfuzzer_sys::fuzz_target!(|data: &[u8]| optimize::body(data));
