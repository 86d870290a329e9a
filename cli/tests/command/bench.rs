//! The bench: that it measures, compares and shows. What it measures in a debug build means nothing.

use serde_json::Value;

use crate::process::Folder;

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn rows_come_with_spread_limit_and_a_goal_that_is_not_judged_here() {
    let folder = Folder::new(&[]);
    let done = folder.run("bench --suite quick --only and.garble --only text.read --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let report = object(&done.stdout);
    assert_eq!((&report["schema_version"], &report["command"]), (&1.into(), &"bench".into()));
    for key in ["processor", "cores", "features", "system", "halfgate", "rustc", "build", "date", "load"] {
        assert!(report["machine"].get(key).is_some(), "{key}");
    }
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let figure = |name: &str| row["figure"][name].as_f64().unwrap();
        assert!(figure("runs") >= 5.0 && figure("min") > 0.0, "{row}");
        assert!(figure("min") <= figure("median") && figure("median") <= figure("max"), "{row}");
        assert!(row["bound"]["value"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["goal"]["value"].as_f64().unwrap() > 0.0, "{row}");
        if report["machine"]["build"] == "debug" {
            assert_eq!(
                (row["goal"]["met"].is_null(), row["goal"]["does_not_apply"].is_null()),
                (true, false)
            );
        }
    }
    assert!(report["limits"].as_array().unwrap().iter().any(|limit| limit["id"] == "text.numbers"));

    folder.write("before.json", &done.stdout);
    let done = folder.run("bench --only and.garble --baseline before.json --html page.html");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("against the baseline of "), "{}", done.stdout);
    assert!(done.stdout.contains("  and.garble ") && done.stdout.contains("only before: text.read"));
    // Other tests make the machine busy; nothing else differs.
    let differences = done.stdout.lines().filter(|line| line.contains("` before, `"));
    assert!(differences.into_iter().all(|line| line.trim_start().starts_with("load: ")), "{}", done.stdout);
    assert!(folder.read("page.html").starts_with("<!doctype html>"));

    folder.write("other.json", &folder.read("before.json").replace("\"quick\"", "\"full\""));
    let done = folder.run("bench --only and.garble --baseline other.json");
    assert!(done.stdout.contains("NOT COMPARABLE") && done.stdout.contains("suite: `full` before"));
}

#[test]
fn two_processes_are_measured_as_two() {
    let done = Folder::new(&[]).run("bench --only ot.extension --threads 2 --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let report = object(&done.stdout);
    assert_eq!(report["threads"], 2);
    let row = |id: &str| report["rows"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
    assert_eq!(row("ot.extension.bits")["goal"]["met"], true);
    assert!(row("ot.extension.rate")["figure"]["median"].as_f64().unwrap() > 0.0);
}

#[test]
fn the_kernels_can_be_chosen() {
    let folder = Folder::new(&[]);
    let variables = [("HALFGATE_BACKEND", "portable")];
    let done = folder.start_with("bench --only and.evaluate --json", None, &variables).wait();
    assert_eq!(object(&done.stdout)["kernel"], "portable");
}

#[test]
fn what_can_be_measured_is_listed() {
    let done = Folder::new(&[]).run("bench --list");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    for name in ["and.garble", "chain.one", "compare.table", "curve.writes"] {
        assert!(done.stdout.lines().any(|line| line == name), "{name}: {}", done.stdout);
    }
}

#[test]
fn a_wrong_name_or_baseline_is_found_before_anything_is_measured() {
    let folder =
        Folder::new(&[("list.json", "[]"), ("old.json", "{\"command\":\"bench\",\"schema_version\":0}")]);
    for (arguments, code, words) in [
        ("bench --only abacus", 2, "`abacus`"),
        ("bench --suite endless", 2, "quick, full"),
        ("bench --baseline nowhere.json", 10, "nowhere.json: cannot be read"),
        ("bench --baseline list.json", 10, "no report of `halfgate bench --json`"),
        ("bench --baseline old.json", 10, "has schema version 0"),
    ] {
        let done = folder.run(arguments);
        assert_eq!((done.code, done.stdout.as_str()), (Some(code), ""), "{arguments}: {}", done.stderr);
        assert!(done.stderr.contains(words) && !done.stderr.contains("measuring"), "{}", done.stderr);
    }
    let done = folder.run("bench --only and.evaluate --html no/such/folder.html");
    assert_eq!(done.code, Some(2), "{}", done.stderr);
    assert!(done.stderr.contains("no/such/folder.html: cannot be written"), "{}", done.stderr);
}
