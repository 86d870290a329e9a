use crate::passes::index::scatter;

/// The Walsh spectrum of a function of up to six variables: entry `w` is `Σ (−1)^(f(x) + w·x)` over all `x`.
///
/// An affine change of the variables moves the entries by an affine map; adding an affine function to `f` does so, too;
/// both may change signs (Carlet, "Boolean Functions for Cryptography and Coding Theory", section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spectrum {
    pub(crate) variables: usize,
    pub(crate) entries: [i8; 64],
}

impl Spectrum {
    /// Of a truth table.
    pub(crate) fn new(table: u64, variables: usize) -> Self {
        let mut entries = [0; 64];
        for (x, entry) in entries[..1 << variables].iter_mut().enumerate() {
            *entry = 1 - 2 * (table >> x & 1) as i8;
        }
        transform(&mut entries[..1 << variables]);
        Spectrum { variables, entries }
    }

    /// A number that equivalent functions have in common: made of the distributions of the absolute values of the
    /// spectrum and of the autocorrelation.
    pub(crate) fn signature(&self) -> u64 {
        let size = 1 << self.variables;
        let mut power = [0_i16; 64];
        for (power, &entry) in power.iter_mut().zip(&self.entries[..size]) {
            *power = i16::from(entry) * i16::from(entry);
        }
        // The transform of the power is 2^n times the autocorrelation, too large for 16 bits: it is halved on the way.
        transform_halving(&mut power[..size]);
        let spectrum = histogram(self.entries[..size].iter().map(|entry| entry.unsigned_abs()));
        let correlation = histogram(power[..size].iter().map(|entry| entry.unsigned_abs() as u8));
        let fold = |hash, &count: &u8| scatter(hash ^ u64::from(count));
        let hash = spectrum.iter().fold(self.variables as u64, fold);
        correlation.iter().fold(hash, fold)
    }
}

fn transform(entries: &mut [i8]) {
    let mut stride = 1;
    while stride < entries.len() {
        for block in entries.chunks_exact_mut(2 * stride) {
            let (low, high) = block.split_at_mut(stride);
            for (low, high) in low.iter_mut().zip(high) {
                (*low, *high) = (*low + *high, *low - *high);
            }
        }
        stride *= 2;
    }
}

fn transform_halving(entries: &mut [i16]) {
    let mut stride = 1;
    while stride < entries.len() {
        for block in entries.chunks_exact_mut(2 * stride) {
            let (low, high) = block.split_at_mut(stride);
            for (low, high) in low.iter_mut().zip(high) {
                let [sum, difference] = [*low + *high, *low - *high];
                (*low, *high) = (sum / 2, difference / 2);
            }
        }
        stride *= 2;
    }
}

/// How often each value from 0 to 64 occurs.
fn histogram(values: impl Iterator<Item = u8>) -> [u8; 65] {
    let mut counts = [0; 65];
    values.for_each(|value| counts[usize::from(value)] += 1);
    counts
}
