use halfgate_circuits::{Circuit, Values};
use halfgate_compiler::{evaluate, schedule};

/// The outputs of a circuit, one list of numbers per lane, for inputs of at most 64 bits.
pub(crate) fn compute(circuit: &Circuit, lanes: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let inputs: Vec<_> = circuit
        .inputs()
        .iter()
        .enumerate()
        .map(|(index, input)| {
            let mut values = Values::new(input.group.width, lanes.len());
            for (lane, numbers) in lanes.iter().enumerate() {
                (0..input.group.width)
                    .for_each(|bit| values.set_bit(lane, bit, numbers[index] >> bit & 1 == 1));
            }
            values
        })
        .collect();
    let outputs = evaluate(&schedule(circuit).unwrap(), &inputs).unwrap();
    let number =
        |values: &Values, lane| (0..values.width()).map(|bit| u64::from(values.bit(lane, bit)) << bit).sum();
    (0..lanes.len()).map(|lane| outputs.iter().map(|values| number(values, lane)).collect()).collect()
}

/// Numbers that look random, all of them the same in every run.
pub(crate) fn random_lanes(circuit: &Circuit, lanes: usize) -> Vec<Vec<u64>> {
    let inputs = halfgate_compiler::random::inputs(7, circuit, lanes);
    let number =
        |values: &Values, lane| (0..values.width()).map(|bit| u64::from(values.bit(lane, bit)) << bit).sum();
    (0..lanes).map(|lane| inputs.iter().map(|values| number(values, lane)).collect()).collect()
}
