//! `halfgate demo`: what halfgate does, in a few seconds, on one machine.

use halfgate::channel::Link;
use halfgate::circuits::{Circuit, Group, Party, Radix, format_literal, library};
use halfgate::compiler::{evaluate, schedule};
use halfgate::{Entropy, Values};
use serde::Serialize;
use serde_json::Value;

use crate::args::DemoArgs;
use crate::failure::Failure;
use crate::human::{bytes, count, counted, scaled, time};
use crate::inputs::groups_of;
use crate::pair::{Pair, Reports};
use crate::results::{self, SCHEMA_VERSION};
use crate::{in_background, tables};

/// FIPS-197, appendix C.1: key, message, ciphertext.
pub(crate) const FIPS_197: [&str; 3] = [
    "0x000102030405060708090a0b0c0d0e0f",
    "0x00112233445566778899aabbccddeeff",
    "0x69c4e0d86a7b0430d8cdb78070b4c55a",
];

/// A function and the tables of both parties.
struct Example {
    title: String,
    /// A name of the library.
    function: &'static str,
    garbler: Vec<String>,
    evaluator: Vec<String>,
    /// What is known about the first row from elsewhere, and from where.
    known: Option<(&'static str, &'static str)>,
}

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    runs: Vec<RunReport>,
}

#[derive(Serialize)]
struct RunReport {
    title: String,
    commands: [String; 2],
    garbler: Value,
    evaluator: Value,
}

pub(crate) async fn run(args: &DemoArgs) -> Result<(), Failure> {
    let (lanes, json, link) = (args.lanes as usize, args.json, args.link);
    in_background(move || {
        let mut random = Random::new()?;
        let examples = [aes(lanes, &mut random), salaries(&mut random)];
        if json { run_quietly(&examples, link) } else { run_aloud(&examples, link) }
    })
    .await
}

fn aes(lanes: usize, random: &mut Random) -> Example {
    let mut column = |first: &str| {
        let others = (1..lanes).map(|_| random.block());
        std::iter::once(first.to_owned()).chain(others).collect()
    };
    Example {
        title: "AES-128: the garbler has keys, the evaluator has messages, both learn the ciphertexts"
            .to_owned(),
        function: "aes128",
        garbler: column(FIPS_197[0]),
        evaluator: column(FIPS_197[1]),
        known: Some((FIPS_197[2], "FIPS-197")),
    }
}

fn salaries(random: &mut Random) -> Example {
    Example {
        title: "Who earns more? Two 64-bit numbers are compared, neither is shown".to_owned(),
        function: "compare64",
        garbler: vec![random.salary()],
        evaluator: vec![random.salary()],
        known: None,
    }
}

fn run_quietly(examples: &[Example], link: Link) -> Result<(), Failure> {
    let mut runs = Vec::new();
    for example in examples {
        let pair = example.pair(link)?;
        let Reports { garbler, evaluator } = pair.run()?;
        example.check(&garbler, &evaluator)?;
        runs.push(RunReport { title: example.title.clone(), commands: pair.commands(), garbler, evaluator });
    }
    results::print_json(&Report { schema_version: SCHEMA_VERSION, runs })
}

fn run_aloud(examples: &[Example], link: Link) -> Result<(), Failure> {
    say("A garbler and an evaluator, two processes, compute together over TCP on this machine.\n\
         Neither sees the other's input; here you see both.")?;
    if link != Link::UNLIMITED {
        say(&format!("A link stands between them: {link}."))?;
    }
    for (number, example) in (1..).zip(examples) {
        say(&format!("\n{number}. {}", example.title))?;
        let pair = example.pair(link)?;
        for command in pair.commands() {
            say(&format!("   $ {command}"))?;
        }
        let Reports { garbler, evaluator } = pair.run()?;
        say(&example.story(&garbler, &evaluator))?;
        let checked = example.check(&garbler, &evaluator)?;
        say(&line("checked", &checked))?;
        say(&line("cost", &cost(&evaluator)))?;
    }
    say("\nTo run it on two machines, one side hosts and gives its invite to the other, which joins:\n   \
         halfgate host --help\n   halfgate join --help")
}

impl Example {
    fn pair(&self, link: Link) -> Result<Pair, Failure> {
        let table = |column: &[String]| column.iter().map(|value| format!("{value}\n")).collect();
        Pair::new(&format!("builtin:{}", self.function), table(&self.garbler), table(&self.evaluator), link)
    }

