//! Circuits by name.

use halfgate_circuits::library::{self, LibraryError};
use halfgate_circuits::{BitOrder, Builder, Encoding, Group, Party};
use num_bigint::BigUint;

use crate::plaintext::run;

#[test]
fn every_entry_can_be_found() {
    for entry in library::list() {
        let widths = entry.widths().map(|widths| [1, 7, 64].map(|width| width.min(*widths.end())));
        let names = match (widths, entry.counts()) {
            (None, _) => vec![entry.name().to_owned()],
            (Some(widths), None) => widths.map(|width| format!("{}{width}", entry.name())).to_vec(),
            (Some(widths), Some(_)) => widths.map(|width| format!("{}5x{width}", entry.name())).to_vec(),
        };
        for name in names {
            let circuit = library::find(&name).unwrap();
            let owners: Vec<Party> = circuit.inputs().iter().map(|input| input.owner).collect();
            assert_eq!(owners[0], Party::Garbler, "{name}");
            assert!(
                owners.is_sorted_by_key(|owner| *owner == Party::Evaluator),
                "{name}: the garbler's come first"
            );
            assert!(circuit.output_width() > 0, "{name}");
        }
        assert!(entry.pattern().starts_with(entry.name()) && !entry.about().is_empty());
    }
}

#[test]
fn names_are_unique_and_families_cannot_be_confused() {
    let mut names: Vec<_> = library::list().map(|entry| entry.name()).collect();
    let families = library::list().filter(|entry| entry.widths().is_some());
    assert!(families.clone().all(|entry| entry.name().ends_with(|letter: char| letter.is_ascii_lowercase())));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), library::list().count());
}

/// Each named circuit on one pair, so that no two entries can be swapped.
#[test]
fn each_name_computes_what_it_says() {
    for (name, a, b, expected) in [
        ("add8", 200u32, 100u32, vec![44u32]),
        ("sub8", 100, 200, vec![156]),
        ("mul8", 100, 200, vec![32]),
        ("widemul8", 100, 200, vec![20_000]),
        ("div8", 200, 7, vec![28]),
        ("rem8", 200, 7, vec![4]),
        ("sdiv8", 200, 7, vec![248]),
        ("srem8", 200, 5, vec![255]),
        ("lt8", 200, 7, vec![0]),
        ("slt8", 200, 7, vec![1]),
        ("eq8", 7, 7, vec![1]),
        ("compare8", 200, 7, vec![1, 0]),
        ("compare8", 7, 7, vec![0, 1]),
        ("min8", 200, 7, vec![7]),
        ("max8", 200, 7, vec![200]),
        ("smin8", 200, 7, vec![200]),
        ("smax8", 200, 7, vec![7]),
        ("le8", 200, 7, vec![0]),
        ("le8", 7, 7, vec![1]),
        ("sle8", 200, 7, vec![1]),
        ("addc8", 200, 100, vec![44, 1]),
        ("saddc8", 200, 156, vec![100, 1]),
        ("saddc8", 200, 100, vec![44, 0]),
        ("addsat8", 200, 100, vec![255]),
        ("subsat8", 100, 200, vec![0]),
        ("saddsat8", 100, 100, vec![127]),
        ("ssubsat8", 156, 100, vec![128]),
        ("shl8", 0b0110_0101, 2, vec![0b1001_0100]),
        ("shr8", 0b1110_0101, 2, vec![0b0011_1001]),
        ("sar8", 0b1110_0101, 2, vec![0b1111_1001]),
        ("rol8", 0b1110_0101, 2, vec![0b1001_0111]),
        ("ror8", 0b1110_0101, 2, vec![0b0111_1001]),
    ] {
        let outputs = run(&library::find(name).unwrap(), &[vec![a.into()], vec![b.into()]]);
        let expected: Vec<_> = expected.into_iter().map(|number| vec![BigUint::from(number)]).collect();
        assert_eq!(outputs, expected, "{name} of {a} and {b}");
    }
}

#[test]
fn each_name_of_one_number_or_of_three_computes_what_it_says() {
    for (name, inputs, expected) in [
        ("popcount8", vec![0b1110_0101u32], vec![5u32]),
        ("clz8", vec![0b0001_0100], vec![3]),
        ("ctz8", vec![0b0001_0100], vec![2]),
        ("neg8", vec![100], vec![156]),
        ("abs8", vec![156], vec![100]),
        ("square8", vec![100], vec![16]),
        ("widesquare8", vec![100], vec![10_000]),
        ("sqrt8", vec![200], vec![14]),
        ("sqrtrem8", vec![200], vec![14, 4]),
        ("mux8", vec![1, 20, 30], vec![20]),
        ("mux8", vec![0, 20, 30], vec![30]),
        ("modadd8", vec![201, 200, 100], vec![99]),
        ("modsub8", vec![201, 100, 200], vec![101]),
        ("sort3x8", vec![30, 10, 20], vec![10, 20, 30]),
        ("argmin3x8", vec![30, 10, 20], vec![1, 10]),
        ("argmax3x8", vec![30, 10, 20], vec![0, 30]),
        ("fixmul4x12", vec![40, 17], vec![43]),
        ("fixdiv4x12", vec![40, 17], vec![37]),
    ] {
        let columns: Vec<_> = inputs.iter().map(|&number| vec![number.into()]).collect();
        let outputs = run(&library::find(name).unwrap(), &columns);
        let expected: Vec<_> = expected.into_iter().map(|number| vec![BigUint::from(number)]).collect();
        assert_eq!(outputs, expected, "{name} of {inputs:?}");
    }
}

