#![doc = include_str!("authenticated.md")]

mod auth;
mod buckets;
mod candidates;
mod check;
mod combine;
mod commitment;
mod dealer;
mod dealing;
mod error;
mod inputs;
mod leaky;
mod masks;
mod multiply;
mod opening;
mod pages;
mod permutation;
mod pool;
mod prepared;
mod same_delta;
mod stock;
mod streams;
mod wires;

pub use auth::{Auth, AuthBits};
pub use buckets::{Buckets, Statistical, TripleDemands};
pub use check::{AndChecks, DIGEST_BYTES};
pub use commitment::OPENING as OPENING_BYTES;
pub use dealer::Dealer;
pub use dealing::{LAG, SHARES_PER_MESSAGE, TABLES_PER_MESSAGE};
pub use error::TripleError;
pub use inputs::{InputBits, receive_bits, send_bits};
pub use masks::{AndMasks, MaskWalk, Portion, portions};
pub use opening::PROOF as PROOF_BYTES;
pub use pool::{NewPool, Pool, PoolError, PoolId, PoolSize, Prepared};
pub use prepared::Supply;
pub use stock::{Triple, Triples};
pub use wires::{MaskedBits, OUTPUTS_AT_ONCE, Wires};
