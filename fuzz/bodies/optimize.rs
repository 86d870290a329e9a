use halfgate::circuits::{Gate, Group, Input, Output, WireId};
use halfgate::compiler::{Effort, Optimizer, ProofLimits, Verdict, prove};
use halfgate::{Circuit, Party};

/// The most gates, so that a run is fast.
const GATES: usize = 150;

/// Makes a circuit of the bytes, optimises it with the effort that the first byte says, and compares the two: on all
/// inputs, and by the solver alone.
pub(crate) fn body(data: &[u8]) {
    let Some((&[first, second], gates)) = data.split_first_chunk() else { return };
    let circuit = circuit(1 + u32::from(second) % 10, gates);
    let effort = Effort::from_level(first % 3).expect("a level below three");
    let optimized = Optimizer::new(effort).run(&circuit, &mut |_| ()).circuit;
    assert_eq!(optimized.inputs(), circuit.inputs());
    let tried = prove(&circuit, &optimized, ProofLimits::default(), &mut |_| ()).expect("few wires");
    assert!(is_proved(&tried), "the optimiser changed the function: {tried:?}");
    let solver_alone = ProofLimits { exhaustive_bits: 0, vectors: 1, ..ProofLimits::default() };
    let proved = prove(&circuit, &optimized, solver_alone, &mut |_| ()).expect("few wires");
    assert!(is_proved(&proved), "equal, but the solver says {proved:?}");
}

fn is_proved(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Equal(equality) if equality.is_proved())
}

/// Three bytes make a gate: its kind, and how far back its operands are.
fn circuit(inputs: u32, data: &[u8]) -> Circuit {
    let mut gates = Vec::new();
    for &[kind, a, b] in data.as_chunks().0.iter().take(GATES) {
        let wires = inputs + gates.len() as u32;
        let [a, b] = [a, b].map(|back| WireId::new(wires - 1 - u32::from(back) % wires));
        gates.push(match kind % 8 {
            0..3 => Gate::And(a, b),
            3..6 => Gate::Xor(a, b),
            6 => Gate::Not(a),
            _ if kind < 128 => Gate::Copy(a),
            _ => Gate::Constant(kind % 16 == 15),
        });
    }
    let wires = inputs + gates.len() as u32;
    let outputs: Vec<_> = (wires.saturating_sub(6)..wires).map(WireId::new).collect();
    let input = Input { group: Group::uint("x", inputs), owner: Party::Garbler };
    let output = Output { group: Group::uint("y", outputs.len() as u32), wires: outputs };
    Circuit::new(vec![input], gates, vec![output]).expect("operands stand before their gate")
}
