//! How the database of classes was made.
//!
//! All functions of up to three ANDs are gone through, up to a change of variables; those of four ANDs are drawn at
//! random until there are as many classes as were counted by others. What is found with four ANDs and is not among the
//! classes of three takes four, and all classes of five variables are found: so the chains are the shortest.

use std::collections::HashSet;
use std::fmt::Write;

use crate::passes::functions::classes::{Class, Database};
use crate::passes::functions::equivalence::equivalence;
use crate::passes::functions::frame::Frame;
use crate::passes::functions::spectrum::Spectrum;

/// Classes met so far.
struct Search {
    variables: usize,
    database: Database,
    seen: HashSet<u64>,
}

impl Search {
    /// Takes in a class if it is new and its functions depend on all variables.
    fn meet(&mut self, class: Class) -> bool {
        let table = class.table();
        if !self.seen.insert(table) {
            return false;
        }
        let frame = Frame::new(&Spectrum::new(table, self.variables));
        if frame.sums.len() < self.variables {
            return false;
        }
        let signature = frame.spectrum.signature();
        let known = self.database.candidates(signature);
        if known.into_iter().any(|(_, other)| equivalence(&frame.spectrum, other).is_some()) {
            return false;
        }
        self.database.insert(class);
        true
    }
}

/// Masks that span each plane (two-dimensional subspace) of a space once.
fn planes(dimensions: usize) -> Vec<[u16; 2]> {
    let mut planes = Vec::new();
    for first in 1..1_u16 << dimensions {
        for second in first + 1..1 << dimensions {
            if first ^ second > second {
                planes.push([first, second]);
            }
        }
    }
    planes
}

/// The first two ANDs, up to a change of variables: `t₁ = x₁x₂`, and `t₂` is a product in a plane of
/// `⟨x₁, …, xₙ, t₁⟩`. A plane meets the sums without `t₁`: it is `⟨q, p + a·t₁⟩`. If `q` is not in `⟨x₁, x₂⟩`, it is `x₃`
/// by a change of variables, and `p` is 0, `x₁` or `x₄`; otherwise `q = x₁` and `p = x₃`, for other products are one of
/// `t₁` and sums.
fn beginnings(variables: usize) -> Vec<Vec<[u16; 2]>> {
    let product = 1 << variables;
    let seconds = [
        [0b100, product],
        [0b100, 0b001],
        [0b100, 0b001 | product],
        [0b100, 0b1000],
        [0b100, 0b1000 | product],
    ];
    let inside = |&[q, p]: &[u16; 2]| (q | p) & !product < product;
    seconds.into_iter().filter(inside).map(|second| vec![[1, 2], second]).collect()
}

fn outputs(ands: usize) -> impl Iterator<Item = u8> {
    (1 << (ands - 1)..1 << ands).map(|output: u16| output as u8)
}

/// The classes of functions that depend on exactly so many sums.
fn classes(variables: usize, with_four_ands: usize) -> Vec<Class> {
    let mut search = Search { variables, database: Database::new(Vec::new()), seen: HashSet::new() };
    if variables == 0 {
        search.meet(Class { variables, ands: vec![], output: 0 });
    }
    if variables >= 2 {
        search.meet(Class { variables, ands: vec![[1, 2]], output: 1 });
    }
    let beginnings = if variables >= 3 { beginnings(variables) } else { Vec::new() };
    for ands in &beginnings {
        outputs(2).for_each(|output| {
            search.meet(Class { variables, ands: ands.clone(), output });
        });
    }
    for ands in &beginnings {
        for third in planes(variables + 2) {
            let ands = [&ands[..], &[third]].concat();
            outputs(3).for_each(|output| {
                search.meet(Class { variables, ands: ands.clone(), output });
            });
        }
    }
    let (three, thirds, fourths) =
        (search.database.classes.len(), planes(variables + 2), planes(variables + 3));
    let mut random = 1_u64;
    let mut draw = |bound: usize| {
        random = crate::passes::index::scatter(random.wrapping_add(0x9e37_79b9_7f4a_7c15));
        random as usize % bound
    };
    while search.database.classes.len() < three + with_four_ands {
        let ands = &beginnings[draw(beginnings.len())];
        let last = [thirds[draw(thirds.len())], fourths[draw(fourths.len())]];
        let class = Class { variables, ands: [&ands[..], &last].concat(), output: 8 | draw(8) as u8 };
        search.meet(class);
    }
    search.database.classes.into_iter().map(|(class, _)| class).collect()
}

/// The text of the database.
fn packed() -> String {
    let mut text = String::new();
    for (variables, with_four_ands) in [(0, 0), (2, 0), (3, 0), (4, 0), (5, 26), (6, 888)] {
        let classes = classes(variables, with_four_ands);
        for ands in 0..=4 {
            let those = classes.iter().filter(|class| class.ands.len() == ands);
            let words: String = those.map(|class| format!(" {:x}", class.pack())).collect();
            if !words.is_empty() {
                writeln!(text, "{variables} {ands}{words}").expect("strings take everything");
            }
        }
    }
    text
}

#[test]
fn the_database_is_what_the_search_finds() {
    assert!(packed() == include_str!("classes.txt"), "`packed()` is what belongs there");
}
