//! What goes in and what comes out: tables, ids, words, decimals, JSON, and the same terms on both screens.

use serde_json::{Value, json};

use crate::firms::{Firms, assert_both};
use crate::process::Done;

#[test]
fn one_value_each() {
    let firms = Firms::new("61000\n", "58500\n");
    let sides = firms.meet("greater-than", "");
    assert_both(&sides, "host_is_greater\nyes\n");
}

#[test]
fn tables_with_ids_words_and_signed_decimals() {
    let host = "note,value\n\"a, \"\"b\"\"\",12.50\n\"#7\",-7.25\nplain,0.1\n";
    let guest = "note,value\n\"a, \"\"b\"\"\",12.4\n\"#7\",-7.25\nplain,3\n";
    let firms = Firms::new(host, guest);
    let sides = firms.meet("maximum --bits 24 --signed --scale 2 --id-column note", "--id-column note");
    assert_both(
        &sides,
        "note,winner,maximum\n\"a, \"\"b\"\"\",host,12.50\n\"#7\",tie,-7.25\nplain,guest,3.00\n",
    );
}

#[test]
fn an_input_may_come_through_standard_input() {
    let firms = Firms::new("", "5\n");
    let mut host = firms.host.start_with(
        "compare equality --input - --listen 127.0.0.1:0 --invite-file invite --yes",
        Some("value\n5\n"),
        &[],
    );
    host.until_it_says("to compare by voice: ");
    let command = format!("compare --input in.csv --yes {}", firms.invite());
    let guest = firms.guest.run(&command);
    assert_both(&[host.wait(), guest], "equal\nyes\n");
}

#[test]
fn an_invite_may_come_through_standard_input() {
    let firms = Firms::new("5\n", "6\n");
    let host = firms.host("greater-than");
    // As a mail program leaves it.
    let quoted = firms.host.read("invite").replace('\n', "\r\n> ");
    let guest = firms.guest.start_with("join --invite - --input in.csv --yes", Some(&quoted), &[]).wait();
    assert_both(&[host.wait(), guest], "host_is_greater\nno\n");
}

/// The terms on a screen, without what tells the two screens apart.
pub(crate) fn terms(done: &Done) -> String {
    let (_, from) =
        done.stderr.split_once("terms with the peer at ").unwrap_or_else(|| panic!("{}", done.stderr));
    let (terms, _) = from.split_once("\nphase ").unwrap_or((from, ""));
    let (_address, table) = terms.split_once('\n').unwrap();
    table.replace("(this side, ", "(").replace("(the peer, ", "(")
}

#[test]
fn both_screens_show_the_same_terms() {
    let firms = Firms::new("id,value\nx,1\ny,2\n", "id,value\nx,3\ny,4\n");
    let settings =
        "closest --bits 20 --set threshold=1 --id-column id --batch 1 --reveal guest --security semi-honest";
    let sides = firms.meet(settings, "--id-column id --batch 1 --security semi-honest");
    assert_eq!(sides.each_ref().map(|done| done.code), [Some(0); 2], "{sides:?}");
    let [host, guest] = sides.each_ref().map(terms);
    assert_eq!(host, guest);
    for words in [
        "closest bits=20 threshold=1",
        "2 rows of host_value (20 bits)",
        "both sides list the same ids in the same order",
        "host learns    nothing",
        "guest learns   within (1 bit)",
        "of 1 row; no journal",
        "semi-honest",
        "TLS 1.3 with X25519MLKEM768",
        " round trips",
        "on this link",
        "of memory at the host",
    ] {
        assert!(host.contains(words), "`{words}` is missing:\n{host}");
    }
    // Each side's words are those that it gave to be compared by voice.
    let spoken = sides[0].stderr.lines().find_map(|line| line.split_once("compare by voice: ")).unwrap().1;
    assert!(guest.contains(&format!("host           {spoken} (")), "{spoken}:\n{guest}");
}

#[test]
fn json_has_the_same_keys_on_both_sides() {
    let firms = Firms::new("id,value\nx,12.5\n", "id,value\nx,3\n");
    let sides = firms.meet(
        "maximum --scale 1 --id-column id --security semi-honest --json",
        "--id-column id --security semi-honest --json",
    );
    let reports = sides.map(|done| {
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        serde_json::from_str::<Value>(&done.stdout).unwrap()
    });
    let [mut host, mut guest] = reports.clone();
    for (report, role) in [(&mut host, "garbler"), (&mut guest, "evaluator")] {
        let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["agreement", "circuit", "counters", "ids", "outputs", "phases", "role", "schema_version"];
        assert_eq!(keys, expected);
        assert_eq!((&report["schema_version"], &report["role"]), (&json!(1), &json!(role)));
        check_outputs(&report["outputs"]);
        check_agreement(&report["agreement"]);
        assert!(report["counters"]["bytes_sent"].as_u64().unwrap() > 0);
    }
    assert_eq!(host["agreement"], guest["agreement"]);
    assert_eq!(host["outputs"], guest["outputs"]);
    assert_eq!(host["counters"]["bytes_sent"], guest["counters"]["bytes_received"]);
}

fn check_outputs(outputs: &Value) {
    let [winner, maximum] = outputs.as_array().unwrap().as_slice() else { panic!("{outputs}") };
    assert_eq!((&winner["name"], &winner["values"]), (&json!("winner"), &json!(["host"])));
    assert!(winner["words"].as_array().unwrap().contains(&json!("tie")));
    assert_eq!((&maximum["scale"], &maximum["values"]), (&json!(1), &json!(["12.5"])));
    assert_eq!(maximum.get("words"), None);
}

fn check_agreement(agreement: &Value) {
    for (key, value) in [
        ("channel", "TLS 1.3"),
        ("function", "maximum bits=64 scale=1"),
        ("garbler", "host"),
        ("journal", "none"),
        ("who_learns_the_outputs", "both"),
        ("security_mode", "semi-honest"),
    ] {
        assert_eq!(agreement[key], value, "{key}");
    }
    assert_eq!(agreement["rows_per_batch"], Value::Null);
    for digest in ["certificate_of_the_host", "certificate_of_the_guest", "row_ids", "circuit", "program"] {
        assert_eq!(agreement[digest].as_str().unwrap().len(), 64, "{digest}");
    }
}
