//! How far from the top each symbol and each wire stands, so that wires are straight where they can be.

use super::grid::{Grid, Node, Stand};

/// Half the room that a symbol and a wire take, in pixels.
const SYMBOL: f64 = 16.0;
const WIRE: f64 = 5.0;

/// Passes from side to side: first with squares, then with distances.
const SQUARES: usize = 32;
const DISTANCES: usize = 24;

/// The height of each node, from 0 down, in the order that the columns have.
pub(super) fn heights(grid: &Grid) -> Vec<f64> {
    let mut heights = vec![0.0; grid.nodes.len()];
    for column in &grid.columns {
        let mut at = 0.0;
        for pair in column.windows(2) {
            at += distance(grid, pair[0], pair[1]);
            heights[pair[1]] = at;
        }
    }
    for pass in 0..SQUARES + DISTANCES {
        let (forward, count) = (pass % 2 == 0, grid.columns.len());
        for step in 0..count {
            let column = if forward { step } else { count - 1 - step };
            // At first each side alone pulls, so that what is far away is felt in one pass.
            let pulls = match (pass < SQUARES / 2, forward) {
                (true, true) => [1.0, 0.0],
                (true, false) => [0.0, 1.0],
                // Of two places that are as good as each other, the one where a wire goes on straight.
                (false, true) => [1.01, 1.0],
                (false, false) => [1.0, 1.01],
            };
            if pass < SQUARES {
                settle::<Squares>(grid, column, pulls, &mut heights);
            } else {
                settle::<Distances>(grid, column, pulls, &mut heights);
            }
        }
    }
    let top = heights.iter().copied().fold(f64::INFINITY, f64::min);
    heights.iter().map(|height| height - top).collect()
}

/// How far from each other two neighbours of a column have to be.
fn distance(grid: &Grid, upper: usize, lower: usize) -> f64 {
    let half = |node: usize| match grid.nodes[node].what {
        Stand::Symbol(_) => SYMBOL,
        Stand::Wire(_) => WIRE,
    };
    half(upper) + half(lower)
}

/// How much a connection wants to be straight: long wires most.
fn pull(grid: &Grid, a: usize, b: usize) -> f64 {
    match (grid.nodes[a].what, grid.nodes[b].what) {
        (Stand::Wire(_), Stand::Wire(_)) => 8.0,
        (Stand::Symbol(_), Stand::Symbol(_)) => 1.0,
        _ => 2.0,
    }
}

/// Brings a column as near to its neighbours as its order allows, with so much weight on those before and behind.
fn settle<B: Block>(grid: &Grid, column: usize, pulls: [f64; 2], heights: &mut [f64]) {
    let nodes = &grid.columns[column];
    let (mut blocks, mut rooms, mut room) = (Vec::with_capacity(nodes.len()), Vec::new(), 0.0);
    for (place, &node) in nodes.iter().enumerate() {
        room += place.checked_sub(1).map_or(0.0, |above| distance(grid, nodes[above], node));
        let Node { before, after, .. } = &grid.nodes[node];
        // What nothing pulls stays, if nobody pushes.
        let mut wishes = vec![(heights[node] - room, 0.01)];
        for (neighbours, pull_of_side) in [before, after].into_iter().zip(pulls) {
            let wish = |&to: &usize| (heights[to] - room, pull_of_side * pull(grid, node, to));
            wishes.extend(neighbours.iter().map(wish).filter(|(_, weight)| *weight > 0.0));
        }
        blocks.push(B::new(wishes));
        rooms.push(room);
    }
    let settled = isotonic(blocks);
    for ((&node, room), height) in nodes.iter().zip(rooms).zip(settled) {
        heights[node] = height + room;
    }
}

/// Neighbours that move as one.
trait Block {
    /// One that wishes to be at these places, with weights.
    fn new(wishes: Vec<(f64, f64)>) -> Self;

    /// The best place.
    fn place(&self) -> f64;

    /// One of those of both.
    fn join(&mut self, other: Self);
}

/// The best place has the least sum of squared distances: all come nearer, and wires slant.
struct Squares {
    weight: f64,
    sum: f64,
}

