//! What makes circuits smaller: each pass takes a graph and gives one that computes the same.

mod absorb;
mod dead;
mod fold;
mod index;
mod linear;
mod rewrite;
mod share;

pub(crate) use dead::dead;
pub(crate) use fold::fold;
pub(crate) use share::share;
