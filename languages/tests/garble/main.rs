//! Garble programs become the right circuits, and the wrong ones good errors.
#![cfg(test)]

mod constants;
mod errors;
mod examples;
mod joins;
mod language;
mod oracle;
mod results;
