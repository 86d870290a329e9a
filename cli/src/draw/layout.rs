//! Where everything is in the drawing of a circuit.

use halfgate::circuits::Circuit;

use super::columns::Columns;
use super::graph::{Graph, What};
use super::grid::Grid;
use super::symbols::{BUBBLE, GATE, PIN, pin_width, reach};
use super::text::bit_name;
use super::{heights, order};

/// The least room between columns.
pub(super) const GAP: f64 = 30.0;

/// The places of symbols and wires, in pixels.
pub(super) struct Layout {
    pub(super) graph: Graph,
    pub(super) columns: Columns,
    /// The first nodes are the symbols of the graph.
    pub(super) grid: Grid,
    /// How far from the top each node is.
    pub(super) heights: Vec<f64>,
    /// The edges of each column.
    pub(super) left: Vec<f64>,
    pub(super) right: Vec<f64>,
}

impl Layout {
    pub(super) fn of(circuit: &Circuit) -> Self {
        let graph = Graph::of(circuit);
        let columns = Columns::of(&graph);
        let mut grid = Grid::new(&graph, &columns);
        // Groups one after the other, or bit by bit, as arithmetic wants it.
        let mut bit_by_bit = grid.columns[0].clone();
        bit_by_bit.sort_by_key(|&node| match graph.symbols[grid.source(node)].what {
            What::Input { group, bit } => (bit, group),
            _ => (usize::MAX, 0),
        });
        order::sort(&mut grid, bit_by_bit);
        let heights = heights::heights(&grid);
        let (left, right) = edges(&widths(circuit, &graph, &columns), &grid, &heights);
        Layout { graph, columns, grid, heights, left, right }
    }

    /// How wide and how high all is, from the edges of the outermost columns and from the first to the last height.
    pub(super) fn size(&self) -> (f64, f64) {
        let largest = |numbers: &[f64]| numbers.iter().copied().fold(0.0, f64::max);
        (largest(&self.right), largest(&self.heights))
    }

    /// Where the middle of a gate is; inputs end and outputs begin there.
    pub(super) fn middle(&self, symbol: usize) -> f64 {
        let column = self.columns.of[symbol];
        match self.graph.symbols[symbol].what {
            What::Input { .. } => self.right[column],
            What::Output { .. } => self.left[column],
            _ => (self.left[column] + self.right[column]) / 2.0,
        }
    }

    /// How far a pin is below the middle of its symbol. Gates with two pins are symmetric: the wire from above takes the
    /// upper one.
    pub(super) fn pin(&self, reader: usize, pin: usize) -> f64 {
        match self.grid.nodes[reader].before[..] {
            [a, b] => {
                let is_upper = (self.heights[a] <= self.heights[b]) == (pin == 0);
                if is_upper { -PIN } else { PIN }
            }
            _ => 0.0,
        }
    }

    /// Where the wire to a pin ends.
    pub(super) fn end(&self, symbol: usize, pin: usize) -> f64 {
        let Some(of) = self.graph.symbols[symbol].pins.get(pin) else { return self.middle(symbol) };
        let room = if of.not.is_some() { BUBBLE } else { 0.0 };
        self.middle(symbol) - reach(self.graph.symbols[symbol].what).0 - room
    }
}

fn widths(circuit: &Circuit, graph: &Graph, columns: &Columns) -> Vec<f64> {
    let mut widths = vec![GATE; columns.count];
    for (symbol, &column) in graph.symbols.iter().zip(&columns.of) {
        let wide = match symbol.what {
            What::Input { group, bit } => pin_width(&bit_name(&circuit.inputs()[group].group, bit)),
            What::Output { group, bit } => pin_width(&bit_name(&circuit.outputs()[group].group, bit)),
            _ => GATE,
        };
        widths[column] = widths[column].max(wide);
    }
    widths
}

/// The left and right edges of the columns. Where wires are steep, they get more room.
fn edges(widths: &[f64], grid: &Grid, heights: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut left, mut right, mut x) = (Vec::new(), Vec::new(), 0.0);
    for (width, nodes) in widths.iter().zip(&grid.columns) {
        left.push(x);
        right.push(x + width);
        let climbs = nodes.iter().flat_map(|&node| {
            grid.nodes[node].after.iter().map(move |&after| (heights[after] - heights[node]).abs())
        });
        x += width + GAP + (climbs.fold(0.0, f64::max) * 0.2).min(120.0);
    }
    (left, right)
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::library;

    use super::*;

    #[test]
    fn wires_lead_to_the_right() {
        for name in ["lt8", "add4", "mul6", "div5"] {
            let layout = Layout::of(&library::find(name).unwrap());
            for (index, symbol) in layout.graph.symbols.iter().enumerate() {
                for (pin, of) in symbol.pins.iter().enumerate() {
                    let start = layout.middle(of.from) + reach(layout.graph.symbols[of.from].what).1;
                    assert!(start < layout.end(index, pin), "{name}");
                }
            }
            assert!(layout.left.iter().zip(&layout.right).all(|(left, right)| left < right));
            assert!(layout.right.iter().zip(&layout.left[1..]).all(|(right, left)| *right + GAP <= *left));
        }
    }

    #[test]
    fn the_pins_of_a_gate_are_in_the_order_of_their_wires() {
        let layout = Layout::of(&library::find("mul6").unwrap());
        for index in 0..layout.graph.symbols.len() {
            if let [a, b] = layout.grid.nodes[index].before[..] {
                let (upper, lower) = (layout.pin(index, 0), layout.pin(index, 1));
                assert_eq!(upper, -lower);
                assert_eq!(layout.heights[a] <= layout.heights[b], upper < lower);
            }
        }
    }
}
