//! A guest that is the library, so that many fit into one process.

use std::time::Duration;

use halfgate::channel::{Address, Agreement, Channel, Field, Trust, probe};
use halfgate::{
    Backend, Circuit, Entropy, Party, Program, Reveal, Security, Session, Terms, Values, compile, library,
};
use halfgate_crypto::Oracle;
use halfgate_meet::{Credential, Key, MeetError, MeetSettings, answer, approach, propose};

use crate::server::Server;

/// Long enough for a machine under load, short against a test that hangs.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// What guests of a server of `lt32` compute.
pub(crate) struct Less {
    circuit: Circuit,
    program: Program,
}

/// Goes to the server, which has let it in when this returns.
pub(crate) async fn arrive(key: &Key, server: &Server) -> Result<Channel, MeetError> {
    let settings = MeetSettings::new(key.identity().clone(), Trust::Only(vec![server.fingerprint]));
    let address: Address = server.address.to_string().parse().unwrap();
    Ok(approach(&[address], Credential::Key, &settings, SOON).await?.channel)
}

impl Less {
    pub(crate) fn new() -> Self {
        let circuit = library::find("lt32").unwrap();
        let program = compile(&circuit).unwrap();
        Less { circuit, program }
    }

    /// Whether the server's rows are less than these.
    pub(crate) async fn ask(
        &self,
        key: &Key,
        server: &Server,
        values: &[u64],
    ) -> Result<Vec<u64>, MeetError> {
        let mut channel = arrive(key, server).await?;
        let agreed = self.agree(&mut channel, values.len()).await?;
        Ok(self.finish(channel, &agreed, values).await)
    }

    /// Does what was agreed, which does not fail.
    pub(crate) async fn finish(&self, channel: Channel, agreed: &Agreement, values: &[u64]) -> Vec<u64> {
        self.run(channel, agreed, values).await.unwrap()
    }

    /// Agrees on the terms, and that both go ahead.
    pub(crate) async fn agree(&self, channel: &mut Channel, rows: usize) -> Result<Agreement, MeetError> {
        let agreed = propose(channel, &self.terms(channel, rows)).await?;
        // A run as small as these is measured with the first burst alone.
        probe(channel, &Agreement::new(), 0).await?;
        answer(channel, true, SOON).await?;
        Ok(agreed)
    }

    async fn run(
        &self,
        channel: Channel,
        agreed: &Agreement,
        values: &[u64],
    ) -> Result<Vec<u64>, halfgate::Error> {
        let digest = Oracle::unbound("terms of a meeting").field(&agreed.canonical_bytes()).digest();
        let terms = self.run_terms(values.len()).with("terms of the meeting", digest);
        let entropy = Entropy::from_os().unwrap();
        let (mut session, _) =
            Session::open_with(channel, Party::Evaluator, terms, Backend::detect(), entropy).await?;
        let own = Values::from_u64s(32, values);
        let outputs = session.run(&self.program, values.len(), &[None, Some(&own)], Reveal::Both).await?;
        session.finish().await?;
        Ok(outputs.unwrap()[0].to_u64s())
    }

    fn run_terms(&self, rows: usize) -> Terms {
        Terms::for_run(Security::SemiHonest, &self.circuit, &self.program, Some(rows as u64), Reveal::Both)
    }

    /// As `halfgate join` puts them together.
    pub(crate) fn terms(&self, channel: &Channel, rows: usize) -> Agreement {
        let key = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).unwrap();
        let binding = channel.binding();
        let terms = Agreement::new()
            .with("channel", "TLS 1.3")
            .with("certificate of the host", key(&binding.peer_key))
            .with("certificate of the guest", key(&binding.own_key))
            .with("row ids", "not compared")
            .with("function", Field::Unspecified)
            .with("garbler", "host")
            .with("rows per batch", Field::Unspecified)
            .with("journal", "none");
        let run = self.run_terms(rows);
        run.agreement().fields().fold(terms, |terms, (name, field)| terms.with(name, field.clone()))
    }
}

/// Why a guest was turned away, for people to read.
pub(crate) fn why<T>(outcome: Result<T, MeetError>) -> String {
    match outcome {
        Ok(_) => "it was served".to_owned(),
        Err(error) => error.to_string(),
    }
}
