//! Plain gate lines are read fast, all others with care. Both ways must agree, on broken files above all.

use halfgate_circuits::bristol::{self, BristolError, Format};
use halfgate_circuits::{Circuit, Gate, Group, Input, Output, Party, WireId};
use halfgate_compiler::random::{self, Shape};
use proptest::prelude::*;

/// Bytes that mean something in a gate line, and some that should not be there.
const BYTES: &[u8] = b" \n\r\t01592XANDORINVEQW#/-\0\xff";

/// An empty comment at the end of each line: it changes nothing, except that no line is plain.
fn with_comments(text: &[u8]) -> Vec<u8> {
    text.split(|&byte| byte == b'\n').collect::<Vec<_>>().join(b"#\n".as_slice())
}

fn read(text: &[u8]) -> Result<(Circuit, Format), String> {
    bristol::read(text, "file").map_err(|error| error.to_string())
}

fn errors(text: &[u8]) -> Vec<String> {
    bristol::check(text, "file", 20).iter().map(BristolError::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn fast_and_careful_reading_agree(
        seed: u64,
        carriage_returns: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(BYTES), 0_usize..3), 0..4),
    ) {
        let mut text = Vec::new();
        let circuit = random::circuit(seed, &Shape::of_seed(seed));
        bristol::write(&circuit, Format::Fashion, &mut text).unwrap();
        if carriage_returns {
            text = String::from_utf8(text).unwrap().replace('\n', "\r\n").into_bytes();
        }
        let header = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(2).unwrap().0 + 1;
        for (at, byte, how) in changes {
            if text.len() == header {
                break;
            }
            let at = header + at.index(text.len() - header);
            match how {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ if at + 1 < text.len() => drop(text.remove(at)),
                _ => {}
            }
        }
        prop_assert_eq!(read(&text), read(&with_comments(&text)));
        prop_assert_eq!(errors(&text), errors(&with_comments(&text)));
    }
}

/// Inputs in the table and too many for it, and more text than one block.
#[test]
fn many_inputs_and_blocks_agree() {
    for inputs in [1, 70_000, 1_000_000] {
        let wire = |at: u32| WireId::new(at);
        let gates = (0..20_000).map(|gate| match (inputs + gate, gate % 3) {
            (next, 0) => Gate::Xor(wire(next - 1), wire(gate % inputs)),
            (next, 1) => Gate::And(wire(next / 2), wire(next - 1)),
            (next, _) => Gate::Not(wire(next - 1)),
        });
        let input = Input { group: Group::uint("in0", inputs), owner: Party::Garbler };
        let output = Output { group: Group::uint("out0", 1), wires: vec![wire(inputs + 19_999)] };
        let circuit = Circuit::new(vec![input], gates.collect(), vec![output]).unwrap();
        let mut text = Vec::new();
        bristol::write(&circuit, Format::Fashion, &mut text).unwrap();
        assert!(text.len() > 1 << 18);
        assert_eq!(read(&with_comments(&text)), read(&text));
        assert_eq!(read(&text), Ok((circuit, Format::Fashion)));
    }
}
