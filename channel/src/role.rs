use std::fmt;

use bincode::{Decode, Encode};

/// What a party does in the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[repr(u8)]
pub enum Role {
    /// Encrypts the circuit and sends its rows.
    Garbler = 0,
    /// Receives the rows and computes on labels.
    Evaluator = 1,
}

impl Role {
    /// The role of the peer.
    pub const fn other(self) -> Role {
        match self {
            Role::Garbler => Role::Evaluator,
            Role::Evaluator => Role::Garbler,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Garbler => "garbler",
            Role::Evaluator => "evaluator",
        })
    }
}
