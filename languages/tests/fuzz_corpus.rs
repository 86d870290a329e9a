//! Replays the fuzz corpus of the languages, with small deterministic mutations, through the bodies of the fuzz targets.

#![cfg(test)]

use std::path::Path;

#[path = "../../fuzz/bodies/agreement.rs"]
mod agreement;
#[path = "../../fuzz/bodies/blif.rs"]
mod blif;
#[path = "../../fuzz/bodies/garble.rs"]
mod garble;
#[path = "../../fuzz/bodies/replay.rs"]
mod replay;
#[path = "../../fuzz/bodies/yosys.rs"]
mod yosys;

fn replay(target: &str, body: fn(&[u8])) {
    replay::replay(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target), body, 100);
}

#[test]
fn garble_corpus() {
    replay("garble", garble::body);
}

#[test]
fn blif_corpus() {
    replay("blif", blif::body);
}

#[test]
fn yosys_corpus() {
    replay("yosys", yosys::body);
}