#[test]
fn groups_are_described() {
    let describe = |group: &Group| (group.name.clone(), group.width, group.encoding, group.order);
    let aes = library::find("aes128").unwrap();
    let bytes = |name: &str, width| (name.to_owned(), width, Encoding::Bytes, BitOrder::LsbFirst);
    assert_eq!(describe(&aes.inputs()[0].group), bytes("key", 128));
    assert_eq!(describe(&aes.inputs()[1].group), bytes("message", 128));
    assert_eq!(describe(&aes.outputs()[0].group), bytes("ciphertext", 128));
    let sha = library::find("sha256").unwrap();
    assert_eq!(describe(&sha.inputs()[0].group), bytes("block", 512));
    assert_eq!(describe(&sha.inputs()[1].group), bytes("state", 256));
    assert_eq!(describe(&sha.outputs()[0].group), bytes("next_state", 256));
    for name in ["sdiv9", "sar9", "ssubsat9", "neg9"] {
        let signed = library::find(name).unwrap();
        assert_eq!(signed.inputs()[0].group.encoding, Encoding::Int, "{name}");
        assert_eq!(signed.outputs()[0].group.encoding, Encoding::Int, "{name}");
    }
    let compare = library::find("compare64").unwrap();
    assert_eq!(
        compare.outputs().iter().map(|output| output.group.name.as_str()).collect::<Vec<_>>(),
        ["garbler_is_greater", "equal"]
    );
}

#[test]
fn widths_out_of_range_are_errors() {
    for (name, family, given, widest) in [
        ("add0", "add", "0", 4096),
        ("add4097", "add", "4097", 4096),
        ("div1025", "div", "1025", 1024),
        ("eq", "eq", "", 4096),
        ("lt064", "lt", "064", 4096),
        ("mul99999999999999999999", "mul", "99999999999999999999", 1024),
    ] {
        let expected = LibraryError::Number {
            family,
            what: "width",
            example: format!("{family}64"),
            given: given.to_owned(),
            range: 1..=widest,
        };
        assert_eq!(library::find(name).unwrap_err(), expected, "{name}");
    }
    for (name, message) in [
        ("sort1x8", "`sort` wants a number of values from 2 to 256, as in `sort8x64`, not `1`"),
        ("sort8x0", "`sort` wants a width from 1 to 1024, as in `sort8x64`, not `0`"),
        ("sort8x", "`sort` wants a width from 1 to 1024, as in `sort8x64`, not ``"),
        ("fixmul0x8", "`fixmul` wants a number of fraction bits from 1 to 1024, as in `fixmul8x64`, not `0`"),
        ("sort8", "the library has no circuit `sort8`; did you mean `sqrt8`?"),
    ] {
        assert_eq!(library::find(name).unwrap_err().to_string(), message);
    }
    let message = library::find("blake3-of1025").unwrap_err().to_string();
    assert_eq!(
        message,
        "`blake3-of` wants a number of bytes from 1 to 1024, as in `blake3-of64`, not `1025`"
    );
    let message = library::find("add0").unwrap_err().to_string();
    assert_eq!(message, "`add` wants a width from 1 to 4096, as in `add64`, not `0`");
}

#[test]
fn unknown_names_bring_the_nearest_ones() {
    for (name, message) in [
        ("ad32", "the library has no circuit `ad32`; did you mean `add32`?"),
        ("min", "`min` wants a width from 1 to 4096, as in `min64`, not ``"),
        ("mix64", "the library has no circuit `mix64`; did you mean `min64`, `max64`, `mux64`?"),
        ("aes-128", "the library has no circuit `aes-128`; did you mean `aes128`?"),
        ("sha3-256", "the library has no circuit `sha3-256`; did you mean `sha3-256-of64`?"),
        ("frobnicate", "the library has no circuit `frobnicate`; its list shows all names"),
        ("", "the library has no circuit ``; its list shows all names"),
    ] {
        assert_eq!(library::find(name).unwrap_err().to_string(), message);
    }
}

#[test]
fn bit_order_of_a_group_is_about_wires_only() {
    let builder = Builder::new();
    let reversed = |name: &str| Group { order: BitOrder::MsbFirst, ..Group::uint(name, 8) };
    let a = builder.input(reversed("a"), Party::Garbler);
    builder.output(reversed("doubled"), (halfgate_circuits::Uint::from(a) << 1).bits());
    // Wire k carries bit 7 - k, so doubling moves every bit to the wire before it.
    let doubled = run(&builder.finish().unwrap(), &[vec![0b1010_0110u8.into()]]);
    assert_eq!(doubled, [[BigUint::from(0b0101_0011u8)]]);
}
