//! Circuits of two byte strings: the first input is the garbler's, the second the evaluator's.

use crate::library::entry::Built;
use crate::{Bits, Builder, Party};

/// A name and a number of bytes.
pub(super) type Input = (&'static str, u32);

pub(super) fn of_bytes(
    garbler: Input,
    evaluator: Input,
    output: &str,
    f: impl for<'b> Fn(&Bits<'b>, &Bits<'b>) -> Bits<'b>,
) -> Built {
    let builder = Builder::new();
    let first = builder.input_bytes(garbler.0, 8 * garbler.1, Party::Garbler);
    let second = builder.input_bytes(evaluator.0, 8 * evaluator.1, Party::Evaluator);
    builder.output_bytes(output, &f(&first, &second));
    builder.finish()
}

/// A function of a string that is the exclusive or of both inputs: neither party needs to know it, and a party that
/// brings nothing to it puts in zeros.
pub(super) fn of_shares(bytes: u32, output: &str, f: impl for<'b> Fn(&Bits<'b>) -> Bits<'b>) -> Built {
    of_bytes(("garbler_share", bytes), ("evaluator_share", bytes), output, |first, second| {
        f(&(first ^ second))
    })
}
