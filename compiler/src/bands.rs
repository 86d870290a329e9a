use std::ops::Range;

use crate::{AndGate, Machine, Position, Program, Progress, XorGate};

/// Rows that a message holds at most: 256 KiB. Part of the wire format.
pub const ROWS_PER_MESSAGE: usize = 8192;

/// Rows of 32 bytes that a thread may work on while nobody takes them: 16 MiB.
const ROWS_AHEAD: usize = 1 << 19;

/// Enough that threads seldom wait for the last one, and few enough that the network has something to do meanwhile.
const PIECES_PER_THREAD: usize = 4;

/// How the lanes of a call are cut for its messages: a band is a tile, or as many whole tiles as have their rows in one
/// message, and no message holds rows of two bands.
///
/// The cut follows from the program alone, so bands may be garbled side by side and the bytes stay what they are,
/// whatever the number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    lanes: usize,
    width: usize,
    ands: usize,
}

impl Bands {
    /// The bands of `lanes` lanes of a program.
    pub fn new(program: &Program, lanes: usize) -> Self {
        let (tile, ands) = (program.tile_width(), program.and_count());
        let tiles = (ROWS_PER_MESSAGE / (ands * tile).max(1)).max(1);
        Bands { lanes, width: tiles * tile, ands }
    }

    /// The lanes of a full band.
    pub fn width(&self) -> usize {
        self.width
    }

    fn count(&self) -> usize {
        self.lanes.div_ceil(self.width)
    }

    /// The lanes of a band; none beyond the last.
    fn lanes(&self, band: usize) -> Range<usize> {
        let from = band.saturating_mul(self.width).min(self.lanes);
        from..from.saturating_add(self.width).min(self.lanes)
    }

    /// The rows of a band.
    fn rows(&self, band: usize) -> usize {
        self.ands * self.lanes(band).len()
    }
}

/// A band of one of several calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which call.
    pub call: usize,
    /// Its lanes.
    pub lanes: Range<usize>,
    /// How many rows all pieces before it have, those of earlier calls included.
    pub rows_before: u64,
    /// How many rows it has.
    pub rows: usize,
}

/// The bands of calls that are made one after the other, each a program and a number of lanes.
pub fn pieces<'a>(calls: impl IntoIterator<Item = (&'a Program, usize)>) -> Vec<Piece> {
    let (mut pieces, mut rows_before) = (Vec::new(), 0);
    for (call, (program, lanes)) in calls.into_iter().enumerate() {
        let bands = Bands::new(program, lanes);
        for band in 0..bands.count() {
            let (lanes, rows) = (bands.lanes(band), bands.rows(band));
            pieces.push(Piece { call, lanes, rows_before, rows });
            rows_before += rows as u64;
        }
    }
    pieces
}

/// How many of the pieces of work with so many rows each may be garbled or evaluated by so many threads before anything
/// of them is sent or used: some for each thread, at most 16 MiB of rows a thread, and at least one piece.
pub fn wave(rows: impl IntoIterator<Item = usize>, threads: usize) -> usize {
    let mut room = ROWS_AHEAD * threads;
    let fitting = rows.into_iter().take(PIECES_PER_THREAD * threads).take_while(|&rows| {
        let fits = rows <= room;
        room = room.saturating_sub(rows);
        fits
    });
    fitting.count().max(1)
}

/// How many messages the rows of so many lanes of a program take.
pub fn row_messages(program: &Program, lanes: usize) -> u64 {
    let (bands, tile) = (Bands::new(program, lanes), program.tile_width());
    match program.and_count() {
        0 => 0,
        // All rows of a band are in one message.
        ands if ands * tile <= ROWS_PER_MESSAGE => bands.count() as u64,
        _ => {
            let full = if lanes < tile { 0 } else { (lanes / tile) as u64 * tile_messages(program, tile) };
            full + if lanes.is_multiple_of(tile) { 0 } else { tile_messages(program, lanes % tile) }
        }
    }
}

/// The messages of a tile of so many lanes that begins and ends with a message.
fn tile_messages(program: &Program, lanes: usize) -> u64 {
    let (mut at, mut messages) = (Position::default(), 0);
    loop {
        let mut filling = Filling { lanes, room: ROWS_PER_MESSAGE };
        let progress = program.run(&mut at, &mut filling);
        messages += u64::from(filling.room < ROWS_PER_MESSAGE);
        if progress == Progress::Done {
            return messages;
        }
    }
}

/// The machine that fills a message and keeps nothing.
struct Filling {
    lanes: usize,
    room: usize,
}

impl Machine for Filling {
    fn has_room(&self, ands: usize) -> bool {
        ands * self.lanes <= self.room
    }

    fn xor(&mut self, _gates: &[XorGate]) {}

    fn and(&mut self, gates: &[AndGate]) {
        self.room -= gates.len() * self.lanes;
    }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;

    use super::*;
    use crate::compile;

    fn program(name: &str) -> Program {
        compile(&library::find(name).expect("a library circuit")).expect("compiles")
    }

    #[test]
    fn bands_fill_messages_with_whole_tiles() {
        let program = program("lt64");
        let bands = Bands::new(&program, 300);
        assert_eq!((program.tile_width(), bands.width()), (32, 128)); // 4 tiles of 64 · 32 rows
        assert_eq!([0, 1, 2, 3].map(|band| bands.lanes(band)), [0..128, 128..256, 256..300, 300..300]);
        let pieces = pieces([(&program, 300), (&program, 1)]);
        let cut = pieces.iter().map(|piece| (piece.call, piece.lanes.clone(), piece.rows_before, piece.rows));
        let expected = [
            (0, 0..128, 0, 8192),
            (0, 128..256, 8192, 8192),
            (0, 256..300, 16384, 2816),
            (1, 0..1, 19200, 64),
        ];
        assert!(cut.eq(expected));
    }

    #[test]
    fn a_tile_of_many_messages_is_a_band() {
        let program = program("aes128");
        assert_eq!(Bands::new(&program, 100).width(), program.tile_width());
    }

    #[test]
    fn messages_are_counted_by_bands_or_by_tiles() {
        let (lt, aes) = (program("lt64"), program("aes128"));
        assert_eq!([1, 128, 129, 300].map(|lanes| row_messages(&lt, lanes)), [1, 1, 2, 3]);
        // 16 lanes of 6,400 rows, in messages of 8,192 that hold whole batches.
        let tile = row_messages(&aes, 16);
        assert!((13..=14).contains(&tile), "{tile}");
        assert_eq!(row_messages(&aes, 33), 2 * tile + 1);
    }

    #[test]
    fn threads_get_some_pieces_each_but_no_huge_ones() {
        assert_eq!(wave([8192; 100], 2), 8);
        assert_eq!(wave([8192; 3], 2), 3);
        assert_eq!(wave([102_400; 100], 2), 8);
        assert_eq!(wave([400_000; 100], 2), 2);
        assert_eq!(wave([usize::MAX, 1], 2), 1);
        assert_eq!(wave([], 2), 1);
    }
}
