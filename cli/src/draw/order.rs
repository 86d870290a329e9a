//! The order of what stands in a column, with few crossings: the layer-by-layer sweep of Sugiyama, Tagawa and Toda
//! (Methods for visual understanding of hierarchical system structures, 1981) with barycentres, and exchanges of
//! neighbours at the end.

use super::grid::Grid;

const SWEEPS: usize = 24;
const EXCHANGES: usize = 8;

/// On which side of a column its neighbours are looked at.
#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

/// Puts the columns in an order with few crossings: the better of those that come of two orders of the first column, as
/// it is and in this one.
pub(super) fn sort(grid: &mut Grid, other_first: Vec<usize>) {
    let mut other = grid.clone();
    other.columns[0] = other_first;
    improve(grid);
    improve(&mut other);
    if crossings(&other) < crossings(grid) {
        *grid = other;
    }
}

fn improve(grid: &mut Grid) {
    let mut best = (crossings(grid), grid.columns.clone());
    let mut places = grid.places();
    for sweep in 0..SWEEPS {
        let count = grid.columns.len();
        if sweep % 2 == 0 {
            (1..count).for_each(|column| by_barycentre(grid, column, Side::Before, &mut places));
        } else {
            (0..count - 1).rev().for_each(|column| by_barycentre(grid, column, Side::After, &mut places));
        }
        let crossings = crossings(grid);
        if crossings < best.0 {
            best = (crossings, grid.columns.clone());
        }
    }
    grid.columns = best.1;
    for _ in 0..EXCHANGES {
        if !exchange_neighbours(grid) {
            break;
        }
    }
}

impl Side {
    fn of(self, grid: &Grid, node: usize) -> &[usize] {
        match self {
            Side::Before => &grid.nodes[node].before,
            Side::After => &grid.nodes[node].after,
        }
    }
}

