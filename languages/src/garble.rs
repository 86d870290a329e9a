//! Source programs in Garble, a small language that looks like Rust (`.garble.rs` files).
