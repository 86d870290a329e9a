//! What a run costs, said beforehand, against what it says afterwards.

use std::time::Instant;

use serde_json::Value;

use crate::process::{Folder, run_pair};

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn bytes_and_messages_are_those_of_the_run() {
    let rows: String = (0..3000).map(|row| format!("{}\n", row % 60_000)).collect();
    let folder = Folder::new(&[("many.csv", rows.as_str()), ("one.csv", "7\n")]);
    for (circuit, file, lanes, settings) in [
        ("compare16", "one.csv", 1, "--reveal both --security semi-honest"),
        ("compare16", "many.csv", 3000, "--reveal garbler --security semi-honest"),
        ("mul32", "many.csv", 3000, "--reveal shares --security semi-honest"),
        ("compare16", "one.csv", 1, ""),
        ("compare16", "many.csv", 3000, "--reveal garbler"),
        ("compare16", "many.csv", 3000, "--reveal shares --statistical-security 64"),
    ] {
        let estimate = folder.run(&format!(
            "estimate builtin:{circuit} --lanes {lanes} {settings} --insecure-plaintext --json"
        ));
        assert_eq!((estimate.code, estimate.stderr.as_str()), (Some(0), ""));
        let estimate = object(&estimate.stdout);
        let side = |command| format!("{command} builtin:{circuit} --input {file} {settings} --json");
        let (garbler, evaluator) = run_pair(&folder, &side("garble"), &side("evaluate"));
        let (garbler, evaluator) = (object(&garbler.stdout), object(&evaluator.stdout));
        for (name, report) in [("garbler_sends", &garbler), ("evaluator_sends", &evaluator)] {
            let (said, counted) = (&estimate["exact"][name], &report["counters"]);
            assert_eq!(said["bytes"], counted["bytes_sent"], "{circuit}: {name}");
            assert_eq!(said["messages"], counted["messages_sent"], "{circuit}: {name}");
            let kinds = said["kinds"].as_array().unwrap().iter();
            assert_eq!(kinds.map(|kind| kind["bytes"].as_u64().unwrap()).sum::<u64>(), said["bytes"]);
        }
        assert_eq!(estimate["ands"], garbler["counters"]["ands"]);
    }
}

#[test]
fn memory_is_about_what_the_processes_have() {
    let numbers: String = (0..400_000u64).map(|row| format!("{}\n", row.wrapping_mul(0x9e37_79b9))).collect();
    let folder = Folder::new(&[("many.csv", numbers.as_str()), ("some.csv", &numbers[..6000])]);
    for (circuit, file, mode) in [
        ("lt64", "many.csv", "--security semi-honest"),
        ("mul64", "some.csv", "--security semi-honest"),
        ("mul64", "some.csv", ""),
        ("lt64", "some.csv", "--statistical-security 64"),
    ] {
        let lanes = folder.read(file).lines().count();
        let settings = format!("{mode} --threads 1");
        let estimate = folder.run(&format!("estimate builtin:{circuit} --lanes {lanes} {settings} --json"));
        let estimate = object(&estimate.stdout);
        let side = |command| format!("{command} builtin:{circuit} --input {file} {settings}");
        let (garbler, evaluator) = run_pair(&folder, &side("garble"), &side("evaluate"));
        for (name, done) in [("garbler_memory", garbler), ("evaluator_memory", evaluator)] {
            assert_eq!(done.code, Some(0), "{}", done.stderr);
            let (said, peak) = (estimate["estimated"][name].as_f64().unwrap(), done.peak as f64);
            let ratio = peak / said;
            // The code of an unoptimised build is larger by some megabytes, and all of it is touched.
            let most = if cfg!(debug_assertions) { 2.0 } else { 1.5 };
            assert!(
                done.peak == 0 || (1.0 / 1.5..most).contains(&ratio),
                "{circuit} {mode}, {name}: {peak} of {said}"
            );
        }
    }
}

