//! How hard to optimise, for what, and what came of it.

use halfgate_circuits::Circuit;

use crate::graph::Graph;
use crate::passes::dead;
use crate::pipeline;

/// How much work to spend on a smaller circuit. Results depend on the circuit and on this alone, never on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    /// Constants, trivial gates and sharing: as fast as reading the file.
    Folds,
    /// Small cuts too: seconds for 100,000 gates. What [`compile`](crate::compile) does.
    #[default]
    Quick,
    /// Larger cuts, blocks and words.
    Thorough,
    /// Everything, over and over, as long as it pays.
    Utmost,
}

impl Effort {
    /// As it is written on a command line: 0 to 3.
    pub fn from_level(level: u8) -> Option<Self> {
        [Effort::Folds, Effort::Quick, Effort::Thorough, Effort::Utmost].get(usize::from(level)).copied()
    }

    /// 0 to 3.
    pub fn level(self) -> u8 {
        self as u8
    }
}

/// What a smaller circuit has less of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Objective {
    /// ANDs: what garbling costs.
    #[default]
    Ands,
    /// The depth in ANDs first, then ANDs: the rounds of schemes that talk once per layer, and wide batches where one
    /// lane runs.
    Depth,
}

/// Where an optimisation is, for those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The pass at work.
    pub pass: &'static str,
    /// Units of work done, of [`Advance::total`].
    pub done: usize,
    /// All units of the pass, as far as it knows.
    pub total: usize,
    /// ANDs of the circuit before this pass.
    pub ands: usize,
}

/// What one pass has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The name of the pass.
    pub pass: &'static str,
    /// ANDs before and after.
    pub ands: [usize; 2],
    /// Exclusive ors before and after.
    pub xors: [usize; 2],
    /// Depth in ANDs before and after.
    pub depth: [usize; 2],
}

/// A smaller circuit and where the gain came from.
#[derive(Clone, Debug)]
pub struct Optimized {
    /// The circuit; it computes the same as the one that was given, and has the same groups.
    pub circuit: Circuit,
    /// The passes in the order in which they ran; those that changed nothing are left out.
    pub stages: Vec<Stage>,
}

/// Makes circuits smaller.
///
/// ```
/// use halfgate_circuits::library;
/// use halfgate_compiler::{Effort, Optimizer};
///
/// let circuit = library::find("lt32")?;
/// let optimized = Optimizer::new(Effort::Thorough).run(&circuit, &mut |_progress| ());
/// assert!(optimized.circuit.gates().len() <= circuit.gates().len());
/// # Ok::<(), halfgate_circuits::library::LibraryError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Optimizer {
    pub(crate) effort: Effort,
    pub(crate) objective: Objective,
    without: &'static [&'static str],
}

impl Optimizer {
    /// An optimiser that tries so hard to have few ANDs.
    pub fn new(effort: Effort) -> Self {
        Optimizer { effort, ..Optimizer::default() }
    }

    /// The same with another objective.
    pub fn with_objective(self, objective: Objective) -> Self {
        Optimizer { objective, ..self }
    }

    /// The same without the passes of these names, as [`Stage::pass`] has them: to see what others bring without them.
    pub fn without(self, passes: &'static [&'static str]) -> Self {
        Optimizer { without: passes, ..self }
    }

    /// Makes a circuit smaller that computes the same, and tells `progress` now and then how far it is.
    ///
    /// Groups stay as they are, names, owners, encodings and empty ones included. For [`Objective::Ands`] there are
    /// never more ANDs than before. NOT gates are left only where an AND or an output reads an inversion, at most one
    /// per wire. A circuit of 2^31 wires or more, too large to be scheduled, is returned as it is.
    pub fn run(self, circuit: &Circuit, progress: &mut dyn FnMut(Advance)) -> Optimized {
        let mut watch = Watch::new(self, progress);
        let optimized = Graph::lower_folded(circuit).ok().and_then(|graph| {
            let graph = dead(&pipeline::run(graph, &mut watch));
            graph.raise().ok() // fails if there are too many inversions
        });
        match optimized {
            Some(circuit) => Optimized { circuit, stages: watch.stages },
            None => Optimized { circuit: circuit.clone(), stages: Vec::new() },
        }
    }
}

