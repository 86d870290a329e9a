//! Lookups and permutations against plain indexing.

use halfgate_circuits::library::{
    self, lookup_constants, one_hot, permutation_switches, switches_of_permutation,
};
use halfgate_circuits::{Builder, Party};
use num_bigint::BigUint;
use proptest::prelude::{Just, Strategy, any, prop, proptest};

use crate::plaintext::{and_count, cases, circuit_of, run};

fn numbers(range: std::ops::Range<usize>) -> Vec<BigUint> {
    range.map(BigUint::from).collect()
}

#[test]
fn one_line_is_hot_for_the_fewest_ands() {
    for n in 1..=10usize {
        let circuit = circuit_of(n, 1, |index, _| one_hot(index));
        assert_eq!(and_count(&circuit), (1 << n) - n - 1, "{n} bits");
        let expected: Vec<_> = (0..1usize << n).map(|line| BigUint::from(1u8) << line).collect();
        assert_eq!(
            run(&circuit, &[numbers(0..1 << n), numbers(0..1 << n).iter().map(|_| BigUint::ZERO).collect()]),
            [expected]
        );
    }
}

#[test]
fn a_shared_index_is_decoded() {
    let outputs = run(&library::find("onehot4").unwrap(), &[vec![0b1010u8.into()], vec![0b0110u8.into()]]);
    assert_eq!(outputs, [[BigUint::from(1u32 << 0b1100)]]);
}

#[test]
fn tables_of_inputs_cost_a_choice_per_value_but_one() {
    for (count, width) in [(2usize, 1usize), (3, 5), (16, 32), (17, 8), (100, 3)] {
        let circuit = library::find(&format!("lookup{count}x{width}")).unwrap();
        assert_eq!(and_count(&circuit), (count - 1) * width, "{count} values");
        let mask = (1usize << width) - 1;
        let value = |lane: usize, i: usize| (lane * 7 + i * 13) & mask;
        let column = |i: usize| (0..count).map(|lane| BigUint::from(value(lane, i))).collect();
        let inputs: Vec<Vec<BigUint>> = (0..count).map(column).chain([numbers(0..count)]).collect();
        let expected: Vec<_> = (0..count).map(|lane| BigUint::from(value(lane, lane))).collect();
        assert_eq!(run(&circuit, &inputs), [expected], "{count} values");
    }
}

#[test]
fn tables_of_constants_cost_no_more_than_their_lines() {
    // An S-box, the squares, one bit, and a table that ends early.
    for (length, width, factor, ands) in
        [(256u64, 8usize, 167u64, 81), (16, 8, 0, 11), (1024, 1, 99, 57), (5, 64, 3, 4)]
    {
        let table: Vec<u64> = (0..length)
            .map(|i| if factor == 0 { i * i } else { (i * factor).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40 })
            .map(|value| if width == 64 { value } else { value % (1 << width) })
            .collect();
        let index = length.next_power_of_two().trailing_zeros() as usize;
        let circuit = circuit_of(index, 1, |index, _| lookup_constants(&table, width, index));
        assert!(
            and_count(&circuit) <= ands,
            "{} ANDs for {length} values of {width} bits",
            and_count(&circuit)
        );
        let all = 1usize << index;
        let expected: Vec<_> = (0..all).map(|i| BigUint::from(table.get(i).copied().unwrap_or(0))).collect();
        assert_eq!(run(&circuit, &[numbers(0..all), vec![BigUint::ZERO; all]]), [expected]);
    }
}

fn permutation() -> impl Strategy<Value = Vec<usize>> {
    (1..40usize).prop_flat_map(|count| Just((0..count).collect::<Vec<_>>()).prop_shuffle())
}

