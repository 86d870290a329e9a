use std::time::Duration;

use halfgate::Entropy;
use halfgate::channel::{Agreement, Channel, Field, Limits, Role, handshake};
use tokio::io::AsyncWriteExt;

/// A handshake with a peer that sends these bytes and closes: it ends in an error.
pub(crate) fn body(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (near, mut far) = tokio::io::duplex(1 << 20);
        let limits = Limits { linger: Duration::from_millis(1), ..Limits::default() };
        let mut channel = Channel::over(near, limits);
        far.write_all(&data[..data.len().min(1 << 19)]).await.expect("room");
        drop(far);
        let terms = Agreement::new().with("mode", "fuzz").with("lanes", Field::Unspecified);
        let mut entropy = Entropy::fixed(3);
        let met = handshake(&mut channel, Role::Garbler, terms, &mut entropy).await;
        assert!(met.is_err(), "nobody knows the session id without our nonce");
    });
}
