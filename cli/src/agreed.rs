//! What both sides have agreed on, shown before anything is computed.

use halfgate::circuits::{Circuit, Group, Party, Reveal};
use halfgate::{Program, Security};

use crate::human::{count, counted, short_digest};
use crate::inputs::groups_of;

/// Longer lists of groups are cut.
const GROUPS_SHOWN: usize = 6;

const CHANNEL: [&str; 2] = [
    "plaintext, the only one of this version: neither encrypted nor authenticated.",
    "Use a network that you trust, or a tunnel such as WireGuard or SSH.",
];

/// What a run is about, as agreed.
pub(crate) struct Agreed<'a> {
    pub(crate) function: String,
    pub(crate) circuit: &'a Circuit,
    pub(crate) program: &'a Program,
    pub(crate) own: Party,
    pub(crate) peer: &'a str,
    pub(crate) lanes: u64,
    pub(crate) reveal: Reveal,
    pub(crate) security: Security,
}

impl Agreed<'_> {
    /// A small table.
    pub(crate) fn table(&self) -> String {
        let ands = (self.program.and_count() as u64).saturating_mul(self.lanes);
        let size = format!("{}, {} in all", counted(self.lanes, "lane"), counted(ands, "AND"));
        let mut rows = vec![
            ("function", format!("{}, {size}", self.function)),
            ("circuit", short_digest(&self.circuit.digest())),
            ("program", short_digest(&self.program.digest())),
        ];
        for (title, party) in [("garbler", Party::Garbler), ("evaluator", Party::Evaluator)] {
            rows.push((title, format!("({}) puts in {}", self.side(party), self.inputs(party))));
        }
        let outputs: Vec<&Group> = self.circuit.outputs().iter().map(|output| &output.group).collect();
        rows.push(("outputs", format!("{}; {}", describe(&outputs), self.learning())));
        rows.extend(security(self.security).iter().map(|line| ("security", (*line).to_owned())));
        rows.extend(CHANNEL.map(|line| ("channel", line.to_owned())));
        lay_out(&format!("agreed with {}", self.peer), &rows)
    }

    fn inputs(&self, party: Party) -> String {
        let groups = groups_of(self.circuit, party);
        match groups.iter().any(|group| group.width > 0) {
            true => format!("{} of {}", counted(self.lanes, "row"), describe(&groups)),
            false => "nothing".to_owned(),
        }
    }

    fn side(&self, party: Party) -> &'static str {
        if party == self.own { "this side" } else { "the peer" }
    }

    fn learning(&self) -> String {
        match self.reveal {
            Reveal::Both => "both learn them, the evaluator first".to_owned(),
            Reveal::Garbler => format!("the garbler ({}) learns them", self.side(Party::Garbler)),
            Reveal::Evaluator => format!("the evaluator ({}) learns them", self.side(Party::Evaluator)),
            Reveal::Shares => {
                "nobody learns them; each side gets a share, to be combined by exclusive or".to_owned()
            }
        }
    }
}

/// What the mode protects against, and what not.
fn security(security: Security) -> &'static [&'static str] {
    match security {
        Security::SemiHonest => &[
            "semi-honest, the only mode of this version: private if both sides follow the protocol.",
            "A garbler that cheats is not caught and may learn about the evaluator's input;",
            "an evaluator that cheats learns no more and cannot forge the garbler's outputs.",
            "Outputs tell what they tell, and nobody is forced to finish once they know them.",
        ],
        _ => &["a mode that this command does not know; SECURITY.md describes all"],
    }
}

/// `key: 128 bits, pin: 16 bits`
fn describe(groups: &[&Group]) -> String {
    let with_wires: Vec<_> = groups.iter().filter(|group| group.width > 0).collect();
    if with_wires.is_empty() {
        return "none".to_owned();
    }
    let shown = with_wires.iter().take(GROUPS_SHOWN);
    let mut list: Vec<String> =
        shown.map(|group| format!("{} ({})", group.name, counted(u64::from(group.width), "bit"))).collect();
    if let Some(more @ 1..) = with_wires.len().checked_sub(GROUPS_SHOWN) {
        list.push(format!("{} more", count(more as u64)));
    }
    list.join(", ")
}

/// Titles to the left; a title that stands above is not repeated.
fn lay_out(head: &str, rows: &[(&str, String)]) -> String {
    let mut text = head.to_owned();
    let mut above = "";
    for (title, line) in rows {
        let shown = if *title == above { "" } else { title };
        text += &format!("\n  {shown:<10} {line}");
        above = title;
    }
    text
}
