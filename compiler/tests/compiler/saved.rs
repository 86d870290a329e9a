use halfgate_circuits::{Circuit, Group, Input, Output, Party, Shape, WireId, library};
use halfgate_compiler::{LoadError, Program, compile, evaluate, random};
use proptest::prelude::*;

use crate::oracle::random_case;

fn saved(program: &Program) -> Vec<u8> {
    let mut bytes = Vec::new();
    program.save(&mut bytes).unwrap();
    bytes
}

fn program() -> Program {
    compile(&library::find("div8").unwrap()).unwrap()
}

/// The same bytes with the checksum that belongs to them.
fn resealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 32;
    let digest = *blake3::hash(&bytes[..end]).as_bytes();
    bytes[end..].copy_from_slice(&digest);
    bytes
}

proptest! {
    #[test]
    fn what_is_saved_is_loaded(seed: u64) {
        let (circuit, ..) = random_case(seed, 1);
        let program = compile(&circuit).unwrap();
        let bytes = saved(&program);
        prop_assert_eq!(&bytes[bytes.len() - 32..], &program.digest());
        let loaded = Program::load(bytes.as_slice()).unwrap();
        prop_assert!(loaded == program && loaded.digest() == program.digest());
    }

    #[test]
    fn a_restored_circuit_computes_the_same(seed: u64) {
        let (circuit, inputs, _) = random_case(seed, 64);
        let program = compile(&circuit).unwrap();
        let restored: Circuit = program.to_circuit().unwrap();
        prop_assert_eq!(restored.inputs(), circuit.inputs());
        let again = evaluate(&compile(&restored).unwrap(), &inputs).unwrap();
        prop_assert!(again == evaluate(&program, &inputs).unwrap());
    }

    /// Whatever a file says, loading it ends without a panic, and what is loaded can be run.
    #[test]
    fn changed_files_are_refused_or_valid(at: prop::sample::Index, to: u8) {
        let mut bytes = saved(&program());
        let at = at.index(bytes.len() - 32);
        bytes[at] = to;
        if let Ok(program) = Program::load(resealed(bytes).as_slice()) {
            prop_assert_eq!(program.verify(), Ok(()));
            let inputs = random::inputs(1, &program.to_circuit().unwrap(), 3);
            prop_assert!(evaluate(&program, &inputs).is_ok());
        }
    }
}

#[test]
fn a_byte_changed_or_missing_is_noticed() {
    let bytes = saved(&program());
    for at in (0..bytes.len()).step_by(7).chain(bytes.len() - 40..bytes.len()) {
        assert!(Program::load(&bytes[..at]).is_err(), "cut off at {at}");
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(Program::load(changed.as_slice()).is_err(), "byte {at} changed");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(matches!(Program::load(longer.as_slice()), Err(LoadError::Longer { .. })));
}

#[test]
fn types_of_values_are_kept() {
    let pair = Shape::Tuple(vec![Shape::Uint(5), Shape::Array(Shape::Int(3).into(), 2)]);
    let group = |name| Group::shaped(name, pair.clone()).unwrap();
    let wires = (0..11).map(WireId::new).collect();
    let input = Input { group: group("x"), owner: Party::Garbler };
    let circuit = Circuit::new(vec![input], Vec::new(), vec![Output { group: group("y"), wires }]).unwrap();
    let program = compile(&circuit).unwrap();
    let loaded = Program::load(saved(&program).as_slice()).unwrap();
    assert!(loaded == program && loaded.outputs()[0].group.shape.is_some());
}

#[test]
fn a_program_takes_the_groups_of_another_circuit() {
    let circuit = library::find("div8").unwrap();
    let flipped = circuit.clone().with_owner(0, Party::Evaluator).unwrap();
    assert!(program().with_groups_of(&flipped) == Some(compile(&flipped).unwrap()));
    assert_ne!(program().with_groups_of(&flipped).unwrap().digest(), program().digest());
    assert!(program().with_groups_of(&library::find("div9").unwrap()).is_none());
    assert!(program().with_groups_of(&library::find("eq8").unwrap()).is_none());
}

#[test]
fn errors_say_what_it_is() {
    let error = |bytes: &[u8]| Program::load(bytes).unwrap_err().to_string();
    assert!(error(b"2 3\n1 1\n1 1\n").contains("no saved program"));
    assert!(error(b"").contains("no saved program"));
    let bytes = saved(&program());
    let newer = resealed([b"halfgate program 2\n", &bytes[19..]].concat());
    assert!(error(&newer).contains("version 2"), "{}", error(&newer));
    assert!(error(&bytes[..bytes.len() / 2]).contains("cut off"));
    let mut unsealed = bytes.clone();
    *unsealed.last_mut().unwrap() ^= 1;
    assert!(error(&unsealed).contains("checksum"));
    // The tile: 32 lanes become 48.
    let mut invalid = bytes.clone();
    invalid[23] = 48;
    assert!(error(&resealed(invalid)).contains("not valid"));
    // The number of inputs: 2^40 of them would need terabytes.
    let mut huge = bytes;
    huge[36] = 1;
    assert!(error(&resealed(huge)).contains("count below 2^32"));
}