    /// What went in and what came out, of the first row.
    fn story(&self, garbler: &Value, evaluator: &Value) -> String {
        let mut lines =
            vec![line("garbler puts in", &self.garbler[0]), line("evaluator puts in", &self.evaluator[0])];
        for (who, report) in [("garbler learns", garbler), ("evaluator learns", evaluator)] {
            let learned: Vec<String> = columns(report)
                .iter()
                .map(|(name, values)| format!("{name} = {}", values.first().map_or("", String::as_str)))
                .collect();
            lines.push(line(who, &learned.join(", ")));
        }
        lines.join("\n")
    }

    /// Compares the outputs of both parties with the plaintext machine and with what is known. Gives what to say.
    fn check(&self, garbler: &Value, evaluator: &Value) -> Result<String, Failure> {
        let expected = self.in_the_clear()?;
        let wrong =
            |who: &str| Failure::Demo(format!("{}: the {who}'s outputs are wrong: a bug", self.function));
        for (who, report) in [("garbler", garbler), ("evaluator", evaluator)] {
            if columns(report).into_iter().map(|(_, values)| values).ne(expected.iter().cloned()) {
                return Err(wrong(who));
            }
        }
        let machine = format!(
            "right: the plaintext machine gives the same for {}",
            counted(self.garbler.len() as u64, "row")
        );
        match self.known {
            Some((value, _)) if expected[0][0] != value => Err(wrong("plaintext machine")),
            Some((_, from)) => Ok(format!("{machine}, {from} for the first")),
            None => Ok(machine),
        }
    }

    /// The outputs, group by group, by the plaintext machine.
    fn in_the_clear(&self) -> Result<Vec<Vec<String>>, Failure> {
        let circuit = library::find(self.function)?;
        let mut garbler = parse(&circuit, Party::Garbler, &self.garbler)?.into_iter();
        let mut evaluator = parse(&circuit, Party::Evaluator, &self.evaluator)?.into_iter();
        let inputs = circuit.inputs().iter().filter_map(|input| match input.owner {
            Party::Garbler => garbler.next(),
            Party::Evaluator => evaluator.next(),
        });
        let outputs = evaluate(&schedule(&circuit)?, &inputs.collect::<Vec<_>>())?;
        let text = |group: &Group, values: &Values| {
            (0..values.lanes()).map(|lane| format_literal(group, values.lane(lane), Radix::Natural)).collect()
        };
        Ok(circuit
            .outputs()
            .iter()
            .zip(&outputs)
            .map(|(output, values)| text(&output.group, values))
            .collect())
    }
}

fn parse(circuit: &Circuit, party: Party, column: &[String]) -> Result<Vec<Values>, Failure> {
    let groups = groups_of(circuit, party);
    Ok(tables::parse(column.join("\n").as_bytes(), "the demo's table", &groups, None)?.values)
}

/// The output groups of a report: name and values.
fn columns(report: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let group = |group: &Value| {
        let values =
            group["values"].as_array().map_or_else(Vec::new, |values| values.iter().map(text).collect());
        (text(&group["name"]), values)
    };
    report["outputs"].as_array().map_or_else(Vec::new, |groups| groups.iter().map(group).collect())
}

fn cost(report: &Value) -> String {
    let counters = &report["counters"];
    let number = |name: &str| counters[name].as_u64().unwrap_or_default();
    let seconds = |name: &str| counters[name].as_f64().unwrap_or_default();
    let (all, computing, ands) = (seconds("seconds"), seconds("computing_seconds"), number("ands"));
    let rate = ands as f64 / computing.max(1e-9);
    let moved = number("bytes_sent") + number("bytes_received");
    format!(
        "{}, {} of it setup; {}; {} ANDs at {}AND/s\n{:21}({:.0} bytes on the wire for each, setup included)",
        time(std::time::Duration::from_secs_f64(all)),
        time(std::time::Duration::from_secs_f64((all - computing).max(0.0))),
        bytes(moved),
        count(ands),
        scaled(rate),
        "",
        moved as f64 / ands.max(1) as f64,
    )
}

fn line(title: &str, text: &str) -> String {
    format!("   {title:<17} {text}")
}

fn say(text: &str) -> Result<(), Failure> {
    results::print(|out| writeln!(out, "{text}"))
}

/// Sample values.
struct Random(Entropy);

impl Random {
    fn new() -> Result<Self, Failure> {
        let entropy = Entropy::from_os().map_err(|error| halfgate::Error::NoEntropy(error.to_string()))?;
        Ok(Random(entropy))
    }

    fn block(&mut self) -> String {
        let bytes: [u8; 16] = self.0.bytes();
        format!("0x{}", crate::human::hex(&bytes))
    }

    /// Whole hundreds from 30,000 to 99,900.
    fn salary(&mut self) -> String {
        let random = u64::from_le_bytes(self.0.bytes());
        (30_000 + random % 700 * 100).to_string()
    }
}
