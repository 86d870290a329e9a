//! What circuits cost, as tables and JSON.

use halfgate::compiler::{Figures, Report, Stage};
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

/// A [`Stage`] under the names of JSON; pairs are before and after.
#[derive(Serialize)]
pub(crate) struct StageNames {
    pass: &'static str,
    and: [usize; 2],
    xor: [usize; 2],
    and_depth: [usize; 2],
}

impl From<&Stage> for StageNames {
    fn from(stage: &Stage) -> Self {
        StageNames { pass: stage.pass, and: stage.ands, xor: stage.xors, and_depth: stage.depth }
    }
}

/// Where the gain came from: a row for each pass, however often it ran.
pub(crate) fn stage_table(stages: &[Stage]) -> String {
    let mut passes: Vec<&str> = Vec::new();
    for stage in stages {
        if !passes.contains(&stage.pass) {
            passes.push(stage.pass);
        }
    }
    let mut table = format!("{:<15} {:>12} {:>12} {:>12}", "pass", "AND", "XOR", "AND depth");
    for pass in passes {
        let change = |figures: fn(&Stage) -> [usize; 2]| {
            let own = stages.iter().filter(|stage| stage.pass == pass);
            signed(own.map(figures).map(|[before, after]| after as i64 - before as i64).sum())
        };
        let (and, xor, depth) =
            (change(|stage| stage.ands), change(|stage| stage.xors), change(|stage| stage.depth));
        table += &format!("\n{pass:<15} {and:>12} {xor:>12} {depth:>12}");
    }
    table
}

/// `+1,234`, `-5`, `0`
fn signed(change: i64) -> String {
    let sign = match change {
        0 => "",
        1.. => "+",
        _ => "-",
    };
    format!("{sign}{}", count(change.unsigned_abs()))
}
