//! What circuits cost, as tables and JSON.

use halfgate::compiler::{Figures, Report};
use serde::Serialize;

use crate::human::count;

/// [`Figures`] under the names of JSON.
#[derive(Serialize)]
pub(crate) struct FigureNames {
    and: usize,
    xor: usize,
    not: usize,
    copy: usize,
    constant: usize,
    and_depth: usize,
    slots: usize,
    batches: usize,
    padded_ands: usize,
    tile_width: usize,
}

impl From<&Figures> for FigureNames {
    fn from(figures: &Figures) -> Self {
        FigureNames {
            and: figures.ands,
            xor: figures.xors,
            not: figures.nots,
            copy: figures.copies,
            constant: figures.constants,
            and_depth: figures.and_depth,
            slots: figures.live_width,
            batches: figures.batches,
            padded_ands: figures.padded_ands,
            tile_width: figures.tile_width,
        }
    }
}

/// Two columns of figures with these titles.
pub(crate) fn figure_table(report: &Report, titles: [&str; 2]) -> String {
    let Report { before, after } = report;
    let rows = [
        ("AND", before.ands, after.ands),
        ("XOR", before.xors, after.xors),
        ("INV", before.nots, after.nots),
        ("EQW (copy)", before.copies, after.copies),
        ("EQ (constant)", before.constants, after.constants),
        ("AND depth", before.and_depth, after.and_depth),
        ("slots per lane", before.live_width, after.live_width),
        ("batches of ANDs", before.batches, after.batches),
        ("lanes in a tile", before.tile_width, after.tile_width),
    ];
    let mut table = format!("{:<15} {:>12} {:>12}", "", titles[0], titles[1]);
    for (name, before, after) in rows {
        table += &format!("\n{name:<15} {:>12} {:>12}", count(before as u64), count(after as u64));
    }
    table
}
