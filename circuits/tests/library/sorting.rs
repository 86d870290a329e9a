//! Sorting networks by the 0-1 principle, sorted numbers, and the places of extremes.

use halfgate_circuits::{Builder, Party, Uint, library};
use num_bigint::BigUint;
use proptest::prelude::{any, prop, proptest};

use crate::plaintext::{and_count, cases, run, run_words};

/// Comparisons of the smallest networks known for 2 to 16 numbers, then of the best merges of them.
const COMPARISONS: [(u32, usize); 20] = [
    (2, 1),
    (3, 3),
    (4, 5),
    (5, 9),
    (6, 12),
    (7, 16),
    (8, 19),
    (9, 25),
    (10, 29),
    (11, 35),
    (12, 39),
    (13, 45),
    (14, 51),
    (15, 56),
    (16, 60),
    (17, 73),
    (24, 123),
    (32, 185),
    (33, 203),
    (64, 531),
];

#[test]
fn a_network_that_sorts_zeros_and_ones_sorts_everything() {
    for count in 2..=16u32 {
        let circuit = library::find(&format!("sort{count}x1")).unwrap();
        let column = |k: u32| (0..1u64 << count).map(|lanes| lanes >> k & 1).collect();
        let inputs: Vec<Vec<u64>> = (0..count).map(column).collect();
        let outputs = run_words(&circuit, &inputs);
        for lane in 0..1usize << count {
            let ones = lane.count_ones() as usize;
            for (k, output) in outputs.iter().enumerate() {
                assert_eq!(output[lane] == 0, k + ones < count as usize, "{count} values, {lane:b}");
            }
        }
    }
}

#[test]
fn comparisons_are_as_few_as_known() {
    let built = COMPARISONS
        .map(|(count, _)| (count, and_count(&library::find(&format!("sort{count}x8")).unwrap()) / 16));
    assert_eq!(built, COMPARISONS);
}

fn columns(rows: &[Vec<u16>]) -> Vec<Vec<BigUint>> {
    (0..rows[0].len()).map(|k| rows.iter().map(|row| row[k].into()).collect()).collect()
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn numbers_come_out_in_order(count in 2usize..70, seeds in prop::collection::vec(any::<u64>(), 30)) {
        // Few values, so that equal ones meet, as often as many.
        let row = |seed: u64| (1..=count as u64).map(move |k| {
            (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_mul(k * 2 + 1) >> (48 + seed % 16)) as u16
        });
        let mut rows: Vec<Vec<u16>> = seeds.into_iter().map(|seed| row(seed).collect()).collect();
        let inputs = columns(&rows);
        let outputs = run(&library::find(&format!("sort{count}x16")).unwrap(), &inputs);
        let least = run(&library::find(&format!("argmin{count}x16")).unwrap(), &inputs);
        let most = run(&library::find(&format!("argmax{count}x16")).unwrap(), &inputs);
        for (lane, row) in rows.iter_mut().enumerate() {
            let first = |number: u16| BigUint::from(row.iter().position(|other| *other == number).unwrap());
            let (minimum, maximum) = (*row.iter().min().unwrap(), *row.iter().max().unwrap());
            assert_eq!([&least[0][lane], &least[1][lane]], [&first(minimum), &minimum.into()], "{row:?}");
            assert_eq!([&most[0][lane], &most[1][lane]], [&first(maximum), &maximum.into()], "{row:?}");
            row.sort_unstable();
        }
        assert_eq!(outputs, columns(&rows));
    }
}

#[test]
fn rows_are_sorted_by_what_the_caller_compares() {
    let builder = Builder::new();
    let rows: [[Uint<'_>; 2]; 3] = std::array::from_fn(|row| {
        std::array::from_fn(|k| builder.input_uint(format!("r{row}{k}"), 8, Party::Garbler))
    });
    let sorted = library::sort_by(&rows, |a, b| a[1].lt(&b[1]));
    for (k, row) in sorted.iter().enumerate() {
        builder.output_uint(format!("s{k}"), &row[0]);
    }
    let inputs = [10u8, 1, 20, 3, 30, 2].map(|number| vec![BigUint::from(number)]);
    assert_eq!(
        run(&builder.finish().unwrap(), &inputs),
        [20u8, 30, 10].map(|number| vec![BigUint::from(number)])
    );
}

#[test]
fn the_place_of_an_extreme_costs_little() {
    for (name, ands) in [("argmin2x32", 64), ("argmin8x32", 7 * 64 + 2 + 2), ("argmax100x16", 3_263)] {
        assert_eq!(and_count(&library::find(name).unwrap()), ands, "{name}");
    }
}
