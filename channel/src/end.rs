use std::fmt;

/// Which end of a connection this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// It connected; it speaks first.
    Connecting,
    /// It was connected to.
    Listening,
}

impl End {
    /// The end where the peer is.
    pub const fn other(self) -> End {
        match self {
            End::Connecting => End::Listening,
            End::Listening => End::Connecting,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            End::Connecting => "connecting",
            End::Listening => "listening",
        })
    }
}
