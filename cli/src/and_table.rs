//! `halfgate circuit table`: what the optimiser makes of a folder of circuits, as a page of the book.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use halfgate::circuits::{Circuit, Gate};
use halfgate::compiler::{Advance, Effort, Optimizer, Verdict};

use crate::args::TableArgs;
use crate::circuit_name::CircuitName;
use crate::equality::compare;
use crate::failure::Failure;
use crate::human::{count, time};
use crate::program::Settings;
use crate::progress::StepBar;
use crate::results;

/// What is known of a published circuit: the ANDs of the best tool, and the fewest that are known to be reachable.
struct Known {
    name: &'static str,
    published: Option<u64>,
    reachable: Option<u64>,
}

const fn known(name: &'static str, published: Option<u64>, reachable: u64) -> Known {
    Known { name, published, reachable: Some(reachable) }
}

/// From DAC 2019, DATE 2020 and TCAD 2022, and what follows from the best known circuits for the same functions.
const KNOWN: [Known; 12] = [
    known("adder_32bit", Some(32), 32),
    known("comparator_32bit_unsigned_lt", Some(84), 32),
    known("mult_32x32", Some(1_689), 1_621),
    known("mult64", None, 3_669),
    known("divide64", None, 4_474),
    known("AES-non-expanded", Some(6_800), 6_400),
    known("aes_128", Some(6_800), 6_400),
    known("DES-non-expanded", Some(6_833), 3_984),
    known("md5", Some(9_367), 9_342),
    known("sha-1", Some(11_483), 11_054),
    known("sha256", None, 22_573),
    Known { name: "FP-add", published: None, reachable: None },
];

const TITLE: &str = "\
# ANDs of the published circuits

What `halfgate circuit optimize` makes of circuits as they were published, by effort; ANDs are what garbling costs. The
best published tool is the best of DAC 2019, DATE 2020 and TCAD 2022; reachable is what the best known circuits of the
same functions need. Beside the ANDs of each effort stands the time it took, on one machine. Equality is what is known of
the last result and the original ([more about that](howto/optimize.md)), and the time to find that out.
";

pub(crate) fn table(args: &TableArgs) -> Result<(), Failure> {
    let efforts: Vec<Effort> = (0..=args.effort).filter_map(Effort::from_level).collect();
    let titles = efforts.iter().map(|effort| format!("effort {} | time", effort.level()));
    let titles = titles.collect::<Vec<_>>().join(" | ");
    let lines = "--: | --: | ".repeat(efforts.len());
    results::print(|out| {
        writeln!(out, "{TITLE}\n{}", how(args))?;
        writeln!(
            out,
            "| circuit | in the file | best published tool | reachable | {titles} | equality | time |"
        )?;
        writeln!(out, "| --- | --: | --: | --: | {lines}--- | --: |")
    })?;
    for path in files(&args.folder)? {
        let row = row(&path, &efforts, args)?;
        // One after the other: a long run that is stopped has not been in vain.
        results::print(|out| writeln!(out, "{row}"))?;
    }
    Ok(())
}

/// The command, and what it leaves out.
fn how(args: &TableArgs) -> String {
    let mut command = format!("halfgate circuit table FOLDER --effort {}", args.effort);
    let mut omissions = String::new();
    if let Some(largest) = args.largest {
        command += &format!(" --largest {largest}");
        omissions += &format!(
            "\nThe highest effort is left out, as it takes too long, where the one before left more than {} ANDs.\n",
            count(largest)
        );
    }
    if let Some(conflicts) = args.proof.conflicts {
        command += &format!(" --conflicts {conflicts}");
        omissions += &format!("\nThe solver gave up on a circuit after {} conflicts.\n", count(conflicts));
    }
    format!("This page is written by `{command}`.\n{omissions}")
}

/// The circuits of a folder by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |source| Failure::Unreadable { name: folder.display().to_string(), source };
    let entries = folder.read_dir().map_err(unreadable)?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn row(path: &Path, efforts: &[Effort], args: &TableArgs) -> Result<String, Failure> {
    let circuit = CircuitName::File(path.to_owned()).load(&Settings::default())?.0;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let known = KNOWN.iter().find(|known| known.name == name);
    let shown = |ands: Option<u64>| ands.map_or_else(|| "–".to_owned(), count);
    let bar = StepBar::new();
    let mut better = circuit.clone();
    let mut cells = vec![
        name.to_string(),
        count(ands(&circuit)),
        shown(known.and_then(|known| known.published)),
        shown(known.and_then(|known| known.reachable)),
    ];
    for &effort in efforts {
        let is_last = effort.level() > 0 && effort.level() == args.effort;
        if is_last && args.largest.is_some_and(|largest| ands(&better) > largest) {
            cells.extend(["–", "–"].map(str::to_owned));
            continue;
        }
        let mut show = |advance: Advance| bar.show(advance.pass, advance.done, advance.total);
        let start = Instant::now();
        better = Optimizer::new(effort).run(&circuit, &mut show).circuit;
        cells.extend([count(ands(&better)), since(start)]);
    }
    let start = Instant::now();
    cells.push(equality(&name, &circuit, &better, args)?);
    cells.push(since(start));
    Ok(format!("| {} |", cells.join(" | ")))
}

fn since(start: Instant) -> String {
    time(Duration::from_millis(start.elapsed().as_millis() as u64))
}

fn equality(name: &str, circuit: &Circuit, better: &Circuit, args: &TableArgs) -> Result<String, Failure> {
    match compare(circuit, better, args.proof.limits())? {
        Verdict::Equal(equality) if equality.is_proved() => Ok("proved".to_owned()),
        Verdict::Equal(equality) => {
            let (proved, all) = equality.outputs.iter().fold((0, 0), |(proved, all), output| {
                (proved + output.proved, all + output.proved + output.tested)
            });
            Ok(format!("{proved} of {all} bits proved, all tested"))
        }
        Verdict::Different(_) | Verdict::Misfit(_) => {
            Err(Failure::Miscompiled { circuit: name.to_owned(), output: "any".to_owned() })
        }
    }
}

fn ands(circuit: &Circuit) -> u64 {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count() as u64
}