#[test]
fn the_text_says_what_is_exact_and_what_bounds_the_time() {
    let done =
        Folder::new(&[]).run("estimate builtin:lt64 --lanes 10000 --link 20mbit,80ms --security semi-honest");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    for words in [
        "builtin:lt64, 10,000 rows, 640,000 ANDs\nexact, once both sides have accepted the terms:\n",
        "round trips          5\n",
        "estimated, for two machines like this one:",
        "with the link 20mbit,80ms; most of it is the rate of the link",
    ] {
        assert!(done.stdout.contains(words), "`{words}` is missing:\n{}", done.stdout);
    }
}

#[test]
fn a_link_that_is_none_is_explained() {
    let done = Folder::new(&[]).run("estimate builtin:lt64 --link 100mb,30ms");
    assert_eq!(done.code, Some(2));
    assert!(done.stderr.contains("needs a unit: kbit, mbit or gbit"), "{}", done.stderr);
}

#[test]
fn a_link_slows_the_demo_down() {
    let began = Instant::now();
    let done = Folder::new(&[]).run("demo --lanes 1 --link 100mbit,200ms --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let report = object(&done.stdout);
    // Ten round trips each, and some.
    for run in report["runs"].as_array().unwrap() {
        let seconds = run["evaluator"]["counters"]["seconds"].as_f64().unwrap();
        assert!((1.99..8.0).contains(&seconds), "{seconds}");
    }
    assert!(began.elapsed().as_secs_f64() > 3.9);
}

#[test]
fn a_pool_leaves_what_the_estimate_says() {
    let folder = Folder::new(&[("some.csv", "7\n8\n9\n")]);
    let asked = "estimate builtin:compare16 --lanes 3 --insecure-plaintext --json";
    let pool = &object(&folder.run(asked).stdout)["exact"]["pool"];
    let prepare =
        format!("prepare --triples {} --masks {} --insecure-plaintext", pool["triples"], pool["masks"]);
    let side = |party| format!("{prepare} --pool {party}.pool");
    let (garbler, evaluator) = run_pair(&folder, &side("g"), &side("e"));
    assert_eq!((garbler.code, evaluator.code), (Some(0), Some(0)), "{}{}", garbler.stderr, evaluator.stderr);
    let estimate = object(&folder.run(&format!("{asked} --prepared")).stdout);
    let side =
        |command, party| format!("{command} builtin:compare16 --input some.csv --pool {party}.pool --json");
    let (garbler, evaluator) = run_pair(&folder, &side("garble", "g"), &side("evaluate", "e"));
    for (name, done) in [("garbler_sends", garbler), ("evaluator_sends", evaluator)] {
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        let (said, counted) = (&estimate["exact"][name], &object(&done.stdout)["counters"]);
        assert_eq!(said["bytes"], counted["bytes_sent"], "{name}");
        assert_eq!(said["messages"], counted["messages_sent"], "{name}");
        assert!(!said["kinds"].to_string().contains("OT"), "{said}");
        // What the terms say before the run is the same, and its time is no trial's.
        assert!(done.stderr.contains("less than a second on this link"), "{}", done.stderr);
    }
    assert_eq!((&estimate["exact"]["prepared"], &estimate["exact"]["pool"]), (&true.into(), pool));
    let done = folder.run("estimate builtin:lt64 --prepared --security semi-honest");
    assert_eq!(done.code, Some(2), "{}", done.stderr);
}

#[test]
fn the_text_says_what_could_be_prepared() {
    let folder = Folder::new(&[]);
    let done = folder.run("estimate builtin:lt64");
    assert!(done.stdout.contains("could be prepared    64 triples and 192 masks\n"), "{}", done.stdout);
    let done = folder.run("estimate builtin:lt64 --prepared");
    assert!(done.stdout.contains("out of a pool        64 triples and 192 masks\n"), "{}", done.stdout);
}
