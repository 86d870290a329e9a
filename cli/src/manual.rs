//! What the command line's own definition gives: manual pages, completions for shells, and the book's reference.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::{Cli, CompletionsArgs, PagesArgs};
use crate::failure::Failure;
use crate::{notes, results};

/// The columns of help texts in the book.
const WIDTH: usize = 100;

/// The commands, as documents see them: complete, and without those that are for halfgate itself.
pub(crate) fn commands() -> clap::Command {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    root
}

pub(crate) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let script = script(args.shell.into());
    results::print(|out| out.write_all(&script))
}

/// What a shell reads to complete command lines.
fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "halfgate", &mut script);
    script
}

/// One page per command, for `man`.
pub(crate) fn man(args: &PagesArgs) -> Result<(), Failure> {
    into_folder(&args.out, |folder| clap_mangen::generate_to(commands(), folder))
}

/// One page per command, for the book.
pub(crate) fn reference(args: &PagesArgs) -> Result<(), Failure> {
    into_folder(&args.out, |folder| {
        pages().into_iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
    })
}

fn into_folder(folder: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Failure> {
    let written = fs::create_dir_all(folder).and_then(|()| write(folder));
    written.map_err(|source| Failure::Unwritable { name: folder.display().to_string(), source })?;
    notes::say(format_args!("written to {}", folder.display()));
    Ok(())
}

/// The pages of the reference with their names: one for each command, and one for the whole.
pub(crate) fn pages() -> Vec<(String, String)> {
    let root = commands();
    let mut pages = vec![("index.md".to_owned(), index(&root))];
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        let mut text = String::new();
        section(&mut text, "halfgate", command, 1);
        pages.push((format!("{}.md", command.get_name()), text));
    }
    pages
}

fn index(root: &clap::Command) -> String {
    let mut text =
        "# Commands\n\n<!-- Made by `halfgate reference`; change cli/src/args instead. -->\n\n".to_owned();
    text += "| command | what it does |\n| --- | --- |\n";
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        let (name, about) = (command.get_name(), command.get_about().map(ToString::to_string));
        let _infallible = writeln!(text, "| [`{name}`]({name}.md) | {} |", about.unwrap_or_default());
    }
    text += "\n`halfgate --help` says:\n";
    help(&mut text, root);
    text
}

/// A command with its help, then its subcommands.
fn section(text: &mut String, path: &str, command: &clap::Command, level: usize) {
    let path = format!("{path} {}", command.get_name());
    let _infallible = writeln!(text, "{} {path}", "#".repeat(level));
    if level == 1 {
        *text += "\n<!-- Made by `halfgate reference`; change cli/src/args instead. -->\n";
    }
    help(text, command);
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        text.push('\n');
        section(text, &path, sub, level + 1);
    }
}

fn help(text: &mut String, command: &clap::Command) {
    let help = command.clone().term_width(WIDTH).max_term_width(WIDTH).render_long_help().to_string();
    *text += "\n```text\n";
    for line in help.trim_end().lines() {
        *text += line.trim_end();
        text.push('\n');
    }
    *text += "```\n";
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::{fs, io::Write};

    use super::*;

    /// All commands that people see, as `halfgate-circuit-eval`.
    fn names(path: &str, command: &clap::Command) -> Vec<String> {
        let subs = command.get_subcommands().filter(|sub| !sub.is_hide_set());
        let below = subs.flat_map(|sub| names(&format!("{path}-{}", sub.get_name()), sub));
        std::iter::once(path.to_owned()).chain(below).collect()
    }

    #[test]
    fn every_command_has_a_manual_page_that_renders() {
        let folder = tempfile::tempdir().unwrap();
        man(&PagesArgs { out: folder.path().join("man") }).unwrap();
        for name in names("halfgate", &commands()) {
            let page = folder.path().join("man").join(format!("{name}.1"));
            let text =
                fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            assert!(text.contains(".SH SYNOPSIS"), "{name}");
            if let Ok(shown) = Command::new("man").arg("-l").arg(&page).env("MANPAGER", "cat").output() {
                assert!(shown.status.success(), "{name}: {}", String::from_utf8_lossy(&shown.stderr));
            }
        }
        let pages = fs::read_dir(folder.path().join("man")).unwrap().count();
        assert_eq!(pages, names("halfgate", &commands()).len(), "hidden commands have no page");
    }

    /// Whether a shell finds nothing wrong with a script; `None` if there is no such shell here.
    fn is_valid(shell: &str, script: &[u8]) -> Option<bool> {
        let mut shell =
            Command::new(shell).arg("-n").stdin(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        shell.stdin.take()?.write_all(script).ok()?;
        shell.wait().ok().map(|status| status.success())
    }

    fn assert_explained(path: &str, command: &clap::Command) {
        assert!(command.get_about().is_some(), "{path} says nothing of itself");
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{path} does not explain {}", argument.get_id());
        }
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            assert_explained(&format!("{path} {}", sub.get_name()), sub);
        }
    }

    #[test]
    fn every_command_and_every_option_is_explained() {
        assert_explained("halfgate", &commands());
    }

    #[test]
    fn completions_are_scripts_that_know_the_commands() {
        for (shell, name) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
            let script = script(shell);
            assert_ne!(is_valid(name, &script), Some(false), "{name}");
            let text = String::from_utf8(script).unwrap();
            for word in ["host", "join", "invite-file", "convert"] {
                assert!(text.contains(word), "{name} does not know {word}");
            }
        }
        assert_ne!(is_valid("bash", b"if then"), Some(true), "the check can fail");
    }

    #[test]
    fn the_reference_in_the_book_is_the_one_that_the_command_gives() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src/reference/commands");
        let advice = "cargo run -- reference --out docs/book/src/reference/commands";
        for (name, text) in pages() {
            let page = fs::read_to_string(folder.join(&name)).unwrap_or_default();
            assert!(page == text, "docs/book/src/reference/commands/{name} is not up to date: {advice}");
        }
        let files = fs::read_dir(&folder).unwrap().count();
        assert_eq!(files, pages().len(), "a page of a command that is gone");
    }
}
