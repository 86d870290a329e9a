//! Instructions it takes to read Bristol files: counts that noise cannot hide. See `CONTRIBUTING.md` on how to run it.
#![allow(missing_docs)] // gungraun's macros make undocumented items

use std::hint::black_box;

use gungraun::prelude::*;
use halfgate_circuits::bristol::{self, BristolError, Format};
use halfgate_circuits::{Circuit, library};

fn text(format: Format) -> Vec<u8> {
    let circuit = library::find("aes128").expect("the library has it");
    let mut text = Vec::new();
    bristol::write(&circuit, format, &mut text).expect("memory takes everything");
    text
}

/// As above, with a space before each end of line: no line is plain, and the careful scanner takes all.
fn unusual_text() -> Vec<u8> {
    let text = String::from_utf8(text(Format::Fashion)).expect("what is written is text");
    text.replace('\n', " \n").into_bytes()
}

type Read = Result<(Circuit, Format), BristolError>;

#[library_benchmark]
#[bench::fashion(args = (Format::Fashion,), setup = text)]
#[bench::old(args = (Format::Old,), setup = text)]
#[bench::unusual(args = (), setup = unusual_text)]
fn read(text: Vec<u8>) -> (Read, Vec<u8>) {
    (bristol::read(black_box(text.as_slice()), "aes128"), text)
}

library_benchmark_group!(name = parse, benchmarks = read);
main!(library_benchmark_groups = parse);
