//! Netlists and compiled programs in place of a Bristol file.

use std::fs;

use crate::process::Folder;

const JSON: &str = r#"{"modules": {"larger": {
    "ports": {
        "ours": {"direction": "input", "bits": [2, 3, 4, 5]},
        "theirs": {"direction": "input", "bits": [6, 7, 8, 9]},
        "win": {"direction": "output", "bits": [10]}},
    "cells": {"compare": {"type": "$gt", "parameters": {"A_SIGNED": 0, "B_SIGNED": 0},
        "attributes": {"src": "larger.v:3.1"},
        "connections": {"A": [2, 3, 4, 5], "B": [6, 7, 8, 9], "Y": [10]}}}}}}"#;

const BLIF: &str = ".model both\n.inputs a b\n.outputs y\n.names a b y\n11 1\n.end\n";

const TABLE: &str = "ours,theirs\n9,8\n8,9\n15,0\n7,7\n";

#[test]
fn netlists_are_circuits() {
    let folder = Folder::new(&[
        ("larger.json", JSON),
        ("both.blif", BLIF),
        ("in.csv", TABLE),
        ("bits.csv", "a,b\n1,1\n1,0\n"),
    ]);
    let done = folder.run("circuit eval larger.json --input in.csv");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "1\n0\n1\n0\n"), "{}", done.stderr);
    let done = folder.run("circuit eval both.blif --input bits.csv");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "1\n0\n"), "{}", done.stderr);
    let done = folder.run("circuit info larger.json --json");
    assert!(
        done.stdout.contains(r#""format": "netlist""#) && done.stdout.contains(r#""name": "ours""#),
        "{}",
        done.stdout
    );
    assert_eq!(folder.run("circuit check larger.json").code, Some(0));
    assert!(folder.run("circuit info larger.json").stdout.starts_with("larger.json: netlist, "));
}

#[test]
fn a_bad_netlist_names_its_place_and_what_to_do() {
    let clocked = JSON.replace("$gt", "$dff");
    let folder = Folder::new(&[
        ("bad.json", &clocked),
        ("bad.blif", ".model x\n.inputs a\n.outputs y\n.latch a y\n.end\n"),
    ]);
    for (file, what) in [("bad.json", "larger.v:3.1"), ("bad.blif", "bad.blif:4: ")] {
        let done = folder.run(&format!("circuit info {file}"));
        assert_eq!(done.code, Some(10));
        assert!(done.stderr.contains(what) && done.stderr.contains("without clocks"), "{}", done.stderr);
        assert!(done.stderr.contains("halfgate explain netlist-rejected"), "{}", done.stderr);
        let done = folder.run(&format!("circuit check {file}"));
        assert_eq!(done.code, Some(10));
    }
}

#[test]
fn a_compiled_program_is_a_circuit() {
    let folder = Folder::new(&[("larger.json", JSON), ("in.csv", TABLE)]);
    let done = folder.run("circuit compile larger.json -o larger.hgp --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let digest = done.stdout.split("\"program_digest\": \"").nth(1).unwrap()[..64].to_owned();
    let info = folder.run("circuit info larger.json --json").stdout;
    assert!(info.contains(&digest), "it is the program that every command would make: {info}");
    let done = folder.run("circuit eval larger.hgp --input in.csv");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "1\n0\n1\n0\n"), "{}", done.stderr);

    let file = folder.path().join("larger.hgp");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let done = folder.run("circuit eval larger.hgp --input in.csv");
    assert_eq!(done.code, Some(10));
    assert!(
        done.stderr.contains("larger.hgp: ") && done.stderr.contains("compile the circuit again"),
        "{}",
        done.stderr
    );
}
