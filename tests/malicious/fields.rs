//! The fields of a message: what a cheater may change by itself.

use std::ops::Range;

use halfgate::channel::Kind;

/// Bytes of a proof or digest, of a point, of a block.
const DIGEST: usize = 32;
const POINT: usize = 32;
const BLOCK: usize = 16;

/// Bytes of the check values ũ and Ṽ at the end of a batch of oblivious transfers.
const BATCH_CHECK: usize = 129 * BLOCK;
/// Bytes of the sums of tags and their digest at the end of the set-up.
const SETUP_TAGS: usize = 32 * DIGEST;

/// The fields of a message of a kind, by what they are; lists of equal things by their first and last.
pub(crate) fn fields(kind: Kind, payload: &[u8]) -> Vec<Range<usize>> {
    let end = payload.len();
    let cut = |places: &[usize]| {
        let bounds = [&[0], places, &[end]].concat();
        bounds.windows(2).map(|pair| pair[0]..pair[1]).filter(|field| !field.is_empty()).collect::<Vec<_>>()
    };
    match kind {
        // Pairs of points, or the one point that answers all of them.
        Kind::BaseOtPoints if end > POINT => {
            [0, POINT, end - 2 * POINT, end - POINT].map(|from| from..from + POINT).to_vec()
        }
        Kind::OtSetup => cut(&[end - DIGEST - SETUP_TAGS, end - DIGEST]),
        Kind::OtBatch => cut(&[end - BATCH_CHECK, end - BATCH_CHECK + BLOCK]),
        // S ‖ Z, or S_P alone; one seed for each group.
        Kind::Start | Kind::InputSeed => (0..end).step_by(BLOCK).map(|from| from..from + BLOCK).collect(),
        Kind::Rows => rows(end),
        Kind::LeakyTables => [0, end - BLOCK].map(|from| from..from + BLOCK).to_vec(),
        Kind::Commitments | Kind::Openings => cut(&[DIGEST]),
        Kind::TripleOpenings | Kind::AndOpenings | Kind::MaskShares => cut(&[end - DIGEST]),
        _ => cut(&[]),
    }
}

/// G0 and G1 of every AND, and their bits behind them.
fn rows(end: usize) -> Vec<Range<usize>> {
    // 8 ANDs take 257 bytes.
    let count = (0..).find(|count: &usize| count * 2 * BLOCK + count.div_ceil(8) >= end).unwrap();
    let halves = (0..2 * count).map(|half| half * BLOCK..(half + 1) * BLOCK);
    halves.chain(std::iter::once(count * 2 * BLOCK..end)).collect()
}

/// First, middle and last byte of a field, each with another bit.
pub(crate) fn flips(field: &Range<usize>) -> Vec<(usize, u8)> {
    let mut flips = vec![(field.start, 1), (field.start + field.len() / 2, 0x10), (field.end - 1, 0x80)];
    flips.dedup_by_key(|flip| flip.0);
    flips
}
