//! What repeated measurements say.

use serde::{Deserialize, Serialize};

use super::report::Unit;

/// The median of some runs and their spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) lower_quartile: f64,
    pub(crate) upper_quartile: f64,
    pub(crate) max: f64,
    pub(crate) runs: usize,
}

impl Figure {
    /// Of at least one run.
    ///
    /// # Panics
    /// If there are none: a row without a measurement is no row.
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "a figure is of at least one run");
        values.sort_by(f64::total_cmp);
        Figure {
            median: quantile(&values, 0.5),
            min: values[0],
            lower_quartile: quantile(&values, 0.25),
            upper_quartile: quantile(&values, 0.75),
            max: values[values.len() - 1],
            runs: values.len(),
        }
    }

    /// Of a number that is counted, not measured.
    pub(crate) fn exact(value: f64) -> Self {
        Figure::of(vec![value])
    }

    /// Each run through `f`: a rate from a time, another unit.
    pub(crate) fn of_each(values: &[f64], f: impl Fn(f64) -> f64) -> Self {
        Figure::of(values.iter().map(|&value| f(value)).collect())
    }

    /// The best run.
    pub(crate) fn best(&self, unit: Unit) -> f64 {
        if unit.is_rate() { self.max } else { self.min }
    }

    /// Whether all runs of this figure lie on one side of all runs of the other.
    pub(crate) fn is_apart_from(&self, other: &Figure) -> bool {
        self.min > other.max || self.max < other.min
    }
}

/// Between the two values beside it, if it falls between two.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn medians_and_quartiles_of_odd_and_even_numbers_of_runs() {
        let odd = Figure::of(vec![5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!((odd.min, odd.lower_quartile, odd.median), (1.0, 2.0, 3.0));
        assert_eq!((odd.upper_quartile, odd.max, odd.runs), (4.0, 5.0, 5));
        let even = Figure::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!((even.lower_quartile, even.median, even.upper_quartile), (1.75, 2.5, 3.25));
        let one = Figure::exact(7.0);
        assert_eq!((one.min, one.median, one.max, one.runs), (7.0, 7.0, 7.0, 1));
    }

    #[test]
    fn one_slow_run_moves_neither_median_nor_quartiles() {
        let calm = Figure::of(vec![10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6]);
        let disturbed = Figure::of(vec![10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 99.0]);
        let inner = |figure: &Figure| [figure.lower_quartile, figure.median, figure.upper_quartile];
        assert_eq!(inner(&calm), inner(&disturbed));
    }

    #[test]
    fn figures_are_apart_only_if_no_run_of_one_lies_among_the_other() {
        let figure = |values: [f64; 3]| Figure::of(values.to_vec());
        assert!(figure([1.0, 2.0, 3.0]).is_apart_from(&figure([3.1, 4.0, 5.0])));
        assert!(figure([3.1, 4.0, 5.0]).is_apart_from(&figure([1.0, 2.0, 3.0])));
        assert!(!figure([1.0, 2.0, 3.2]).is_apart_from(&figure([3.1, 4.0, 5.0])));
        assert!(!figure([1.0, 2.0, 3.0]).is_apart_from(&figure([1.0, 2.0, 3.0])));
    }
}
