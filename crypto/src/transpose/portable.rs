use zeroize::Zeroize;

use super::PLANES;
use crate::Block;

pub(super) fn transpose(planes: &[Block], stride: usize, tiles: &mut [[Block; PLANES]]) {
    let mut square = [0; PLANES];
    for (tile, rows) in tiles.iter_mut().enumerate() {
        for (plane, bits) in square.iter_mut().enumerate() {
            *bits = planes[plane * stride + tile].bits();
        }
        transpose_square(&mut square);
        for (row, &bits) in rows.iter_mut().zip(&square) {
            *row = Block::new(bits);
        }
    }
    square.zeroize();
}

/// Swaps the off-diagonal quarters of the square, then of its quarters, and so on down to single bits.
fn transpose_square(square: &mut [u128; PLANES]) {
    let mut mask = u128::MAX;
    let mut half = PLANES / 2;
    while half > 0 {
        mask ^= mask << half;
        for upper in (0..PLANES).filter(|row| row & half == 0) {
            let lower = upper + half;
            let swap = (square[upper] >> half ^ square[lower]) & mask;
            square[upper] ^= swap << half;
            square[lower] ^= swap;
        }
        half /= 2;
    }
}
