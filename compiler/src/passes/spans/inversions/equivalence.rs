/// A permutation of bytes as an inversion in GF(2^8) between two affine maps (zero is its own inverse).
pub(super) struct Inversion {
    pub(super) input: Affine,
    pub(super) output: Affine,
}

/// An affine map of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Affine {
    /// What each bit of the argument adds.
    pub(super) columns: [u8; 8],
    pub(super) constant: u8,
}

impl Affine {
    /// The affine map that agrees with a function on zero and the single bits.
    pub(super) fn of(function: impl Fn(u8) -> u8) -> Self {
        let constant = function(0);
        Affine { columns: std::array::from_fn(|k| function(1 << k) ^ constant), constant }
    }

    pub(super) fn apply(&self, byte: u8) -> u8 {
        let columns = self.columns.iter().enumerate().filter(|&(k, _)| byte >> k & 1 == 1);
        columns.fold(self.constant, |sum, (_, column)| sum ^ column)
    }

    /// The inverse of an invertible map.
    pub(super) fn inverse(&self) -> Self {
        let mut values = [0; 256];
        (0..=255).for_each(|byte| values[usize::from(self.apply(byte))] = byte);
        Affine::of(|byte| values[usize::from(byte)])
    }
}

impl Inversion {
    /// Finds the maps, if the function is such a permutation.
    ///
    /// It is the algorithm of Biryukov, De Cannière, Braeken and Preneel, "A Toolbox for Cryptanalysis: Linear and
    /// Affine Equivalence Algorithms" (EUROCRYPT 2003): one guesses where zero goes, then where single bits go; each
    /// value of one of the linear maps gives one of the other, until they are known or contradict each other. That
    /// `1/(ax)` is `(1/a)(1/x)` spares the first guess.
    pub(super) fn of(function: &[u8; 256]) -> Option<Self> {
        let reciprocals = reciprocals();
        if !is_permutation(function) || differences(function) != differences(&reciprocals) {
            return None;
        }
        (0..=255).find_map(|zero| {
            let constant = function[usize::from(zero)];
            let moved = std::array::from_fn(|x| function[x ^ usize::from(zero)] ^ constant);
            let [input, output] = Guess::new(&moved, &reciprocals).completed()?;
            let input = Affine {
                constant: Affine::of(|x| input[usize::from(x)]).apply(zero),
                ..Affine::of(|x| input[usize::from(x)])
            };
            let output = Affine { constant, ..Affine::of(|x| output[usize::from(x)]) };
            let inversion = Inversion { input, output };
            (0..=255)
                .all(|x| inversion.apply(x, &reciprocals) == function[usize::from(x)])
                .then_some(inversion)
        })
    }

    fn apply(&self, byte: u8, reciprocals: &[u8; 256]) -> u8 {
        self.output.apply(reciprocals[usize::from(self.input.apply(byte))])
    }
}

fn is_permutation(function: &[u8; 256]) -> bool {
    let mut met = [false; 256];
    function.iter().for_each(|&value| met[usize::from(value)] = true);
    met == [true; 256]
}

/// How many differences of arguments and values occur how often: the same for all equivalent functions.
fn differences(function: &[u8; 256]) -> [usize; 257] {
    let mut frequencies = [0; 257];
    for difference in 1..256 {
        let mut counts = [0_usize; 256];
        (0..256).for_each(|x| counts[usize::from(function[x] ^ function[x ^ difference])] += 1);
        counts.iter().for_each(|&count| frequencies[count] += 1);
    }
    frequencies
}

/// The inverses modulo `x^8 + x^4 + x^3 + x + 1`; fields with other polynomials are the same up to a linear map.
fn reciprocals() -> [u8; 256] {
    let mut reciprocals = [0; 256];
    for a in 1..=255 {
        for b in 1..=255 {
            if product(a, b) == 1 {
                reciprocals[usize::from(a)] = b;
            }
        }
    }
    reciprocals
}

fn product(mut a: u8, mut b: u8) -> u8 {
    let mut sum = 0;
    while b != 0 {
        sum ^= if b & 1 == 1 { a } else { 0 };
        a = a << 1 ^ if a >> 7 == 1 { 0x1b } else { 0 };
        b >>= 1;
    }
    sum
}

/// A linear map on a subspace.
#[derive(Clone)]
struct Linear {
    domain: Vec<u8>,
    values: [u8; 256],
    is_known: [bool; 256],
    is_taken: [bool; 256],
}

