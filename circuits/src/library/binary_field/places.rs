//! Places of the projective line over GF(2) or GF(4), and which of them make the cheapest multiplication.

use super::field::{BinaryField, Element};
use super::matrix::{Matrix, Row};
use super::plan::Plan;
use crate::Bits;

/// Rational places are worth at most so many coefficients of a product.
const HIGHEST_MULTIPLICITY: usize = 3;

/// Where polynomials over a base field are evaluated: at an element of an extension, which stands for its conjugates, or
/// at infinity.
pub(super) struct Place {
    /// The base with the element.
    field: BinaryField,
    /// Nothing at infinity.
    point: Option<Element>,
    /// How many coefficients of the expansion at the point are taken.
    multiplicity: usize,
}

/// Places that are worth the same; degrees over the base.
#[derive(Clone, Copy)]
struct Kind {
    degree: usize,
    multiplicity: usize,
    ands: usize,
}

impl Kind {
    /// The number of coefficients of a product that are known from those at the place.
    fn worth(self) -> usize {
        self.degree * self.multiplicity
    }
}

impl Place {
    /// Places whose worth adds up to at least `worth`, for as few ANDs as possible. The base has `2^base` elements, and
    /// only extensions of degrees below `below` are used.
    pub(super) fn cheapest(base: usize, worth: usize, below: usize) -> Vec<Place> {
        let mut chosen = vec![[0; HIGHEST_MULTIPLICITY + 1]; below.max(2)];
        for kind in cheapest_kinds(base, worth, below).1 {
            chosen[kind.degree][kind.multiplicity] += 1;
        }
        let mut places = Vec::new();
        for (degree, counts) in
            chosen.iter().enumerate().skip(1).filter(|(_, counts)| counts.iter().any(|n| *n > 0))
        {
            let field = BinaryField::of_degree(base * degree);
            let multiplicities =
                (1..).zip(&counts[1..]).flat_map(|(multiplicity, count)| vec![multiplicity; *count]);
            let infinity = (degree == 1).then_some(None);
            let points = points(&field, base, degree).map(Some).chain(infinity);
            places.extend(points.zip(multiplicities).map(|(point, multiplicity)| Place {
                field: field.clone(),
                point,
                multiplicity,
            }));
        }
        places
    }

    /// The bits of a value at this place.
    fn width(&self) -> usize {
        self.field.degree() * self.multiplicity
    }

    /// Evaluates a polynomial of `length` coefficients in the base, which has the basis 1 and, if it is GF(4), the cube
    /// root of one.
    pub(super) fn evaluation(&self, base: usize, length: usize) -> Matrix {
        let mut basis = vec![self.field.one()];
        if base == 2 {
            basis.push(self.field.cube_root_of_one());
        }
        let powers = self.powers(length);
        let images: Vec<Row> = (0..length)
            .flat_map(|i| basis.iter().map(move |element| (i, element)))
            .map(|(i, element)| {
                let coefficients = (0..self.multiplicity).map(|t| match &powers {
                    // The t-th coefficient of x^i around the point; binomials modulo 2 are by Lucas's theorem.
                    Some(powers) if i & t == t => self.field.times(&powers[i - t], element)[0],
                    None if i + t + 1 == length => element[0],
                    _ => 0,
                });
                let shifts = (0..).step_by(self.field.degree());
                vec![coefficients.zip(shifts).map(|(coefficient, shift)| coefficient << shift).sum()]
            })
            .collect();
        Matrix::of_images(self.width(), &images)
    }

    fn powers(&self, length: usize) -> Option<Vec<Element>> {
        let point = self.point.as_ref()?;
        let powers =
            std::iter::successors(Some(self.field.one()), |power| Some(self.field.times(power, point)));
        Some(powers.take(length).collect())
    }

    /// The product of two values at this place: truncated power series, by Karatsuba's method.
    #[track_caller]
    pub(super) fn multiply<'b>(&self, a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
        let degree = self.field.degree();
        let part = |factor: &Bits<'b>, t: usize| factor.slice(degree * t..degree * (t + 1));
        let product = |t: usize| self.field.multiply(&part(a, t), &part(b, t));
        let diagonal: Vec<Bits<'b>> = (0..self.multiplicity).map(product).collect();
        let cross = |t: usize| {
            let sums = [a, b].map(|factor| part(factor, 0) ^ part(factor, t));
            self.field.multiply(&sums[0], &sums[1]) ^ &diagonal[0] ^ &diagonal[t]
        };
        match self.multiplicity {
            1 => diagonal[0].clone(),
            2 => diagonal[0].concat(&cross(1)),
            _ => diagonal[0].concat(&cross(1)).concat(&(cross(2) ^ &diagonal[1])),
        }
    }
}

/// The ANDs of the cheapest places.
pub(super) fn cheapest_ands(base: usize, worth: usize, below: usize) -> usize {
    cheapest_kinds(base, worth, below).0
}

/// A knapsack: place by place, the cheapest way to every total worth, where more than `worth` counts as that.
fn cheapest_kinds(base: usize, worth: usize, below: usize) -> (usize, Vec<Kind>) {
    let mut best: Vec<Option<(usize, Vec<Kind>)>> = vec![None; worth + 1];
    best[0] = Some((0, Vec::new()));
    for options in menu(base, worth, below) {
        for total in (0..worth).rev() {
            let Some((ands, kinds)) = best[total].clone() else { continue };
            for option in &options {
                let reached = (total + option.worth()).min(worth);
                if best[reached].as_ref().is_none_or(|(known, _)| ands + option.ands < *known) {
                    let mut kinds = kinds.clone();
                    kinds.push(*option);
                    best[reached] = Some((ands + option.ands, kinds));
                }
            }
        }
    }
    best[worth].take().expect("the menu is long enough")
}

/// For each place the ways to use it. There is twice the worth needed, so that there is a choice.
fn menu(base: usize, worth: usize, below: usize) -> Vec<Vec<Kind>> {
    let order = 1usize << base;
    let scalar = Plan::ands(base);
    let rational = (1..=HIGHEST_MULTIPLICITY).map(|multiplicity| Kind {
        degree: 1,
        multiplicity,
        ands: (2 * multiplicity - 1) * scalar,
    });
    let mut menu = vec![rational.collect::<Vec<_>>(); order + 1];
    let mut offered = order + 1;
    for degree in (2..below).take_while(|degree| base * degree < 32) {
        if offered >= 2 * worth {
            break;
        }
        let count = count_of_degree(order, degree).min(worth / degree + 1);
        menu.extend(vec![vec![Kind { degree, multiplicity: 1, ands: Plan::ands(base * degree) }]; count]);
        offered += count * degree;
    }
    menu
}

/// The number of monic irreducible polynomials over a field (Gauss), counted by what is left of the field of that degree
/// without its subfields.
fn count_of_degree(order: usize, degree: usize) -> usize {
    let smaller = (1..degree).filter(|divisor| degree.is_multiple_of(*divisor));
    let in_subfields: usize = smaller.map(|divisor| divisor * count_of_degree(order, divisor)).sum();
    (order.pow(degree as u32) - in_subfields) / degree
}

/// One element of each class of conjugates over the base that generate the field.
fn points(field: &BinaryField, base: usize, degree: usize) -> impl Iterator<Item = Element> {
    (0..1u64 << field.degree())
        .filter(move |&number| {
            let mut conjugate = vec![number];
            (1..=degree).all(|k| {
                conjugate = field.squared(&conjugate, base);
                if k < degree { conjugate[0] > number } else { conjugate[0] == number }
            })
        })
        .map(|number| vec![number])
}
