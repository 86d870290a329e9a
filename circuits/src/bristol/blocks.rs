use std::io::{self, Read};

const FIRST_SIZE: usize = 1 << 18;

/// How many bytes of any value follow the lines of a block, so that whoever takes a line may look at more at a time.
pub(super) const PADDING: usize = 40;

/// A file cut into blocks of complete lines, so that whoever scans a line never has to ask for more.
pub(super) struct Blocks<R> {
    source: R,
    buffer: Vec<u8>,
    /// `buffer[..end]` has been read from the source; at least the padding follows.
    end: usize,
    /// `buffer[..given]` has been given out as the last block.
    given: usize,
    /// Bytes read so far.
    bytes: u64,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(source: R) -> Self {
        Blocks { source, buffer: vec![0; FIRST_SIZE + PADDING], end: 0, given: 0, bytes: 0, ended: false }
    }

    /// Bytes read from the source so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next lines, the last of which ends in `\n`, too, even if it does not in the file. [`PADDING`] bytes follow.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.buffer.copy_within(self.given..self.end, 0);
        self.end -= self.given;
        self.given = 0;
        while !self.ended && self.given == 0 {
            self.fill()?;
        }
        if self.ended {
            self.close_last_line();
        }
        Ok((self.given > 0).then(|| &self.buffer[..self.given + PADDING]))
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.end + PADDING == self.buffer.len() {
            self.buffer.resize(2 * self.end + PADDING, 0);
        }
        let room = self.buffer.len() - PADDING;
        match self.source.read(&mut self.buffer[self.end..room]) {
            Ok(0) => self.ended = true,
            Ok(count) => {
                let new = &self.buffer[self.end..self.end + count];
                self.given = new.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| self.end + at + 1);
                self.end += count;
                self.bytes += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// At the end of the file nothing but a line without `\n` can be left.
    fn close_last_line(&mut self) {
        if self.end > 0 {
            self.buffer.truncate(self.end);
            self.buffer.push(b'\n');
            self.end += 1;
            self.given = self.end;
            self.buffer.resize(self.end + PADDING, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{Blocks, FIRST_SIZE, PADDING};

    /// Gives at most `step` bytes at a time, and an interruption before each.
    struct Slow<'a> {
        bytes: &'a [u8],
        step: usize,
        interrupt: bool,
    }

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.interrupt = !self.interrupt;
            if self.interrupt {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let count = out.len().min(self.step).min(self.bytes.len());
            out[..count].copy_from_slice(&self.bytes[..count]);
            self.bytes = &self.bytes[count..];
            Ok(count)
        }
    }

    fn blocks_of(text: &[u8], step: usize) -> Vec<Vec<u8>> {
        let mut blocks = Blocks::new(Slow { bytes: text, step, interrupt: false });
        let mut all = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            let (lines, _) = block.split_at(block.len() - PADDING);
            all.push(lines.to_vec());
        }
        assert!(blocks.next().unwrap().is_none());
        assert_eq!(blocks.bytes(), text.len() as u64);
        all
    }

    #[test]
    fn blocks_are_complete_lines_whatever_the_source_gives() {
        let long = vec![b'x'; 3 * FIRST_SIZE];
        for text in [b"".as_slice(), b"\n", b"a", b"a\n", b"one\ntwo\n\nthree", &long] {
            for step in [1, 3, 4, 1 << 20] {
                if text.len() > 100 && step < 1 << 20 {
                    continue;
                }
                let blocks = blocks_of(text, step);
                assert!(blocks.iter().all(|block| block.ends_with(b"\n")));
                let mut expected = text.to_vec();
                if !text.is_empty() && !text.ends_with(b"\n") {
                    expected.push(b'\n');
                }
                assert_eq!(blocks.concat(), expected);
            }
        }
    }
}
