//! Authenticated garbling: the garbler that is private and correct against an evaluator that does anything.
//!
//! KRRW18 (Katz, Ranellucci, Rosulek, Wang, eprint 2018/578), section 4 and figure 3, with generic triples. Labels and rows carry masked
//! values Λ = x ⊕ λ, with λ shared by both parties, so that neither the choice of a row nor a failed check depends on x.

mod calls;
mod kernel;
mod masked;
mod outputs;
mod party;
mod stream;

pub use kernel::{AuthenticatedGarbling, AuthenticatedSource, GarbledAnds};
pub use masked::MaskedWalk;
pub use party::AuthenticatedGarbler;
