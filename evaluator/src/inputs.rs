use halfgate_crypto::{ActiveLabels, Backend, Block, Prg};

/// The labels of the garbler's input, expanded from the seed it sent (`protocols.md` §6 step 4).
pub fn peer_labels(backend: Backend, seed: Block, wires: usize, lanes: usize) -> ActiveLabels {
    let mut labels = vec![Block::ZERO; wires * lanes];
    Prg::new(backend, seed).fill(0, &mut labels);
    ActiveLabels::from_blocks(lanes, labels)
}

/// Writes rows to their places in matrices that lie one after the other, from row `from` of all on.
pub(crate) fn place_rows(rows: &[Block], matrices: &mut [ActiveLabels], from: usize) {
    let mut start = 0;
    for matrix in matrices {
        let labels = matrix.blocks_mut();
        let range = from.max(start)..(from + rows.len()).min(start + labels.len());
        if !range.is_empty() {
            let rows = &rows[range.start - from..range.end - from];
            labels[range.start - start..range.end - start].copy_from_slice(rows);
        }
        start += labels.len();
    }
}
