//! The sheet that drawings are made on.

use svg::Document;
use svg::node::element::{Group, Rectangle, Style, Title};

use super::text::{plain, round};

/// A white sheet of this size with these shapes.
pub(super) fn page((width, height): (f64, f64), title: &str, shapes: Group) -> Document {
    let (width, height) = (round(width), round(height));
    Document::new()
        .set("width", width)
        .set("height", height)
        .set("viewBox", format!("0 0 {width} {height}"))
        .set("role", "img")
        .add(Title::new(plain(title)))
        .add(Style::new(include_str!("style.css")))
        .add(Rectangle::new().set("class", "paper").set("width", width).set("height", height))
        .add(shapes)
}
