//! A server in a folder of its own, and what it says.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use halfgate::channel::Fingerprint;
use halfgate_meet::{Key, Overwrite};
use tempfile::TempDir;

/// No server of these tests may take longer for anything.
const LIMIT: Duration = Duration::from_secs(60);

/// Where a server and its guests have their files.
pub(crate) struct House {
    folder: TempDir,
    pub(crate) key: Key,
    /// The security of all commands.
    pub(crate) mode: &'static str,
}

impl House {
    /// A server's key, its input, and guests whose names are `guest0`, `guest1`, …
    pub(crate) fn new(input: &str, guests: &[&Key]) -> Self {
        let (folder, key) = (TempDir::new().unwrap(), Key::generate().unwrap());
        let house = House { folder, key, mode: "semi-honest" };
        house.key.save(&house.path("key.pem"), Overwrite::No).unwrap();
        house.write("input.csv", input);
        house.list(guests);
        house
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Writes the peers file.
    pub(crate) fn list(&self, guests: &[&Key]) {
        let lines =
            guests.iter().enumerate().map(|(place, key)| format!("guest{place} {}\n", key.fingerprint()));
        self.write("peers", &lines.collect::<String>());
    }

    /// Starts a server of `lt32` and waits until it is ready.
    pub(crate) fn serve(&self, options: &str) -> Server {
        let mut server = self.start(options);
        server.until_it_says("ready");
        server
    }

    /// Starts a server that may not get far.
    pub(crate) fn start(&self, options: &str) -> Server {
        let arguments = format!(
            "serve builtin:lt32 --input input.csv --listen 127.0.0.1:0 --allow all-peers --security {} {options}",
            self.mode
        );
        Server::start(self.command(&arguments), self.key.fingerprint())
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_halfgate"));
        command.args(arguments.split_whitespace()).current_dir(self.folder.path());
        command.env("HALFGATE_HOME", self.folder.path()).env_remove("HALFGATE_BACKEND");
        command
    }

    /// Runs `halfgate join` to its end: exit code, standard output and error.
    pub(crate) fn join(&self, guest: &Key, server: &Server, value: &str) -> (Option<i32>, String, String) {
        let home = TempDir::new().unwrap();
        guest.save(&home.path().join("key.pem"), Overwrite::No).unwrap();
        let line = format!("server {} {}\n", server.fingerprint, server.address);
        fs::write(home.path().join("peers"), line).unwrap();
        fs::write(home.path().join("value.csv"), value).unwrap();
        let arguments =
            format!("join builtin:lt32 --peer server --input value.csv --security {} --yes", self.mode);
        let mut command = self.command(&arguments);
        let done = command.env("HALFGATE_HOME", home.path()).current_dir(home.path()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    }
}

/// A server at work.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) fingerprint: Fingerprint,
    said: Arc<Mutex<String>>,
    stdout: Option<JoinHandle<String>>,
}

impl Server {
    fn start(mut command: Command, fingerprint: Fingerprint) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let stdout = thread::spawn(move || {
            let mut text = String::new();
            output.read_to_string(&mut text).unwrap();
            text
        });
        let said: Arc<Mutex<String>> = Arc::default();
        let (errors, heard) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&said));
        thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                *heard.lock().unwrap() += &format!("{line}\n");
            }
        });
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Server { child, address, fingerprint, said, stdout: Some(stdout) };
        server.address = server.told("listening on ").parse().unwrap();
        server
    }

    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub(crate) fn until_it_says(&mut self, words: &str) {
        let since = Instant::now();
        while !self.said().contains(words) {
            assert!(since.elapsed() < LIMIT, "`{words}` was not said, but: {}", self.said());
            if self.child.try_wait().unwrap().is_some() {
                sleep(Duration::from_millis(200));
                assert!(self.said().contains(words), "it ended and said: {}", self.said());
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// The rest of the line that begins so.
    pub(crate) fn told(&mut self, beginning: &str) -> String {
        self.until_it_says(beginning);
        loop {
            let said = self.said();
            if let Some(line) = said.lines().find_map(|line| line.strip_prefix(beginning)) {
                return line.to_owned();
            }
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// Waits for its end: exit code, and what it printed.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let since = Instant::now();
        let status: ExitStatus = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(since.elapsed() < LIMIT, "no end; it said: {}", self.said()),
            }
            sleep(Duration::from_millis(5));
        };
        (status.code(), self.stdout.take().unwrap().join().unwrap())
    }

    /// Asks it to end, and waits.
    pub(crate) fn stop(self) -> (Option<i32>, String) {
        self.signal("-TERM");
        self.end()
    }

    /// The most memory that it has had, in bytes; nothing where Linux is not there to say it.
    pub(crate) fn peak(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| 1024 * kilobytes)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
