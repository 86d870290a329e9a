//! Everything that can be measured, in the order in which it is.

use super::context::Entry;
use super::{comparisons, curves, distance, files, kernels, malicious, processes, threads, transfers};
use crate::args::SecurityArg;
use crate::failure::Failure;

/// Raw kernels first and whole sessions after them.
fn all() -> Vec<Entry> {
    [
        kernels::entries(),
        threads::entries(),
        processes::entries(),
        comparisons::entries(),
        transfers::entries(),
        malicious::entries(),
        files::entries(),
        curves::entries(),
        distance::entries(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The entries with any of these texts in their names, of this mode; all, if there are no texts and there is no mode.
pub(crate) fn select(only: &[String], security: Option<SecurityArg>) -> Result<Vec<Entry>, Failure> {
    let mut entries = all();
    let names: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    if let Some(text) = only.iter().find(|text| names.iter().all(|name| !name.contains(text.as_str()))) {
        let names = names.join(", ");
        return Err(Failure::Usage(format!("nothing that is measured has `{text}` in its name: {names}")));
    }
    let malicious = |entry: &Entry| entry.id.starts_with(malicious::PREFIX);
    entries.retain(|entry| security.is_none_or(|mode| malicious(entry) == (mode == SecurityArg::Malicious)));
    entries.retain(|entry| only.is_empty() || only.iter().any(|text| entry.id.contains(text.as_str())));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SecurityArg, all, malicious, select};

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = all().iter().map(|entry| entry.id).collect();
        assert_eq!(names.len(), all().len());
    }

    #[test]
    fn texts_select_by_name() {
        let select = |only: &[&str]| {
            let only: Vec<_> = only.iter().map(|&text| text.to_owned()).collect();
            select(&only, None).map(|entries| entries.iter().map(|entry| entry.id).collect::<Vec<_>>())
        };
        assert_eq!(select(&["and.g", "text"]).unwrap(), ["and.garble", "text.read"]);
        assert_eq!(select(&[]).unwrap().len(), all().len());
        let of = |mode| super::select(&[], Some(mode)).unwrap().len();
        assert_eq!(of(SecurityArg::Malicious), malicious::entries().len());
        assert_eq!(of(SecurityArg::Malicious) + of(SecurityArg::SemiHonest), all().len());
        let error = select(&["text", "abacus"]).unwrap_err().to_string();
        assert!(error.contains("`abacus`") && error.contains("and.garble"), "{error}");
    }
}
