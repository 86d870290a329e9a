//! Checks of the book and of the README: their links lead somewhere, and their command lines are ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::args::Cli;
use crate::explain::anchor;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All pages that people read.
fn pages() -> Vec<PathBuf> {
    let single = ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CONTRIBUTING.md", "docs/performance.md"];
    let mut pages: Vec<_> = single.iter().map(|name| root().join(name)).collect();
    collect(&root().join("docs/book/src"), &mut pages);
    pages
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
}

/// A page's lines, each with whether it stands in a code fence, and the fence's first line.
fn lines(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let mut fence = None;
    text.lines().filter_map(move |line| {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_none() { Some(info.trim()) } else { None };
            return None;
        }
        Some((fence, line))
    })
}

/// What the links of a page point to.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for (_, line) in lines(text).filter(|(fence, _)| fence.is_none()) {
        let mut rest = line;
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            if let Some(end) = rest.find(')') {
                links.push(rest[..end].to_owned());
            }
        }
    }
    links
}

fn anchors(text: &str) -> BTreeSet<String> {
    let titles = lines(text).filter(|(fence, line)| fence.is_none() && line.starts_with('#'));
    titles.map(|(_, line)| anchor(line.trim_start_matches('#').trim())).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(file, to)| (file, Some(to)));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: there is no {link}", page.display());
            if let Some(anchor) = anchor {
                let known = anchors(&fs::read_to_string(&target).unwrap());
                assert!(known.contains(anchor), "{}: {link} has no such anchor", page.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 50, "the check has found no links");
}

#[test]
fn every_page_of_the_book_is_in_its_contents() {
    let source = root().join("docs/book/src");
    let text = fs::read_to_string(source.join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<_> = links(&text).iter().map(|link| source.join(link)).collect();
    let mut pages = Vec::new();
    collect(&source, &mut pages);
    for page in pages {
        assert!(page.ends_with("SUMMARY.md") || listed.contains(&page), "{} is not listed", page.display());
    }
}

/// The command lines in a page's fences of shell commands: those that call `halfgate`, without the prompt, in one line
/// each, and without what the shell itself does.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut begun = String::new();
    for (fence, line) in lines(text) {
        if !fence.is_some_and(|info| matches!(info, "sh" | "console" | "bash")) {
            continue;
        }
        let line = line.trim();
        // In a transcript, lines without a prompt are what programs print.
        let said = match (fence, line.split_once("$ ")) {
            (_, Some((prompt, said))) if prompt.is_empty() || prompt.chars().all(char::is_alphanumeric) => {
                said
            }
            (Some("console"), _) if begun.is_empty() => continue,
            _ => line,
        };
        begun += said.strip_suffix('\\').unwrap_or(said);
        if said.ends_with('\\') {
            continue;
        }
        commands.extend(of_shell(&std::mem::take(&mut begun)));
    }
    commands
}

/// The calls of halfgate in a line of the shell.
fn of_shell(line: &str) -> Vec<Vec<String>> {
    let mut calls = vec![Vec::new()];
    let mut redirected = false;
    for word in words(line) {
        match word.as_str() {
            "|" | "&&" | ";" | "&" | "||" | "$(" | ")" => {
                calls.push(Vec::new());
                redirected = false;
            }
            ">" | ">>" | "<" | "2>" => redirected = true,
            _ if std::mem::take(&mut redirected) => {}
            _ => calls.last_mut().expect("there is always one").push(word),
        }
    }
    let halfgate = |word: &String| word == "halfgate" || word.ends_with("/halfgate");
    calls
        .into_iter()
        .filter_map(|call| call.iter().position(halfgate).map(|at| call[at..].to_vec()))
        .collect()
}

/// Splits at blanks outside quotes, up to a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match (letter, quote) {
            ('#', None) if word.is_none() => break,
            (_, Some(mark)) if letter == mark => quote = None,
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[test]
fn every_command_line_of_the_book_is_one() {
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for call in command_lines(&text) {
            if let Err(error) = Cli::try_parse_from(&call)
                && error.use_stderr()
            {
                panic!("{}: {}\n{error}", page.display(), call.join(" "));
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "the check has found {seen} command lines only");
}

#[test]
fn command_lines_are_found_in_shell_and_transcript() {
    let page = "```console\nalice$ halfgate key show --json | jq . # all\nhalfgate says\n$ echo 5 | halfgate join \\\n  --input -\n```\n\
                halfgate no\n```sh\nhalfgate circuit eval 'sum-against-limit limit=3' > out.csv\n```\n";
    let calls: Vec<_> = command_lines(page).iter().map(|call| call.join(" ")).collect();
    assert_eq!(
        calls,
        [
            "halfgate key show --json",
            "halfgate join --input -",
            "halfgate circuit eval sum-against-limit limit=3",
        ]
    );
}
