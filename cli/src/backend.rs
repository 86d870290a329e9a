//! The kernels in use.

use std::env;

use halfgate::Backend;

use crate::failure::Failure;

/// Forces a backend by its name.
const VARIABLE: &str = "HALFGATE_BACKEND";

/// The fastest backend, or the one that the environment names.
pub(crate) fn choose() -> Result<Backend, Failure> {
    let Some(name) = env::var_os(VARIABLE) else { return Ok(Backend::detect()) };
    let name = name.to_string_lossy();
    Backend::by_name(&name).ok_or_else(|| {
        let names: Vec<_> = Backend::available().into_iter().map(Backend::name).collect();
        Failure::Usage(format!("{VARIABLE}={name}: this machine has {}", names.join(", ")))
    })
}
