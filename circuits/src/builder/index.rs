use super::graph::{Graph, Node};

/// Finds gates by what they compute: a hash table of node numbers with linear probing.
///
/// The numbers alone are kept, 8 to 16 bytes per gate; a map with the gates as keys would take three times that.
pub(super) struct Index {
    /// A power of two of places; [`Graph::ZERO`] marks a free one. At most half are taken.
    places: Vec<u32>,
    taken: usize,
}

impl Index {
    pub(super) fn new() -> Self {
        Index { places: vec![Graph::ZERO; 64], taken: 0 }
    }

    /// The number of a node that equals `node`, or else the place where it belongs.
    pub(super) fn find(&self, nodes: &[Node], node: Node) -> Result<u32, usize> {
        let last = self.places.len() - 1;
        let mut place = hash(node) as usize & last;
        while self.places[place] != Graph::ZERO {
            let candidate = self.places[place];
            if nodes[candidate as usize] == node {
                return Ok(candidate);
            }
            place = (place + 1) & last;
        }
        Err(place)
    }

    /// Enters a node at the place where `find` missed it.
    pub(super) fn insert(&mut self, nodes: &[Node], place: usize, number: u32) {
        self.places[place] = number;
        self.taken += 1;
        if self.taken * 2 > self.places.len() {
            self.grow(nodes);
        }
    }

    fn grow(&mut self, nodes: &[Node]) {
        let larger = vec![Graph::ZERO; self.places.len() * 2];
        for number in std::mem::replace(&mut self.places, larger) {
            if number == Graph::ZERO {
                continue;
            }
            if let Err(place) = self.find(nodes, nodes[number as usize]) {
                self.places[place] = number;
            }
        }
    }
}

fn hash(node: Node) -> u64 {
    let (kind, a, b) = match node {
        Node::Zero | Node::Input => (0, 0, 0),
        Node::Xor(a, b) => (1, u64::from(a) << 1, u64::from(b) << 1),
        Node::And(a, b) => (
            2,
            u64::from(a.node) << 1 | u64::from(a.inverted),
            u64::from(b.node) << 1 | u64::from(b.inverted),
        ),
    };
    // Odd constants: digits of the golden ratio and of the square root of two.
    let mixed =
        a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (b + (kind << 40)).wrapping_mul(0x6a09_e667_f3bc_c909);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16
}
