//! The examples of the functions' pages, as a reader would try them.

use std::fs;
use std::path::PathBuf;

use crate::process::Folder;

/// The fenced block of a page that begins with this line.
fn block<'a>(page: &'a str, opening: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("```{opening}\n")).unwrap_or_else(|| panic!("no block `{opening}`"));
    rest.split_once("```").unwrap().0
}

/// Both sides' tables as one, by the order of the rows; examples have no quotes.
fn joined(host: &str, guest: &str) -> String {
    let (host, guest) = (host.replacen("id,", "id,host_", 1), guest.replacen("id,", "id,guest_", 1));
    let mut text = String::new();
    for (index, (host, guest)) in host.lines().zip(guest.lines()).enumerate() {
        let (host_id, host) = host.split_once(',').unwrap();
        let (guest_id, guest) = guest.split_once(',').unwrap();
        assert_eq!(host_id, guest_id);
        let (host, guest) = match index {
            // The first name has its prefix already.
            0 => (host.replace(',', ",host_"), guest.replace(',', ",guest_")),
            _ => (host.to_owned(), guest.to_owned()),
        };
        text += &format!("{host_id},{host},{guest}\n");
    }
    text
}

/// The settings of a function's text as options.
fn options(function: &str) -> String {
    let setting = |word: &str| match word.split_once('=') {
        Some(("bits" | "scale", _)) => format!(" --{}", word.replacen('=', " ", 1)),
        Some(_) => format!(" --set {word}"),
        None => format!(" --{word}"),
    };
    let mut words = function.split_whitespace();
    let name = words.next().unwrap().to_owned();
    words.fold(name, |options, word| options + &setting(word))
}

#[test]
fn examples_give_what_the_pages_show() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src/functions");
    let mut pages: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.file_stem().unwrap() != "index");
    assert_eq!(pages.len(), 10);
    for path in pages {
        let page = fs::read_to_string(&path).unwrap();
        let (host, guest) = (block(&page, "csv host"), block(&page, "csv guest"));
        assert_eq!(host.lines().count(), guest.lines().count(), "{path:?}");
        let folder = Folder::new(&[("both.csv", &joined(host, guest))]);
        let function = options(block(&page, "text function"));
        let done = folder.run(&format!("circuit eval {function} --input both.csv --id-column id"));
        assert_eq!(done.stdout, block(&page, "csv output"), "{path:?}: {}", done.stderr);
    }
}
