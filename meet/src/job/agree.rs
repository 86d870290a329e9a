use halfgate::channel::{Agreement, Field};
use halfgate::{Party, Reveal, Session};
use halfgate_crypto::Oracle;
use zeroize::{Zeroize, Zeroizing};

use super::claim::{Claim, of_state};
use super::verdict::{State, Verdict, judge};
use super::{Job, JobError, Ranges, require};
use crate::journal::Record;

/// Where both sides of a job stand at the beginning of a session. Batches are counted from zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The batches that this session runs.
    pub to_run: Ranges,
    /// The batches whose result this side has just sent to the peer.
    pub sent: Ranges,
    /// The batches whose result this side has just got from the peer.
    pub received: Ranges,
    /// The batches that are lost, those of earlier sessions among them.
    pub lost: Ranges,
    /// The batches that the peer must have opened, and of which its journal knows nothing: it was lost or replaced by an older copy.
    /// They stay spent all the same.
    pub forgotten: Ranges,
}

impl Job<'_> {
    /// Agrees with the peer where the job stands, at the beginning of a session. `terms` are those that the two sides agreed
    /// on, without anything that changes from one session to the next; `peer` is the peer's fingerprint, if there is one.
    ///
    /// What one side has and the other is to have is sent again; what nobody has any more is noted as lost. A job that is not cut
    /// into batches has nothing to agree on, and nothing is sent.
    ///
    /// # Errors
    /// If the journal is of other terms or another peer; if the peer's job is another one, or it contradicts the journal; if the
    /// session or the journal fails. The caller then [aborts](Session::abort) the session.
    pub async fn agree(
        &mut self,
        session: &mut Session,
        terms: &Agreement,
        peer: Option<[u8; 32]>,
    ) -> Result<Standing, JobError> {
        self.agreed = None;
        let mut verdicts = vec![Verdict::Lost; self.states.len()];
        let mut forgotten = Ranges::default();
        if self.plan.batch.is_none() {
            if self.states[0] == State::Untouched {
                verdicts[0] = Verdict::Run;
            }
        } else {
            let theirs = self.compare(session, terms, peer).await?;
            verdicts = self.judge_all(&theirs)?;
            forgotten = self.forgotten_by(&theirs);
            self.give_up(&verdicts)?;
            for sender in [Party::Garbler, Party::Evaluator] {
                self.transfer(session, sender, &verdicts).await?;
            }
        }
        let with = |verdict| {
            (0..).zip(&verdicts).filter(move |(_, other)| **other == verdict).map(|(batch, _)| batch)
        };
        let to_run: Ranges = with(Verdict::Run).collect();
        self.agreed = Some((session.id(), to_run.clone()));
        Ok(Standing {
            to_run,
            sent: with(Verdict::Send).collect(),
            received: with(Verdict::Receive).collect(),
            lost: of_state(&self.states, State::Lost),
            forgotten,
        })
    }

    /// Exchanges claims and finds out that both are about the same job, which begins now if it has not.
    async fn compare(
        &mut self,
        session: &mut Session,
        terms: &Agreement,
        peer: Option<[u8; 32]>,
    ) -> Result<Vec<State>, JobError> {
        let terms = digest_of(terms);
        if let Some(header) = &self.header {
            let fingerprint = |peer: Option<[u8; 32]>| peer.map_or(Field::Unspecified, Field::Digest);
            require("the digest of the terms", header.terms.into(), terms.into())?;
            require("the peer's fingerprint", fingerprint(header.peer), fingerprint(peer))?;
        }
        let ours = Claim {
            frame: self.frame(terms),
            job: self.header.as_ref().map(|header| header.job),
            nonce: self.entropy.bytes(),
            batches: self.states.clone(),
        };
        let theirs = session.exchange_notes(ours.encode()?).await?;
        let theirs = Claim::decode(&theirs, &ours.frame)?;
        let job = name(self.plan.own, &ours, &theirs)?;
        // Before the journal begins: of a peer that claims the impossible nothing is noted.
        self.judge_all(&theirs.batches)?;
        if self.header.is_none() {
            let header = self.new_header(job, &ours.frame, peer);
            if let Some(journal) = &mut self.journal {
                journal.begin(header.clone())?;
            }
            self.header = Some(header);
        }
        Ok(theirs.batches)
    }

    fn judge_all(&self, theirs: &[State]) -> Result<Vec<Verdict>, JobError> {
        let pairs = (0..).zip(self.states.iter().zip(theirs));
        let verdict = |(batch, (&ours, &theirs))| {
            judge(self.plan.own, self.plan.reveal, self.plan.resend, ours, theirs)
                .map_err(|what| JobError::Contradiction { batch, what })
        };
        pairs.map(verdict).collect()
    }

    /// The batches of which this side could have a result only with the peer's part in it.
    fn forgotten_by(&self, theirs: &[State]) -> Ranges {
        let pairs = (0..).zip(self.states.iter().zip(theirs));
        let forgotten = |(_, (ours, theirs)): &(u64, (&State, &State))| {
            self.plan.reveal != Reveal::Shares && **ours == State::Held && **theirs == State::Untouched
        };
        pairs.filter(forgotten).map(|(batch, _)| batch).collect()
    }

    /// Notes what is lost.
    fn give_up(&mut self, verdicts: &[Verdict]) -> Result<(), JobError> {
        let lost = |batch: &usize| verdicts[*batch] == Verdict::Lost && self.states[*batch] != State::Lost;
        let lost: Ranges = (0..verdicts.len()).filter(lost).map(|batch| batch as u64).collect();
        let records: Vec<Record> = lost.ranges().iter().cloned().map(Record::Lost).collect();
        self.note(&records)?;
        for batch in lost.iter() {
            self.states[batch as usize] = State::Lost;
            self.forget(batch as usize);
        }
        Ok(())
    }

    /// Sends again what the peer lacks, or receives what this side lacks.
    async fn transfer(
        &mut self,
        session: &mut Session,
        sender: Party,
        verdicts: &[Verdict],
    ) -> Result<(), JobError> {
        let moved = if sender == self.plan.own { Verdict::Send } else { Verdict::Receive };
        for batch in (0..verdicts.len()).filter(|&batch| verdicts[batch] == moved) {
            match moved {
                Verdict::Send => self.send_again(session, batch).await?,
                _ => self.receive_again(session, batch).await?,
            }
        }
        Ok(())
    }

    async fn send_again(&self, session: &mut Session, batch: usize) -> Result<(), JobError> {
        let outputs = self.outputs.as_ref().expect("a side that has a result has outputs");
        for piece in outputs.bytes(&self.rows_of(batch)).chunks(Session::MAX_NOTE) {
            // The channel wipes what it has sent.
            session.send_note(piece.to_vec()).await?;
        }
        Ok(())
    }

    async fn receive_again(&mut self, session: &mut Session, batch: usize) -> Result<(), JobError> {
        let rows = self.rows_of(batch);
        let outputs = self.outputs.as_mut().expect("a side for whom a result is meant has outputs");
        let length = outputs.byte_len(&rows);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        while bytes.len() < length {
            let due = (length - bytes.len()).min(Session::MAX_NOTE);
            let mut piece = session.receive_note(due).await?;
            bytes.extend_from_slice(&piece);
            piece.zeroize();
        }
        if !outputs.read(&rows, &bytes) {
            return Err(JobError::StrayBits { batch: batch as u64 });
        }
        self.keep(batch, true)
    }
}

/// The terms of a job in short.
pub(super) fn digest_of(terms: &Agreement) -> [u8; 32] {
    Oracle::unbound("terms of a job").field(&terms.canonical_bytes()).digest()
}

/// Which job this is: the one that either side's journal is of, or a new one that both have named.
fn name(own: Party, ours: &Claim, theirs: &Claim) -> Result<[u8; 16], JobError> {
    match (ours.job, theirs.job) {
        (Some(ours), Some(theirs)) if ours != theirs => Err(JobError::TwoJobs),
        (Some(job), _) | (None, Some(job)) => Ok(job),
        (None, None) => {
            let (garbler, evaluator) = match own {
                Party::Garbler => (ours, theirs),
                Party::Evaluator => (theirs, ours),
            };
            let digest =
                Oracle::unbound("name of a job").field(&garbler.nonce).field(&evaluator.nonce).digest();
            Ok(digest[..16].try_into().expect("16 of 32 bytes"))
        }
    }
}
