//! A Verilog file through Yosys, where that is installed, in all forms in which Yosys writes netlists.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use halfgate_circuits::{Circuit, Encoding, Gate, Party};
use halfgate_languages::{blif, yosys};

use crate::plaintext::{compute, random_lanes};

/// The file that a script of Yosys writes; none where there is no Yosys.
fn synthesised(script: &str, file: &str) -> Option<Vec<u8>> {
    if Command::new("yosys").arg("-V").output().is_err() {
        println!("skipped: yosys is not installed (apt-get install yosys)");
        return None;
    }
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/netlists/bid.v");
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(file);
    let script = format!("read_verilog {}; {script} {}", source.display(), target.display());
    let output = Command::new("yosys").args(["-q", "-p", &script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(fs::read(target).unwrap())
}

/// As the Verilog file says, by the rules of Verilog.
fn expected(ours: i64, theirs: i64, fee: i64) -> Vec<u64> {
    let unsigned = ours & 0xff;
    let (divisor, signed_divisor) = (theirs | 1, fee | 1);
    let bits = |value: i64, width: u32| (value as u64) & ((1 << width) - 1);
    let price = match theirs & 7 {
        0 => unsigned * theirs,
        1 => theirs % divisor,
        2 => ours >> (theirs >> 2 & 7),
        3 => ours,
        _ => (theirs & 15) << 4 | (unsigned & 15),
    };
    // Where one operand is unsigned, `fee` is taken with zeros in front, but `4'b1010` heads it here anyway.
    let logic = (unsigned & theirs) ^ !(theirs | 0xa0 | (fee & 15));
    let amount = fee & 7;
    let part = (theirs >> amount & 3) + (theirs >> amount);
    let flags = [
        unsigned == 0xff,
        theirs != 0,
        unsigned.count_ones() % 2 == 1,
        theirs.count_ones().is_multiple_of(2),
        fee == 0,
        ours != 0 && fee != 0,
        ours != 0 || fee != 0,
        ours == fee,
        theirs != unsigned,
        // Both sides are as wide as the wider one, so `-fee` does not wrap around.
        -fee < ours,
    ];
    let flags = flags.iter().fold(0, |all, &flag| all << 1 | u64::from(flag));
    vec![
        u64::from(unsigned > theirs),
        u64::from(ours >= fee),
        bits(unsigned + theirs, 9),
        bits(ours - fee, 9),
        bits(ours * fee, 12),
        bits(theirs * theirs, 16),
        bits(theirs / divisor, 8),
        bits(ours / signed_divisor, 9),
        bits(ours % signed_divisor, 5),
        bits(price, 8),
        bits(logic, 8),
        bits((ours << (fee & 3)) + (ours >> (fee & 7)), 10),
        bits(part, 6),
        flags,
    ]
}

fn check(circuit: &Circuit) {
    let names: Vec<_> = circuit.inputs().iter().map(|input| input.group.name.as_str()).collect();
    assert_eq!(names, ["ours", "theirs", "fee"]);
    let lanes = random_lanes(circuit, 20_000);
    for (lane, outputs) in lanes.iter().zip(compute(circuit, &lanes)) {
        let (ours, theirs, fee) = (i64::from(lane[0] as i8), lane[1] as i64, (lane[2] << 60) as i64 >> 60);
        assert_eq!(outputs, expected(ours, theirs, fee), "ours {ours}, theirs {theirs}, fee {fee}");
    }
}

fn ands(circuit: &Circuit) -> usize {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
}

#[test]
fn words_gates_and_tables_compute_what_the_source_says() {
    let json = |script: &str, file| {
        synthesised(script, file).map(|bytes| yosys::read(bytes.as_slice(), file).unwrap())
    };
    let Some(words) = json("prep -flatten; write_json", "words.json") else { return };
    check(&words);
    let (first, second) = (&words.inputs()[0], &words.inputs()[1]);
    assert_eq!((first.owner, first.group.encoding), (Party::Garbler, Encoding::Int));
    assert_eq!((second.owner, second.group.encoding), (Party::Evaluator, Encoding::Uint));
    let gates = json("synth -flatten; abc -g AND,XOR,MUX; write_json", "gates.json").unwrap();
    check(&gates);
    assert!(ands(&words) < ands(&gates), "words {} ANDs, gates {}", ands(&words), ands(&gates));
    check(&json("synth -flatten; abc -g cmos4,MUX; write_json", "cmos.json").unwrap());
    check(&json("synth -flatten -lut 6; write_json", "tables.json").unwrap());
}

#[test]
fn blif_in_all_dialects() {
    for (script, file) in [
        ("synth -flatten; write_blif", "plain.blif"),
        ("synth -flatten; abc -g AND,XOR,MUX; write_blif -icells -conn", "gates.blif"),
        ("synth -flatten -lut 4; write_blif -attr -cname", "tables.blif"),
    ] {
        let Some(bytes) = synthesised(script, file) else { return };
        check(&blif::read(bytes.as_slice(), file).unwrap());
    }
}
