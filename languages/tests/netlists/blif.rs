use halfgate_circuits::Party;
use halfgate_languages::blif;

use crate::plaintext::compute;

fn error(text: &str) -> String {
    blif::read(text.as_bytes(), "x.blif").unwrap_err().to_string()
}

#[test]
fn tables_are_sums_of_products_in_any_order() {
    let text = "
        # The outputs come before what drives them.
        .model example
        .inputs a[1] a[0] \\
                flag
        .outputs sum[0] sum[1] none nor
        .names t sum[1] # a copy
        1 1
        .names $true t2
        1 1
        .names a[0] flag sum[0]
        01 1
        10 1
        .names a[1] a[0] flag t2 t
        1-0- 1
        10-1 1
        0111 1
        .names none
        .names a[0] a[1] flag nor
        1-- 0
        -1- 0
        --1 0
        .end
        .model ignored";
    let circuit = blif::read(text.as_bytes(), "x.blif").unwrap();
    let groups: Vec<_> =
        circuit.inputs().iter().map(|input| (input.group.name.as_str(), input.owner)).collect();
    assert_eq!(groups, [("a", Party::Garbler), ("flag", Party::Evaluator)]);
    let lanes: Vec<_> = (0..8).map(|lane| vec![lane & 3, lane >> 2]).collect();
    for (lane, outputs) in lanes.iter().zip(compute(&circuit, &lanes)) {
        let sum = lane[0] + lane[1];
        assert_eq!(outputs, [sum & 3, 0, u64::from(sum == 0)], "{lane:?}");
    }
}

#[test]
fn tables_of_many_inputs() {
    let names: Vec<_> = (0..16).map(|bit| format!("x[{bit}]")).collect();
    let text = format!(
        ".model wide\n.inputs {0}\n.outputs y\n.names {0} y\n{1} 1\n1{2}0 1\n",
        names.join(" "),
        "1".repeat(16),
        "-".repeat(14)
    );
    let circuit = blif::read(text.as_bytes(), "x.blif").unwrap();
    let lanes: Vec<_> = [0xffff, 0x7fff, 0x8001, 1, 0, 0xfffe, 0x0ff1].map(|x| vec![x]).into();
    for (lane, outputs) in lanes.iter().zip(compute(&circuit, &lanes)) {
        let x = lane[0];
        assert_eq!(outputs[0] == 1, x == 0xffff || (x & 1 == 1 && x >> 15 == 0), "{x:x}");
    }
}

#[test]
fn gates_of_yosys() {
    let text = "
        .model gates
        .inputs a b c s
        .outputs y z w
        .subckt $_MUX_ A=a B=b S=s Y=m
        .gate $_AOI3_ A=m B=b C=c Y=y
        .subckt $_ANDNOT_ A=a B=m Y=z
        .conn z w
        .end";
    let circuit = blif::read(text.as_bytes(), "x.blif").unwrap();
    let lanes: Vec<_> = (0..16).map(|lane| (0..4).map(|bit| lane >> bit & 1).collect()).collect::<Vec<_>>();
    for (lane, outputs) in lanes.iter().zip(compute(&circuit, &lanes)) {
        let [a, b, c, s] = [0, 1, 2, 3].map(|index: usize| lane[index]);
        let m = if s == 1 { b } else { a };
        assert_eq!(outputs, [1 - (m & b | c), a & (1 - m), a & (1 - m)]);
    }
}

#[test]
fn errors_name_the_line_and_the_next_step() {
    let model = |rest: &str| format!(".model x\n.inputs a b\n.outputs y\n{rest}\n.end\n");
    for (rest, place, what) in [
        (".names a b y\n11 1\n1x 1", "x.blif:6:", "does not fit"),
        (".names a b y\n111 1", "x.blif:5:", "does not fit"),
        (".names a b y\n11 1\n00 0", "x.blif:6:", "does not fit"),
        ("11 1", "x.blif:4:", "`11` does not belong here"),
        (".latch a y re clk 2", "x.blif:4:", "keeps state"),
        (".subckt adder A=a B=b Y=y", "x.blif:4:", "another module"),
        (".subckt $add A=a B=b Y=y", "x.blif:4:", "techmap"),
        (".subckt $_DFF_P_ C=a D=b Q=y", "x.blif:4:", "keeps state"),
        (".subckt $_AND_ A=a Y=y", "x.blif:4:", "0 wires at port `B`, and needs 1"),
        (".subckt $_AND_ A=a B=b Y", "x.blif:4:", "`Y` does not belong"),
        (".names a c y\n11 1", "x.blif:4:", "nothing drives `c`"),
        ("", "x.blif:", "nothing drives `y`"),
        (".names a y\n1 1\n.names b y\n1 1", "x.blif:6:", "`y` is driven twice"),
        (".names a b\n1 1", "x.blif:4:", "`b` is driven twice"),
        (".names a t y\n11 1\n.names y t\n1 1", "x.blif:6:", "depends on itself"),
        (".names a $true\n1 1", "x.blif:4:", "`$true` is driven twice"),
        (".exdc", "x.blif:4:", "`.exdc` does not belong here"),
    ] {
        let error = error(&model(rest));
        assert!(error.starts_with(place) && error.contains(what) && error.contains("; "), "{rest}: {error}");
    }
    assert!(error("").contains("no module"));
    assert!(error("\u{1}\u{2}").contains("does not belong"));
}
