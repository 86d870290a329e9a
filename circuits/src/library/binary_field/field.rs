use super::plan::Plan;
use crate::Bits;

/// A polynomial over GF(2), 64 coefficients to a word, lowest first; of a field's degree in bits.
pub(super) type Element = Vec<u64>;

/// The field GF(2^n) as polynomials modulo an irreducible one.
///
/// ```
/// use halfgate_circuits::library::BinaryField;
/// use halfgate_circuits::{Builder, Party};
///
/// // The field of AES.
/// let field = BinaryField::new(&[8, 4, 3, 1, 0]).expect("irreducible");
/// let builder = Builder::new();
/// let a = builder.input_bits("a", 8, Party::Garbler);
/// let b = builder.input_bits("b", 8, Party::Evaluator);
/// builder.output_bits("product", &field.multiply(&a, &b));
/// assert_eq!(field.multiplication_ands(), 24);
/// assert!(BinaryField::new(&[8, 0]).is_none());
/// ```
#[derive(Clone)]
pub struct BinaryField {
    degree: usize,
    /// The modulus without its leading term.
    tail: Element,
}

impl BinaryField {
    /// The field modulo the sum of `x^e` for these exponents, the highest one first. Nothing if the polynomial is
    /// reducible or constant, or if the exponents do not fall.
    pub fn new(exponents: &[usize]) -> Option<Self> {
        let (&degree, lower) = exponents.split_first()?;
        if degree == 0 || !exponents.is_sorted_by(|high, low| high > low) {
            return None;
        }
        let mut tail = vec![0; degree.div_ceil(64)];
        for exponent in lower {
            tail[exponent / 64] |= 1 << (exponent % 64);
        }
        let field = BinaryField { degree, tail };
        field.is_irreducible().then_some(field)
    }

    /// The field of a degree below 64 modulo the first irreducible polynomial.
    pub(super) fn of_degree(degree: usize) -> Self {
        let mut fields = (1..1u64 << degree).map(|tail| BinaryField { degree, tail: vec![tail] });
        fields.find(BinaryField::is_irreducible).expect("there is an irreducible polynomial of every degree")
    }

    /// The logarithm of the number of elements.
    pub fn degree(&self) -> usize {
        self.degree
    }

    /// The ANDs of a multiplication.
    pub fn multiplication_ands(&self) -> usize {
        Plan::ands(self.degree)
    }

