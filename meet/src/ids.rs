use std::collections::HashMap;
use std::iter;

/// The ids of the rows of a job, one per row, as a column of the input names them.
///
/// Both sides check with [`Ids::digest`] that they list the same ids in the same order, so that row by row they speak of
/// the same thing. Ids are not secret like values are: they head the rows of the output and may be shown in messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    column: String,
    texts: String,
    /// Where in `texts` each id ends.
    ends: Vec<usize>,
}

impl Ids {
    /// No ids yet, with room for those of so many rows.
    pub fn new(column: &str, rows: usize) -> Self {
        Ids { column: column.to_owned(), texts: String::new(), ends: Vec::with_capacity(rows) }
    }

    /// Adds the id of the next row.
    pub fn push(&mut self, id: &str) {
        self.texts.push_str(id);
        self.ends.push(self.texts.len());
    }

    /// The name of the column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The ids in the order of the rows.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.texts[start..end])
    }

    /// The id of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start..self.ends[row]]
    }

    /// Two rows with the same id, if there are any; the second is the first that repeats one.
    pub fn repeated(&self) -> Option<(usize, usize)> {
        let mut rows = HashMap::with_capacity(self.len());
        self.iter().enumerate().find_map(|(row, id)| rows.insert(id, row).map(|before| (before, row)))
    }

    /// The keyed BLAKE3 hash of the number of ids and of each id behind its length (64 bits, little endian), in order.
    ///
    /// Two sides that use the same key have the same digest exactly if their ids agree in text and order. The column's
    /// name has no part in it. Without the key the digest tells nothing. Whoever has the key, such as the peer, can try
    /// whole lists: a list of ids that can be guessed is not hidden by this.
    pub fn digest(&self, key: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(key);
        hasher.update(&(self.len() as u64).to_le_bytes());
        for id in self.iter() {
            hasher.update(&(id.len() as u64).to_le_bytes());
            hasher.update(id.as_bytes());
        }
        hasher.finalize().into()
    }
}

impl serde::Serialize for Ids {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    fn ids(texts: &[&str]) -> Ids {
        let mut ids = Ids::new("id", texts.len());
        texts.iter().for_each(|text| ids.push(text));
        ids
    }

    #[test]
    fn ids_come_back_in_order() {
        let ids = ids(&["A7", "", "grün", "A8"]);
        assert_eq!(ids.iter().collect::<Vec<_>>(), ["A7", "", "grün", "A8"]);
        assert_eq!((ids.get(0), ids.get(1), ids.get(2), ids.len()), ("A7", "", "grün", 4));
        assert!(Ids::new("id", 3).is_empty());
    }

    #[test]
    fn the_first_repetition_is_found() {
        assert_eq!(ids(&["a", "b", "ab"]).repeated(), None);
        assert_eq!(ids(&["a", "b", "c", "b", "a"]).repeated(), Some((1, 3)));
    }

    #[test]
    fn the_digest_depends_on_key_texts_and_order_only() {
        let key = [7; 32];
        let digest = |texts: &[&str]| ids(texts).digest(&key);
        let all = [
            digest(&[]),
            digest(&[""]),
            digest(&["a", "b"]),
            digest(&["b", "a"]),
            digest(&["ab"]),
            digest(&["ab", ""]),
            digest(&["", "ab"]),
            ids(&["a", "b"]).digest(&[8; 32]),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{index}");
        }
        let mut other = Ids::new("customer", 0);
        ["a", "b"].iter().for_each(|id| other.push(id));
        assert_eq!(other.digest(&key), digest(&["a", "b"]));
        let expected =
            [2u64.to_le_bytes().as_slice(), &1u64.to_le_bytes(), b"a", &1u64.to_le_bytes(), b"b"].concat();
        assert_eq!(digest(&["a", "b"]), *blake3::keyed_hash(&key, &expected).as_bytes());
    }
}
