//! A SAT solver that looks at a part of a graph.

use std::collections::{HashMap, HashSet, VecDeque};

use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, SolverOpts, Var, lbool};

use crate::graph::{Graph, Literal, Node, NodeId};

/// Counts the clauses that are learnt, one per conflict, and ends the search at a limit: the same on every machine.
#[derive(Default)]
struct Conflicts {
    met: u64,
    limit: u64,
}

impl Callbacks for Conflicts {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        self.met += u64::from(kind == ClauseKind::Learnt);
    }

    fn stop(&self) -> bool {
        self.met >= self.limit
    }
}

/// What the solver says of two nodes.
pub(crate) enum Answer {
    /// They are equal whatever the nodes outside the window are, so they are equal.
    Equal,
    /// They differ for these inputs if what lies outside the window does not matter; inputs outside it are open.
    Maybe(Vec<Option<bool>>),
    /// The limit was reached.
    Unknown,
}

/// Some gates of a graph as clauses. What is learnt about them is kept from question to question.
pub(crate) struct Window {
    solver: Solver<Conflicts>,
    variables: HashMap<NodeId, Var>,
    /// Whether the gate of a variable is in the window; variables without one are free.
    defined: HashSet<NodeId>,
    conflicts: u64,
}

impl Window {
    /// Gates after which it is cheaper to begin anew.
    const FULL: usize = 8000;

    pub(crate) fn new() -> Self {
        Window {
            solver: Solver::new(SolverOpts::default(), Conflicts::default()),
            variables: HashMap::new(),
            defined: HashSet::new(),
            conflicts: 0,
        }
    }

    /// Conflicts met so far, those of windows before this one included.
    pub(crate) fn conflicts(&self) -> u64 {
        self.conflicts
    }

    /// Whether there are so many gates that it is quicker to begin anew.
    pub(crate) fn is_full(&self) -> bool {
        self.defined.len() > Self::FULL
    }

    /// Forgets all gates and what was learnt about them.
    pub(crate) fn clear(&mut self) {
        *self = Window { conflicts: self.conflicts, ..Window::new() };
    }

    /// Takes in the gates below two nodes, the nearest first, until there are `gates` of them; says whether none is left.
    pub(crate) fn open(&mut self, graph: &Graph, twins: &Twins, nodes: [NodeId; 2], gates: usize) -> bool {
        let mut waiting = VecDeque::from(nodes);
        let mut seen = HashSet::from(nodes);
        let mut taken = 0;
        while let Some(node) = waiting.pop_front() {
            let Some(gate) = graph.gate(node) else { continue };
            if taken == gates {
                return false;
            }
            taken += 1;
            self.define(node, gate);
            waiting.extend(gate.reads().into_iter().filter(|&read| seen.insert(read)));
            self.define_twin(graph, twins, node);
        }
        true
    }

    /// What a node is as a gate, in clauses.
    pub(crate) fn define(&mut self, node: NodeId, gate: Node) {
        if !self.defined.insert(node) {
            return;
        }
        let out = self.literal(Literal::new(node, false));
        match gate {
            Node::And(a, b) => {
                let (a, b) = (self.literal(a), self.literal(b));
                self.add(&[!out, a]);
                self.add(&[!out, b]);
                self.add(&[out, !a, !b]);
            }
            Node::Xor(a, b) => {
                let [a, b] = [a, b].map(|node| self.literal(Literal::new(node, false)));
                self.add(&[!out, a, b]);
                self.add(&[!out, !a, !b]);
                self.add(&[out, !a, b]);
                self.add(&[out, a, !b]);
            }
        }
    }

    /// The other gate that computes a node, if one is known: it tells the solver more about the node.
    fn define_twin(&mut self, graph: &Graph, twins: &Twins, node: NodeId) {
        let Some(&twin) = twins.get(&node) else { return };
        if let Some(gate) = graph.gate(twin.node()) {
            self.define(twin.node(), gate);
            self.equate(Literal::new(node, false), twin);
        }
    }

    /// Lets the solver know that two nodes are equal.
    pub(crate) fn equate(&mut self, a: Literal, b: Literal) {
        let (a, b) = (self.literal(a), self.literal(b));
        self.add(&[!a, b]);
        self.add(&[a, !b]);
    }

    /// Lets the solver know that two literals are never both one.
    pub(crate) fn forbid(&mut self, a: Literal, b: Literal) {
        let (a, b) = (self.literal(a), self.literal(b));
        self.add(&[!a, !b]);
    }

    /// Asks whether two nodes of the window are equal, of which either half may meet so many conflicts, and all questions
    /// together no more than the ceiling.
    pub(crate) fn ask(
        &mut self,
        graph: &Graph,
        [a, b]: [Literal; 2],
        conflicts: u64,
        ceiling: u64,
    ) -> Answer {
        let (left, right) = (self.literal(a), self.literal(b));
        for assumptions in [[left, !right], [!left, right]] {
            let met = self.solver.cb().met;
            self.solver.cb_mut().limit = met + conflicts.min(ceiling.saturating_sub(self.conflicts));
            let verdict = self.solver.solve_limited(&assumptions);
            self.conflicts += self.solver.cb().met - met;
            if verdict == lbool::TRUE {
                return Answer::Maybe(self.model(graph));
            }
            if verdict != lbool::FALSE {
                return Answer::Unknown;
            }
        }
        Answer::Equal
    }

    fn model(&self, graph: &Graph) -> Vec<Option<bool>> {
        let value = |input| {
            let variable = self.variables.get(&NodeId::new(input))?;
            let value = self.solver.value_var(*variable);
            (value != lbool::UNDEF).then_some(value == lbool::TRUE)
        };
        (1..graph.first_gate()).map(value).collect()
    }

    fn literal(&mut self, literal: Literal) -> Lit {
        let node = literal.node();
        let variable = match self.variables.get(&node) {
            Some(&variable) => variable,
            None => {
                let variable = self.solver.new_var_default();
                self.variables.insert(node, variable);
                if node == NodeId::ZERO {
                    self.add(&[Lit::new(variable, false)]);
                }
                variable
            }
        };
        Lit::new(variable, !literal.inverted())
    }

    fn add(&mut self, clause: &[Lit]) {
        // It never becomes contradictory: the values of any input fulfil all clauses.
        self.solver.add_clause_reuse(&mut clause.to_vec());
    }
}

/// For a node another one that is known to equal it and is made differently.
pub(crate) type Twins = HashMap<NodeId, Literal>;
