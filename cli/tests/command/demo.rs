//! The demo, as it runs in a fresh clone.

use serde_json::Value;

use crate::process::Folder;

#[test]
fn the_demo_tells_its_story() {
    let done = Folder::new(&[]).run("demo");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{}", done.stdout);
    for words in [
        "$ halfgate garble builtin:aes128 --input - --listen 127.0.0.1:",
        "$ halfgate evaluate builtin:compare64 --input - --connect 127.0.0.1:",
        "garbler learns    ciphertext = 0x69c4e0d86a7b0430d8cdb78070b4c55a",
        "evaluator learns  ciphertext = 0x69c4e0d86a7b0430d8cdb78070b4c55a",
        "FIPS-197 for the first",
        "garbler_is_greater = ",
        "AND/s",
        "halfgate host --help\n   halfgate join --help",
    ] {
        assert!(done.stdout.contains(words), "`{words}` is missing:\n{}", done.stdout);
    }
    assert!(done.stdout.lines().count() < 30, "a wall of text:\n{}", done.stdout);
}

#[test]
fn the_demo_has_an_object_too() {
    let done = Folder::new(&[]).run("demo --lanes 3 --json");
    let report: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(report["runs"].as_array().unwrap().len(), 2);
    let run = &report["runs"][0];
    for side in ["garbler", "evaluator"] {
        assert_eq!(run[side]["outputs"][0]["values"][0], "0x69c4e0d86a7b0430d8cdb78070b4c55a");
        assert_eq!(run[side]["counters"]["lanes"], 3);
    }
}
