//! A host, its guests, and what they use.

use std::time::{Duration, SystemTime};

use halfgate::{
    Entropy,
    channel::{
        Address, Agreement, ChannelError, End, Fingerprint, Kind, Length, Secured, Trust, dial, read_single,
        write_single,
    },
};
use halfgate_meet::{
    Admission, Arrival, Invite, Key, MeetError, MeetSettings, Meeting, Reception, Seat, Token, expiry, join,
};

/// Long enough for a machine under load, short against a test that hangs.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// Somebody new who takes everybody for its peer.
pub(crate) fn somebody() -> MeetSettings {
    MeetSettings::new(Key::generate().unwrap().identity().clone(), Trust::Anyone)
}

/// A host with one invite, listening on a free port of this machine.
pub(crate) struct Host {
    pub(crate) reception: Reception,
    pub(crate) invite: Invite,
}

impl Host {
    pub(crate) async fn new() -> Self {
        Host::with(somebody()).await
    }

    pub(crate) async fn with(settings: MeetSettings) -> Self {
        let fingerprint = settings.identity.fingerprint();
        let addresses = ["127.0.0.1:0".parse().unwrap()];
        let reception = Reception::open(&addresses, Admission::new(), settings).await.unwrap();
        let invite = Invite {
            addresses: reception.addresses().to_vec(),
            fingerprint,
            token: Token::fresh(&mut Entropy::from_os().unwrap()),
            function: "greater-than".into(),
            circuit: [1; 32],
            terms: Agreement::new(),
            expires: expiry(SystemTime::now(), Duration::from_secs(600)),
            garbler: Seat::Host,
        };
        reception.admission().add_invite(&invite);
        Host { reception, invite }
    }

    pub(crate) fn address(&self) -> &Address {
        &self.reception.addresses()[0]
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.invite.fingerprint
    }

    /// Somebody with a copy of the invite meets the host.
    pub(crate) async fn meet(&mut self, guest: &MeetSettings) -> (Arrival, Meeting) {
        let invite = copy(&self.invite);
        // A guest that fails ends the test; the host would wait for another.
        let meeting = async { join(&invite, guest, SOON).await.unwrap() };
        tokio::join!(self.reception.next(), meeting)
    }

    /// An encrypted connection to the host on which nothing was said.
    pub(crate) async fn connect(&self) -> Secured {
        connect(self.address(), &somebody()).await.unwrap()
    }
}

pub(crate) async fn connect(address: &Address, settings: &MeetSettings) -> Result<Secured, ChannelError> {
    let stream = dial(address, SOON).await?;
    Secured::establish(stream, End::Connecting, &settings.identity, &settings.trust, SOON).await
}

/// What the host answers to a message that somebody made up.
pub(crate) async fn knock_raw(secured: Secured, knock: &Agreement) -> Agreement {
    let mut line = secured.into_line();
    write_single(&mut line, Kind::Knock, knock, SOON).await.unwrap();
    read_single(&mut line, Kind::Welcome, SOON).await.unwrap()
}

pub(crate) fn copy(invite: &Invite) -> Invite {
    Invite::parse(&invite.to_text().unwrap()).unwrap()
}

pub(crate) fn error_of(outcome: Result<Meeting, MeetError>) -> MeetError {
    match outcome {
        Ok(meeting) => panic!("was let in at {}", meeting.address),
        Err(error) => error,
    }
}

/// Both sides of a meeting are connected to each other.
pub(crate) async fn assert_connected(arrival: &mut Arrival, meeting: &mut Meeting) {
    for number in 0..3u8 {
        arrival.channel.send(Kind::Probe, vec![number; 1000]).await.unwrap();
        let heard = meeting.channel.receive(Kind::Probe, Length::Exactly(1000)).await.unwrap();
        meeting.channel.send(Kind::Probe, heard).await.unwrap();
        let back = arrival.channel.receive(Kind::Probe, Length::Exactly(1000)).await.unwrap();
        assert!(back.iter().all(|byte| *byte == number));
    }
}