/// Sorts a column by where its neighbours on one side stand; those without any keep their place.
fn by_barycentre(grid: &mut Grid, column: usize, side: Side, places: &mut [usize]) {
    let key = |&node: &usize| {
        let neighbours = side.of(grid, node);
        let sum: usize = neighbours.iter().map(|&neighbour| places[neighbour]).sum();
        match neighbours.len() {
            0 => places[node] as f64,
            count => sum as f64 / count as f64,
        }
    };
    let mut keyed: Vec<_> = grid.columns[column].iter().map(|node| (key(node), *node)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    grid.columns[column] = keyed.into_iter().map(|(_, node)| node).collect();
    grid.columns[column].iter().enumerate().for_each(|(place, &node)| places[node] = place);
}

/// Exchanges neighbours in their columns where that takes crossings away. Gives whether it did anything.
fn exchange_neighbours(grid: &mut Grid) -> bool {
    let (mut places, mut changed) = (grid.places(), false);
    for column in 0..grid.columns.len() {
        for upper in 1..grid.columns[column].len() {
            let (a, b) = (grid.columns[column][upper - 1], grid.columns[column][upper]);
            let crossed = |first: usize, second: usize| -> usize {
                let sides = [Side::Before, Side::After].into_iter();
                sides.map(|side| inversions(side.of(grid, first), side.of(grid, second), &places)).sum()
            };
            if crossed(b, a) < crossed(a, b) {
                grid.columns[column].swap(upper - 1, upper);
                (places[a], places[b]) = (upper, upper - 1);
                changed = true;
            }
        }
    }
    changed
}

/// How many pairs of neighbours stand the other way round than the nodes that they are neighbours of.
fn inversions(first: &[usize], second: &[usize], places: &[usize]) -> usize {
    let below = |a: &usize| second.iter().filter(|b| places[**b] < places[*a]).count();
    first.iter().map(below).sum()
}

/// How often wires cross between all columns.
pub(super) fn crossings(grid: &Grid) -> usize {
    let places = grid.places();
    grid.columns.iter().map(|column| crossings_behind(grid, column, &places)).sum()
}

/// The inversions of the edges behind a column, counted with a tree of partial sums (Fenwick 1994).
fn crossings_behind(grid: &Grid, column: &[usize], places: &[usize]) -> usize {
    let mut ends: Vec<Vec<usize>> = Vec::with_capacity(column.len());
    for &node in column {
        let mut of_node: Vec<_> = grid.nodes[node].after.iter().map(|&after| places[after]).collect();
        of_node.sort_unstable();
        ends.push(of_node);
    }
    let size = ends.iter().flatten().max().map_or(0, |last| last + 1);
    let (mut tree, mut seen, mut crossings) = (vec![0; size + 1], 0, 0);
    for of_node in &ends {
        for &end in of_node {
            let mut not_below = 0;
            let mut at = end + 1;
            while at > 0 {
                not_below += tree[at];
                at &= at - 1;
            }
            crossings += seen - not_below;
        }
        for &end in of_node {
            let mut at = end + 1;
            while at <= size {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
            seen += 1;
        }
    }
    crossings
}

#[cfg(test)]
mod tests {
    use halfgate::circuits::library;

    use super::super::columns::Columns;
    use super::super::graph::Graph;
    use super::super::grid::{Node, Stand};
    use super::*;

    /// Two columns with these edges between them.
    fn two_columns(left: usize, right: usize, edges: &[(usize, usize)]) -> Grid {
        let node = |index: usize| {
            let column = usize::from(index >= left);
            Node { what: Stand::Symbol(index), column, before: Vec::new(), after: Vec::new() }
        };
        let mut nodes: Vec<_> = (0..left + right).map(node).collect();
        for &(from, to) in edges {
            nodes[from].after.push(left + to);
            nodes[left + to].before.push(from);
        }
        Grid { nodes, columns: vec![(0..left).collect(), (left..left + right).collect()] }
    }

    /// By comparing each edge with each.
    fn crossings_by_pairs(grid: &Grid) -> usize {
        let places = grid.places();
        let edges: Vec<_> = (0..grid.nodes.len())
            .flat_map(|from| grid.nodes[from].after.iter().map(move |&to| (from, to)))
            .map(|(from, to)| (grid.nodes[from].column, places[from], places[to]))
            .collect();
        let cross =
            |a: &(usize, usize, usize)| edges.iter().filter(|b| a.0 == b.0 && a.1 < b.1 && a.2 > b.2).count();
        edges.iter().map(cross).sum()
    }

    #[test]
    fn crossings_are_counted() {
        assert_eq!(crossings(&two_columns(2, 2, &[(0, 0), (1, 1)])), 0);
        assert_eq!(crossings(&two_columns(2, 2, &[(0, 1), (1, 0)])), 1);
        assert_eq!(crossings(&two_columns(1, 2, &[(0, 1), (0, 0)])), 0, "of one wire");
        assert_eq!(crossings(&two_columns(3, 3, &[(0, 2), (1, 1), (2, 0), (2, 2)])), 3);
        for name in ["mul4", "div4", "compare8"] {
            let graph = Graph::of(&library::find(name).unwrap());
            let grid = Grid::new(&graph, &Columns::of(&graph));
            assert_eq!(crossings(&grid), crossings_by_pairs(&grid), "{name}");
        }
    }

    #[test]
    fn what_can_be_drawn_without_crossings_is() {
        let mut crossed = two_columns(4, 4, &[(0, 3), (1, 2), (2, 1), (3, 0)]);
        improve(&mut crossed);
        assert_eq!(crossings(&crossed), 0);
    }

    #[test]
    fn sorting_takes_crossings_away_and_loses_nothing() {
        for name in ["lt8", "mul4", "div4", "compare8"] {
            let graph = Graph::of(&library::find(name).unwrap());
            let mut grid = Grid::new(&graph, &Columns::of(&graph));
            let before = (crossings(&grid), grid.columns.clone());
            let reversed = grid.columns[0].iter().rev().copied().collect();
            sort(&mut grid, reversed);
            assert!(crossings(&grid) < before.0, "{name}");
            for (mut column, mut old) in grid.columns.into_iter().zip(before.1) {
                column.sort_unstable();
                old.sort_unstable();
                assert_eq!(column, old, "{name}");
            }
        }
    }
}
