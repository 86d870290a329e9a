use halfgate_crypto::{ActiveLabels, Backend, Block, Prg};

/// The labels of the garbler's input, expanded from the seed it sent (`protocols.md` §6 step 4).
pub fn peer_labels(backend: Backend, seed: Block, wires: usize, lanes: usize) -> ActiveLabels {
    let mut labels = vec![Block::ZERO; wires * lanes];
    Prg::new(backend, seed).fill(0, &mut labels);
    ActiveLabels::from_blocks(lanes, labels)
}
