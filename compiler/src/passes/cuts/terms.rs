use crate::graph::{Graph, Node, NodeId};

/// For each node the terms whose exclusive or it is: itself, or what its operands are made of, as long as there are few.
pub(crate) struct Terms {
    terms: Vec<NodeId>,
    ends: Vec<u32>,
    /// Those of them that are ANDs, which are asked for far more often.
    ands: Vec<NodeId>,
    and_ends: Vec<u32>,
    most: usize,
    merged: Vec<NodeId>,
}

impl Terms {
    /// Of the constant and the inputs.
    pub(crate) fn new(graph: &Graph, most: usize) -> Self {
        let mut terms = Terms {
            terms: Vec::new(),
            ends: vec![0],
            ands: Vec::new(),
            and_ends: vec![0; graph.first_gate()],
            most,
            merged: Vec::new(),
        };
        for input in (1..graph.first_gate()).map(NodeId::new) {
            terms.push_itself(input);
        }
        terms
    }

    /// Terms of a node, ascending.
    pub(crate) fn of(&self, node: NodeId) -> &[NodeId] {
        part(&self.terms, &self.ends, node)
    }

    /// Terms of a node that are ANDs, ascending.
    pub(crate) fn ands_of(&self, node: NodeId) -> &[NodeId] {
        part(&self.ands, &self.and_ends, node)
    }

    /// Takes in the nodes that the graph has got since.
    pub(crate) fn follow(&mut self, graph: &Graph) {
        for node in (self.ends.len()..graph.node_count()).map(NodeId::new) {
            match graph.gate(node) {
                Some(Node::Xor(a, b)) => self.push_sum(a, b),
                Some(Node::And(..)) | None => self.push_itself(node),
            }
            let start = self.ends[node.index() - 1] as usize;
            let is_and = |&&term: &&NodeId| graph.gate(term).is_some_and(Node::is_and);
            self.ands.extend(self.terms[start..].iter().filter(is_and));
            self.and_ends.push(self.ands.len() as u32);
        }
    }

    fn push_itself(&mut self, node: NodeId) {
        self.terms.push(node);
        self.ends.push(self.terms.len() as u32);
    }

    /// Where both operands together have too many terms, the longer one stays a term itself, or both do.
    fn push_sum(&mut self, a: NodeId, b: NodeId) {
        let mut merged = std::mem::take(&mut self.merged);
        let (longer, shorter) = if self.of(a).len() >= self.of(b).len() { (a, b) } else { (b, a) };
        merge(self.of(a), self.of(b), &mut merged);
        if merged.len() > self.most {
            merge(&[longer], self.of(shorter), &mut merged);
        }
        if merged.len() > self.most {
            merge(&[longer], &[shorter], &mut merged);
        }
        self.terms.extend(&merged);
        self.ends.push(self.terms.len() as u32);
        self.merged = merged;
    }
}

fn part<'a>(terms: &'a [NodeId], ends: &[u32], node: NodeId) -> &'a [NodeId] {
    let start = node.index().checked_sub(1).map_or(0, |before| ends[before]);
    &terms[start as usize..ends[node.index()] as usize]
}

/// The terms that are in one of two sums.
fn merge(mut a: &[NodeId], mut b: &[NodeId], merged: &mut Vec<NodeId>) {
    merged.clear();
    while let ([first, a_rest @ ..], [second, b_rest @ ..]) = (a, b) {
        if first <= second {
            a = a_rest;
        }
        if second <= first {
            b = b_rest;
        }
        if first != second {
            merged.push(*first.min(second));
        }
    }
    merged.extend(a);
    merged.extend(b);
}
