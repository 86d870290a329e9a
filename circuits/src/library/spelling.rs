/// Those of `names` that `name` is most likely meant to be: the nearest, if they are near at all.
pub(super) fn closest(name: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    // Two slips, or a third of a longer name.
    let mut best = (name.chars().count() / 3).max(2);
    let mut close = Vec::new();
    for other in names {
        let distance = distance(name, &other);
        if distance < best {
            close.clear();
            best = distance;
        }
        if distance == best {
            close.push(other);
        }
    }
    close
}

/// The number of letters to insert, delete or replace (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn distances_are_those_of_the_textbook() {
        for (from, to, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2)]
        {
            assert_eq!(distance(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn only_the_nearest_names_are_offered_and_no_far_ones() {
        let names = ["sub64", "add64", "and64", "aes128"].map(str::to_owned);
        assert_eq!(closest("addd64", names.clone().into_iter()), ["add64"]);
        assert_eq!(closest("ard64", names.clone().into_iter()), ["add64", "and64"]);
        assert_eq!(closest("aes-128", names.clone().into_iter()), ["aes128"]);
        assert_eq!(closest("fourier", names.into_iter()), Vec::<String>::new());
    }
}
