use crate::graph::NodeId;

/// A hash table of nodes that leaves the keys to its user.
///
/// It never probes far: a node that finds no place is forgotten. A circuit made to collide loses some sharing that
/// way, but costs no time.
pub(crate) struct Index {
    /// Zero, the constant, is never entered and stands for an empty place.
    places: Vec<NodeId>,
    mask: usize,
}

impl Index {
    const FARTHEST: usize = 32;

    /// A table for up to `nodes` nodes.
    pub(crate) fn new(nodes: usize) -> Self {
        let places = (nodes + nodes / 2 + 1).next_power_of_two();
        Index { places: vec![NodeId::ZERO; places], mask: places - 1 }
    }

    /// The first node entered under `key` for which `is_it` holds.
    pub(crate) fn find(&self, key: u64, is_it: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        let nodes = self.probe(key).map(|place| self.places[place]);
        nodes.take_while(|&node| node != NodeId::ZERO).find(|&node| is_it(node))
    }

    /// Enters a node behind those entered before under the same key.
    pub(crate) fn insert(&mut self, key: u64, node: NodeId) {
        if let Some(place) = self.probe(key).find(|&place| self.places[place] == NodeId::ZERO) {
            self.places[place] = node;
        }
    }

    fn probe(&self, key: u64) -> impl Iterator<Item = usize> + use<> {
        let (start, mask) = (scatter(key) as usize, self.mask);
        (0..Self::FARTHEST).map(move |step| start.wrapping_add(step) & mask)
    }
}

/// A bijection whose results look random (the finaliser of SplitMix64).
pub(crate) fn scatter(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