/// Values and switches as inputs; values of 7 bits.
fn permuted(permutation: &[usize], values: &[u8], switches: &[bool]) -> Vec<u8> {
    let builder = Builder::new();
    let count = u32::try_from(permutation.len()).unwrap();
    let table = builder.input_bits("values", 7 * count, Party::Garbler);
    let wires: Vec<_> =
        (0..switches.len()).map(|k| builder.input_bit(format!("switch{k}"), Party::Evaluator)).collect();
    let table: Vec<_> = (0..permutation.len()).map(|i| table.slice(7 * i..7 * (i + 1))).collect();
    for (i, value) in library::permute(&table, &wires).iter().enumerate() {
        builder.output_bits(format!("value{i}"), value);
    }
    let circuit = builder.finish().unwrap();
    assert_eq!(and_count(&circuit), 7 * switches.len());
    let table = values
        .iter()
        .enumerate()
        .fold(BigUint::ZERO, |sum, (i, value)| sum | BigUint::from(*value) << (7 * i));
    let inputs: Vec<_> = [table]
        .into_iter()
        .chain(switches.iter().map(|switch| BigUint::from(*switch)))
        .map(|n| vec![n])
        .collect();
    run(&circuit, &inputs).iter().map(|lane| u8::try_from(&lane[0]).unwrap()).collect()
}

#[test]
fn every_permutation_of_up_to_six_values_has_switches() {
    for count in 0..=6 {
        let mut order: Vec<usize> = (0..count).collect();
        let values: Vec<u8> = (0..count as u8).map(|k| 100 - 3 * k).collect();
        loop {
            let switches = switches_of_permutation(&order).unwrap();
            assert_eq!(switches.len(), permutation_switches(count));
            let expected: Vec<u8> = order.iter().map(|&from| values[from]).collect();
            assert_eq!(permuted(&order, &values, &switches), expected, "{order:?}");
            if !advance(&mut order) {
                break;
            }
        }
    }
}

/// The next permutation in lexical order.
fn advance(order: &mut [usize]) -> bool {
    let Some(fall) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let next = order.iter().rposition(|&value| value > order[fall]).unwrap();
    order.swap(fall, next);
    order[fall + 1..].reverse();
    true
}

#[test]
fn switches_are_as_many_as_waksman_says() {
    for n in 0..200usize {
        let expected: u32 = (1..=n).map(|i| i.next_power_of_two().trailing_zeros()).sum();
        assert_eq!(permutation_switches(n), expected as usize);
    }
    assert_eq!(and_count(&library::find("permute16x32").unwrap()), (16 * 4 - 16 + 1) * 32);
}

#[test]
fn what_is_no_permutation_has_no_switches() {
    for order in [&[1][..], &[0, 0], &[0, 2], &[2, 1, 0, 2]] {
        assert_eq!(switches_of_permutation(order), None);
    }
}

#[test]
#[should_panic(expected = "3 values are permuted by 3 switches, not 2")]
fn too_few_switches() {
    let builder = Builder::new();
    let value = builder.input_bits("value", 1, Party::Garbler);
    library::permute(&[value.clone(), value.clone(), value.clone()], &[value[0], value[0]]);
}

#[test]
#[should_panic(expected = "an index of 2 bits does not reach 5 values")]
fn index_too_short() {
    let builder = Builder::new();
    let index = builder.input_bits("index", 2, Party::Garbler);
    lookup_constants(&[0; 5], 1, &index);
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn permutations_have_switches(order in permutation(), values in prop::collection::vec(0..128u8, 40)) {
        let switches = switches_of_permutation(&order).unwrap();
        let expected: Vec<u8> = order.iter().map(|&from| values[from]).collect();
        assert_eq!(permuted(&order, &values[..order.len()], &switches), expected);
    }

    /// Any switches at all move values and lose none.
    #[test]
    fn switches_permute(count in 1..40usize, bits in prop::collection::vec(any::<bool>(), 250)) {
        let values: Vec<u8> = (0..count as u8).collect();
        let mut moved = permuted(&vec![0; count], &values, &bits[..permutation_switches(count)]);
        moved.sort_unstable();
        assert_eq!(moved, values);
    }
}