/// What passes are given beside the graph: how hard to try, what for, and whom to tell.
pub(crate) struct Watch<'a> {
    pub(crate) effort: Effort,
    pub(crate) objective: Objective,
    without: &'static [&'static str],
    progress: &'a mut dyn FnMut(Advance),
    stages: Vec<Stage>,
    pass: &'static str,
    ands: usize,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(optimizer: Optimizer, progress: &'a mut dyn FnMut(Advance)) -> Self {
        let Optimizer { effort, objective, without } = optimizer;
        Watch { effort, objective, without, progress, stages: Vec::new(), pass: "", ands: 0 }
    }

    /// How far the pass is.
    pub(crate) fn tell(&mut self, done: usize, total: usize) {
        (self.progress)(Advance { pass: self.pass, done, total, ands: self.ands });
    }

    /// Runs a pass and keeps what it made, unless the graph it was given is better.
    pub(crate) fn run(
        &mut self,
        pass: &'static str,
        make: impl FnOnce(&Graph, &mut Self) -> Graph,
        before: Graph,
    ) -> Graph {
        if self.without.contains(&pass) {
            return before;
        }
        let old = cost(&before);
        (self.pass, self.ands) = (pass, old.ands);
        let after = make(&before, self);
        debug_assert_eq!(after.verify(), Ok(()), "pass `{pass}` made an invalid graph");
        let new = cost(&after);
        if self.rank(new) > self.rank(old) {
            return before;
        }
        if new != old {
            self.stages.push(Stage {
                pass,
                ands: [old.ands, new.ands],
                xors: [old.xors, new.xors],
                depth: [old.depth, new.depth],
            });
        }
        after
    }

    /// The better of what two ways make of a graph, and the first if neither is; only its stages are kept.
    pub(crate) fn better(
        &mut self,
        graph: Graph,
        first: impl FnOnce(Graph, &mut Self) -> Graph,
        second: impl FnOnce(Graph, &mut Self) -> Graph,
    ) -> Graph {
        let common = self.stages.len();
        let one = first(graph.clone(), self);
        let of_first = self.stages.split_off(common);
        let other = second(graph, self);
        if self.prefers(&other, &one) {
            return other;
        }
        self.stages.truncate(common);
        self.stages.extend(of_first);
        one
    }

    /// Whether the first graph is better than the second.
    pub(crate) fn prefers(&self, first: &Graph, second: &Graph) -> bool {
        self.rank(cost(first)) < self.rank(cost(second))
    }

    fn rank(&self, cost: Cost) -> [usize; 2] {
        match self.objective {
            Objective::Ands => [cost.ands, 0],
            Objective::Depth => [cost.depth, cost.ands],
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Cost {
    ands: usize,
    xors: usize,
    depth: usize,
}

fn cost(graph: &Graph) -> Cost {
    let ands = graph.and_count();
    Cost { ands, xors: graph.gates.len() - ands, depth: graph.and_depth() }
}

#[cfg(test)]
mod tests {
    use halfgate_circuits::library;

    use super::{Effort, Objective, Optimizer, Watch};
    use crate::graph::Graph;

    #[test]
    fn levels_are_efforts() {
        for level in 0..4 {
            assert_eq!(Effort::from_level(level).map(Effort::level), Some(level));
        }
        assert_eq!(Effort::from_level(4), None);
        assert_eq!(Effort::default().level(), 1);
    }

    #[test]
    fn a_worse_graph_is_not_kept() {
        let graph = |name| Graph::lower(&library::find(name).unwrap()).unwrap();
        let mut silent = |_| ();
        let mut watch = Watch::new(Optimizer::default(), &mut silent);
        let kept = watch.run("worse", |_, _| graph("lt9"), graph("lt8"));
        assert_eq!((kept.and_count(), watch.stages.len()), (8, 0));
        let kept = watch.run("better", |_, _| graph("lt7"), kept);
        assert_eq!((kept.and_count(), watch.stages[0].ands), (7, [8, 7]));
    }

    #[test]
    fn of_two_ways_the_better_is_kept_with_its_stages() {
        let graph = |name| Graph::lower(&library::find(name).unwrap()).unwrap();
        let way =
            |pass, name| move |before, watch: &mut Watch<'_>| watch.run(pass, |_, _| graph(name), before);
        for (names, pass, ands) in
            [(["lt7", "lt6"], "second", 6), (["lt6", "lt7"], "first", 6), (["lt7", "lt7"], "first", 7)]
        {
            let mut silent = |_| ();
            let mut watch = Watch::new(Optimizer::default(), &mut silent);
            let before = way("before", "lt8")(graph("lt9"), &mut watch);
            let kept = watch.better(before, way("first", names[0]), way("second", names[1]));
            assert_eq!(kept.and_count(), ands);
            let stages: Vec<_> = watch.stages.iter().map(|stage| stage.pass).collect();
            assert_eq!(stages, ["before", pass]);
        }
    }

    #[test]
    fn a_pass_can_be_left_out() {
        let mut silent = |_| ();
        let mut watch = Watch::new(Optimizer::default().without(&["other", "better"]), &mut silent);
        let graph = |name| Graph::lower(&library::find(name).unwrap()).unwrap();
        let kept = watch.run("better", |_, _| graph("lt7"), graph("lt8"));
        assert_eq!((kept.and_count(), watch.stages.len()), (8, 0));
    }

    #[test]
    fn what_is_better_depends_on_the_objective() {
        let graph = |name| Graph::lower(&library::find(name).unwrap()).unwrap();
        let (deep, wide) = (graph("lt8"), graph("eq20"));
        let mut silent = |_| ();
        let by_ands = Watch::new(Optimizer::default(), &mut silent);
        assert!(by_ands.prefers(&deep, &wide) && !by_ands.prefers(&deep, &deep));
        let mut silent = |_| ();
        let for_depth = Optimizer::default().with_objective(Objective::Depth);
        assert!(Watch::new(for_depth, &mut silent).prefers(&wide, &deep));
    }
}
