//! Whom a host lets in.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use halfgate::channel::{Fingerprint, Trust};

use crate::{
    Invite, InviteId, Refusal,
    knock::{Claim, Scene, Welcome, guest_knows},
    token::MacKey,
};

/// After so many failed proofs an invite is locked.
pub const MAX_FAILURES: u32 = 10;

/// The host's rules and its ledger of invites. Clones are handles to the same ledger, so rules can change while a
/// [`Reception`](crate::Reception) applies them.
///
/// An invite admits one guest at a time, and none any more once it is spent: when the terms were accepted, not when somebody
/// knocked.
#[derive(Clone, Default)]
pub struct Admission(Arc<Mutex<Rules>>);

#[derive(Default)]
struct Rules {
    invites: HashMap<InviteId, Entry>,
    listed: HashSet<Fingerprint>,
    all_authenticated: bool,
}

struct Entry {
    key: MacKey,
    expires: u64,
    failures: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Somebody was let in with it who has not accepted terms yet.
    Reserved,
    Spent,
}

impl Admission {
    /// Lets in nobody.
    pub fn new() -> Self {
        Admission::default()
    }

    /// Lets in whoever holds this invite, once, until it expires.
    pub fn add_invite(&self, invite: &Invite) {
        let (key, expires) = (invite.token.mac_key(), invite.expires);
        let entry = Entry { key, expires, failures: 0, state: State::Open };
        self.rules().invites.insert(invite.token.id(), entry);
    }

    /// Lets in a peer by its certificate.
    pub fn add_key(&self, fingerprint: Fingerprint) {
        self.rules().listed.insert(fingerprint);
    }

    /// Lets in a peer by its certificate no longer. A session that is under way goes on.
    pub fn remove_key(&self, fingerprint: &Fingerprint) {
        self.rules().listed.remove(fingerprint);
    }

    /// Lets in everybody whom TLS has authenticated: with [`Trust::Authorities`] or [`Trust::Only`]. With
    /// [`Trust::Anyone`] it lets in nobody.
    pub fn add_all_authenticated(&self) {
        self.rules().all_authenticated = true;
    }

    /// Whether an invite is still waiting for its guest.
    pub fn is_open(&self, id: &InviteId) -> bool {
        self.rules()
            .invites
            .get(id)
            .is_some_and(|entry| entry.state == State::Open && entry.failures < MAX_FAILURES)
    }

    /// Decides on the knock of a peer that TLS has let through with this trust.
    pub(crate) fn decide(
        &self,
        claim: &Claim,
        scene: &Scene,
        peer: &Fingerprint,
        trust: &Trust,
    ) -> Result<(Welcome, Ticket), Refusal> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        match claim {
            Claim::Invite { id, mac } => {
                let mut rules = self.rules();
                let entry = rules.invites.get_mut(id).ok_or(Refusal::Unknown)?;
                entry.reserve(guest_knows(&entry.key, scene, mac), now)?;
                let welcome = Welcome::with_proof(&entry.key, scene);
                Ok((welcome, Ticket { admission: self.clone(), invite: Some(*id) }))
            }
            Claim::Key => {
                let rules = self.rules();
                let authenticated = rules.all_authenticated && !matches!(trust, Trust::Anyone);
                match authenticated || rules.listed.contains(peer) {
                    true => Ok((Welcome::Admitted(None), Ticket { admission: self.clone(), invite: None })),
                    false => Err(Refusal::NotListed),
                }
            }
        }
    }

    fn set(&self, id: &InviteId, state: State) {
        if let Some(entry) = self.rules().invites.get_mut(id) {
            entry.state = state;
        }
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        // No holder of the lock leaves the rules half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Takes the invite for one guest. Who cannot prove to know the token learns only that, and locks the invite in time.
    fn reserve(&mut self, proved: bool, now: u64) -> Result<(), Refusal> {
        if !proved {
            self.failures = self.failures.saturating_add(1);
        }
        match self.state {
            _ if self.failures >= MAX_FAILURES => Err(Refusal::Locked),
            _ if !proved => Err(Refusal::Wrong),
            State::Spent => Err(Refusal::Spent),
            State::Reserved => Err(Refusal::Busy),
            State::Open if now >= self.expires => Err(Refusal::Expired),
            State::Open => {
                self.state = State::Reserved;
                Ok(())
            }
        }
    }
}

/// The right to go on with a guest who was let in. Dropping it gives the invite back: the guest may try again.
#[must_use = "dropping a ticket lets the next guest in with the same invite"]
pub struct Ticket {
    admission: Admission,
    /// `None` for a guest who came with a key, which is never spent.
    invite: Option<InviteId>,
}

impl Ticket {
    /// Uses the invite up: the terms were accepted on both sides.
    pub fn spend(mut self) {
        if let Some(id) = self.invite.take() {
            self.admission.set(&id, State::Spent);
        }
    }

    /// The invite that the guest came with; `None` if it came with a key.
    pub fn invite(&self) -> Option<InviteId> {
        self.invite
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(id) = self.invite.take() {
            self.admission.set(&id, State::Open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry { key: MacKey([1; 32]), expires: 100, failures: 0, state: State::Open }
    }

    #[test]
    fn one_guest_at_a_time_and_none_after_the_terms() {
        let mut entry = entry();
        assert_eq!(entry.reserve(true, 1), Ok(()));
        assert_eq!(entry.reserve(true, 2), Err(Refusal::Busy));
        entry.state = State::Open;
        assert_eq!(entry.reserve(true, 3), Ok(()));
        entry.state = State::Spent;
        assert_eq!(entry.reserve(true, 4), Err(Refusal::Spent));
        assert_eq!(entry.reserve(true, 200), Err(Refusal::Spent));
    }

    #[test]
    fn time_ends_an_invite_at_its_second() {
        assert_eq!(entry().reserve(true, 99), Ok(()));
        assert_eq!(entry().reserve(true, 100), Err(Refusal::Expired));
    }

    #[test]
    fn failures_lock_and_do_not_spend() {
        let mut entry = entry();
        for _ in 1..MAX_FAILURES {
            assert_eq!(entry.reserve(false, 1), Err(Refusal::Wrong));
        }
        assert_eq!(entry.state, State::Open);
        assert_eq!(entry.reserve(false, 1), Err(Refusal::Locked));
        assert_eq!(entry.reserve(true, 1), Err(Refusal::Locked));
    }

    #[test]
    fn failures_of_others_do_not_stop_the_guest_before_the_lock() {
        let mut entry = entry();
        for _ in 1..MAX_FAILURES {
            assert_eq!(entry.reserve(false, 1), Err(Refusal::Wrong));
        }
        assert_eq!(entry.reserve(true, 1), Ok(()));
    }

    #[test]
    fn tickets_give_back_or_spend() {
        let (admission, id) = (Admission::new(), InviteId([5; 32]));
        let state = || admission.rules().invites[&id].state;
        admission.rules().invites.insert(id, entry());
        let take = || {
            admission.rules().invites.get_mut(&id).unwrap().reserve(true, 1).unwrap();
            Ticket { admission: admission.clone(), invite: Some(id) }
        };
        let ticket = take();
        assert_eq!((state(), admission.is_open(&id)), (State::Reserved, false));
        drop(ticket);
        assert_eq!((state(), admission.is_open(&id)), (State::Open, true));
        take().spend();
        assert_eq!((state(), admission.is_open(&id)), (State::Spent, false));
    }
}
