//! A bank's secret scorecard on an applicant's secret figures: both learn only the grade, 0 (best) to 3.
//!
//! The score is a weighted sum of five figures, the income among them capped, and the grade the number of secret
//! thresholds that the score exceeds.

#[path = "support/both_parties.rs"]
mod both_parties;

use halfgate::circuits::CircuitError;
use halfgate::circuits::typed::{Int, Uint};
use halfgate::{Circuit, Party};

const FIGURES: usize = 5;
const GRADES: usize = 3;

/// What an applicant may earn without a better score, in thousands.
const CAP: i128 = 250;

type Figure<'b> = Int<'b, 12>;
type Score<'b> = Int<'b, 24>;

/// Weights are whole hundredths and may be negative.
fn score<'b>(weights: &[Int<'b, 10>; FIGURES], figures: &[Figure<'b>; FIGURES]) -> Score<'b> {
    let cap = Figure::constant(weights[0].is_negative().builder(), CAP);
    let capped = [figures[0].min(&cap)];
    let figures = capped.iter().chain(&figures[1..]);
    let terms =
        weights.iter().zip(figures).map(|(weight, figure)| weight.extend::<24>() * figure.extend::<24>());
    terms.reduce(|sum, term| sum + term).expect("there are figures")
}

fn grade<'b>(score: &Score<'b>, thresholds: &[Score<'b>; GRADES]) -> Uint<'b, 2> {
    let exceeded = thresholds.each_ref().map(|threshold| score.gt(threshold));
    // Three bits are counted by one full adder: one AND.
    let [a, b, c] = exceeded;
    let carry = ((a ^ c) & (b ^ c)) ^ c;
    halfgate::circuits::typed::Value::from_bits(a.builder().bits([a ^ b ^ c, carry]))
}

fn circuit() -> Result<Circuit, CircuitError> {
    Circuit::build(|builder| {
        let weights = std::array::from_fn(|k| builder.input_value(format!("weight{k}"), Party::Garbler));
        let thresholds =
            std::array::from_fn(|k| builder.input_value(format!("threshold{k}"), Party::Garbler));
        let figures = std::array::from_fn(|k| builder.input_value(format!("figure{k}"), Party::Evaluator));
        builder.output_value("grade", &grade(&score(&weights, &figures), &thresholds));
    })
}

fn texts(weights: [i32; FIGURES], thresholds: [i32; GRADES], figures: [i32; FIGURES]) -> Vec<String> {
    weights.iter().chain(&thresholds).chain(&figures).map(i32::to_string).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bank = ([-120, 310, 45, -80, 250], [5_000, 12_000, 30_000]);
    let applicant = [180, 95, 2, 40, 11];
    let outputs = both_parties::run(&circuit()?, &texts(bank.0, bank.1, applicant)).await?;
    both_parties::show(&format!("grade {}", outputs[0]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CAP, both_parties, circuit, texts};

    #[tokio::test]
    async fn grades_count_thresholds() {
        for seed in 0..20_i32 {
            let number =
                |k: i32, below: i32| (seed * 31 + k).wrapping_mul(0x2545_f491).rem_euclid(2 * below) - below;
            let weights: [i32; 5] = std::array::from_fn(|k| number(k as i32, 512));
            let figures: [i32; 5] = std::array::from_fn(|k| number(50 + k as i32, 2048));
            let capped = figures[0].min(CAP as i32);
            let score = weights[0] * capped + (1..5).map(|k| weights[k] * figures[k]).sum::<i32>();
            let thresholds = [score - 1, score, number(99, 8_000_000)];
            let grade = thresholds.iter().filter(|&&threshold| score > threshold).count();
            let outputs =
                both_parties::run(&circuit().unwrap(), &texts(weights, thresholds, figures)).await.unwrap();
            assert_eq!(outputs, [grade.to_string()]);
        }
    }
}
