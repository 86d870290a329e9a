//! The doctor, on a machine that is well and on the way to hosts that are not there.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::process::Folder;

fn findings(text: &str) -> Vec<(String, String, Option<String>)> {
    let report: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = report["findings"].as_array().unwrap().iter();
    list.map(|f| (text(&f["subject"]).unwrap(), text(&f["state"]).unwrap(), text(&f["next"]))).collect()
}

#[test]
fn every_kernel_is_tested_and_every_failure_says_what_next() {
    let folder = Folder::new(&[]);
    let home = folder.path().display().to_string();
    let done = folder.start_with("doctor --json", None, &[("HALFGATE_HOME", &home)]).wait();
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    let found = findings(&done.stdout);
    assert!(found.iter().any(|(subject, state, _)| subject == "self-test portable" && state == "good"));
    for subject in ["version", "kernels", "randomness", "clock", "processors", "key", "peers"] {
        assert!(found.iter().any(|(other, ..)| other == subject), "{subject} is missing: {}", done.stdout);
    }
    assert!(found.iter().all(|(_, state, next)| (state == "good") == next.is_none()), "{}", done.stdout);
}

#[test]
fn a_key_that_others_can_read_is_found() {
    let folder = Folder::new(&[]);
    let home = folder.path().display().to_string();
    let made = folder.start_with("key new", None, &[("HALFGATE_HOME", &home)]).wait();
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    fs::set_permissions(folder.path().join("key.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    let done = folder.start_with("doctor", None, &[("HALFGATE_HOME", &home)]).wait();
    assert!(done.stdout.contains("warning  key") && done.stdout.contains("chmod 600"), "{}", done.stdout);
}

#[test]
fn a_forced_kernel_that_is_not_here_fails() {
    let done = Folder::new(&[]).start_with("doctor", None, &[("HALFGATE_BACKEND", "abacus")]).wait();
    assert_eq!(done.code, Some(1));
    assert!(done.stdout.contains("FAILED   kernels") && done.stdout.contains("unset HALFGATE_BACKEND"));
}

#[test]
fn a_damaged_invite_is_found() {
    let folder = Folder::new(&[("invite", "halfgate")]);
    let done = folder.run("doctor --invite invite");
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert!(done.stdout.contains("FAILED   invite"), "{}", done.stdout);
}

#[test]
fn the_way_to_a_host_is_examined_without_using_its_invite_up() {
    let folder = Folder::new(&[("a.csv", "3\n"), ("b.csv", "4\n")]);
    let mut host =
        folder.start("host greater-than --input a.csv --listen 127.0.0.1:0 --invite-file invite --yes");
    host.until_it_says("the invite is in invite");
    let done = folder.run("doctor --invite invite --json");
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    let found = findings(&done.stdout);
    for subject in ["invite", "reachability", "TLS", "version", "link"] {
        assert!(found.iter().any(|(other, state, _)| other == subject && state == "good"), "{}", done.stdout);
    }
    let guest = folder.run("join --invite invite --input b.csv --yes");
    assert_eq!((guest.code, guest.stdout.as_str()), (Some(0), "host_is_greater\nno\n"), "{}", guest.stderr);
    assert_eq!(host.wait().code, Some(0));
}
