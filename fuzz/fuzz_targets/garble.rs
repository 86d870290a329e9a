#![no_main]

#[path = "../bodies/agreement.rs"]
mod agreement;
#[path = "../bodies/garble.rs"]
mod garble;

libfuzzer_sys::fuzz_target!(|data: &[u8]| garble::body(data));
