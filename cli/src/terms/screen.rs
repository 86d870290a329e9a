//! The terms as both screens show them, before anything runs.

use halfgate::Security;
use std::io::stderr;

use halfgate::channel::{Agreement, Field, Fingerprint};
use halfgate::circuits::{Circuit, Group, Party, Reveal};
use halfgate_meet::{Seat, Words};
use terminal_size::terminal_size_of;

use super::{BATCH, CHANNEL, Expected, GUEST, HOST, IDS, JOURNAL};
use crate::deal::Deal;
use crate::human::{self, bytes, count, counted, short_digest};
use crate::inputs::groups_of;
use crate::pool;

/// Longer lists of groups are cut.
const GROUPS_SHOWN: usize = 6;

/// The terms of a meeting, as agreed.
pub(crate) struct Screen<'a> {
    pub(crate) deal: &'a Deal,
    pub(crate) agreed: &'a Agreement,
    /// Where the peer is.
    pub(crate) peer: &'a str,
    /// What an authority has certified about it.
    pub(crate) names: &'a [String],
    pub(crate) expected: &'a Expected,
}

impl Screen<'_> {
    /// A table. Both sides show the same but for the words that say which side is this one.
    pub(crate) fn table(&self) -> String {
        let mut rows = Vec::new();
        rows.extend([(Seat::Host, HOST), (Seat::Guest, GUEST)].map(|(seat, term)| self.who(seat, term)));
        rows.extend(self.function());
        for seat in [Seat::Host, Seat::Guest] {
            rows.push((title(seat, "puts in"), self.puts_in(seat)));
        }
        rows.push(("row ids".into(), self.ids()));
        rows.extend([Seat::Host, Seat::Guest].map(|seat| (title(seat, "learns"), self.learns(seat))));
        rows.extend(self.job());
        rows.extend(self.deal.pool.as_ref().map(|pool| ("prepared".to_owned(), pool::describe(pool))));
        rows.extend(protects(self.deal.security).map(|line| ("security".to_owned(), line)));
        rows.extend(self.channel().map(|line| ("channel".to_owned(), line.to_owned())));
        rows.extend(self.costs());
        lay_out(&format!("terms with the peer at {}", self.peer), &rows)
    }

    fn lanes(&self) -> u64 {
        self.agreed.number("lanes").unwrap_or(1)
    }

    fn who(&self, seat: Seat, term: &str) -> (String, String) {
        let side = if seat == self.deal.parts.seat { "this side" } else { "the peer" };
        let words = self.agreed.digest(term).map(|digest| Words::of(&Fingerprint(digest)).to_string());
        let party = self.deal.parts.party(seat);
        let certified = match self.names {
            names if seat != self.deal.parts.seat && !names.is_empty() => {
                format!(", certified as {}", names.join(", "))
            }
            _ => String::new(),
        };
        let words = words.unwrap_or_else(|| "anybody".into());
        (seat.to_string(), format!("{words} ({side}, the {party}{certified})"))
    }

    fn function(&self) -> Vec<(String, String)> {
        let row = |text: String| ("function".to_owned(), text);
        let mut rows = vec![row(self.deal.name.clone())];
        if let Some(function) = self.deal.function {
            rows.push(row(function.about.to_owned()));
            rows.push(row(format!("ties: {}", function.ties)));
        }
        let (lanes, program) = (self.lanes(), &self.deal.program);
        let ands = count((program.and_count() as u64).saturating_mul(lanes));
        rows.push(row(format!(
            "circuit {}, program {}, {}, {ands} ANDs in all",
            short_digest(&self.deal.circuit.digest()),
            short_digest(&program.digest()),
            counted(lanes, "row"),
        )));
        rows
    }

    fn puts_in(&self, seat: Seat) -> String {
        let groups = groups_of(&self.deal.circuit, self.deal.parts.party(seat));
        match groups.iter().any(|group| group.width > 0) {
            true => format!("{} of {}", counted(self.lanes(), "row"), describe(&groups)),
            false => "nothing".to_owned(),
        }
    }

    fn ids(&self) -> String {
        match self.agreed.field(IDS) {
            Some(Field::Digest(_)) => "both sides list the same ids in the same order".to_owned(),
            _ => "not compared: row 1 meets row 1, and so on".to_owned(),
        }
    }

    fn learns(&self, seat: Seat) -> String {
        let party = self.deal.parts.party(seat);
        let outputs = outputs(&self.deal.circuit);
        match self.deal.parts.reveal {
            Reveal::Shares => format!("nothing; its share of {outputs}"),
            reveal if !reveal.reaches(party) => "nothing".to_owned(),
            Reveal::Both if party == Party::Evaluator => format!("{outputs} (first)"),
            _ => outputs,
        }
    }

    fn job(&self) -> Option<(String, String)> {
        let rows = self.agreed.number(BATCH)?;
        let journal = match self.agreed.text(JOURNAL) {
            Some("kept") if self.deal.security != Security::SemiHonest => {
                "each side keeps a journal; a batch that was opened is never computed again, nor its result sent again"
            }
            Some("kept") => {
                "each side keeps a journal; a batch that was opened is never computed again, and a result that is sent \
                 again is the peer's word"
            }
            _ => "no journal",
        };
        Some(("batches".to_owned(), format!("of {}; {journal}", counted(rows, "row"))))
    }

    fn channel(&self) -> [&'static str; 2] {
        match self.agreed.text(CHANNEL) {
            Some("plaintext") => [
                "PLAINTEXT: neither encrypted nor authenticated. Whoever is on the way can read what is needed",
                "to learn both sides' inputs. Use it only on a network that you trust, or inside a tunnel.",
            ],
            _ => [
                "TLS 1.3 with X25519MLKEM768, both sides authenticated: a recording stays closed to outsiders even once",
                "there are quantum computers; the peer could then open it, as the oblivious transfer is not post-quantum.",
            ],
        }
    }
}