impl Block for Squares {
    fn new(wishes: Vec<(f64, f64)>) -> Self {
        let weight = wishes.iter().map(|(_, weight)| weight).sum();
        Squares { weight, sum: wishes.iter().map(|(wish, weight)| wish * weight).sum() }
    }

    fn place(&self) -> f64 {
        self.sum / self.weight
    }

    fn join(&mut self, other: Self) {
        self.weight += other.weight;
        self.sum += other.sum;
    }
}

/// The best place has the least sum of distances: it is the place of a neighbour, and wires are straight.
struct Distances {
    /// From the top down.
    wishes: Vec<(f64, f64)>,
    weight: f64,
}

impl Block for Distances {
    fn new(mut wishes: Vec<(f64, f64)>) -> Self {
        wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
        Distances { weight: wishes.iter().map(|(_, weight)| weight).sum(), wishes }
    }

    fn place(&self) -> f64 {
        let mut above = 0.0;
        let is_median = |(_, weight): &&(f64, f64)| {
            above += weight;
            above * 2.0 >= self.weight
        };
        self.wishes.iter().find(is_median).map_or(0.0, |(wish, _)| *wish)
    }

    fn join(&mut self, other: Self) {
        self.wishes.extend(other.wishes);
        self.wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.weight += other.weight;
    }
}

/// The places that do not fall and are best in sum: pool adjacent violators (Ayer et al., An empirical distribution
/// function for sampling with incomplete information, 1955).
fn isotonic<B: Block>(wishes: Vec<B>) -> Vec<f64> {
    let mut blocks: Vec<(B, usize)> = Vec::new();
    for block in wishes {
        let mut last = (block, 1);
        while let Some((mut upper, count)) = blocks.pop_if(|(upper, _)| upper.place() > last.0.place()) {
            upper.join(last.0);
            last = (upper, count + last.1);
        }
        blocks.push(last);
    }
    blocks.iter().flat_map(|(block, count)| std::iter::repeat_n(block.place(), *count)).collect()
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::library;

    use super::super::columns::Columns;
    use super::super::graph::Graph;
    use super::super::order;
    use super::*;

    fn fitted<B: Block>(wishes: &[(f64, f64)]) -> Vec<f64> {
        isotonic(wishes.iter().map(|&wish| B::new(vec![wish])).collect())
    }

    #[test]
    fn violators_are_pooled() {
        let squares = fitted::<Squares>;
        assert_eq!(squares(&[(1.0, 1.0), (2.0, 1.0)]), [1.0, 2.0]);
        assert_eq!(squares(&[(2.0, 1.0), (1.0, 1.0)]), [1.5, 1.5]);
        assert_eq!(squares(&[(2.0, 3.0), (0.0, 1.0)]), [1.5, 1.5]);
        let five = [(0.0, 1.0), (5.0, 1.0), (4.0, 1.0), (3.0, 1.0), (9.0, 1.0)];
        assert_eq!(squares(&five), [0.0, 4.0, 4.0, 4.0, 9.0]);
        assert!(squares(&[]).is_empty());
        let distances = fitted::<Distances>;
        assert_eq!(distances(&five), [0.0, 4.0, 4.0, 4.0, 9.0]);
        assert_eq!(distances(&[(2.0, 3.0), (0.0, 1.0)]), [2.0, 2.0]);
        assert_eq!(distances(&[(9.0, 1.0), (1.0, 1.0), (2.0, 1.0)]), [1.0, 1.0, 2.0]);
    }

    #[test]
    fn nothing_overlaps_and_nothing_is_above_the_top() {
        for name in ["lt8", "add4", "mul6", "div5", "compare16"] {
            let graph = Graph::of(&library::find(name).unwrap());
            let mut grid = Grid::new(&graph, &Columns::of(&graph));
            let first = grid.columns[0].clone();
            order::sort(&mut grid, first);
            let heights = heights(&grid);
            for pair in grid.columns.iter().flat_map(|column| column.windows(2)) {
                let apart = heights[pair[1]] - heights[pair[0]];
                assert!(apart >= distance(&grid, pair[0], pair[1]) - 1e-6, "{name}: {apart}");
            }
            let top = heights.iter().copied().fold(f64::INFINITY, f64::min);
            assert_eq!(top, 0.0, "{name}");
        }
    }
}
