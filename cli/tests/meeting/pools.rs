//! Two firms prepare a pool, and use it.

use std::fs;

use crate::firms::{INVITE, assert_both, assert_end, mode};
use crate::process::{Done, Folder, Running};

/// Two firms that know each other's keys.
struct Pair {
    alice: Folder,
    bob: Folder,
}

impl Pair {
    fn new() -> Self {
        let pair =
            Pair { alice: Folder::new(&[("in.csv", "20\n")]), bob: Folder::new(&[("in.csv", "10\n")]) };
        let lines = [("alice", &pair.alice), ("bob", &pair.bob)].map(|(name, folder)| {
            assert_eq!(folder.run("key new").code, Some(0));
            let shown: serde_json::Value =
                serde_json::from_str(&folder.run("key show --json").stdout).unwrap();
            format!("{name} {}\n", shown["fingerprint"].as_str().unwrap())
        });
        pair.alice.write("peers", &lines[1]);
        pair.bob.write("peers", &lines[0]);
        pair
    }

    /// Alice listens and Bob comes.
    fn meet(&self, alice: &str, bob: &str) -> [Done; 2] {
        let mut host = self.start_alice(alice);
        let address = host.address();
        let guest = self.bob.start(&format!("{bob} --peer alice --connect {address}"));
        [host.wait(), guest.wait()]
    }

    fn start_alice(&self, options: &str) -> Running {
        self.alice.start(&format!("{options} --peer bob --listen 127.0.0.1:0"))
    }

    fn prepare(&self) -> [Done; 2] {
        self.meet("prepare --triples 200 --pool a.pool", "prepare --triples 200 --pool b.pool --json")
    }

    fn compare(&self) -> [Done; 2] {
        self.meet(&format!("{COMPARE} --pool a.pool"), &format!("{COMPARE} --pool b.pool"))
    }

    fn exist(&self) -> [bool; 2] {
        [(&self.alice, "a.pool"), (&self.bob, "b.pool")]
            .map(|(folder, name)| folder.path().join(name).exists())
    }
}

const COMPARE: &str = "compare greater-than --security malicious --input in.csv --yes";

#[test]
fn a_pool_serves_one_comparison() {
    let pair = Pair::new();
    let [alice, bob] = pair.prepare();
    assert_eq!((alice.code, bob.code), (Some(0), Some(0)), "{}{}", alice.stderr, bob.stderr);
    let report: serde_json::Value = serde_json::from_str(&bob.stdout).unwrap();
    assert_eq!(report["id"].as_str(), Some(alice.stdout.trim()));
    assert_eq!((report["triples"].as_u64(), report["masks"].as_u64()), (Some(200), Some(600)));
    assert_eq!(report["role"], "evaluator");
    assert_eq!((mode(&pair.alice, "a.pool"), mode(&pair.bob, "b.pool")), (0o600, 0o600));
    assert_eq!(
        fs::metadata(pair.bob.path().join("b.pool")).unwrap().len(),
        report["file_bytes"].as_u64().unwrap()
    );

    let sides = pair.compare();
    assert_both(&sides, "host_is_greater\nyes\n");
    for done in &sides {
        assert!(done.stderr.contains("200 triples and 600 masks"), "{}", done.stderr);
        assert!(!done.stderr.contains("leaky ANDs"), "nothing had to be made: {}", done.stderr);
    }
    assert_eq!(pair.exist(), [false, false], "a pool is gone with its run");
    let [alice, _] = pair.compare();
    assert_end(&alice, 10, "a.pool cannot be opened");
}

#[test]
fn a_run_that_was_killed_has_spent_its_pool() {
    let pair = Pair::new();
    pair.prepare();
    // As if a process had been killed at any moment after the run began: the offset of a pool is at byte 16.
    let path = pair.alice.path().join("a.pool");
    let mut bytes = fs::read(&path).unwrap();
    bytes[16] = 1;
    fs::write(&path, bytes).unwrap();
    let alice = pair.start_alice(&format!("{COMPARE} --pool a.pool")).wait();
    assert_end(&alice, 10, "belongs to a session that has begun before");
    assert!(alice.stderr.contains("halfgate explain pool-cannot-be-used"), "{}", alice.stderr);
    assert_eq!(pair.exist(), [false, true]);
}

