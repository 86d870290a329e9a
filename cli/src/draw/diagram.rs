//! The drawing of a circuit, gate by gate.

use std::fmt::Write;

use halfgate::circuits::Circuit;
use svg::Document;
use svg::node::element::{Group, Path, Rectangle, Title};

use super::graph::What;
use super::grid::Stand;
use super::layout::{GAP, Layout};
use super::legend::{figures, head, legend};
use super::page;
use super::profile::Profile;
use super::symbols::{BUBBLE, GATE, bubble, gate, input, output, party, placed, reach};
use super::text::{bit_name, full_name, plain, round, text};

/// Room around the drawing, and above the columns for their titles.
const MARGIN: f64 = 24.0;
const TITLES: f64 = 44.0;

/// The least width, for the words above the drawing.
const LEAST: f64 = 640.0;

/// Draws a circuit: inputs on the left, outputs on the right, a band for each AND layer between them.
pub(super) fn diagram(circuit: &Circuit, title: &str) -> Document {
    Drawing { circuit, layout: Layout::of(circuit), profile: Profile::of(circuit) }.page(title)
}

struct Drawing<'a> {
    circuit: &'a Circuit,
    layout: Layout,
    profile: Profile,
}

impl Drawing<'_> {
    fn page(&self, title: &str) -> Document {
        let (across, down) = self.layout.size();
        let across = across.max(LEAST);
        let head = head(title, &figures(self.circuit, &self.profile));
        let legend = legend(self.circuit, &self.layout.graph, across);
        let top = MARGIN + head.height + legend.height + TITLES + MARGIN;
        let at = |x: f64, y: f64, shapes: Group| shapes.set("transform", format!("translate({x} {y})"));
        let shapes = Group::new()
            .add(at(MARGIN, MARGIN, head.shapes))
            .add(at(MARGIN, MARGIN + head.height, legend.shapes))
            .add(at(MARGIN, top, self.bands(down)))
            .add(at(MARGIN, top, self.wires().set("class", "wires")))
            .add(at(MARGIN, top, self.symbols().set("class", "symbols")));
        page::page((across + 2.0 * MARGIN, top + down + 2.0 * MARGIN), title, shapes)
    }

    /// A strip behind each AND layer.
    fn bands(&self, down: f64) -> Group {
        let Layout { columns, left, .. } = &self.layout;
        let mut shapes = Group::new();
        for (layer, columns) in columns.bands.iter().enumerate().skip(1) {
            let (from, to) = (left[columns.start] - GAP / 2.0, left[columns.end] - GAP / 2.0);
            if layer % 2 == 1 {
                let strip =
                    Rectangle::new().set("class", "band").set("x", round(from)).set("y", -TITLES - 4.0);
                shapes = shapes
                    .add(strip.set("width", round(to - from)).set("height", round(down + TITLES + 28.0)));
            }
            let ands = self.profile.layers()[layer - 1];
            let middle = left[columns.start] + GATE / 2.0;
            shapes = shapes
                .add(text("middle", (middle, -TITLES + 10.0), &format!("layer {layer}")))
                .add(text("middle caption", (middle, -TITLES + 24.0), &format!("AND ×{ands}")));
        }
        shapes
    }

    /// One path for each source.
    fn wires(&self) -> Group {
        let mut paths = vec![String::new(); self.layout.graph.symbols.len()];
        for reader in 0..self.layout.grid.nodes.len() {
            for pin in 0..self.layout.grid.nodes[reader].before.len() {
                self.lead(reader, pin, &mut paths);
            }
        }
        let mut wires = Group::new();
        for (source, path) in paths.into_iter().enumerate().filter(|(_, path)| !path.is_empty()) {
            let what = self.layout.graph.symbols[source].what;
            let class = match what {
                What::Input { group, .. } => format!("wire {}", party(self.circuit.inputs()[group].owner)),
                _ => "wire".to_owned(),
            };
            let words = Title::new(plain(&full_name(self.circuit, what)));
            wires = wires.add(Path::new().set("class", class).set("d", path).add(words));
        }
        wires
    }

    /// Draws the wire from the column before to a pin, and through the reader if that only lets it pass.
    fn lead(&self, reader: usize, pin: usize, paths: &mut [String]) {
        let node = &self.layout.grid.nodes[reader];
        let before = node.before[pin];
        let column = self.layout.grid.nodes[before].column;
        let (from, to) = (self.layout.right[column], self.layout.left[node.column]);
        let (start, end) = match self.layout.grid.nodes[before].what {
            Stand::Symbol(symbol) => {
                (self.layout.middle(symbol) + reach(self.layout.graph.symbols[symbol].what).1, from)
            }
            Stand::Wire(_) => (from, from),
        };
        let (above, below) =
            (self.layout.heights[before], self.layout.heights[reader] + self.layout.pin(reader, pin));
        let stop = match node.what {
            Stand::Wire(_) => self.layout.right[node.column],
            Stand::Symbol(symbol) => self.layout.end(symbol, pin),
        };
        let bend = (end + to) / 2.0;
        let [start, end, above, bend, below, to, stop] =
            [start, end, above, bend, below, to, stop].map(round);
        let path = &mut paths[self.layout.grid.source(before)];
        let _infallible =
            write!(path, "M{start} {above}H{end}C{bend} {above} {bend} {below} {to} {below}H{stop}");
    }

    fn symbols(&self) -> Group {
        let readers = self.layout.graph.readers();
        let mut shapes = Group::new();
        for (index, symbol) in self.layout.graph.symbols.iter().enumerate() {
            let shape = match symbol.what {
                What::Input { group, bit } => {
                    let of = &self.circuit.inputs()[group];
                    input(&bit_name(&of.group, bit), of.owner, !readers[index].is_empty())
                }
                What::Output { group, bit } => output(&bit_name(&self.circuit.outputs()[group].group, bit)),
                what => gate(what),
            };
            let words = full_name(self.circuit, symbol.what);
            shapes =
                shapes.add(placed(shape, (self.layout.middle(index), self.layout.heights[index]), &words));
            for (pin, of) in symbol.pins.iter().enumerate() {
                let Some(not) = of.not else { continue };
                let place = (
                    self.layout.end(index, pin) + BUBBLE / 2.0,
                    self.layout.heights[index] + self.layout.pin(index, pin),
                );
                let words = full_name(self.circuit, What::Not(not));
                shapes = shapes.add(placed(Group::new().add(bubble(0.0, 0.0)), place, &words));
            }
        }
        shapes
    }
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::{Gate, WireId, library};
    use roxmltree::{Document as Xml, Node};

    use super::*;

    fn words(svg: &Document) -> Vec<String> {
        let svg = svg.to_string();
        let xml = Xml::parse(&svg).unwrap();
        xml.descendants().filter(Node::is_text).map(|node| node.text().unwrap().trim().to_owned()).collect()
    }

    #[test]
    fn names_from_anywhere_stay_words() {
        let add = library::find("add2").unwrap();
        let (mut inputs, mut outputs) = (add.inputs().to_vec(), add.outputs().to_vec());
        inputs[0].group.name = "</text><script>alert(1)</script>".to_owned();
        inputs[1].group.name = "a&b\"c'd\u{1b}[8m\u{0}".to_owned();
        outputs[0].group.name =
            "a name that is much longer than there is room for it in a small drawing".to_owned();
        let circuit = Circuit::new(inputs, add.gates().to_vec(), outputs).unwrap();
        let words = words(&diagram(&circuit, "<&>\u{7}"));
        for expected in [
            "<&>\\u{7}",
            "</text><script>alert(1)</script>[1]",
            "a&b\"c'd\\u{1b}[8m\\u{0}[1]",
            "a name tha…l drawing[0]",
            "a name that is much longer than there is room for it in a small drawing[1]",
        ] {
            assert!(words.iter().any(|word| word == expected), "{expected}: {words:?}");
        }
    }

    #[test]
    fn circuits_of_next_to_nothing_are_drawn() {
        for (inputs, gates, outputs) in [
            (0, vec![], vec![]),
            (2, vec![], vec![1]),
            (0, vec![Gate::Constant(true)], vec![0, 0]),
            (0, vec![Gate::Constant(false), Gate::Not(WireId::new(0))], vec![]),
            (1, vec![Gate::And(WireId::new(0), WireId::new(0))], vec![]),
        ] {
            let add = library::find("add1").unwrap();
            let (mut input, mut output) = (add.inputs()[0].clone(), add.outputs()[0].clone());
            (input.group.width, output.group.width) = (inputs, outputs.len() as u32);
            output.wires = outputs.into_iter().map(WireId::new).collect();
            let circuit = Circuit::new(vec![input], gates, vec![output]).unwrap();
            let drawn = diagram(&circuit, "little").to_string();
            assert!(
                Xml::parse(&drawn).is_ok() && !drawn.contains("NaN") && !drawn.contains("inf"),
                "{drawn}"
            );
        }
    }
}