impl Screen<'_> {
    fn costs(&self) -> [(String, String); 3] {
        let (parts, sent) = (self.deal.parts, |party| bytes(self.expected.sent(party)));
        let (garbler, evaluator) = (parts.garbler, parts.evaluator());
        let held = |party| bytes(self.expected.memory(party));
        [
            format!(
                "{} from {garbler} to {evaluator}, {} back, {} round trips",
                sent(Party::Garbler),
                sent(Party::Evaluator),
                self.expected.round_trips(),
            ),
            format!("{} on this link ({})", self.expected.duration(), human::link(&self.expected.link)),
            format!(
                "about {} of memory at the {garbler}, {} at the {evaluator}",
                held(Party::Garbler),
                held(Party::Evaluator),
            ),
        ]
        .map(|line| ("costs".to_owned(), line))
    }
}

/// What the mode protects against, and what not.
fn protects(security: Security) -> [String; 4] {
    match security {
        Security::SemiHonest => [
            "semi-honest: private if both sides follow the protocol.",
            "A garbler that cheats is not caught and may learn about the evaluator's input;",
            "an evaluator that cheats learns no more and cannot forge the garbler's outputs.",
            "Outputs tell what they tell, and nobody is forced to finish once they know them.",
        ]
        .map(str::to_owned),
        Security::Malicious { statistical } => [
            "malicious: holds whatever the other side does. A cheater learns nothing beyond its outputs and cannot alter"
                .to_owned(),
            format!(
                "yours: a cheat that would gain anything is noticed but for a chance of 2^-{statistical}, and this side stops."
            ),
            "It can end the run at any time, also when it knows its outputs and you do not know yours: nothing is fair."
                .to_owned(),
            "It chooses its own input freely, and outputs tell what they tell.".to_owned(),
        ],
    }
}

fn title(seat: Seat, does: &str) -> String {
    format!("{seat} {does}")
}

fn outputs(circuit: &Circuit) -> String {
    describe(&circuit.outputs().iter().map(|output| &output.group).collect::<Vec<_>>())
}

/// `key (128 bits), pin (16 bits)`
fn describe(groups: &[&Group]) -> String {
    let with_wires: Vec<_> = groups.iter().filter(|group| group.width > 0).collect();
    if with_wires.is_empty() {
        return "nothing".to_owned();
    }
    let shown = with_wires.iter().take(GROUPS_SHOWN);
    let mut list: Vec<String> = shown.map(|group| describe_one(group)).collect();
    if let Some(more @ 1..) = with_wires.len().checked_sub(GROUPS_SHOWN) {
        list.push(format!("{} more", count(more as u64)));
    }
    list.join(", ")
}

fn describe_one(group: &Group) -> String {
    if let Some(shape) = &group.shape {
        return format!("{}: {}", group.name, shape.summary());
    }
    let decimals = match group.scale {
        0 => String::new(),
        scale => format!(", {}", counted(u64::from(scale), "decimal")),
    };
    format!("{} ({}{decimals})", group.name, counted(u64::from(group.width), "bit"))
}

/// The width of the titles, and the least of the text beside them.
const TITLES: usize = 14;
const NARROWEST: usize = 30;

/// Titles to the left; a title that stands above is not repeated. Lines are as long as the terminal is wide.
fn lay_out(head: &str, rows: &[(String, String)]) -> String {
    let columns = terminal_size_of(stderr()).map_or(usize::MAX, |(columns, _)| usize::from(columns.0));
    let width = columns.saturating_sub(TITLES + 3).max(NARROWEST);
    let mut text = head.to_owned();
    let mut above = "";
    for (title, line) in rows {
        for line in wrapped(line, width) {
            let shown = if title == above { "" } else { title };
            text += &format!("\n  {shown:<TITLES$} {line}");
            above = title;
        }
    }
    text
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line from the start");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_between_words_only() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("one two three", usize::MAX), ["one two three"]);
        assert_eq!(wrapped("incomprehensibilities are long", 5), ["incomprehensibilities", "are", "long"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
