//! Questions to the person at the terminal.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Write, stdin};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::{in_background, notes};

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
        let answer = in_background(move || self.line_now(question)).await?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Waits for a line, which may be a secret, and blocks meanwhile.
    pub(crate) fn line_now(self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        read(prompt, |_| true)
    }

    /// Waits for lines up to one that is empty, and blocks meanwhile. They may be a secret.
    pub(crate) fn lines_now(self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        read(prompt, |line| line.trim().is_empty())
    }
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

fn read(prompt: &str, is_last: impl Fn(&str) -> bool) -> Result<Zeroizing<String>, Failure> {
    let fail = |source| Failure::System { what: "ask on the terminal", source };
    let mut error = io::stderr().lock();
    write!(error, "{prompt}").and_then(|()| error.flush()).map_err(fail)?;
    drop(error);
    let mut reader = BufReader::new(terminal().map_err(fail)?);
    let mut text = Zeroizing::new(String::with_capacity(4096));
    loop {
        let start = text.len();
        let count = reader.read_line(&mut text).map_err(fail)?;
        if count == 0 {
            notes::say("");
            return Ok(text);
        }
        if is_last(&text[start..]) {
            return Ok(text);
        }
    }
}
