//! One connection, from TLS to being let in or not.

use std::{sync::atomic::Ordering, time::Duration};

use halfgate::channel::{
    Agreement, Binding, Channel, ChannelError, End, Fingerprint, First, Kind, Line, ResumeKey, Secured,
    Stream, write_single,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout},
};

use super::{Arrival, House, Outcome, hall::Known};
use crate::{
    Refusal, Ticket,
    examine::{ERRAND, measure},
    knock::{Claim, MAX_MESSAGE, Scene, Welcome},
};

/// How long one who was refused may take to hear why, and what it may still say meanwhile.
const LINGER: Duration = Duration::from_secs(2);
const LAST_WORDS: u64 = 1 << 16;

/// A visitor whom TLS has let through.
struct Visitor {
    line: Line,
    scene: Scene,
    peer: Fingerprint,
    names: Vec<String>,
    address: String,
    binding: Binding,
    resume_key: ResumeKey,
    deadline: Instant,
}

impl House {
    /// Sees one visitor through.
    pub(super) async fn receive(&self, stream: Stream, known: &Known) -> Outcome {
        self.hear(stream, known).await.unwrap_or_else(Outcome::Failed)
    }

    async fn hear(&self, stream: Stream, known: &Known) -> Result<Outcome, ChannelError> {
        let mut visitor = self.secure(stream).await?;
        let left = visitor.left();
        match First::read(&mut visitor.line, left, MAX_MESSAGE).await? {
            First::Knock(knock) => self.admit(visitor, &knock, known).await,
            First::Resume(resume) => {
                let Visitor { line, peer, .. } = visitor;
                match self.desk.deliver(line, peer, resume) {
                    Ok(()) => {
                        known.set();
                        Ok(Outcome::Resumed)
                    }
                    Err(line) => {
                        part(line).await;
                        Ok(Outcome::NothingToResume)
                    }
                }
            }
        }
    }

    async fn secure(&self, stream: Stream) -> Result<Visitor, ChannelError> {
        let settings = &self.settings;
        let deadline = Instant::now() + settings.handshake;
        let (identity, trust) = (&settings.identity, &settings.trust);
        let secured = Secured::establish(stream, End::Listening, identity, trust, settings.handshake).await?;
        Ok(Visitor {
            scene: Scene::of_host(&secured),
            peer: secured.peer(),
            names: secured.names().to_vec(),
            address: secured.address().to_owned(),
            binding: secured.binding(),
            resume_key: secured.resume_key(),
            line: secured.into_line(),
            deadline,
        })
    }

    async fn admit(
        &self,
        mut visitor: Visitor,
        knock: &Agreement,
        known: &Known,
    ) -> Result<Outcome, ChannelError> {
        let decision = self.decide(&visitor, knock);
        if decision.is_ok() {
            known.set();
        }
        match decision {
            Ok((welcome, ticket)) if knock.text(ERRAND.0) == Some(ERRAND.1) => {
                visitor.answer(welcome).await?;
                // The invite is given back when the visit is over.
                measure(visitor.line, visitor.binding).await?;
                drop(ticket);
                Ok(Outcome::Examined)
            }
            Ok((welcome, ticket)) => self.let_in(visitor, welcome, ticket).await,
            Err(refusal) => {
                visitor.answer(Welcome::Refused(refusal)).await?;
                part(visitor.line).await;
                Ok(Outcome::Refused(refusal))
            }
        }
    }

    async fn let_in(
        &self,
        mut visitor: Visitor,
        welcome: Welcome,
        ticket: Ticket,
    ) -> Result<Outcome, ChannelError> {
        // Before the guest knows that it was let in, as it may come back at once.
        let inbox = self.desk.open(visitor.resume_key.id(), visitor.peer);
        visitor.answer(welcome).await?;
        let Visitor { line, peer, names, address, binding, resume_key, .. } = visitor;
        let (patience, limits) = (self.settings.patience, self.settings.limits);
        let channel = Channel::lasting(line, resume_key, inbox, patience, limits, binding);
        match self.arrivals.send(Arrival { channel, peer, names, address, ticket }).await {
            Ok(()) => Ok(Outcome::Admitted),
            Err(_) => Ok(Outcome::Refused(Refusal::Closing)),
        }
    }

    fn decide(&self, visitor: &Visitor, knock: &Agreement) -> Result<(Welcome, Ticket), Refusal> {
        let claim = Claim::of_knock(knock)?;
        match self.admits.load(Ordering::Relaxed) {
            true => self.admission.decide(&claim, &visitor.scene, &visitor.peer, &self.settings.trust),
            false => Err(Refusal::Closing),
        }
    }
}

impl Visitor {
    async fn answer(&mut self, welcome: Welcome) -> Result<(), ChannelError> {
        let left = self.left();
        write_single(&mut self.line, Kind::Welcome, &welcome.to_terms(), left).await
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// Closes a connection in such a way that the peer gets what was sent last: to close with bytes unread would reset it.
async fn part(mut line: Line) {
    let farewell = async {
        line.shutdown().await?;
        tokio::io::copy(&mut line.take(LAST_WORDS), &mut tokio::io::sink()).await
    };
    // Out of time, or without a peer, the connection is closed all the same.
    let _ = timeout(LINGER, farewell).await;
}
