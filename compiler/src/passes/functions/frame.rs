use crate::passes::functions::spectrum::Spectrum;

/// Sums that a function really depends on: `f(x) = F(v₁·x, v₂·x, …) + w₀·x` with the fewest `vᵢ`.
///
/// The differences of the points where the spectrum of `f` is not zero span the `vᵢ`: a function whose spectrum
/// vanishes outside `w₀ + V` is one of the sums in `V`, plus `w₀·x`.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// `w₀`, one bit for each variable.
    pub(crate) origin: u8,
    /// The `vᵢ`. The spectrum of `F` is zero neither at zero nor at a unit vector.
    pub(crate) sums: Vec<u8>,
    /// The spectrum of `F`.
    pub(crate) spectrum: Spectrum,
}

impl Frame {
    /// Takes points with rare values first: they leave a search for equivalences little choice.
    pub(crate) fn new(spectrum: &Spectrum) -> Self {
        let entries = &spectrum.entries[..1 << spectrum.variables];
        let mut counts = [0_u8; 65];
        entries.iter().for_each(|entry| counts[usize::from(entry.unsigned_abs())] += 1);
        let mut points: Vec<u8> =
            (0..entries.len() as u8).filter(|&point| entries[usize::from(point)] != 0).collect();
        points.sort_by_key(|&point| counts[usize::from(entries[usize::from(point)].unsigned_abs())]);
        let origin = points[0]; // squares of the entries add up to 4^n: some are not zero
        let mut span = Span::default();
        let sums: Vec<_> =
            points[1..].iter().map(|&point| point ^ origin).filter(|&sum| span.extend(sum)).collect();
        let spectrum = restricted(spectrum, origin, &sums);
        Frame { origin, sums, spectrum }
    }
}

/// Entries at `origin` plus a combination of the sums, on the scale of as many variables as there are sums.
fn restricted(spectrum: &Spectrum, origin: u8, sums: &[u8]) -> Spectrum {
    let mut entries = [0; 64];
    let mut points = [0; 64];
    points[0] = origin;
    for (index, &sum) in sums.iter().enumerate() {
        for low in 0..1 << index {
            points[low | 1 << index] = points[low] ^ sum;
        }
    }
    let scale = spectrum.variables - sums.len();
    for (entry, &point) in entries[..1 << sums.len()].iter_mut().zip(&points) {
        *entry = spectrum.entries[usize::from(point)] >> scale;
    }
    Spectrum { variables: sums.len(), entries }
}

/// A linear span, by vectors with different highest bits.
#[derive(Default)]
pub(crate) struct Span(Vec<u8>);

impl Span {
    /// Adds a vector; tells whether it was not in the span.
    pub(crate) fn extend(&mut self, vector: u8) -> bool {
        let rest = self.0.iter().fold(vector, |rest, &basis| rest.min(rest ^ basis));
        if rest != 0 {
            self.0.push(rest);
        }
        rest != 0
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;
    use crate::chain::PROJECTIONS;
    use crate::passes::functions::spectrum::Spectrum;

    #[test]
    fn a_function_depends_on_the_sums_of_its_frame() {
        let [a, b, c, d, e, f] = PROJECTIONS;
        for (table, sums) in [
            (0, 0),
            (!0, 0),
            (a ^ b ^ f, 0),
            ((a ^ b ^ c) & (d ^ e ^ !f) ^ a, 2),
            (a & b ^ b & c ^ a & c, 2),
            ((a ^ f) & b & c ^ d, 3),
            (a & b ^ c & d ^ e & f, 6),
            (a & b & c & d & e & f, 6),
        ] {
            let frame = Frame::new(&Spectrum::new(table, 6));
            assert_eq!(frame.sums.len(), sums, "{table:x}");
            assert!((0..sums).all(|sum| frame.spectrum.entries[1 << sum] != 0));
        }
    }
}
