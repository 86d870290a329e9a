//! Free XOR: a list of gates over rows of labels.

#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use std::cell::Cell;

use crate::{Backend, Block};

/// Runs exclusive ors in order: a gate `[left, right, out]` writes row `left` ⊕ row `right` to row `out`, which may be
/// one of the two that it reads. Row r stands in the `width` blocks from `r * width` on, one for each lane.
///
/// Row numbers are public, the blocks may be secret.
///
/// ```
/// use halfgate_crypto::{Backend, Block, xor_rows};
///
/// let mut slots = [1, 2, 4, 8].map(Block::new); // two rows of two lanes
/// xor_rows(Backend::detect(), &mut slots, 2, &[[0, 1, 1]]);
/// assert!(slots == [1, 2, 5, 10].map(Block::new));
/// ```
///
/// # Panics
/// If `width` is zero, or if a gate names a row that is not in `slots` as a whole; the gates before it have been run.
pub fn xor_rows(backend: Backend, slots: &mut [Block], width: usize, gates: &[[u32; 3]]) {
    assert!(width > 0, "rows of no lanes");
    match backend {
        // One lane waits for its loads and stores, whatever the vectors.
        _ if width == 1 => single(slots, gates),
        Backend::Portable => any(slots, width, gates),
        #[cfg(target_arch = "x86_64")]
        Backend::AesNi(token) => x86_64::aes_ni::xor_rows(token, slots, width, gates),
        #[cfg(target_arch = "x86_64")]
        Backend::Vaes256(token) => x86_64::vaes256::xor_rows(token, slots, width, gates),
        #[cfg(target_arch = "x86_64")]
        Backend::Vaes512(token) => x86_64::vaes512::xor_rows(token, slots, width, gates),
    }
}

fn single(rows: &mut [Block], gates: &[[u32; 3]]) {
    for gate in gates {
        let [left, right, out] = gate.map(|row| row as usize);
        rows[out] = rows[left] ^ rows[right];
    }
}

fn any(slots: &mut [Block], width: usize, gates: &[[u32; 3]]) {
    let slots = Cell::from_mut(slots).as_slice_of_cells(); // three rows of which two may be one
    for gate in gates {
        let [left, right, out] = gate.map(|row| &slots[(row as usize).saturating_mul(width)..][..width]);
        for ((left, right), out) in left.iter().zip(right).zip(out) {
            out.set(left.get() ^ right.get());
        }
    }
}
