//! Sessions that go on after a cut.
