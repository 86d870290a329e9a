//! Where this user's key, peers and journals are.

use std::env;
use std::path::PathBuf;

use crate::failure::Failure;

/// Names the folder itself.
const VARIABLE: &str = "HALFGATE_HOME";

/// The path of a file in halfgate's folder: `$HALFGATE_HOME`, or `halfgate` in the user's configuration folder.
pub(crate) fn file(name: &str) -> Result<PathBuf, Failure> {
    Ok(folder()?.join(name))
}

fn folder() -> Result<PathBuf, Failure> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set(VARIABLE)
        .or_else(|| set("XDG_CONFIG_HOME").map(|folder| folder.join("halfgate")))
        .or_else(|| set("HOME").map(|folder| folder.join(".config").join("halfgate")))
        .ok_or_else(|| {
            Failure::Usage(format!("there is no home folder: name one for halfgate in {VARIABLE}"))
        })
}
