//! What each guest has taken, and whether it may have more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use halfgate_meet::{Limit, Questions};

use super::rate::{Bucket, Rate};
use crate::args::QuotaArgs;
use crate::failure::Failure;
use crate::in_background;

/// So many guests that are not there are remembered before those are forgotten about whom there is nothing to remember.
const REMEMBERED: usize = 1024;

/// The limits of guests.
#[derive(Clone, Copy)]
pub(crate) struct Quotas {
    sessions: usize,
    sessions_of_peer: usize,
    rows: u64,
    rate: Rate,
    row_rate: Option<Rate>,
    queries: u64,
}

impl Quotas {
    pub(crate) fn new(args: &QuotaArgs) -> Self {
        Quotas {
            sessions: args.max_sessions.get(),
            sessions_of_peer: args.max_sessions_per_peer.get(),
            rows: args.max_rows.get(),
            rate: args.rate,
            row_rate: args.row_rate,
            queries: args.max_queries,
        }
    }
}

/// Clones are handles to the same ledger.
#[derive(Clone)]
pub(crate) struct Ledger(Arc<Shared>);

struct Shared {
    quotas: Quotas,
    books: Mutex<Books>,
    /// How many changes of the counts are in the file. Who holds it writes for all who wait.
    written: tokio::sync::Mutex<u64>,
}

struct Books {
    sessions: usize,
    peers: HashMap<String, Account>,
    questions: Questions,
    changes: u64,
}

struct Account {
    sessions: usize,
    /// Questions of sessions that are not agreed on yet.
    reserved: u64,
    comings: Bucket,
    rows: Option<Bucket>,
}

impl Ledger {
    pub(crate) fn new(quotas: Quotas, questions: Questions) -> Self {
        let books = Books { sessions: 0, peers: HashMap::new(), questions, changes: 0 };
        Ledger(Arc::new(Shared { quotas, books: Mutex::new(books), written: tokio::sync::Mutex::new(0) }))
    }

    /// Gives a guest its place, before anything is heard of it.
    pub(crate) fn enter(&self, peer: &str) -> Result<Place, Limit> {
        let (quotas, now) = (self.0.quotas, Instant::now());
        let mut books = self.books();
        if books.sessions >= quotas.sessions {
            return Err(Limit::Sessions(quotas.sessions as u64));
        }
        let account = books.account(peer, quotas, now);
        if account.sessions >= quotas.sessions_of_peer {
            return Err(Limit::PeerSessions(quotas.sessions_of_peer as u64));
        }
        account.comings.take(1, now).map_err(Limit::rate)?;
        account.sessions += 1;
        books.sessions += 1;
        Ok(Place { ledger: self.clone(), peer: peer.to_owned(), reserved: 0 })
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // No holder of the lock leaves the books half changed.
        self.0.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the file holds the change of this number.
    async fn write(&self, change: u64) -> Result<(), Failure> {
        let mut written = self.0.written.lock().await;
        if *written >= change {
            return Ok(());
        }
        let (snapshot, changes) = {
            let books = self.books();
            (books.questions.snapshot(), books.changes)
        };
        in_background(move || Ok(snapshot.write()?)).await?;
        *written = changes;
        Ok(())
    }
}

impl Books {
    fn account(&mut self, peer: &str, quotas: Quotas, now: Instant) -> &mut Account {
        if self.peers.len() >= REMEMBERED && !self.peers.contains_key(peer) {
            self.peers.retain(|_, account| !account.is_blank(now));
        }
        self.peers.entry(peer.to_owned()).or_insert_with(|| Account {
            sessions: 0,
            reserved: 0,
            comings: Bucket::full(quotas.rate, now),
            rows: quotas.row_rate.map(|rate| Bucket::full(rate, now)),
        })
    }
}

impl Account {
    fn is_blank(&self, now: Instant) -> bool {
        self.sessions == 0 && self.comings.is_full(now) && self.rows.is_none_or(|rows| rows.is_full(now))
    }
}

/// The place of one session; it is given back when this is dropped, and so are questions that were not asked.
pub(crate) struct Place {
    ledger: Ledger,
    peer: String,
    reserved: u64,
}

impl Place {
    /// Reserves what the guest wants.
    pub(crate) fn reserve(&mut self, rows: u64, questions: u64) -> Result<(), Limit> {
        let (quotas, now) = (self.ledger.0.quotas, Instant::now());
        if rows > quotas.rows {
            return Err(Limit::Rows(quotas.rows));
        }
        let mut books = self.ledger.books();
        let asked = books.questions.asked(&self.peer);
        let account = books.account(&self.peer, quotas, now);
        let after = asked.saturating_add(account.reserved).saturating_add(questions);
        if after > quotas.queries {
            return Err(Limit::Queries(quotas.queries));
        }
        if let Some(bucket) = &mut account.rows {
            bucket.take(rows, now).map_err(Limit::rate)?;
        }
        account.reserved += questions;
        self.reserved += questions;
        Ok(())
    }

    /// Counts the questions as asked, whatever comes now: a guest that breaks off may have seen the answers. Returns when
    /// the file holds them.
    pub(crate) async fn spend(&mut self) -> Result<(), Failure> {
        let change = {
            let mut books = self.ledger.books();
            if let Some(account) = books.peers.get_mut(&self.peer) {
                account.reserved -= self.reserved;
            }
            books.questions.add(&self.peer, self.reserved);
            self.reserved = 0;
            books.changes += 1;
            books.changes
        };
        self.ledger.write(change).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut books = self.ledger.books();
        books.sessions -= 1;
        if let Some(account) = books.peers.get_mut(&self.peer) {
            account.sessions -= 1;
            account.reserved -= self.reserved;
        }
    }
}
