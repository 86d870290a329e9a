//! Long-term keys, and firms that know each other by them.

use crate::firms::{Firms, assert_both, assert_end, expose, mode};
use crate::process::{Folder, free_address};

/// Makes a key in a folder and gives its fingerprint.
fn key(folder: &Folder) -> String {
    let done = folder.run("key new");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    fingerprint(&done.stdout)
}

fn fingerprint(shown: &str) -> String {
    shown.lines().find_map(|line| line.strip_prefix("fingerprint")).expect(shown).trim().to_owned()
}

#[test]
fn a_key_is_made_once_and_shown() {
    let folder = Folder::new(&[]);
    let made = key(&folder);
    assert_eq!((made.len(), mode(&folder, "key.pem")), (64, 0o600));
    let before = folder.read("key.pem");
    assert_end(&folder.run("key new"), 2, "cannot be written");
    assert_eq!(folder.read("key.pem"), before);
    let shown = folder.run("key show");
    assert_eq!((shown.code, shown.stderr.as_str()), (Some(0), ""));
    assert_eq!(fingerprint(&shown.stdout), made);
    assert!(shown.stdout.ends_with(&format!("NAME {made} [ADDRESS]\n")), "{}", shown.stdout);
    assert!(!shown.stdout.contains("PRIVATE"));
    let other = folder.run("key new --key second.pem --json");
    let report: serde_json::Value = serde_json::from_str(&other.stdout).unwrap();
    assert_ne!(report["fingerprint"], made);
    assert_eq!(report["words"].as_str().unwrap().split(' ').count(), 6);
}

#[test]
fn a_key_that_others_can_read_draws_a_warning() {
    let folder = Folder::new(&[]);
    key(&folder);
    expose(&folder, "key.pem");
    let shown = folder.run("key show");
    assert_end(&shown, 0, "can be read by others (mode 0644)");
}

#[test]
fn a_key_that_is_not_there_or_none_is_an_error() {
    let folder = Folder::new(&[("bad.pem", "nothing\n")]);
    for (command, words) in [("key show", "key.pem"), ("key show --key bad.pem", "bad.pem")] {
        let done = folder.run(command);
        assert_end(&done, 2, words);
    }
}

/// Two firms that have each other in their peers files, and the host's address.
fn acquainted(host: &str, guest: &str) -> (Firms, String) {
    let (firms, address) = (Firms::new(host, guest), free_address());
    let [hosts, guests] = [&firms.host, &firms.guest].map(key);
    firms.host.write("peers", &format!("# our customers\nbuyer {guests}\n"));
    firms.guest.write("peers", &format!("seller {hosts} {address} # by telephone\n"));
    (firms, address)
}

#[test]
fn firms_that_know_each_other_need_no_invite() {
    let (firms, address) = acquainted("3\n", "4\n");
    let host =
        firms.host.start(&format!("host greater-than --peer buyer --listen {address} --input in.csv --yes"));
    let guest = firms.guest.start("join greater-than --peer seller --input in.csv --yes");
    let sides = [host.wait(), guest.wait()];
    assert_both(&sides, "host_is_greater\nno\n");
    assert!(!firms.host.path().join("invite").exists());
}

#[test]
fn roles_may_be_named_and_the_guest_may_come_first() {
    let (firms, address) = acquainted("3\n", "4\n");
    let mut guest = firms.guest.start("garble builtin:add8 --peer seller --input in.csv");
    guest.until_it_says("connecting to ");
    let host =
        firms.host.start(&format!("evaluate builtin:add8 --peer buyer --listen {address} --input in.csv"));
    assert_both(&[host.wait(), guest.wait()], "7\n");
}

#[test]
fn a_stranger_is_turned_away_and_the_right_one_let_in() {
    let (firms, address) = acquainted("3\n", "2\n");
    let mut host =
        firms.host.start(&format!("host greater-than --peer buyer --listen {address} --input in.csv --yes"));
    host.address();
    let stranger = Folder::new(&[("in.csv", "9\n"), ("peers", &firms.guest.read("peers"))]);
    key(&stranger);
    let join = "join greater-than --peer seller --input in.csv --yes";
    assert_end(&stranger.run(join), 11, "the host does not know this side's key");
    host.until_it_says("turned away 127.0.0.1:");
    let guest = firms.guest.run(join);
    assert_both(&[host.wait(), guest], "host_is_greater\nyes\n");
}

#[test]
fn a_host_with_another_key_is_refused_by_the_guest() {
    let (firms, address) = acquainted("3\n", "2\n");
    let impostor = Folder::new(&[("in.csv", "3\n"), ("peers", &firms.host.read("peers"))]);
    key(&impostor);
    let mut host =
        impostor.start(&format!("host greater-than --peer buyer --listen {address} --input in.csv --yes"));
    host.address();
    let guest = firms.guest.run("join greater-than --peer seller --input in.csv --yes");
    assert_end(&guest, 11, "error: ");
    host.until_it_says("somebody at ");
    host.kill();
    assert_eq!(host.wait().stdout, "");
}

#[test]
fn a_peer_that_is_not_in_the_file_is_named() {
    let (firms, _) = acquainted("3\n", "2\n");
    let done = firms.guest.run("join greater-than --peer nobody --input in.csv --yes");
    assert_end(&done, 2, "there is no peer `nobody`; the file names seller");
    firms.guest.write("peers", "seller abc\n");
    let done = firms.guest.run("join greater-than --peer seller --input in.csv --yes");
    assert_end(&done, 2, "peers:1:8: ");
}
