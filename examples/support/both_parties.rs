//! Both parties of an example in one process. Real ones have a process and a machine each: see the README.

use halfgate::circuits::{Radix, format_literal, parse_literal};
use halfgate::{Channel, Circuit, Error, Limits, Party, Reveal, Security, Session, Terms, Values, compile};

/// Runs a circuit on texts, one per input group: each party knows its own only. Gives the outputs as both learned them.
pub(crate) async fn run(
    circuit: &Circuit,
    texts: &[String],
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let program = &compile(circuit)?;
    let mut inputs = Vec::new();
    for (input, text) in circuit.inputs().iter().zip(texts) {
        let mut values = Values::new(input.group.width, 1);
        parse_literal(&input.group, text, values.lane_mut(0))?;
        inputs.push(values);
    }
    let party = async |channel, own| -> Result<Option<Vec<Values>>, Error> {
        let mut session = Session::open(channel, own, Terms::new(Security::SemiHonest)).await?;
        let owned = circuit.inputs().iter().zip(&inputs);
        let owned: Vec<_> = owned.map(|(input, values)| (input.owner == own).then_some(values)).collect();
        let outputs = session.run(program, 1, &owned, Reveal::Both).await?;
        session.finish().await?;
        Ok(outputs)
    };
    let (left, right) = Channel::memory_pair(Limits::default());
    let (garbler, evaluator) = tokio::join!(party(left, Party::Garbler), party(right, Party::Evaluator));
    let (garbler, evaluator) = (garbler?, evaluator?);
    assert!(garbler == evaluator, "both learn the same");
    let outputs = garbler.unwrap_or_default();
    Ok(circuit
        .outputs()
        .iter()
        .zip(&outputs)
        .map(|(output, values)| format_literal(&output.group, values.lane(0), Radix::Natural))
        .collect())
}

#[expect(clippy::print_stdout, reason = "an example is a command of its own")]
pub(crate) fn show(line: &str) {
    println!("{line}");
}
