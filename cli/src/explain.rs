//! `halfgate explain`: the book's page on troubles, which the binary carries with it.

use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::results;

/// What the book says about failures, a section for each.
const PAGE: &str = include_str!("../../docs/book/src/troubleshooting.md");

pub(crate) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let Some(topic) = &args.topic else { return list() };
    let wanted = topic.trim_start_matches('#');
    match sections().into_iter().find(|section| section.anchor == wanted) {
        Some(section) => results::print(|out| writeln!(out, "{}", section.text.trim_end())),
        None => Err(Failure::Usage(format!(
            "there is no section `{}`; `halfgate explain` lists all",
            topic.escape_debug()
        ))),
    }
}

fn list() -> Result<(), Failure> {
    results::print(|out| {
        for section in sections() {
            writeln!(out, "{:<26} {}", section.anchor, section.title)?;
        }
        Ok(())
    })
}

/// A section of the page.
pub(crate) struct Section {
    /// As links name it.
    pub(crate) anchor: String,
    pub(crate) title: &'static str,
    /// With its title.
    pub(crate) text: &'static str,
}

/// The sections of the page that stand under a `##`.
pub(crate) fn sections() -> Vec<Section> {
    const MARK: &str = "\n## ";
    let starts: Vec<usize> = PAGE.match_indices(MARK).map(|(at, _)| at + 1).collect();
    let ends = starts.iter().skip(1).copied().chain([PAGE.len()]);
    let texts = starts.iter().zip(ends).map(|(&start, end)| &PAGE[start..end]);
    texts
        .map(|text| {
            let title = text.lines().next().unwrap_or_default().trim_start_matches('#').trim();
            Section { anchor: anchor(title), title, text }
        })
        .collect()
}

/// The anchor that mdBook and others make of a title.
pub(crate) fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_whole() {
        let sections = sections();
        assert!(sections.len() > 10);
        for section in &sections {
            assert!(section.text.starts_with("## ") && section.text.matches("\n## ").count() == 0);
        }
        let whole: usize = sections.iter().map(|section| section.text.len()).sum();
        assert_eq!(whole + PAGE.find("\n## ").unwrap() + 1, PAGE.len());
    }

    #[test]
    fn an_anchor_is_what_links_say() {
        assert_eq!(anchor("The invite has expired"), "the-invite-has-expired");
        assert_eq!(anchor("`--listen` and NAT: how?"), "--listen-and-nat-how");
    }

    #[test]
    fn an_unknown_section_is_a_usage_error() {
        let failure = run(&ExplainArgs { topic: Some("love".to_owned()) }).unwrap_err();
        assert!(failure.to_string().contains("`love`"));
    }
}
