use super::PLANES;
use crate::OtError;

/// How far the batches of a session have come.
#[derive(Default)]
pub(super) struct Position {
    batch: u64,
    word: u64,
}

impl Position {
    /// The number of the next batch and its first word in the leaves' streams; steps over its words and its mask.
    ///
    /// # Errors
    /// [`OtError::Exhausted`] if batches or rows could no longer be counted with 64 bits.
    pub(super) fn advance(&mut self, words: usize) -> Result<(u64, u64), OtError> {
        let here = (self.batch, self.word);
        let next_batch = self.batch.checked_add(1);
        let next_word =
            self.word.checked_add(words as u64 + 1).filter(|word| *word <= u64::MAX / PLANES as u64);
        match (next_batch, next_word) {
            (Some(batch), Some(word)) => *self = Position { batch, word },
            _ => return Err(OtError::Exhausted),
        }
        Ok(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_do_not_wrap() {
        let mut position = Position::default();
        assert_eq!(position.advance(8).unwrap(), (0, 0));
        assert_eq!(position.advance(8).unwrap(), (1, 9));
        let mut last_batch = Position { batch: u64::MAX, word: 0 };
        assert!(matches!(last_batch.advance(8), Err(OtError::Exhausted)));
        let mut last_rows = Position { batch: 0, word: u64::MAX / 128 - 9 };
        assert!(last_rows.advance(8).is_ok());
        assert!(matches!(last_rows.advance(8), Err(OtError::Exhausted)));
        assert!(matches!(Position { batch: 0, word: u64::MAX }.advance(8), Err(OtError::Exhausted)));
    }
}
