use std::array;

use super::aes_transform::Byte;
use crate::Bit;

/// A step of a straight-line program; operands are the eight inputs and then the results of earlier steps.
#[derive(Clone, Copy)]
enum Step {
    Xor(u8, u8),
    And(u8, u8),
}
use Step::{And, Xor};

/// The S-box in 32 ANDs, AND depth 6: Boyar and Peralta, "A depth-16 circuit for the AES S-box", ePrint 2011/332, in
/// the form that NIST's circuit complexity project lists with 113 gates. Input 0 is the most significant bit.
#[rustfmt::skip]
const PROGRAM: [Step; 113] = [
    // Linear: from the byte to the tower field.
    Xor(3, 5), Xor(0, 6), Xor(0, 3), Xor(0, 5), Xor(1, 2), Xor(12, 7), Xor(13, 3), Xor(9, 8),
    Xor(13, 0), Xor(13, 6), Xor(17, 11), Xor(4, 15), Xor(19, 5), Xor(19, 1), Xor(20, 7), Xor(20, 12),
    Xor(21, 10), Xor(7, 24), Xor(23, 24), Xor(23, 11), Xor(12, 24), Xor(9, 28), Xor(0, 28),
    // Inversion in GF(2^8) over GF(2^4): to the element that is inverted in GF(2^4).
    And(15, 20), And(18, 22), Xor(32, 31), And(14, 7), Xor(34, 31), And(9, 28), And(17, 13), Xor(37, 36),
    And(16, 25), Xor(39, 36), And(10, 24), And(8, 26), Xor(42, 41), And(11, 23), Xor(44, 41), Xor(33, 21),
    Xor(35, 45), Xor(38, 43), Xor(40, 45), Xor(46, 43), Xor(47, 27), Xor(48, 29), Xor(49, 30),
    // Inversion in GF(2^4).
    Xor(50, 51), And(50, 52), Xor(53, 55), And(54, 56), Xor(57, 51), Xor(52, 53), Xor(51, 55), And(60, 59),
    Xor(61, 53), Xor(52, 62), Xor(56, 62), And(53, 64), Xor(65, 63), Xor(56, 65), And(58, 67), Xor(54, 68),
    Xor(69, 66), Xor(58, 62), Xor(58, 69), Xor(62, 66), Xor(71, 70),
    // Products with the inverse.
    And(73, 20), And(66, 22), And(62, 7), And(72, 28), And(69, 13), And(58, 25), And(71, 24), And(74, 26),
    And(70, 23), And(73, 15), And(66, 18), And(62, 14), And(72, 9), And(69, 17), And(58, 16), And(71, 10),
    And(74, 8), And(70, 11),
    // Linear: back from the tower field, and the affine map.
    Xor(90, 91), Xor(85, 93), Xor(84, 94), Xor(75, 77), Xor(76, 75), Xor(78, 79), Xor(87, 96), Xor(82, 98),
    Xor(83, 99), Xor(100, 101), Xor(98, 97), Xor(78, 80), Xor(88, 93), Xor(96, 104), Xor(95, 103), Xor(81, 100),
    Xor(89, 102), Xor(105, 106), Xor(87, 110), Xor(90, 108), Xor(94, 86), Xor(95, 108), Xor(102, 110),
    Xor(106, 107), Xor(107, 108), Xor(109, 112), Xor(118, 92), Xor(113, 109),
];

/// The results that are the output bits, most significant first.
const OUTPUTS: [u8; 8] = [114, 117, 119, 107, 116, 120, 115, 111];

/// The constant of the affine map; its bits are inversions of output bits.
const AFFINE_CONSTANT: u8 = 0x63;

/// The S-box of AES (FIPS 197, section 5.1.1): 32 ANDs.
pub(super) fn substitute<'b>(byte: Byte<'b>) -> Byte<'b> {
    let mut values: Vec<Bit<'b>> = byte.into_iter().rev().collect();
    for step in PROGRAM {
        values.push(match step {
            Xor(a, b) => values[usize::from(a)] ^ values[usize::from(b)],
            And(a, b) => values[usize::from(a)] & values[usize::from(b)],
        });
    }
    array::from_fn(|k| {
        let plain = values[usize::from(OUTPUTS[7 - k])];
        if AFFINE_CONSTANT >> k & 1 == 1 { !plain } else { plain }
    })
}

/// The inverse of the S-box (FIPS 197, section 5.3.2): 32 ANDs.
///
/// The S-box is an affine map `A` after an inversion, so its inverse is the inversion after `A⁻¹`, which is
/// `A⁻¹ · S · A⁻¹`: the same ANDs between other exclusive ors.
pub(super) fn inverse_substitute<'b>(byte: Byte<'b>) -> Byte<'b> {
    inverse_affine(substitute(inverse_affine(byte)))
}

fn inverse_affine<'b>(byte: Byte<'b>) -> Byte<'b> {
    let plain: Byte<'b> = array::from_fn(|k| if AFFINE_CONSTANT >> k & 1 == 1 { !byte[k] } else { byte[k] });
    array::from_fn(|k| plain[(k + 2) % 8] ^ plain[(k + 5) % 8] ^ plain[(k + 7) % 8])
}
