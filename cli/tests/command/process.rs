//! Runs the binary, with a limit on its time.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// No process of these tests may take longer.
const LIMIT: Duration = Duration::from_secs(100);
const STEP: Duration = Duration::from_millis(5);

/// A folder with files, in which commands run.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Folder(TempDir::new().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    /// As the user's own, so that no warning about others who can read it is due.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Starts the command; arguments are cut at blanks.
    pub(crate) fn start(&self, arguments: &str) -> Running {
        self.start_with(arguments, None, &[])
    }

    /// Starts the command with standard input and variables.
    ///
    /// A garbler or an evaluator meets its peer in plaintext and asks nobody, unless the arguments say how they meet.
    pub(crate) fn start_with(
        &self,
        arguments: &str,
        stdin: Option<&str>,
        variables: &[(&str, &str)],
    ) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_halfgate"));
        command.args(arguments.split_whitespace()).current_dir(self.path());
        let role = arguments.starts_with("garble") || arguments.starts_with("evaluate");
        if role && !["--insecure", "--invite", "--peer", "--tls"].iter().any(|how| arguments.contains(how)) {
            command.arg("--insecure-plaintext");
        }
        if role && !arguments.contains("--yes") {
            command.arg("--yes");
        }
        // Nobody's own key and peers.
        command.env("HALFGATE_HOME", self.path());
        command.env_remove("HALFGATE_BACKEND").envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let text = stdin.unwrap_or_default().to_owned();
        thread::spawn(move || input.write_all(text.as_bytes()));
        let stdout = Collector::new(child.stdout.take().unwrap());
        let stderr = Collector::new(child.stderr.take().unwrap());
        Running { child, stdout, stderr, since: Instant::now() }
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, arguments: &str) -> Done {
        self.start(arguments).wait()
    }
}

/// A process on its way.
pub(crate) struct Running {
    child: Child,
    stdout: Collector,
    stderr: Collector,
    since: Instant,
}

/// What a process left.
#[derive(Debug)]
pub(crate) struct Done {
    /// Nothing if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
    /// The most memory that it was seen to have had, in bytes; 0 where that cannot be seen.
    pub(crate) peak: u64,
}

impl Running {
    pub(crate) fn wait(mut self) -> Done {
        let mut peak = 0;
        let code = loop {
            peak = peak_memory(self.id()).unwrap_or(peak);
            match self.child.try_wait().unwrap() {
                Some(status) => break status.code(),
                None if self.since.elapsed() > LIMIT => {
                    self.child.kill().unwrap();
                    panic!("no end after {LIMIT:?}; it said: {}", self.stderr.text());
                }
                None => sleep(STEP),
            }
        };
        let took = self.since.elapsed();
        Done { code, stdout: self.stdout.end(), stderr: self.stderr.end(), took, peak }
    }

    /// Waits until standard error contains a text.
    pub(crate) fn until_it_says(&mut self, text: &str) {
        while !self.stderr.text().contains(text) {
            assert!(self.since.elapsed() < LIMIT, "`{text}` was not said, but: {}", self.stderr.text());
            if self.child.try_wait().unwrap().is_some() {
                // The last words may still be on their way.
                sleep(50 * STEP);
                assert!(self.stderr.text().contains(text), "it ended and said: {}", self.stderr.text());
            }
            sleep(STEP);
        }
    }

    /// Where a listener waits.
    pub(crate) fn address(&mut self) -> String {
        self.until_it_says("\n");
        let said = self.stderr.text();
        said.lines().find_map(|line| line.strip_prefix("listening on ")).expect(&said).to_owned()
    }

    /// The number by which the system knows it.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// What Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let status = Command::new("kill").args(["-INT", &self.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}

/// Reads to the end beside everything else.
struct Collector {
    text: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Collector {
    fn new(mut source: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&text);
        let thread = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = source.read(&mut buffer) {
                shared.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        Collector { text, thread }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }

    fn end(self) -> String {
        self.thread.join().unwrap();
        String::from_utf8(self.text.lock().unwrap().clone()).unwrap()
    }
}

/// What Linux says of a process; nothing once it has ended.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| 1024 * kilobytes)
}

/// A port of this machine that nobody listens on, for a dialler that starts first.
pub(crate) fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Runs both sides, the first one listening.
pub(crate) fn run_pair(folder: &Folder, listener: &str, dialler: &str) -> (Done, Done) {
    let mut listener = folder.start(&format!("{listener} --listen 127.0.0.1:0 --connect-timeout 20s"));
    let address = listener.address();
    let dialler = folder.start(&format!("{dialler} --connect {address} --connect-timeout 20s"));
    (listener.wait(), dialler.wait())
}
