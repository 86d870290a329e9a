use halfgate_crypto::Oracle;

use super::*;

#[test]
fn rows_are_correlated_for_every_size_and_backend() {
    for backend in Backend::available() {
        let mut pair = honest(1, backend);
        for rows in [128, 256, 1024, 1152, 8192, 128 * 65, 1 << 16, 128] {
            let made = make(&mut pair.receiver, rows);
            assert_eq!(made.message.len(), batch_length(rows));
            let (sender, keys) = accept(pair.sender, &made.message, rows).unwrap();
            pair.sender = sender;
            assert!(is_correlated(&pair.delta, &keys, &made), "{rows} rows, {}", backend.name());
        }
    }
}

#[test]
fn rows_are_correlated_for_many_deltas() {
    for seed in 0..12 {
        let mut pair = honest(seed, Backend::detect());
        let made = make(&mut pair.receiver, 256);
        let (_, keys) = accept(pair.sender, &made.message, 256).unwrap();
        assert!(is_correlated(&pair.delta, &keys, &made), "seed {seed}");
        // Δ has colour 1, so colours differ where the choice is 1.
        assert!((0..256).all(|row| keys[row].colour() ^ made.rows[row].colour() == made.choice(row)));
    }
}

#[test]
fn choices_and_rows_look_random_and_never_repeat() {
    const ROWS: usize = 1 << 16;
    let mut pair = honest(3, Backend::detect());
    let [first, second] = [0, 1].map(|_| make(&mut pair.receiver, ROWS));
    let ones: u32 = first.choices.iter().map(|word| word.count_ones()).sum();
    // Six standard deviations of 128 either way.
    assert!((32_000..33_536).contains(&ones), "{ones} of {ROWS} choices");
    for plane in 0..PLANES {
        let ones = first.rows.iter().filter(|row| row.bits() >> plane & 1 == 1).count();
        assert!((32_000..33_536).contains(&ones), "{ones} of {ROWS} bits of plane {plane}");
        let agree =
            (0..ROWS).filter(|&row| first.choice(row) == (first.rows[row].bits() >> plane & 1 == 1)).count();
        assert!((32_000..33_536).contains(&agree), "plane {plane} tells the choice");
    }
    assert!(first.choices != second.choices);
    let mut all: Vec<u128> = first.rows.iter().chain(&second.rows).map(|row| row.bits()).collect();
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
}

/// Every byte of a session under fixed randomness. If this changes, so did the wire format: raise the protocol's
/// version.
#[test]
fn the_wire_trace_is_the_same_on_every_backend() {
    for backend in Backend::available() {
        let mut pair = honest(7, backend);
        let mut trace = Oracle::unbound("ot wire trace");
        for message in &pair.transcript {
            trace = trace.field(message);
        }
        for rows in [1024, 2048, 1 << 16] {
            trace = trace.field(&make(&mut pair.receiver, rows).message);
        }
        let hex: String = trace.digest().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, WIRE_TRACE, "{}", backend.name());
    }
}

const WIRE_TRACE: &str = "42547f78a4083e65ac12015f7d11050f35f71196d3d9964f55976ae7b2dbb26d";

#[test]
fn a_session_on_two_backends_agrees() {
    let mut pair = honest(5, Backend::Portable);
    let other = honest(5, Backend::detect());
    let made = make(&mut pair.receiver, 1024);
    let (_, keys) = accept(other.sender, &made.message, 1024).unwrap();
    assert!(is_correlated(&pair.delta, &keys, &made));
}

// Below 0.3 bits a row for the check, and 31.6 bits a row in all, at full batches.
const _: () = {
    assert!(8 * super::wire::CHECK_LENGTH < 65_536 * 3 / 10);
    assert!(10 * 8 * batch_length(1 << 16) < 316 << 16);
    assert!(batch_length(1 << 16) < halfgate_channel::MAX_FRAME);
};
