use super::field::BinaryField;
use super::matrix::{Matrix, Row};
use super::places::{Place, cheapest_ands};
use crate::Bits;

/// How elements of a field are multiplied: evaluated at places, multiplied there, interpolated.
pub(super) struct Plan {
    places: Vec<(Place, Matrix)>,
    interpolation: Matrix,
}

/// Elements are polynomials over this field, as the logarithm of its order: GF(4) where it is a subfield and not nearly
/// all of it.
fn base(degree: usize) -> usize {
    if degree.is_multiple_of(2) && degree > 2 { 2 } else { 1 }
}

impl Plan {
    /// The ANDs of a product in a field of this degree.
    pub(super) fn ands(degree: usize) -> usize {
        let length = degree / base(degree);
        if degree == 1 { 1 } else { cheapest_ands(base(degree), 2 * length - 1, length) }
    }

    /// For a field of degree 2 or more.
    pub(super) fn new(field: &BinaryField) -> Self {
        let base = base(field.degree());
        let length = field.degree() / base;
        let places = Place::cheapest(base, 2 * length - 1, length);

        let elements = polynomial_basis(field, base, 2 * length - 1);
        let to_element = Matrix::of_images(field.degree(), &elements);
        let coefficients = Matrix::of_images(field.degree(), &elements[..field.degree()])
            .left_inverse()
            .expect("an element of full degree has independent powers");
        let values = places.iter().map(|place| place.evaluation(base, 2 * length - 1));
        let to_product = Matrix::stacked(values, base * (2 * length - 1))
            .left_inverse()
            .expect("a polynomial is determined by values worth its length");
        let factors: Vec<Matrix> =
            places.iter().map(|place| place.evaluation(base, length).after(&coefficients)).collect();
        Plan {
            places: places.into_iter().zip(factors).collect(),
            interpolation: to_element.after(&to_product),
        }
    }

    #[track_caller]
    pub(super) fn multiply<'b>(&self, a: &Bits<'b>, b: &Bits<'b>) -> Bits<'b> {
        let products = self
            .places
            .iter()
            .map(|(place, evaluation)| place.multiply(&evaluation.apply(a), &evaluation.apply(b)));
        let products =
            products.reduce(|low, high| low.concat(&high)).expect("there are at least three places");
        self.interpolation.apply(&products)
    }
}

/// The powers of `x`, each times the basis of the base field.
fn polynomial_basis(field: &BinaryField, base: usize, length: usize) -> Vec<Row> {
    let mut scalars = vec![field.one()];
    if base == 2 {
        scalars.push(field.cube_root_of_one());
    }
    let powers = std::iter::successors(Some(field.one()), |power| Some(field.times(power, &field.x())));
    let multiples = powers
        .take(length)
        .flat_map(|power| scalars.iter().map(|scalar| field.times(scalar, &power)).collect::<Vec<_>>());
    multiples.collect()
}
