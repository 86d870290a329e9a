//! The pool that a run is to use.

use std::path::Path;

use halfgate::{Pool, PoolSize, Security};

use crate::failure::Failure;
use crate::human::{counted, short_digest};

/// Opens the pool that is named, if one is; nothing is used up by that.
pub(crate) fn open(path: Option<&Path>, security: Security) -> Result<Option<Pool>, Failure> {
    let Some(path) = path else { return Ok(None) };
    if security == Security::SemiHonest {
        return Err(Failure::Usage(
            "--pool belongs to --security malicious: the other mode needs nothing that could be prepared"
                .to_owned(),
        ));
    }
    Ok(Some(Pool::open(path).map_err(halfgate::Error::from)?))
}

/// For people to read.
pub(crate) fn describe(pool: &Pool) -> String {
    let PoolSize { triples, bits } = pool.size();
    format!(
        "{} with {} and {}, for this run only",
        short_digest(pool.id().as_bytes()),
        counted(triples, "triple"),
        counted(bits, "mask"),
    )
}