    /// The product of two elements; bit `k` is the coefficient of `x^k`.
    ///
    /// Factors are read as polynomials over GF(4), or over GF(2) if the degree is odd, and evaluated at elements of small
    /// fields, where they are multiplied by the same method; the product is interpolated. All of that is linear but the
    /// products in GF(2). The places are those that cost least for their number, which grows a little faster than the
    /// degree does: 9 ANDs at degree 4, 24 at 8, 669 at 128. (D. and G. Chudnovsky, "Algebraic complexities and algebraic
    /// curves over finite fields", 1988; M. Cenk and F. Özbudak, "On multiplication in finite fields", Journal of
    /// Complexity 26, 2010; here with places of the projective line.)
    ///
    /// # Panics
    /// If a factor's width is not the degree, or if they belong to different builders.
    #[track_caller]
    pub fn multiply<'b>(&self, a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
        for factor in [a, b] {
            let (width, degree) = (factor.width(), self.degree);
            assert!(width == degree, "elements of GF(2^{degree}) have {degree} bits, not {width}");
        }
        if self.degree == 1 {
            return a & b;
        }
        Plan::new(self).multiply(a, b)
    }

    pub(super) fn zero(&self) -> Element {
        vec![0; self.tail.len()]
    }

    pub(super) fn one(&self) -> Element {
        self.power_of_x(0)
    }

    /// `x`, which in GF(2) itself is a constant.
    pub(super) fn x(&self) -> Element {
        if self.degree == 1 { self.tail.clone() } else { self.power_of_x(1) }
    }

    fn power_of_x(&self, exponent: usize) -> Element {
        let mut power = self.zero();
        power[exponent / 64] |= 1 << (exponent % 64);
        power
    }

    pub(super) fn times(&self, a: &[u64], b: &[u64]) -> Element {
        let mut product = self.zero();
        for k in (0..self.degree).rev() {
            product = self.times_x(product);
            if bit(b, k) {
                add(&mut product, a);
            }
        }
        product
    }

    fn times_x(&self, mut element: Element) -> Element {
        let overflows = bit(&element, self.degree - 1);
        let mut carry = 0;
        for word in &mut element {
            (*word, carry) = (*word << 1 | carry, *word >> 63);
        }
        if overflows {
            if !self.degree.is_multiple_of(64) {
                element[self.degree / 64] ^= 1 << (self.degree % 64);
            }
            add(&mut element, &self.tail);
        }
        element
    }

    /// An element `w` with `w² + w + 1 = 0`, which generates GF(4); the degree is even.
    ///
    /// The norm to GF(4) is onto, so the norm of some small polynomial is such an element.
    pub(super) fn cube_root_of_one(&self) -> Element {
        (2..)
            .map(|small| {
                let mut conjugate = self.zero();
                conjugate[0] = small;
                (0..self.degree / 2).fold(self.one(), |norm, _| {
                    let product = self.times(&norm, &conjugate);
                    conjugate = self.squared(&conjugate, 2);
                    product
                })
            })
            .find(|norm| *norm != self.one() && *norm != self.zero())
            .expect("a third of all elements have each norm")
    }

    /// `element^(2^times)`.
    pub(super) fn squared(&self, element: &[u64], times: usize) -> Element {
        (0..times).fold(element.to_vec(), |power, _| self.times(&power, &power))
    }

    /// Rabin's test: `x^(2^n) = x`, and `x^(2^(n/p)) - x` has no factor of the modulus for any prime `p` dividing `n`.
    fn is_irreducible(&self) -> bool {
        let x = self.x();
        if self.degree == 1 {
            return true;
        }
        let coprime = |prime: &usize| {
            let mut difference = self.squared(&x, self.degree / prime);
            add(&mut difference, &x);
            self.is_unit(&difference)
        };
        bit(&self.tail, 0) && self.squared(&x, self.degree) == x && primes(self.degree).iter().all(coprime)
    }

    /// Whether `element` and the modulus have no common factor: Euclid's algorithm, on the modulus with its leading term.
    fn is_unit(&self, element: &[u64]) -> bool {
        let mut a = self.tail.clone();
        a.resize(self.degree / 64 + 1, 0);
        a[self.degree / 64] |= 1 << (self.degree % 64);
        let mut b = element.to_vec();
        b.resize(a.len(), 0);
        while let Some(low) = degree(&b) {
            while let Some(high) = degree(&a).filter(|high| *high >= low) {
                add_shifted(&mut a, &b, high - low);
            }
            std::mem::swap(&mut a, &mut b);
        }
        degree(&a) == Some(0)
    }
}

fn bit(element: &[u64], index: usize) -> bool {
    element[index / 64] >> (index % 64) & 1 == 1
}

fn add(sum: &mut [u64], summand: &[u64]) {
    for (word, other) in sum.iter_mut().zip(summand) {
        *word ^= other;
    }
}

/// Adds `x^amount` times a polynomial that does not reach beyond the sum.
fn add_shifted(sum: &mut [u64], summand: &[u64], amount: usize) {
    for k in (0..64 * sum.len() - amount).filter(|k| bit(summand, *k)) {
        sum[(k + amount) / 64] ^= 1 << ((k + amount) % 64);
    }
}

fn degree(polynomial: &[u64]) -> Option<usize> {
    let top = polynomial.iter().rposition(|word| *word != 0)?;
    Some(64 * top + 63 - polynomial[top].leading_zeros() as usize)
}

fn primes(number: usize) -> Vec<usize> {
    (2..=number).filter(|&p| number.is_multiple_of(p) && (2..p).all(|d| !p.is_multiple_of(d))).collect()
}
