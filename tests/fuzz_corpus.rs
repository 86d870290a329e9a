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

/// Every input as it is, cut at some places, and with some bytes changed.
fn replay(target: &str, body: fn(&[u8]), mutations: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut names: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 4, "{} inputs in {}", names.len(), folder.display());
    for name in names {
        let data = std::fs::read(&name).unwrap();
        body(&data);
        let mut state = data.len() as u64 + 1;
        let mut next = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound.max(1)
        };
        for _ in 0..mutations {
            body(&data[..next(data.len())]);
            let mut changed = data.clone();
            for _ in 0..=next(3) {
                let place = next(changed.len());
                if let Some(byte) = changed.get_mut(place) {
                    *byte = [b'0', b'9', b' ', b'\n', 0xff, *byte ^ 1][next(6)];
                }
            }
            body(&changed);
        }
    }
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
