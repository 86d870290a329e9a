//! Tables: reading them at a secret index, and permuting them in secret.

mod lookup;
mod one_hot;
mod permutation;

pub use lookup::{lookup, lookup_constants};
pub use one_hot::one_hot;
pub use permutation::{permutation_switches, permute, switches_of_permutation};
