//! The far end of a lasting channel's connections, written by hand after the specification.

use std::time::Duration;

use halfgate_channel::{
    Again, Agreement, Binding, Channel, End, Inbox, Limits, Line, Patience, Reconnect, ResumeKey, Returned,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::mpsc,
};

pub(crate) const KEY: [u8; 32] = [42; 32];
pub(crate) const ACK: u8 = 18;
pub(crate) const RESUME: u8 = 17;
pub(crate) const ROWS: u8 = 10;
pub(crate) const BYE: u8 = 13;
pub(crate) const ABORT: u8 = 14;

/// One connection.
pub(crate) struct Wire {
    stream: DuplexStream,
    pub(crate) exporter: [u8; 32],
}

impl Wire {
    /// A connection with this exporter, and the channel's end of it.
    pub(crate) fn new(exporter: u8, end: End) -> (Wire, Line) {
        let (near, far) = duplex(1 << 16);
        let exporter = [exporter; 32];
        (Wire { stream: far, exporter }, Line::over(near, exporter, end))
    }

    pub(crate) async fn say(&mut self, kind: u8, payload: &[u8]) {
        self.say_bytes(&frame(kind, payload)).await;
    }

    pub(crate) async fn say_bytes(&mut self, bytes: &[u8]) {
        // The channel may have closed the connection; what it says will tell.
        let _ = self.stream.write_all(bytes).await;
    }

    pub(crate) async fn acknowledge(&mut self, count: u64) {
        self.say(ACK, &count.to_le_bytes()).await;
    }

    /// The next frame; `None` if the channel has closed the connection.
    pub(crate) async fn hear_any(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut header = [0; 8];
        self.stream.read_exact(&mut header).await.ok()?;
        let mut payload = vec![0; u32::from_le_bytes(header[4..].try_into().unwrap()) as usize];
        self.stream.read_exact(&mut payload).await.ok()?;
        Some((header[0], payload))
    }

    /// The next frame that is no acknowledgement.
    pub(crate) async fn hear(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            match self.hear_any().await {
                Some((ACK, _)) => {}
                other => return other,
            }
        }
    }

    pub(crate) async fn expect(&mut self, kind: u8, payload: &[u8]) {
        assert_eq!(self.hear().await, Some((kind, payload.to_vec())));
    }

    pub(crate) async fn expect_end(&mut self) {
        assert_eq!(self.hear().await, None);
    }

    /// Continues the session as an honest connecting side does, and gives the counters of the channel.
    pub(crate) async fn resume(&mut self, received: u64, sent: u64) -> (u64, u64) {
        let request = proof(End::Connecting, self.exporter, received, sent, None);
        self.say(RESUME, &resume(received, sent, request)).await;
        let (kind, payload) = self.hear_any().await.expect("the channel takes this for its peer");
        assert_eq!(kind, RESUME);
        let (theirs, mac) = read_resume(&payload);
        assert_eq!(mac, proof(End::Listening, self.exporter, theirs.0, theirs.1, Some(request)));
        theirs
    }

    /// Answers a resume as an honest listening side does, and gives the counters of the channel.
    pub(crate) async fn answer_resume(&mut self, received: u64, sent: u64) -> (u64, u64) {
        let (kind, payload) = self.hear_any().await.expect("the channel asks to go on");
        assert_eq!(kind, RESUME);
        let (theirs, request) = read_resume(&payload);
        assert_eq!(request, proof(End::Connecting, self.exporter, theirs.0, theirs.1, None));
        let answer = proof(End::Listening, self.exporter, received, sent, Some(request));
        self.say(RESUME, &resume(received, sent, answer)).await;
        theirs
    }
}

/// The bytes of a frame.
pub(crate) fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    [&[kind, 0, 0, 0], &(payload.len() as u32).to_le_bytes()[..], payload].concat()
}

/// The name of the session.
pub(crate) fn session() -> [u8; 32] {
    blake3::derive_key("halfgate 2026 name of a session to resume", &KEY)
}

/// What an end of the session proves itself with.
pub(crate) fn proof(
    end: End,
    exporter: [u8; 32],
    received: u64,
    sent: u64,
    request: Option<[u8; 32]>,
) -> [u8; 32] {
    let key = blake3::derive_key("halfgate 2026 proof of a session to resume", &KEY);
    let end = if end == End::Connecting { 1 } else { 2 };
    let mut input = vec![end];
    input.extend(session());
    input.extend(exporter);
    input.extend(received.to_le_bytes());
    input.extend(sent.to_le_bytes());
    input.extend(request.iter().flatten());
    *blake3::keyed_hash(&key, &input).as_bytes()
}

/// The payload of a resume.
pub(crate) fn resume(received: u64, sent: u64, mac: [u8; 32]) -> Vec<u8> {
    resume_of(session(), received, sent, mac)
}

pub(crate) fn resume_of(session: [u8; 32], received: u64, sent: u64, mac: [u8; 32]) -> Vec<u8> {
    let terms = Agreement::new().with("session", session).with("received", received).with("sent", sent);
    terms.with("mac", mac).encode().unwrap()
}

fn read_resume(payload: &[u8]) -> ((u64, u64), [u8; 32]) {
    let terms = Agreement::decode(payload).unwrap();
    assert_eq!(terms.digest("session"), Some(session()));
    let number = |name| terms.number(name).unwrap();
    ((number("received"), number("sent")), terms.digest("mac").unwrap())
}

/// A channel at the listening end, its first connection, and the way in for others.
pub(crate) struct Listening {
    pub(crate) channel: Channel,
    pub(crate) inbox: mpsc::Sender<Returned>,
}

pub(crate) fn listening(patience: Patience, limits: Limits) -> (Listening, Wire) {
    let (inbox, returned) = Inbox::new();
    let (wire, line) = Wire::new(0, End::Listening);
    let channel = Channel::lasting(line, ResumeKey::new(KEY), returned, patience, limits, Binding::default());
    (Listening { channel, inbox }, wire)
}

impl Listening {
    /// Comes in on another connection.
    pub(crate) async fn visit(&self, exporter: u8) -> Wire {
        let (wire, line) = Wire::new(exporter, End::Listening);
        self.inbox.send(Returned { line, resume: None }).await.unwrap();
        wire
    }
}

/// A channel at the connecting end, its first connection, and those that it will make.
pub(crate) fn connecting(patience: Patience, limits: Limits) -> (Channel, Wire, mpsc::Receiver<Wire>) {
    let (made, wires) = mpsc::channel(100);
    let (wire, line) = Wire::new(0, End::Connecting);
    let again = Wiring { made, exporter: 0 };
    let channel = Channel::lasting(line, ResumeKey::new(KEY), again, patience, limits, Binding::default());
    (channel, wire, wires)
}

/// Makes connections whose exporters count up, a second apart.
struct Wiring {
    made: mpsc::Sender<Wire>,
    exporter: u8,
}

impl Reconnect for Wiring {
    fn again(&mut self) -> Again<'_> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.exporter += 1;
            let (wire, line) = Wire::new(self.exporter, End::Connecting);
            // A test that does not care for it leaves it to be dropped, which closes it.
            let _ = self.made.try_send(wire);
            Ok(Returned { line, resume: None })
        })
    }
}
