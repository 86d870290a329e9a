//! Small Boolean functions: their affine classes, and how to compute them with few ANDs.
//!
//! Functions `f` and `g` are affinely equivalent if `f(x) = g(Ax + b) + c·x + d` with an invertible `A`: each follows
//! from the other by exclusive ors, so both take equally many ANDs. The classes of all functions that take at most four
//! ANDs and depend on at most six sums, and those of all functions of five variables, stand in a
//! [database](classes) that a search has made.

mod cache;
mod classes;
mod equivalence;
mod frame;
#[cfg(test)]
mod search;
mod spectrum;

pub(crate) use cache::Functions;
