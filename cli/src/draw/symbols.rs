//! The shapes: each kind of gate has its own, so that nobody needs the colours.

use halfgate::circuits::Party;
use svg::node::element::{Circle, Group, Path, Rectangle, Title};

use super::graph::What;
use super::text::{round, text, width};

/// How far a pin is from the middle of a gate with two.
pub(super) const PIN: f64 = 5.0;

/// How wide a gate is.
pub(super) const GATE: f64 = 28.0;

/// The room of a bubble in front of a pin.
pub(super) const BUBBLE: f64 = 6.0;

/// Half the height of the pin of an input or output.
const HALF: f64 = 9.0;

/// How wide the pin with this name is.
pub(super) fn pin_width(name: &str) -> f64 {
    width(name) + 2.0 * HALF
}

/// How far wires end to the left of a gate's middle, and begin to the right of it.
pub(super) fn reach(what: What) -> (f64, f64) {
    match what {
        What::And(_) => (13.0, 11.0),
        What::Xor(_) => (8.2, 10.0),
        What::Not(_) => (9.0, 11.0),
        What::Copy(_) => (9.0, 6.0),
        What::Constant(..) => (8.0, 8.0),
        What::Input { .. } | What::Output { .. } => (0.0, 0.0),
    }
}

/// The shape of a gate around the origin.
pub(super) fn gate(what: What) -> Group {
    match what {
        What::And(_) => group("and").add(path("body", "M-13 -10.5 H0.5 A10.5 10.5 0 0 1 0.5 10.5 H-13 Z")),
        What::Xor(_) => group("xor")
            .add(Circle::new().set("class", "body").set("r", 10))
            .add(path("cross", "M-10 0 H10 M0 -10 V10")),
        What::Not(_) => group("not").add(path("body", TRIANGLE)).add(bubble(8.0, 0.0)),
        What::Copy(_) => group("copy").add(path("body", TRIANGLE)),
        What::Constant(_, value) => group("constant").add(rectangle(-8.0, 16.0, 8.0, 0)).add(text(
            "middle",
            (0.0, 4.0),
            if value { "1" } else { "0" },
        )),
        What::Input { .. } | What::Output { .. } => Group::new(),
    }
}

const TRIANGLE: &str = "M-9 -8 L5 0 L-9 8 Z";

/// An input bit, whose wire begins at the origin; the garbler's are round, the evaluator's have corners.
pub(super) fn input(name: &str, owner: Party, is_read: bool) -> Group {
    let wide = pin_width(name);
    let class = format!("input {}{}", party(owner), if is_read { "" } else { " unread" });
    let round = if owner == Party::Garbler { HALF as u32 } else { 0 };
    group(&class).add(rectangle(-wide, wide, HALF, round)).add(text("middle", (-wide / 2.0, 4.0), name))
}

/// An output bit, whose wire ends at the origin.
pub(super) fn output(name: &str) -> Group {
    let wide = pin_width(name);
    group("output").add(rectangle(0.0, wide, HALF, 0)).add(text("middle", (wide / 2.0, 4.0), name))
}

/// A NOT at a pin.
pub(super) fn bubble(x: f64, y: f64) -> Circle {
    Circle::new().set("class", "bubble").set("cx", round(x)).set("cy", round(y)).set("r", 3)
}

/// As the styles call a party.
pub(super) fn party(owner: Party) -> &'static str {
    match owner {
        Party::Garbler => "garbler",
        Party::Evaluator => "evaluator",
    }
}

/// Puts a shape somewhere, with words that are shown where the mouse is.
pub(super) fn placed(shape: Group, (x, y): (f64, f64), words: &str) -> Group {
    shape
        .add(Title::new(super::text::plain(words)))
        .set("transform", format!("translate({} {})", round(x), round(y)))
}

fn group(class: &str) -> Group {
    Group::new().set("class", class)
}

fn path(class: &str, data: &str) -> Path {
    Path::new().set("class", class).set("d", data)
}

fn rectangle(x: f64, wide: f64, half: f64, radius: u32) -> Rectangle {
    let shape = Rectangle::new().set("class", "body").set("x", round(x)).set("y", -half);
    shape.set("width", round(wide)).set("height", 2.0 * half).set("rx", radius)
}
