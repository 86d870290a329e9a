use crate::graph::NodeId;

/// A hash table of nodes that leaves the keys to its user.
///
/// It never probes far: a node that finds no place is forgotten. A circuit made to collide loses some sharing that
/// way, but costs no time.
pub(crate) struct Index {
    places: Vec<Place>,
}

/// A node and some bits of its key, which spare most looks at the node itself. Node zero, the constant, is never
/// entered and stands for an empty place.
type Place = [u32; 2];

impl Index {
    const FARTHEST: usize = 64;

    /// A table for up to `nodes` nodes.
    pub(crate) fn new(nodes: usize) -> Self {
        Index { places: vec![[0; 2]; (nodes + nodes / 3 + 1).next_power_of_two()] }
    }

    /// The first node entered under `key` for which `is_it` holds.
    pub(crate) fn find(&self, key: u64, is_it: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        let (start, tag) = split(key);
        for place in self.probe(start) {
            let [node, other_tag] = self.places[place];
            if node == 0 {
                break;
            }
            let node = NodeId::new(node as usize);
            if other_tag == tag && is_it(node) {
                return Some(node);
            }
        }
        None
    }

    /// Enters a node behind those entered before under the same key.
    pub(crate) fn insert(&mut self, key: u64, node: NodeId) {
        let (start, tag) = split(key);
        if let Some(place) = self.probe(start).find(|&place| self.places[place][0] == 0) {
            self.places[place] = [node.index() as u32, tag];
        }
    }

    fn probe(&self, start: usize) -> impl Iterator<Item = usize> + use<> {
        let mask = self.places.len() - 1;
        (0..Self::FARTHEST).map(move |step| start.wrapping_add(step) & mask)
    }
}

/// Where to start probing, and the bits to keep.
fn split(key: u64) -> (usize, u32) {
    let key = scatter(key);
    (key as usize, (key >> 32) as u32)
}

/// A bijection whose results look random (the finaliser of SplitMix64).
pub(crate) fn scatter(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
