//! What stands above a drawing: its title, figures, and what its shapes mean.

use halfgate::circuits::Circuit;
use svg::node::element::Group;

use super::graph::{Graph, What};
use super::profile::Profile;
use super::symbols::{bubble, gate, input, output};
use super::text::{LINE, short, text, width};
use crate::human::{count, counted};

const ROW: f64 = 26.0;

/// A block of lines and how high it is.
pub(super) struct Block {
    pub(super) shapes: Group,
    pub(super) height: f64,
}

/// Title and figures.
pub(super) fn head(title: &str, figures: &str) -> Block {
    let shapes = Group::new().add(text("title", (0.0, 14.0), &short(title, LINE))).add(text(
        "figures",
        (0.0, 34.0),
        figures,
    ));
    Block { shapes, height: 46.0 }
}

/// Gates by kind, and how deep the ANDs are.
pub(super) fn figures(circuit: &Circuit, profile: &Profile) -> String {
    let gates = counted(circuit.gates().len() as u64, "gate");
    let ands = counted(profile.ands() as u64, "AND");
    match profile.widest() {
        None => format!("{gates}, no AND among them"),
        Some((layer, most)) => format!(
            "{gates}; {ands} in {}, at most {} in one (layer {})",
            counted(profile.depth() as u64, "AND layer"),
            count(most as u64),
            count(layer as u64),
        ),
    }
}

/// A shape, with its middle at the origin, and what it means.
struct Entry {
    shape: Group,
    room: f64,
    words: String,
}

impl Entry {
    fn width(&self) -> f64 {
        self.room + 6.0 + width(&self.words) + 22.0
    }
}

/// The shapes that are drawn, and the groups with their owners, in lines of this width.
pub(super) fn legend(circuit: &Circuit, graph: &Graph, wide: f64) -> Block {
    let (mut shapes, mut x, mut y) = (Group::new(), 0.0, ROW / 2.0);
    for line in [kinds(graph), inputs(circuit), outputs(circuit)] {
        for entry in line {
            let room = entry.width();
            if x > 0.0 && x + room > wide {
                (x, y) = (0.0, y + ROW);
            }
            let shape = entry.shape.set("transform", format!("translate({} {y})", x + entry.room / 2.0));
            let words = text("", (x + entry.room + 6.0, y + 4.0), &entry.words);
            x += room;
            shapes = shapes.add(shape).add(words);
        }
        if x > 0.0 {
            (x, y) = (0.0, y + ROW);
        }
    }
    Block { shapes, height: y - ROW / 2.0 }
}

fn kinds(graph: &Graph) -> Vec<Entry> {
    let is_there = |kind: fn(&What) -> bool| graph.symbols.iter().any(|symbol| kind(&symbol.what));
    let entry = |what: What, words: &str| Entry { shape: gate(what), room: 28.0, words: words.to_owned() };
    let bubbles = graph.symbols.iter().flat_map(|symbol| &symbol.pins).any(|pin| pin.not.is_some());
    let known = [
        (is_there(|what| matches!(what, What::And(_))), entry(What::And(0), "AND")),
        (is_there(|what| matches!(what, What::Xor(_))), entry(What::Xor(0), "XOR")),
        (is_there(|what| matches!(what, What::Not(_))), entry(What::Not(0), "NOT")),
        (
            bubbles,
            Entry {
                shape: Group::new().add(bubble(0.0, 0.0)),
                room: 8.0,
                words: "NOT, where one gate reads it".into(),
            },
        ),
        (is_there(|what| matches!(what, What::Copy(_))), entry(What::Copy(0), "copy")),
        (is_there(|what| matches!(what, What::Constant(..))), entry(What::Constant(0, true), "constant")),
    ];
    known.into_iter().filter_map(|(is_there, entry)| is_there.then_some(entry)).collect()
}

/// A sample of a pin.
const SAMPLE: &str = "0";
const PIN: f64 = 26.0;

fn inputs(circuit: &Circuit) -> Vec<Entry> {
    let groups = circuit.inputs().iter().map(|of| Entry {
        shape: centred(input(SAMPLE, of.owner, true), PIN / 2.0),
        room: PIN,
        words: format!("{}: {}, the {}’s", name(&of.group.name), bits(of.group.width), of.owner),
    });
    groups.collect()
}

fn outputs(circuit: &Circuit) -> Vec<Entry> {
    let groups = circuit.outputs().iter().map(|of| Entry {
        shape: centred(output(SAMPLE), -PIN / 2.0),
        room: PIN,
        words: format!("{}: {}, output", name(&of.group.name), bits(of.group.width)),
    });
    groups.collect()
}

fn centred(pin: Group, shift: f64) -> Group {
    Group::new().add(pin.set("transform", format!("translate({shift} 0)")))
}

fn name(name: &str) -> String {
    short(name, LINE / 2)
}

fn bits(width: u32) -> String {
    counted(u64::from(width), "bit")
}
