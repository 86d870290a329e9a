//! In which column each symbol stands.

use std::ops::Range;

use super::graph::{Graph, Symbol, What};

/// The columns, from the inputs on the left to the outputs on the right. Every wire leads to the right.
///
/// A band of columns belongs to each AND layer: its first column has the ANDs of that layer, the others what is computed
/// from them without another AND. So the bands are the rounds of a protocol that needs one for each layer, and their
/// ANDs are those of the profile.
pub(super) struct Columns {
    /// The column of each symbol.
    pub(super) of: Vec<usize>,
    /// The columns of each band; band 0, before the first AND, begins with the inputs.
    pub(super) bands: Vec<Range<usize>>,
    /// The number of columns; the last one has the outputs.
    pub(super) count: usize,
}

impl Columns {
    pub(super) fn of(graph: &Graph) -> Self {
        let (steps, widths) = steps(graph);
        let mut starts = vec![0];
        starts.extend(widths.iter().scan(0, |end, width| {
            *end += width;
            Some(*end)
        }));
        let outputs = starts[widths.len()];
        let column = |(symbol, step): (&Symbol, usize)| match symbol.what {
            What::Output { .. } => outputs,
            _ => starts[symbol.layer as usize] + step,
        };
        let mut of: Vec<usize> = graph.symbols.iter().zip(steps).map(column).collect();
        move_right(graph, &mut of);
        without_empty(of, &starts)
    }
}

/// For each symbol how many gates lie between it and the beginning of its band, and the width of each band.
fn steps(graph: &Graph) -> (Vec<usize>, Vec<usize>) {
    let mut steps: Vec<usize> = Vec::with_capacity(graph.symbols.len());
    let mut widths = vec![1];
    for symbol in &graph.symbols {
        let band = symbol.layer as usize;
        let same = symbol.pins.iter().filter(|pin| graph.symbols[pin.from].layer == symbol.layer);
        let step = match symbol.what {
            What::Output { .. } | What::And(_) => 0,
            _ => same.map(|pin| steps[pin.from] + 1).max().unwrap_or(0),
        };
        steps.push(step);
        widths.resize(widths.len().max(band + 1), 1);
        widths[band] = widths[band].max(step + 1);
    }
    (steps, widths)
}

/// Moves gates to the right, up to what reads them, where that makes wires shorter in sum. ANDs stay in their layer.
fn move_right(graph: &Graph, of: &mut [usize]) {
    let readers = graph.readers();
    for (index, symbol) in graph.symbols.iter().enumerate().rev() {
        if !matches!(symbol.what, What::Xor(_) | What::Not(_) | What::Copy(_) | What::Constant(..)) {
            continue;
        }
        let Some(first_reader) = readers[index].iter().map(|&reader| of[reader]).min() else { continue };
        let here = of[index];
        let longer = |to: usize| -> usize {
            let mut sources: Vec<usize> = symbol.pins.iter().map(|pin| pin.from).collect();
            sources.dedup();
            let reach = |source: &usize| {
                let others = readers[*source].iter().filter(|&&reader| reader != index);
                to - others.map(|&reader| of[reader]).max().unwrap_or(0).clamp(here, to)
            };
            sources.iter().map(reach).sum()
        };
        // How much the wires grow in front of it, without those that are as long anyway, against how much the one behind it
        // shrinks.
        let gain = |to: usize| (to - here) as i64 - longer(to) as i64;
        let best = (here..first_reader).max_by_key(|&to| (gain(to), std::cmp::Reverse(to)));
        of[index] = best.unwrap_or(here);
    }
}

/// Closes the gaps that moving has left.
fn without_empty(mut of: Vec<usize>, starts: &[usize]) -> Columns {
    let last = starts[starts.len() - 1];
    let mut used = vec![false; last + 1];
    of.iter().for_each(|&column| used[column] = true);
    // The outermost columns are there even if nothing stands in them.
    (used[0], used[last]) = (true, true);
    let places: Vec<usize> = used
        .iter()
        .scan(0, |next, &used| {
            let place = *next;
            *next += usize::from(used);
            Some(place)
        })
        .collect();
    of.iter_mut().for_each(|column| *column = places[*column]);
    let bands = starts.windows(2).map(|pair| places[pair[0]]..places[pair[1]]).collect();
    Columns { of, bands, count: places[last] + 1 }
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::{Circuit, Gate, WireId, library};

    use super::super::profile::Profile;
    use super::*;

    #[test]
    fn wires_lead_to_the_right_and_bands_are_the_profiles_layers() {
        for name in ["lt8", "add4", "add1", "mul6", "div5", "compare16", "eq8", "sha256"] {
            let circuit = library::find(name).unwrap();
            let (graph, profile) = (Graph::of(&circuit), Profile::of(&circuit));
            let columns = Columns::of(&graph);
            let mut ands = vec![0; columns.bands.len() - 1];
            for (index, symbol) in graph.symbols.iter().enumerate() {
                let column = columns.of[index];
                assert!(symbol.pins.iter().all(|pin| columns.of[pin.from] < column), "{name}");
                match symbol.what {
                    What::Input { .. } => assert_eq!(column, 0, "{name}"),
                    What::Output { .. } => assert_eq!(column, columns.count - 1, "{name}"),
                    What::And(_) => {
                        assert_eq!(column, columns.bands[symbol.layer as usize].start, "{name}");
                        ands[symbol.layer as usize - 1] += 1;
                    }
                    _ => assert!(column > 0 && column < columns.count - 1, "{name}"),
                }
            }
            assert_eq!(ands, profile.layers(), "{name}");
            assert!(columns.bands.windows(2).all(|pair| pair[0].end == pair[1].start), "{name}");
            assert_eq!(columns.bands.last().unwrap().end, columns.count - 1, "{name}");
        }
    }

    #[test]
    fn a_gate_stands_where_its_wires_are_short() {
        let wire = WireId::new;
        let (inputs, mut outputs) = {
            let add = library::find("add4").unwrap();
            (add.inputs().to_vec(), add.outputs().to_vec())
        };
        (outputs[0].group.width, outputs[0].wires) = (2, vec![wire(13), wire(9)]);
        // The XORs of the first two and of the next two inputs are needed late. The first two inputs have other readers
        // that are late, so that the wire of their XOR is better short; the other XOR makes one wire of two.
        let gates = vec![
            Gate::Xor(wire(0), wire(1)),
            Gate::Xor(wire(2), wire(3)),
            Gate::And(wire(0), wire(1)),
            Gate::And(wire(10), wire(0)),
            Gate::And(wire(11), wire(1)),
            Gate::And(wire(12), wire(8)),
        ];
        let circuit = Circuit::new(inputs, gates, outputs).unwrap();
        let graph = Graph::of(&circuit);
        let columns = Columns::of(&graph);
        let column =
            |what: What| columns.of[graph.symbols.iter().position(|symbol| symbol.what == what).unwrap()];
        assert_eq!(column(What::Xor(0)), column(What::And(3)), "behind it an input would need a longer wire");
        assert_eq!(column(What::Xor(1)), 1, "one wire is shorter than two");
    }
}
