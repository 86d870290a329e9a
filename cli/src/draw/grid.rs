//! Symbols and the wires that pass between them, column by column.

use super::columns::Columns;
use super::graph::Graph;

/// What stands in the columns, and in which order from the top.
#[derive(Clone)]
pub(super) struct Grid {
    pub(super) nodes: Vec<Node>,
    /// The nodes of each column from the top.
    pub(super) columns: Vec<Vec<usize>>,
}

/// A symbol, or the place where a wire passes a column.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) what: Stand,
    pub(super) column: usize,
    /// Nodes of the column before, one for each pin of a symbol.
    pub(super) before: Vec<usize>,
    /// Nodes of the column behind.
    pub(super) after: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// The symbol with this index.
    Symbol(usize),
    /// The wire that comes from the symbol with this index.
    Wire(usize),
}

impl Grid {
    /// Symbols have the indices of the graph. A wire passes a column once, however many read it behind that.
    pub(super) fn new(graph: &Graph, columns: &Columns) -> Self {
        let mut grid = Grid { nodes: Vec::new(), columns: vec![Vec::new(); columns.count] };
        for index in 0..graph.symbols.len() {
            grid.add(Stand::Symbol(index), columns.of[index]);
        }
        for (source, mut readers) in graph.readers().into_iter().enumerate() {
            readers.sort_by_key(|&reader| (columns.of[reader], reader));
            let mut end = source;
            for reader in readers {
                while grid.nodes[end].column + 1 < columns.of[reader] {
                    let next = grid.add(Stand::Wire(source), grid.nodes[end].column + 1);
                    grid.connect(end, next);
                    end = next;
                }
                grid.connect(end, reader);
            }
        }
        for (index, symbol) in graph.symbols.iter().enumerate() {
            let mut nodes = std::mem::take(&mut grid.nodes[index].before);
            let mut in_pin_order = Vec::with_capacity(nodes.len());
            for pin in &symbol.pins {
                let of_pin = |&node: &usize| grid.source(node) == pin.from;
                in_pin_order.extend(nodes.iter().position(of_pin).map(|place| nodes.remove(place)));
            }
            grid.nodes[index].before = in_pin_order;
        }
        grid
    }

    fn add(&mut self, what: Stand, column: usize) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node { what, column, before: Vec::new(), after: Vec::new() });
        self.columns[column].push(index);
        index
    }

    fn connect(&mut self, from: usize, to: usize) {
        self.nodes[from].after.push(to);
        self.nodes[to].before.push(from);
    }

    /// The symbol whose value a node carries.
    pub(super) fn source(&self, node: usize) -> usize {
        match self.nodes[node].what {
            Stand::Symbol(symbol) | Stand::Wire(symbol) => symbol,
        }
    }

    /// The place of each node in its column.
    pub(super) fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.nodes.len()];
        for column in &self.columns {
            column.iter().enumerate().for_each(|(place, &node)| places[node] = place);
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::library;

    use super::*;

    #[test]
    fn wires_go_from_column_to_column_and_arrive_at_their_pins() {
        for name in ["lt8", "add4", "mul6", "div5", "compare16"] {
            let graph = Graph::of(&library::find(name).unwrap());
            let grid = Grid::new(&graph, &Columns::of(&graph));
            for node in &grid.nodes {
                assert!(node.before.iter().all(|&before| grid.nodes[before].column + 1 == node.column));
                assert!(node.after.iter().all(|&after| grid.nodes[after].column == node.column + 1));
                if let Stand::Wire(source) = node.what {
                    assert!(node.before.len() == 1 && grid.source(node.before[0]) == source);
                    assert!(!node.after.is_empty(), "a wire ends in the air");
                }
            }
            for (symbol, node) in graph.symbols.iter().zip(&grid.nodes) {
                let sources: Vec<_> = node.before.iter().map(|&before| grid.source(before)).collect();
                assert!(symbol.pins.iter().map(|pin| pin.from).eq(sources), "{name}");
            }
            // One wire of a source in a column.
            let mut passing: Vec<_> =
                grid.nodes.iter().map(|node| (node.column, node.what)).map(|of| format!("{of:?}")).collect();
            let all = passing.len();
            passing.sort();
            passing.dedup();
            assert_eq!(passing.len(), all, "{name}");
        }
    }
}