impl Linear {
    fn new() -> Self {
        let mut linear =
            Linear { domain: vec![0], values: [0; 256], is_known: [false; 256], is_taken: [false; 256] };
        (linear.is_known[0], linear.is_taken[0]) = (true, true);
        linear
    }

    /// Takes in a value; `false` if that contradicts others.
    fn learn(&mut self, argument: u8, value: u8) -> bool {
        if self.is_known[usize::from(argument)] {
            return self.values[usize::from(argument)] == value;
        }
        if self.is_taken[usize::from(value)] {
            return false;
        }
        for index in 0..self.domain.len() {
            let old = self.domain[index];
            let (argument, value) = (old ^ argument, self.values[usize::from(old)] ^ value);
            self.domain.push(argument);
            self.values[usize::from(argument)] = value;
            self.is_known[usize::from(argument)] = true;
            self.is_taken[usize::from(value)] = true;
        }
        true
    }
}

/// What is known of linear maps `l` and `m` with `function(x) = m(1 / l(x))`.
#[derive(Clone)]
struct Guess<'f> {
    function: &'f [u8; 256],
    undone: [u8; 256],
    reciprocals: &'f [u8; 256],
    maps: [Linear; 2],
    /// How much of either domain has been put to use.
    used: [usize; 2],
}

impl<'f> Guess<'f> {
    fn new(function: &'f [u8; 256], reciprocals: &'f [u8; 256]) -> Self {
        let mut undone = [0; 256];
        (0..=255).for_each(|x| undone[usize::from(function[usize::from(x)])] = x);
        Guess { function, undone, reciprocals, maps: [Linear::new(), Linear::new()], used: [1; 2] }
    }

    /// Both maps, if there are any.
    fn completed(&self) -> Option<[[u8; 256]; 2]> {
        let Some(next) = (1..=255).find(|&x| !self.maps[0].is_known[usize::from(x)]) else {
            return Some(self.maps.each_ref().map(|map| map.values));
        };
        let is_first = self.maps[0].domain.len() == 1;
        (1..=if is_first { 1 } else { 255 }).find_map(|value| {
            let mut guess = self.clone();
            (guess.maps[0].learn(next, value) && guess.follow()).then(|| guess.completed()).flatten()
        })
    }

    /// Takes in what follows; `false` if there is a contradiction.
    fn follow(&mut self) -> bool {
        loop {
            let [l, m] = &mut self.maps;
            if let Some(&x) = l.domain.get(self.used[0]) {
                self.used[0] += 1;
                let inverse = self.reciprocals[usize::from(l.values[usize::from(x)])];
                if !m.learn(inverse, self.function[usize::from(x)]) {
                    return false;
                }
            } else if let Some(&y) = m.domain.get(self.used[1]) {
                self.used[1] += 1;
                let x = self.undone[usize::from(m.values[usize::from(y)])];
                if !l.learn(x, self.reciprocals[usize::from(y)]) {
                    return false;
                }
            } else {
                return true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Affine, Inversion, is_permutation, product, reciprocals};
    use crate::passes::spans::random::Random;

    fn invertible(random: &mut Random) -> Affine {
        loop {
            let word = random.word();
            let map = Affine { columns: word.to_le_bytes(), constant: random.word() as u8 };
            if is_permutation(&std::array::from_fn(|x| map.apply(x as u8))) {
                return map;
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn inversions_are_found_between_any_maps(seed: u64) {
            let mut random = Random::new(seed);
            let [input, output] = [invertible(&mut random), invertible(&mut random)];
            let reciprocals = reciprocals();
            let function =
                std::array::from_fn(|x| output.apply(reciprocals[usize::from(input.apply(x as u8))]));
            let found = Inversion::of(&function).unwrap();
            prop_assert!((0..=255).all(|x| found.apply(x, &reciprocals) == function[usize::from(x)]));
            prop_assert_eq!(found.input.inverse().apply(found.input.apply(77)), 77);
        }
    }

    #[test]
    fn other_functions_are_refused() {
        let cube = std::array::from_fn(|x| product(x as u8, product(x as u8, x as u8)));
        assert!(Inversion::of(&cube).is_none());
        assert!(Inversion::of(&std::array::from_fn(|x| x as u8)).is_none());
        let mut nearly = reciprocals();
        nearly.swap(5, 6);
        assert!(Inversion::of(&nearly).is_none());
    }
}
