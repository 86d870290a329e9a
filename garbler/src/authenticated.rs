#![doc = include_str!("authenticated.md")]

mod calls;
mod kernel;
mod masked;
mod outputs;
mod party;
mod stream;

pub use kernel::{AuthenticatedGarbling, AuthenticatedSource, GarbledAnds};
pub use masked::MaskedWalk;
pub use party::AuthenticatedGarbler;
