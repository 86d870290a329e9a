//! `--json`: one object per command, with these keys.

use serde_json::Value;

use crate::process::{Folder, run_pair};

fn object(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value["schema_version"], 1);
    value
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

const TRAFFIC: [&str; 6] =
    ["bytes_received", "bytes_sent", "exchanges", "messages_received", "messages_sent", "round_trips"];

fn with_traffic<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut keys = [TRAFFIC.as_slice(), more].concat();
    keys.sort_unstable();
    keys
}

#[test]
fn a_run_has_outputs_agreement_counters_and_phases() {
    let folder = Folder::new(&[("a.csv", "1\n2\n3\n"), ("b.csv", "10\n20\n300\n")]);
    let (garbler, evaluator) = run_pair(
        &folder,
        "garble builtin:compare16 --input a.csv --security semi-honest --json",
        "evaluate builtin:compare16 --input b.csv --security semi-honest --json",
    );
    let (garbler, evaluator) = (object(&garbler.stdout), object(&evaluator.stdout));
    for (role, report) in [("garbler", &garbler), ("evaluator", &evaluator)] {
        let expected = ["agreement", "circuit", "counters", "outputs", "phases", "role", "schema_version"];
        assert_eq!(keys(report), expected);
        assert_eq!((&report["role"], &report["circuit"]), (&role.into(), &"builtin:compare16".into()));
        let output = &report["outputs"][0];
        assert_eq!(keys(output), ["bit_order", "encoding", "name", "scale", "values", "width"]);
        assert_eq!(output["name"], "garbler_is_greater");
        assert_eq!(output["values"], serde_json::json!(["0", "0", "0"]));
        check_counters(&report["counters"]);
        let phases = report["phases"].as_array().unwrap();
        assert!(phases.iter().any(|phase| phase["name"] == "rows"));
        for phase in phases {
            assert_eq!(keys(phase), with_traffic(&["name", "seconds", "waiting_seconds"]));
        }
    }
    assert_eq!(garbler["agreement"], evaluator["agreement"]);
    check_agreement(&garbler["agreement"]);
    for (sent, received) in [("bytes_sent", "bytes_received"), ("messages_sent", "messages_received")] {
        assert_eq!(garbler["counters"][sent], evaluator["counters"][received]);
        assert_eq!(evaluator["counters"][sent], garbler["counters"][received]);
    }
}

fn check_counters(counters: &Value) {
    let more =
        ["ands", "ands_per_lane", "backend", "computing_seconds", "lanes", "seconds", "waiting_seconds"];
    assert_eq!(keys(counters), with_traffic(&more));
    assert_eq!(counters["lanes"], 3);
    assert_eq!(counters["ands"], 3 * counters["ands_per_lane"].as_u64().unwrap());
}

fn check_agreement(agreement: &Value) {
    for key in ["circuit", "program"] {
        assert_eq!(agreement[key].as_str().unwrap().len(), 64);
    }
    assert_eq!(agreement["lanes"], 3);
    assert_eq!(agreement["who_learns_the_outputs"], "both");
    assert_eq!(agreement["security_mode"], "semi-honest");
}

#[test]
fn who_learns_nothing_has_null() {
    let folder = Folder::new(&[("a.csv", "1\n"), ("b.csv", "2\n")]);
    let (garbler, evaluator) = run_pair(
        &folder,
        "garble builtin:add8 --input a.csv --reveal evaluator --json",
        "evaluate builtin:add8 --input b.csv --reveal evaluator --json --format bin",
    );
    assert_eq!(object(&garbler.stdout)["outputs"], Value::Null);
    assert_eq!(object(&evaluator.stdout)["outputs"][0]["values"][0], "0b00000011");
}

#[test]
fn a_function_has_words_scales_and_ids() {
    let folder = Folder::new(&[("in.csv", "guest_value,id,host_value\n1.5,A7,1.50\n2,\"A,8\",1\n")]);
    let command = "circuit eval maximum --scale 2 --input in.csv --id-column id --json";
    let report = object(&folder.run(command).stdout);
    assert_eq!(report["circuit"], "maximum bits=64 scale=2");
    assert_eq!(report["ids"], serde_json::json!(["A7", "A,8"]));
    let [winner, maximum] = [&report["outputs"][0], &report["outputs"][1]];
    assert_eq!(winner["words"], serde_json::json!(["tie", "host", "guest"]));
    assert_eq!(winner["values"], serde_json::json!(["tie", "guest"]));
    assert_eq!((&maximum["scale"], &maximum["words"]), (&2.into(), &Value::Null));
    assert_eq!(maximum["values"], serde_json::json!(["1.50", "2.00"]));
    let info = object(&folder.run("circuit info maximum --scale 2 --json").stdout);
    assert_eq!((&info["inputs"][0]["scale"], &info["outputs"][0]["scale"]), (&2.into(), &0.into()));
}

#[test]
fn circuit_commands_have_objects_too() {
    let folder = Folder::new(&[
        ("and.txt", "1 3\n2 1 1\n1 1\n\n2 1 0 1 2 AND\n"),
        ("bad.txt", "1 3\n2 1 1\n1 1\n\n2 1 0 7 2 AND\n"),
        ("in.csv", "1,1\n0,1\n"),
    ]);
    let good = object(&folder.run("circuit check and.txt --json").stdout);
    assert_eq!(
        (keys(&good), &good["good"]),
        (vec!["circuit", "errors", "good", "schema_version"], &true.into())
    );
    let bad = folder.run("circuit check bad.txt --json");
    assert_eq!(bad.code, Some(10));
    assert_eq!(object(&bad.stdout)["errors"].as_array().unwrap().len(), 1);

    let info = object(&folder.run("circuit info and.txt --json").stdout);
    let expected =
        ["circuit", "circuit_digest", "compiled", "format", "gates", "inputs", "outputs", "program_digest"];
    assert_eq!(keys(&info)[..8], expected);
    assert_eq!((&info["gates"]["and"], &info["format"]), (&1.into(), &"fashion".into()));
    assert_eq!(keys(&info["gates"]), keys(&info["compiled"]));
    assert_eq!(info["inputs"][1]["owner"], "evaluator");

    let eval = object(&folder.run("circuit eval and.txt --input in.csv --json").stdout);
    assert_eq!(eval["outputs"][0]["values"], serde_json::json!(["1", "0"]));
    let converted = object(&folder.run("circuit convert and.txt --to bristol -o out.txt --json").stdout);
    assert_eq!((&converted["format"], &converted["output"]), (&"bristol".into(), &"out.txt".into()));
    let optimized = object(&folder.run("circuit optimize and.txt -o out.txt --json").stdout);
    assert_eq!((&optimized["before"]["and"], &optimized["after"]["and"]), (&1.into(), &1.into()));
    let list = object(&folder.run("circuit list --json").stdout);
    assert!(list["circuits"].as_array().unwrap().iter().any(|circuit| circuit["name"] == "aes128"));
    let functions = list["functions"].as_array().unwrap();
    let limit = functions.iter().find(|function| function["name"] == "sum-against-limit").unwrap();
    assert_eq!(limit["parameters"][0]["name"], "limit");
    assert!(limit["ties"].as_str().unwrap().contains("does not exceed"));
}
