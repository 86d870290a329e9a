//! Two firms, each with a folder and keys of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::process::{Done, Folder, Running};

/// The file in the host's folder that holds the invite.
pub(crate) const INVITE: &str = "invite";

/// The host's input is `in.csv` in its folder, the guest's in its own.
pub(crate) struct Firms {
    pub(crate) host: Folder,
    pub(crate) guest: Folder,
}

impl Firms {
    pub(crate) fn new(host: &str, guest: &str) -> Self {
        Firms { host: Folder::new(&[("in.csv", host)]), guest: Folder::new(&[("in.csv", guest)]) }
    }

    /// The option that gives the guest its invite.
    pub(crate) fn invite(&self) -> String {
        format!("--invite {}", self.host.path().join(INVITE).display())
    }

    /// Starts a host that has made its invite when this returns.
    pub(crate) fn host(&self, arguments: &str) -> Running {
        let (function, options) = arguments.split_once(' ').unwrap_or((arguments, ""));
        self.invite_with(&format!("host {function} {options}"))
    }

    /// Starts whatever listens; it has made its invite when this returns.
    pub(crate) fn invite_with(&self, command: &str) -> Running {
        let listen = if command.contains("--listen") { "" } else { "--listen 127.0.0.1:0" };
        let arguments = format!("{command} {listen} --input in.csv --invite-file {INVITE} --yes");
        let mut host = self.host.start(&arguments);
        host.until_it_says("to compare by voice: ");
        host
    }

    /// Starts a guest with the invite.
    pub(crate) fn join(&self, options: &str) -> Running {
        self.guest.start(&format!("join {options} --input in.csv --yes {}", self.invite()))
    }

    /// Both sides from the beginning to the end: the host with a function and options, the guest with options.
    pub(crate) fn meet(&self, host: &str, guest: &str) -> [Done; 2] {
        let host = self.host(host);
        let guest = self.join(guest);
        [host.wait(), guest.wait()]
    }
}

/// Fails unless a side ended so.
pub(crate) fn assert_end(done: &Done, code: i32, words: &str) {
    assert_eq!(done.code, Some(code), "{}", done.stderr);
    assert!(done.stderr.contains(words), "`{words}` is missing: {}", done.stderr);
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
    assert!(code == 0 || done.stdout.is_empty(), "{}", done.stdout);
}

/// Fails unless both sides have these results.
pub(crate) fn assert_both(sides: &[Done; 2], results: &str) {
    for done in sides {
        assert_eq!((done.code, done.stdout.as_str()), (Some(0), results), "{}", done.stderr);
    }
}

/// The permissions of a file.
pub(crate) fn mode(folder: &Folder, name: &str) -> u32 {
    fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777
}

/// Lets everybody read a file.
pub(crate) fn expose(folder: &Folder, name: &str) {
    fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o644)).unwrap();
}
