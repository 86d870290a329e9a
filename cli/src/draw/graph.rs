//! What is drawn of a circuit: its symbols, and what each of their pins reads.

use halfgate::circuits::{Circuit, Gate, WireId};

use super::profile::and_layers;

/// The symbols of a circuit, each behind those that it reads: input bits, gates in their order, output bits.
pub(super) struct Graph {
    pub(super) symbols: Vec<Symbol>,
}

/// One symbol of the drawing.
pub(super) struct Symbol {
    pub(super) what: What,
    pub(super) pins: Vec<Pin>,
    /// The number of ANDs on the longest path to it, itself included.
    pub(super) layer: u32,
}

/// What a symbol stands for; gates have their place in the circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Input { group: usize, bit: usize },
    And(usize),
    Xor(usize),
    Not(usize),
    Copy(usize),
    Constant(usize, bool),
    Output { group: usize, bit: usize },
}

/// What a pin reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pin {
    /// The symbol whose value it is.
    pub(super) from: usize,
    /// The NOT gate that stands at the pin as a bubble, if there is one.
    pub(super) not: Option<usize>,
}

impl Graph {
    /// Each gate has one place in the drawing: a NOT that only one gate or output reads is a bubble there, which
    /// spares a symbol and a column; all others are symbols.
    pub(super) fn of(circuit: &Circuit) -> Self {
        let (bubbles, layers) = (bubbles(circuit), and_layers(circuit));
        let mut graph = Graph { symbols: Vec::with_capacity(circuit.wire_count() + circuit.output_width()) };
        // What a pin that reads a wire is connected with.
        let mut pins = Vec::with_capacity(circuit.wire_count());
        for (group, input) in circuit.inputs().iter().enumerate() {
            for bit in 0..input.group.width as usize {
                pins.push(graph.add(What::Input { group, bit }, Vec::new(), 0));
            }
        }
        for (index, gate) in circuit.gates().iter().enumerate() {
            let (what, reads) = what(index, gate);
            let reads: Vec<Pin> = reads.into_iter().map(|wire| pins[wire.index()]).collect();
            pins.push(match reads[..] {
                [Pin { from, .. }] if bubbles[index] => Pin { from, not: Some(index) },
                _ => graph.add(what, reads, layers[pins.len()]),
            });
        }
        for (group, output) in circuit.outputs().iter().enumerate() {
            for (bit, wire) in output.wires.iter().enumerate() {
                graph.add(What::Output { group, bit }, vec![pins[wire.index()]], layers[wire.index()]);
            }
        }
        graph
    }

    fn add(&mut self, what: What, pins: Vec<Pin>, layer: u32) -> Pin {
        self.symbols.push(Symbol { what, pins, layer });
        Pin { from: self.symbols.len() - 1, not: None }
    }

    /// For each symbol the symbols that read it, once for each pin.
    pub(super) fn readers(&self) -> Vec<Vec<usize>> {
        let mut readers = vec![Vec::new(); self.symbols.len()];
        for (index, symbol) in self.symbols.iter().enumerate() {
            for pin in &symbol.pins {
                readers[pin.from].push(index);
            }
        }
        readers
    }
}

fn what(index: usize, gate: &Gate) -> (What, Vec<WireId>) {
    match *gate {
        Gate::And(a, b) => (What::And(index), vec![a, b]),
        Gate::Xor(a, b) => (What::Xor(index), vec![a, b]),
        Gate::Not(a) => (What::Not(index), vec![a]),
        Gate::Copy(a) => (What::Copy(index), vec![a]),
        Gate::Constant(value) => (What::Constant(index, value), Vec::new()),
    }
}

/// Which gates are NOTs that one pin reads, and not that of another NOT: two bubbles at a pin could not be told apart.
fn bubbles(circuit: &Circuit) -> Vec<bool> {
    let inputs = circuit.input_width();
    let mut reads = vec![0_u32; circuit.wire_count()];
    for (index, gate) in circuit.gates().iter().enumerate() {
        // What a NOT reads is no bubble, as if others read it, too.
        let weight = if matches!(gate, Gate::Not(_)) { 2 } else { 1 };
        what(index, gate).1.iter().for_each(|wire| reads[wire.index()] += weight);
    }
    for wire in circuit.outputs().iter().flat_map(|output| &output.wires) {
        reads[wire.index()] += 1;
    }
    let is_bubble =
        |(index, gate): (usize, &Gate)| matches!(gate, Gate::Not(_)) && reads[inputs + index] == 1;
    circuit.gates().iter().enumerate().map(is_bubble).collect()
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::{Output, library};

    use super::*;

    /// Whose gates are all there, as symbols or bubbles, each once.
    fn gates(graph: &Graph) -> Vec<usize> {
        let symbols = graph.symbols.iter().filter_map(|symbol| match symbol.what {
            What::And(gate) | What::Xor(gate) | What::Not(gate) | What::Copy(gate) => Some(gate),
            What::Constant(gate, _) => Some(gate),
            What::Input { .. } | What::Output { .. } => None,
        });
        let pins = graph.symbols.iter().flat_map(|symbol| &symbol.pins);
        let mut gates: Vec<_> = symbols.chain(pins.filter_map(|pin| pin.not)).collect();
        gates.sort_unstable();
        gates
    }

    #[test]
    fn every_gate_has_one_place() {
        for name in ["lt8", "add4", "mul4", "aes128", "compare8", "div8"] {
            let circuit = library::find(name).unwrap();
            let graph = Graph::of(&circuit);
            assert!(gates(&graph).into_iter().eq(0..circuit.gates().len()), "{name}");
            for (index, symbol) in graph.symbols.iter().enumerate() {
                assert!(symbol.pins.iter().all(|pin| pin.from < index), "{name}");
            }
        }
    }

    #[test]
    fn a_not_is_a_bubble_only_where_one_pin_reads_it() {
        let wire = WireId::new;
        let input = library::find("add1").unwrap().inputs()[0].clone();
        let output = |wires: Vec<WireId>| {
            let mut output = library::find("add1").unwrap().outputs()[0].clone();
            output.group.width = wires.len() as u32;
            Output { wires, ..output }
        };
        let not = Gate::Not(wire(0));
        let nots = |gates: Vec<Gate>, outputs: Vec<WireId>| {
            let circuit = Circuit::new(vec![input.clone()], gates, vec![output(outputs)]).unwrap();
            let graph = Graph::of(&circuit);
            graph.symbols.iter().filter(|symbol| matches!(symbol.what, What::Not(_))).count()
        };
        assert_eq!(nots(vec![not], vec![wire(1)]), 0);
        assert_eq!(nots(vec![not], vec![wire(1), wire(1)]), 1, "two readers");
        assert_eq!(nots(vec![not], vec![wire(0)]), 1, "no reader");
        assert_eq!(nots(vec![not, Gate::And(wire(0), wire(1))], vec![wire(2)]), 0);
        assert_eq!(nots(vec![not, Gate::And(wire(1), wire(1))], vec![wire(2)]), 1, "both pins");
        assert_eq!(nots(vec![not, Gate::Not(wire(1))], vec![wire(2)]), 1, "a NOT of a NOT");
    }
}
