//! What a person sees and says, on a terminal that `script` makes.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::firms::{Firms, INVITE, assert_end};
use crate::process::{Folder, free_address};

const LIMIT: Duration = Duration::from_secs(60);

/// Whether there is a terminal to be had.
fn there_is() -> bool {
    let there_is = Command::new("script").arg("--version").output().is_ok();
    if !there_is {
        eprintln!("skipped: this system has no `script`");
    }
    there_is
}

/// A command on a terminal.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<String>>,
}

impl Terminal {
    fn start(folder: &Folder, arguments: &str, columns: u16) -> Self {
        let binary = env!("CARGO_BIN_EXE_halfgate");
        let command = format!("stty cols {columns} rows 60; exec {binary} {arguments}");
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command", &command, "/dev/null"])
            .current_dir(folder.path())
            .env("HALFGATE_HOME", folder.path())
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (keys, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let screen = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&screen);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..count]).replace('\r', "");
                shown.lock().unwrap().push_str(&text);
            }
        });
        Terminal { child, keys, screen }
    }

    fn shown(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    fn until_it_shows(&self, text: &str) {
        let since = Instant::now();
        while !self.shown().contains(text) {
            assert!(since.elapsed() < LIMIT, "`{text}` is not shown, but: {}", self.shown());
            sleep(Duration::from_millis(5));
        }
    }

    /// Types lines.
    fn say(&mut self, lines: &str) {
        self.keys.write_all(lines.as_bytes()).unwrap();
        self.keys.write_all(b"\n").unwrap();
    }

    /// The exit code, and all that was shown.
    fn end(mut self) -> (Option<i32>, String) {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                sleep(Duration::from_millis(50));
                return (status.code(), self.shown());
            }
            assert!(since.elapsed() < LIMIT, "no end: {}", self.shown());
            sleep(Duration::from_millis(5));
        }
    }
}

/// The text of the invite on a screen.
fn invite_on(screen: &str) -> String {
    let (_, from) = screen.split_once("HALFGATE1:").unwrap_or_else(|| panic!("no invite: {screen}"));
    let lines = from.lines().take_while(|line| !line.trim().is_empty() && !line.contains(' '));
    format!("HALFGATE1:{}", lines.collect::<Vec<_>>().join("\n"))
}

/// The tutorial: two people, one value each, the invite copied from one screen to the other.
#[test]
fn two_people_compare_one_value_each() {
    if !there_is() {
        return;
    }
    let (alice, bob) = (Folder::new(&[]), Folder::new(&[]));
    let mut host = Terminal::start(&alice, "host greater-than --listen 127.0.0.1:0", 160);
    host.until_it_shows("host_value: ");
    host.say("61000");
    host.until_it_shows("to compare by voice: ");
    assert!(host.shown().contains('█') || host.shown().contains('▀'), "no QR code: {}", host.shown());
    let mut guest = Terminal::start(&bob, "join", 100);
    guest.until_it_shows("Paste the invite");
    guest.say(&format!("{}\n", invite_on(&host.shown())));
    guest.until_it_shows("guest_value: ");
    guest.say("58500");
    for side in [&mut host, &mut guest] {
        side.until_it_shows("Go ahead on these terms? [y/N] ");
        assert!(side.shown().contains("host learns    host_is_greater (1 bit)"), "{}", side.shown());
        assert!(!side.shown().contains("\nyes\n"), "a result before the answer: {}", side.shown());
        side.say("y");
    }
    for side in [host, guest] {
        let (code, shown) = side.end();
        assert_eq!(code, Some(0), "{shown}");
        assert!(shown.ends_with("host_is_greater\nyes\n"), "{shown}");
    }
}

#[test]
fn a_terminal_that_is_too_narrow_shows_text_only() {
    if !there_is() {
        return;
    }
    let alice = Folder::new(&[("in.csv", "1\n")]);
    let command = "host greater-than --input in.csv --listen 127.0.0.1:0 --yes --connect-timeout 500ms";
    let (code, shown) = Terminal::start(&alice, command, 60).end();
    assert_eq!(code, Some(13), "{shown}");
    assert!(shown.contains("HALFGATE1:") && !shown.contains('█') && !shown.contains('▀'), "{shown}");
}

#[test]
fn a_person_who_says_no_ends_both_sides() {
    if !there_is() {
        return;
    }
    for answer in ["n", "", "what?"] {
        let firms = Firms::new("1\n", "2\n");
        let host = firms.host("greater-than");
        let mut guest =
            Terminal::start(&firms.guest, &format!("join --input in.csv {}", firms.invite()), 100);
        guest.until_it_shows("Go ahead on these terms? [y/N] ");
        guest.say(answer);
        let (code, shown) = guest.end();
        assert_eq!(code, Some(12), "{shown}");
        assert!(shown.contains("this side did not accept the terms; nothing was computed"), "{shown}");
        assert!(!shown.contains("host_is_greater\n"), "{shown}");
        let host = host.wait();
        assert_end(&host, 12, "the peer did not accept the terms; nothing was computed");
        assert!(!host.stderr.contains("\nphase "), "{}", host.stderr);
    }
}

#[test]
fn a_host_that_says_no_keeps_its_input() {
    if !there_is() {
        return;
    }
    let firms = Firms::new("1\n", "2\n");
    let address = free_address();
    let command = format!("host equality --input in.csv --listen {address} --invite-file {INVITE}");
    let mut host = Terminal::start(&firms.host, &command, 100);
    host.until_it_shows("to compare by voice: ");
    let guest = firms.join("");
    host.until_it_shows("Go ahead on these terms? [y/N] ");
    host.say("no");
    assert_end(&guest.wait(), 12, "the peer did not accept the terms");
    let (code, shown) = host.end();
    assert_eq!(code, Some(12), "{shown}");
}
