//! Garble programs become the right circuits, and the wrong ones good errors.

mod constants;
mod errors;
mod joins;
mod language;
mod oracle;
mod results;
