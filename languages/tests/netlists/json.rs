use halfgate_circuits::{Circuit, Encoding, Party};
use halfgate_languages::{NetlistError, yosys};

use crate::plaintext::compute;

fn module(cells: &str) -> String {
    format!(
        r#"{{"creator": "a test", "modules": {{"top": {{
            "ports": {{
                "s": {{"direction": "input", "bits": [8, 9, 10, 11], "signed": 1}},
                "a": {{"direction": "input", "bits": [4, 5, 6, 7]}},
                "y": {{"direction": "output", "bits": [12, 13, 14, 15]}}}},
            "cells": {{{cells}}},
            "netnames": {{
                "a": {{"bits": [4, 5, 6, 7], "attributes": {{"party": "garbler"}}}},
                "s": {{"bits": [8, 9, 10, 11], "attributes": {{"party": "evaluator"}}}},
                "y": {{"bits": [12, 13, 14, 15]}}}}}}}}}}"#
    )
}

fn cell(kind: &str, parameters: &str, connections: &str) -> String {
    format!(
        r#""c": {{"type": "{kind}", "parameters": {{{parameters}}},
            "attributes": {{"src": "x.v:3.1-3.9"}}, "connections": {{{connections}}}}}"#
    )
}

fn read(text: &str) -> Result<Circuit, NetlistError> {
    yosys::read(text.as_bytes(), "x.json")
}

#[test]
fn ports_become_groups_with_owner_and_sign() {
    let circuit =
        read(&module(&cell("$add", "", r#""A": [4, 5, 6, 7], "B": [8, 9, 10, 11], "Y": [12, 13, 14, 15]"#)))
            .unwrap();
    let groups =
        circuit.inputs().iter().map(|input| (input.group.name.as_str(), input.owner, input.group.encoding));
    let expected = [("s", Party::Evaluator, Encoding::Int), ("a", Party::Garbler, Encoding::Uint)];
    assert!(groups.eq(expected));
    assert_eq!(compute(&circuit, &[vec![13, 7], vec![1, 2]]), [[4], [3]]);
}

/// A bitwise cell may feed its own bits, as a chain of carries written in one line does.
#[test]
fn bitwise_cells_are_taken_bit_by_bit() {
    let circuit = read(&module(&cell(
        "$and",
        "",
        r#""A": ["1", 12, 13, 14], "B": [4, 5, 6, 7], "Y": [12, 13, 14, 15]"#,
    )))
    .unwrap();
    for a in 0..16 {
        let ones: u64 = (0..4).take_while(|bit| a >> bit & 1 == 1).map(|bit| 1 << bit).sum();
        assert_eq!(compute(&circuit, &[vec![0, a]]), [[ones]]);
    }
}

#[test]
fn tables_and_short_operands() {
    let lut = cell("$lut", r#""LUT": "1000000000000001", "WIDTH": 4"#, r#""A": [4, 5, 6, 7], "Y": [12]"#)
        + ","
        + &cell("$not", r#""A_SIGNED": 1"#, r#""A": [8, 9], "Y": [13, 14, 15]"#).replace("\"c\"", "\"d\"");
    let circuit = read(&module(&lut)).unwrap();
    for (s, a) in [(0, 0), (1, 15), (2, 7), (3, 1)] {
        let extended = [0, 1, 0b110, 0b111][s as usize];
        let expected = u64::from(a == 0 || a == 15) | (!extended & 7) << 1;
        assert_eq!(compute(&circuit, &[vec![s, a]]), [[expected]], "{s} {a}");
    }
}

#[test]
fn errors_name_the_cell_its_source_and_the_next_step() {
    let whole = r#""A": [4, 5, 6, 7], "B": [8, 9, 10, 11], "Y": [12, 13, 14, 15]"#;
    for (cells, what) in [
        (cell("$dff", "", r#""D": [4, 5, 6, 7], "Q": [12, 13, 14, 15]"#), "keeps state"),
        (cell("$macc", "", whole), "of a kind that is not known; let Yosys take it apart"),
        (cell("adder", "", whole), "another module of the file; let Yosys put it in its place"),
        (cell("$add", "", r#""A": [4], "Y": [12, 13, 14, 15]"#), "0 wires at port `B`"),
        (
            cell("$pmux", "", r#""A": [4], "B": [5, 6, 7], "S": [8, 9], "Y": [12]"#),
            "3 wires at port `B`, and needs 2",
        ),
        (cell("$lut", r#""LUT": "10""#, r#""A": [4, 5], "Y": [12]"#), "does not fit its inputs"),
        (cell("$add", "", r#""A": [4], "B": [99], "Y": [12, 13, 14, 15]"#), "nothing drives `net 99`"),
        (cell("$add", "", r#""A": [12], "B": [5], "Y": [12, 13, 14, 15]"#), "`y[0]` depends on itself"),
        (cell("$add", "", r#""A": [5], "B": [5], "Y": [4, 13, 14, 15]"#), "`a[0]` is driven twice"),
        (cell("$add", "", r#""A": [5], "B": [5], "Y": ["1", 13, 14, 15]"#), "driven twice"),
    ] {
        let error = read(&module(&cells)).unwrap_err().to_string();
        assert!(error.starts_with("x.json (from x.v:3.1-3.9): ") && error.contains(what), "{error}");
    }
    let error = |text: &str| read(text).unwrap_err().to_string();
    assert!(error("{\n\"modules\": 3}").starts_with("x.json:2: this is not JSON as Yosys writes it"));
    assert!(error(r#"{"modules": {}}"#).contains("no module"));
    assert!(error(r#"{"modules": {"a": {}, "b": {}}}"#).contains("(a, b) and none is marked"));
    assert!(error(&module("").replace("\"garbler\"", "\"alice\"")).contains("`alice`, which is no party"));
    assert!(error(&module("").replace("output", "inout")).contains("`y` is an `inout`"));
    assert!(error(&module(&cell("$add", "", r#""A": ["z"]"#))).contains("not JSON as Yosys"));
}
