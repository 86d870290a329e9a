#![no_main]

#[path = "../bodies/bristol.rs"]
mod bristol;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bristol::body(data));
