/// What ties a session to the connection below it. Everything in it goes into the session id; all of it is empty on a
/// plain connection.
///
/// With it a session cannot be carried over from one connection to another: somebody between the two sides, who has a
/// connection with each, has another exporter on each.
#[derive(Clone, Default)]
pub struct Binding {
    /// A value that only the two ends of this connection can compute (RFC 9266: a channel binding by TLS exporter).
    pub exporter: Vec<u8>,
    /// What this side has proved on the connection to be: the fingerprint of its certificate.
    pub own_key: Vec<u8>,
    /// What the peer has proved to be.
    pub peer_key: Vec<u8>,
}
