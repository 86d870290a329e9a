use std::{fmt, path::PathBuf, str::FromStr};

use crate::ChannelError;

/// Where a party listens or is to be reached.
///
/// ```
/// use halfgate_channel::Address;
///
/// let address: Address = "[::1]:7000".parse()?;
/// assert_eq!(address, Address::Tcp { host: "::1".into(), port: 7000 });
/// assert_eq!(address.to_string(), "[::1]:7000");
/// assert!("localhost".parse::<Address>().is_err());
/// # Ok::<(), halfgate_channel::ChannelError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A TCP port of a host; port 0 listens on any free one.
    Tcp {
        /// A name or an IP address, without brackets.
        host: String,
        /// The port.
        port: u16,
    },
    /// A socket in the file system.
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        parse(text).map_err(|problem| ChannelError::BadAddress { text: text.to_owned(), problem })
    }
}

fn parse(text: &str) -> Result<Address, &'static str> {
    if let Some(path) = text.strip_prefix("unix:") {
        return match path {
            "" => Err("the path is missing"),
            path if path.chars().any(char::is_control) => Err("the path has control characters"),
            path => Ok(Address::Unix(path.into())),
        };
    }
    let (host, port) = text.rsplit_once(':').ok_or("the port is missing")?;
    let port = port.parse().map_err(|_| "the port must be a number from 0 to 65535")?;
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(host) => host,
        None if host.contains(':') => return Err("an IPv6 address needs brackets"),
        None => host,
    };
    match host {
        "" => Err("the host is missing (to listen on all interfaces, write 0.0.0.0)"),
        host if host.contains(|c: char| c.is_whitespace() || c.is_control() || "[]/".contains(c)) => {
            Err("the host has characters that no host has")
        }
        host => Ok(Address::Tcp { host: host.to_owned(), port }),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            Address::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_as_they_are_written() {
        for text in
            ["localhost:7000", "10.0.0.1:0", "[fe80::1%eth0]:65535", "unix:/tmp/a socket:1", "unix:relative"]
        {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_explained() {
        let cases = [
            ("", "port is missing"),
            ("localhost", "port is missing"),
            ("localhost:", "number from 0 to 65535"),
            ("localhost:65536", "number from 0 to 65535"),
            ("localhost:http", "number from 0 to 65535"),
            ("localhost:-1", "number from 0 to 65535"),
            (":7000", "host is missing"),
            ("[]:7000", "host is missing"),
            ("::1:7000", "needs brackets"),
            ("http://localhost:7000", "needs brackets"),
            ("a b:7000", "characters"),
            ("a/b:7000", "characters"),
            ("unix:", "path is missing"),
        ];
        for (text, expected) in cases {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
    }
}
