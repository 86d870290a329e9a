use halfgate_channel::{Agreement, ChannelError, CodecError, Hello, Operation, OperationName, Role};
use halfgate_circuits::Reveal;
use halfgate_compiler::Program;
use halfgate_triples::PoolSize;

use super::run::Run;
use crate::{Error, Security, Terms, checks, terms};

/// What the messages of a session depend on.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    security: Security,
    /// What was prepared for the session.
    pool: Option<PoolSize>,
    hello: usize,
    finish: usize,
    runs: Vec<Run>,
}

impl Outline {
    pub(super) fn new(terms: &Terms, key: usize) -> Result<Self, Error> {
        // Roles are of one length, and nonces too.
        let hello = Hello {
            role: Role::Garbler,
            nonce: [0; 32],
            static_key: vec![0; key],
            agreement: terms.agreement().clone(),
        };
        let hello = hello.encode().map_err(too_long)?.len();
        let finish = operation(OperationName::Finish, Agreement::new())?;
        Ok(Outline { security: terms.security(), pool: None, hello, finish, runs: Vec::new() })
    }

    pub(super) fn add_run(&mut self, program: &Program, lanes: usize, to: Reveal) -> Result<(), Error> {
        checks::lanes(program, lanes)?;
        let header = operation(OperationName::Run, terms::of_run(program, lanes as u64, to))?;
        self.runs.push(Run::new(program, lanes, to, header, self.security));
        Ok(())
    }

    pub(super) fn use_pool(&mut self, size: PoolSize) {
        self.pool = Some(size);
    }

    pub(super) fn pool(&self) -> Option<PoolSize> {
        self.pool
    }

    pub(super) fn security(&self) -> Security {
        self.security
    }

    /// The length of a hello.
    pub(super) fn hello(&self) -> usize {
        self.hello
    }

    /// The length of the operation that ends a session.
    pub(super) fn finish(&self) -> usize {
        self.finish
    }

    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The same with no more than so many chunks in a run.
    pub(super) fn shortened(&self, chunks: usize) -> Outline {
        Outline { runs: self.runs.iter().map(|run| run.shortened(chunks)).collect(), ..*self }
    }
}

/// The length of an operation's header. Transcripts are of one length.
fn operation(name: OperationName, terms: Agreement) -> Result<usize, Error> {
    Ok(Operation { name, terms, transcript: [0; 32] }.encode().map_err(too_long)?.len())
}

fn too_long(reason: CodecError) -> Error {
    ChannelError::TermsTooLong { reason }.into()
}
