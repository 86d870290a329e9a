//! Two-party private computation with garbled circuits.
