#![no_main]

#[path = "../bodies/agreement.rs"]
mod agreement;
#[path = "../bodies/yosys.rs"]
mod yosys;

libfuzzer_sys::fuzz_target!(|data: &[u8]| yosys::body(data));
