//! Questions to the person at the terminal.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Write, stdin};
use std::thread::sleep;
use std::time::Duration;

use rustix::termios::{QueueSelector, tcflush};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::{in_background, notes};

/// How long the rest of a paste may take to arrive.
const PASTE: Duration = Duration::from_millis(100);

/// The person at the terminal, even if standard input is a table.
#[derive(Clone, Copy)]
pub(crate) struct Person(());

impl Person {
    /// Somebody to ask, if there is a terminal.
    pub(crate) fn find() -> Option<Self> {
        (io::stderr().is_terminal() && (stdin().is_terminal() || terminal().is_ok())).then_some(Person(()))
    }

    /// Waits for a yes; anything else is a no.
    pub(crate) async fn agrees(self, question: &'static str) -> Result<bool, Failure> {
        let answer = in_background(move || answer(question)).await?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Waits for a line, which may be a secret, and blocks meanwhile.
    pub(crate) fn line_now(self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        answer(prompt)
    }

    /// Waits for lines until they are complete, or one is empty, and blocks meanwhile. They may be a secret.
    pub(crate) fn lines_now(
        self,
        prompt: &str,
        is_complete: impl Fn(&str) -> bool,
    ) -> Result<Zeroizing<String>, Failure> {
        read(prompt, |text, line| {
            let ends = line.trim().is_empty() && !text.trim().is_empty();
            ends || is_complete(text)
        })
    }
}

/// What is typed after the question was shown. What was typed or pasted before it is no answer: behind an invite that
/// somebody sent there may be more lines than one sees.
fn answer(question: &str) -> Result<Zeroizing<String>, Failure> {
    let fail = |source| Failure::System { what: "ask on the terminal", source };
    let terminal = terminal().map_err(fail)?;
    for _ in 0..2 {
        tcflush(&terminal, QueueSelector::IFlush).map_err(|error| fail(error.into()))?;
        sleep(PASTE);
    }
    tcflush(&terminal, QueueSelector::IFlush).map_err(|error| fail(error.into()))?;
    read(question, |_, _| true)
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// Reads until this says that it is enough, of all the text and the last line in it.
fn read(prompt: &str, is_enough: impl Fn(&str, &str) -> bool) -> Result<Zeroizing<String>, Failure> {
    let fail = |source| Failure::System { what: "ask on the terminal", source };
    let mut error = io::stderr().lock();
    write!(error, "{}", notes::harmless(prompt)).and_then(|()| error.flush()).map_err(fail)?;
    drop(error);
    // A terminal hands out one line at a time, so nothing of the next answer is lost with this buffer.
    let mut reader = BufReader::new(terminal().map_err(fail)?);
    let mut text = Zeroizing::new(String::with_capacity(1 << 14));
    loop {
        let start = text.len();
        if reader.read_line(&mut text).map_err(fail)? == 0 {
            notes::say("");
            return Err(fail(io::ErrorKind::UnexpectedEof.into()));
        }
        if is_enough(&text, &text[start..]) {
            return Ok(text);
        }
    }
}
