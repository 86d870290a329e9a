#![doc = include_str!("authenticated.md")]

mod auth;
mod buckets;
mod candidates;
mod combine;
mod commitment;
mod dealer;
mod dealing;
mod error;
mod leaky;
mod opening;
mod permutation;
mod pool;
mod prepared;
mod stock;

pub use auth::{Auth, AuthBits};
pub use buckets::{Buckets, Statistical};
pub use dealer::Dealer;
pub use error::TripleError;
pub use pool::{NewPool, Pool, PoolError, PoolId, PoolSize, Prepared};
pub use stock::{Triple, Triples};
