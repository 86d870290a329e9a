//! The primitives below the protocols: blocks and labels, the session id and its random oracle, the garbling hash
//! with its kernels, the pseudorandom generator, the bit transpose and GF(2^128). The only room with `unsafe`.

mod backend;
mod block;
mod entropy;
pub mod gf128;
mod half_gates;
mod labels;
mod lines;
mod mitccrh;
mod oracle;
mod prefetch;
mod prg;
mod prg_tree;
mod refit;
mod transpose;
#[cfg(target_arch = "x86_64")]
mod x86_64;
mod xor;

pub use backend::Backend;
pub use block::Block;
pub use entropy::Entropy;
pub use half_gates::{HalfGates, Row};
pub use labels::{ActiveLabels, Delta, ZeroLabels};
pub use lines::{Line, Lines, past_caches};
pub use mitccrh::Mitccrh;
pub use oracle::{BlockQuery, Oracle, SessionId};
pub use prefetch::prefetch;
pub use prg::Prg;
pub use prg_tree::PrgTree;
pub use refit::refit;
pub use transpose::{Planes, transpose128};
pub use xor::xor_rows;
