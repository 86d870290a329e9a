use crate::passes::functions::spectrum::Spectrum;

/// An affine map from the spectrum of one function to that of an equivalent one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Equivalence {
    /// Where zero goes.
    pub(crate) origin: u8,
    /// Where the unit vectors go, less `origin`.
    pub(crate) axes: [u8; 6],
    /// Which unit vectors change the sign with respect to zero, one bit for each.
    pub(crate) flips: u8,
}

/// A search for the map, point by point: the images of zero and of the unit vectors decide all others.
struct Matching<'a> {
    from: &'a Spectrum,
    to: &'a Spectrum,
    found: Equivalence,
    /// Images of the points decided so far, and whether the sign changes there.
    images: [u8; 64],
    signs: [i8; 64],
    steps: u32,
}

/// Images tried at most, some milliseconds' worth. Only functions whose spectrum is nearly flat need thousands.
const STEPS: u32 = 200_000;

/// Finds a map that takes each entry of `from` to an entry of `to` of the same size, and whose changes of sign are
/// affine, too. `from` must not be zero at zero and the unit vectors.
pub(crate) fn equivalence(from: &Spectrum, to: &Spectrum) -> Option<Equivalence> {
    if from.variables != to.variables {
        return None;
    }
    let mut matching =
        Matching { from, to, found: Equivalence::default(), images: [0; 64], signs: [1; 64], steps: STEPS };
    (0..1 << to.variables).any(|origin| matching.place_origin(origin)).then_some(matching.found)
}

impl Matching<'_> {
    fn place_origin(&mut self, origin: u8) -> bool {
        let (source, target) = (self.from.entries[0], self.to.entries[usize::from(origin)]);
        if source.unsigned_abs() != target.unsigned_abs() {
            return false;
        }
        self.found.origin = origin;
        self.images[0] = origin;
        self.signs[0] = if source == target { 1 } else { -1 };
        self.place_axes(0)
    }

    fn place_axes(&mut self, axis: usize) -> bool {
        if axis == self.from.variables {
            return true;
        }
        let known = 1_usize << axis;
        for image in 1..1_u8 << self.to.variables {
            // A second use of a point would give the same image to two points, and the map has to be invertible.
            let target = image ^ self.found.origin;
            if self.images[..known].contains(&target) || self.steps == 0 {
                continue;
            }
            self.steps -= 1;
            if self.fits(known, image) {
                self.found.axes[axis] = image;
                if self.place_axes(axis + 1) {
                    return true;
                }
            }
        }
        false
    }

    /// Whether all points that a further axis decides fit; enters their images.
    fn fits(&mut self, known: usize, image: u8) -> bool {
        let (source, target) =
            (self.from.entries[known], self.to.entries[usize::from(self.images[0] ^ image)]);
        if source.unsigned_abs() != target.unsigned_abs() {
            return false;
        }
        let flip = if source == self.signs[0] * target { 1 } else { -1 };
        for low in 0..known {
            let point = self.images[low] ^ image;
            let sign = self.signs[low] * flip;
            if self.from.entries[low | known] != sign * self.to.entries[usize::from(point)] {
                return false;
            }
            (self.images[low | known], self.signs[low | known]) = (point, sign);
        }
        let flipped = if flip < 0 { known as u8 } else { 0 };
        self.found.flips = self.found.flips & (known as u8 - 1) | flipped;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Equivalence, equivalence};
    use crate::chain::{PROJECTIONS, mask};
    use crate::passes::functions::frame::Frame;
    use crate::passes::functions::spectrum::Spectrum;

    /// An affine function of an affine change of variables.
    fn changed(table: u64, variables: usize, seed: u64) -> u64 {
        let mut table = table;
        let mut seed = seed;
        for _ in 0..30 {
            let [i, j] = [seed as usize % variables, (seed >> 8) as usize % variables];
            let [x, y] = [PROJECTIONS[i], PROJECTIONS[j]];
            table = match seed >> 16 & 3 {
                0 => table ^ x,
                1 => !table,
                2 => (table & x) >> (1 << i) | (table & !x) << (1 << i),
                _ if i == j => table,
                _ => table & !y | (table & y & x) >> (1 << i) | (table & y & !x) << (1 << i),
            };
            seed = seed.wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(23) ^ 0x94d0_49bb;
        }
        table & mask(variables)
    }

    proptest! {
        #[test]
        fn equivalent_functions_are_recognised(table: u64, seed: u64, variables in 2_usize..7) {
            let [first, second] = [table & mask(variables), changed(table, variables, seed)];
            let [first, second] = [first, second].map(|table| Frame::new(&Spectrum::new(table, variables)).spectrum);
            prop_assert_eq!(first.signature(), second.signature());
            prop_assert!(equivalence(&first, &second).is_some());
        }
    }

    #[test]
    fn others_are_not() {
        let [a, b, c, d, ..] = PROJECTIONS;
        let spectrum = |table| Frame::new(&Spectrum::new(table & mask(4), 4)).spectrum;
        let [product, sum] = [spectrum(a & b & c & d), spectrum(a & b ^ c & d)];
        assert_eq!(equivalence(&product, &sum), None);
        assert_ne!(product.signature(), sum.signature());
        let same = equivalence(&sum, &sum);
        assert_eq!(same, Some(Equivalence { origin: 0, axes: [1, 2, 4, 8, 0, 0], flips: 0 }));
    }
}
