//! Replays the fuzz corpus, with small deterministic mutations, through the bodies of the fuzz targets.

#![cfg(test)]

use std::path::Path;

#[path = "../fuzz/bodies/bristol.rs"]
mod bristol;
#[path = "../fuzz/bodies/codec.rs"]
mod codec;
#[path = "../fuzz/bodies/handshake.rs"]
mod handshake;
#[path = "../fuzz/bodies/optimize.rs"]
mod optimize;
#[path = "../fuzz/bodies/replay.rs"]
mod replay;

fn replay(target: &str, body: fn(&[u8]), mutations: usize) {
    replay::replay(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target), body, mutations);
}

#[test]
fn bristol_corpus() {
    replay("bristol", bristol::body, 300);
}

#[test]
fn codec_corpus() {
    replay("codec", codec::body, 2_000);
}

#[test]
fn handshake_corpus() {
    replay("handshake", handshake::body, 40);
}

#[test]
fn optimize_corpus() {
    replay("optimize", optimize::body, 60);
}
