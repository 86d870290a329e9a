//! What `estimate` says before, and the run of two firms afterwards.

use serde_json::Value;

use crate::firms::Firms;
use crate::process::Folder;

#[test]
fn bytes_are_those_of_the_run() {
    let rows: String = (0..500).map(|row| format!("{row}\n")).collect();
    for (function, reveal, as_party, mode) in [
        ("maximum", "both", "both", "--security semi-honest"),
        ("equality", "host", "garbler", "--security semi-honest"),
        ("equality", "guest", "evaluator", ""),
        ("maximum", "both", "both", "--statistical-security 64"),
    ] {
        let settings = format!("--lanes 500 --reveal {as_party} {mode} --json");
        let said = Folder::new(&[]).run(&format!("estimate {function} {settings}"));
        let said: Value = serde_json::from_str(&said.stdout).unwrap();
        let firms = Firms::new(&rows, &rows);
        let sides =
            firms.meet(&format!("{function} --reveal {reveal} {mode} --json"), &format!("{mode} --json"));
        for (done, name) in sides.iter().zip(["garbler_sends", "evaluator_sends"]) {
            let report: Value = serde_json::from_str(&done.stdout).unwrap();
            for (exact, counted) in [("bytes", "bytes_sent"), ("messages", "messages_sent")] {
                let (exact, counted) = (&said["exact"][name][exact], &report["counters"][counted]);
                assert_eq!(exact, counted, "{function}: {name}");
            }
        }
    }
}