#[test]
fn who_comes_without_the_pool_hears_it_and_nothing_is_used_up() {
    let pair = Pair::new();
    pair.prepare();
    let sides = pair.meet(&format!("{COMPARE} --pool a.pool"), COMPARE);
    for done in &sides {
        assert_end(done, 12, "prepared pool");
    }
    // Another part than the one that it was prepared for.
    let [alice, bob] = pair.meet(
        &format!("{COMPARE} --pool a.pool --garbler guest"),
        &format!("{COMPARE} --pool b.pool --garbler guest"),
    );
    assert_end(&alice, 12, "as the garbler, and it is the evaluator now");
    assert_ne!(bob.code, Some(0));
    assert_eq!(pair.exist(), [true, true]);
    assert_both(&pair.compare(), "host_is_greater\nyes\n");
}

#[test]
fn an_invite_says_what_is_prepared() {
    let pair = Pair::new();
    let mut host = pair.alice.start(&format!(
        "prepare --triples 150 --masks 300 --statistical-security 64 --garbler guest --pool a.pool --listen 127.0.0.1:0 \
         --invite-file {INVITE} --json"
    ));
    host.until_it_says("to compare by voice: ");
    let invite = pair.alice.path().join(INVITE).display().to_string();
    let refused = pair.bob.run(&format!("prepare --triples 9 --pool b.pool --invite {invite}"));
    assert_end(&refused, 2, "the invite says what is prepared");
    let refused = pair.bob.run(&format!("join --input in.csv --yes --invite {invite}"));
    assert_ne!(refused.code, Some(0));
    let guest = pair.bob.run(&format!("prepare --pool b.pool --invite {invite} --json"));
    let host = host.wait();
    let reports = [&host, &guest].map(|done| {
        serde_json::from_str::<serde_json::Value>(&done.stdout).unwrap_or_else(|_| panic!("{}", done.stderr))
    });
    assert_eq!(reports[0]["id"], reports[1]["id"]);
    assert_eq!((&reports[0]["role"], &reports[1]["role"]), (&"evaluator".into(), &"garbler".into()));
    assert_eq!(reports[1]["masks"], 300);
    // Later the two know each other by name; the keys are the same.
    let compare = "compare greater-than --security malicious --statistical-security 64 --garbler guest --input in.csv --yes";
    let sides = pair.meet(&format!("{compare} --pool a.pool"), &format!("{compare} --pool b.pool"));
    assert_both(&sides, "host_is_greater\nyes\n");
}

#[test]
fn what_cannot_be_prepared_or_used_is_said_before_anybody_is_met() {
    let pair = Pair::new();
    let alone = Folder::new(&[("there.pool", "something else"), ("in.csv", "1\n")]);
    let end = |folder: &Folder, arguments: &str, code: i32, words: &str| {
        assert_end(&folder.run(arguments), code, words);
    };
    end(&alone, "prepare --triples 5 --pool x --listen 127.0.0.1:0", 2, "`halfgate key new` makes one");
    let plain = "--insecure-plaintext --listen 127.0.0.1:0";
    end(&alone, &format!("prepare --triples 5 --pool there.pool {plain}"), 10, "takes no file's place");
    end(&alone, &format!("prepare --pool new.pool {plain}"), 2, "--triples N");
    assert!(!alone.path().join("new.pool.new").exists());
    let compare = format!("--input in.csv --yes {plain}");
    end(&alone, &format!("compare --security malicious --pool there.pool {compare}"), 10, "is no pool");
    end(
        &alone,
        &format!("compare --security semi-honest --pool there.pool {compare}"),
        2,
        "--pool belongs to --security malicious",
    );
    end(&pair.alice, "serve greater-than --pool a.pool --listen 127.0.0.1:0 --allow bob", 2, "--pool");
}
