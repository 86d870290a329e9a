//! Yosys's gates of one bit: `$_AND_` and its like (Yosys manual, "Gate-level cells").

use halfgate_circuits::Bit;

/// One bit of others.
pub(crate) type Rule = for<'b> fn(&[Bit<'b>]) -> Bit<'b>;

/// A gate by its type: the names of its operands, and what it computes of them. The result is port `Y`.
pub(crate) fn gate(name: &str) -> Option<(&'static [&'static str], Rule)> {
    GATES.iter().find(|(gate, ..)| *gate == name).map(|&(_, ports, rule)| (ports, rule))
}

const GATES: [(&str, &[&str], Rule); 18] = [
    ("$_BUF_", &["A"], |i| i[0]),
    ("$_NOT_", &["A"], |i| !i[0]),
    ("$_AND_", &["A", "B"], |i| i[0] & i[1]),
    ("$_NAND_", &["A", "B"], |i| !(i[0] & i[1])),
    ("$_OR_", &["A", "B"], |i| i[0] | i[1]),
    ("$_NOR_", &["A", "B"], |i| !(i[0] | i[1])),
    ("$_XOR_", &["A", "B"], |i| i[0] ^ i[1]),
    ("$_XNOR_", &["A", "B"], |i| !(i[0] ^ i[1])),
    ("$_ANDNOT_", &["A", "B"], |i| i[0] & !i[1]),
    ("$_ORNOT_", &["A", "B"], |i| i[0] | !i[1]),
    ("$_MUX_", &["A", "B", "S"], select),
    ("$_NMUX_", &["A", "B", "S"], |i| !select(i)),
    ("$_MUX4_", &["A", "B", "C", "D", "S", "T"], |i| choose(&i[..4], &i[4..])),
    ("$_MUX8_", &["A", "B", "C", "D", "E", "F", "G", "H", "S", "T", "U"], |i| choose(&i[..8], &i[8..])),
    ("$_AOI3_", &["A", "B", "C"], |i| !((i[0] & i[1]) | i[2])),
    ("$_OAI3_", &["A", "B", "C"], |i| !((i[0] | i[1]) & i[2])),
    ("$_AOI4_", &["A", "B", "C", "D"], |i| !((i[0] & i[1]) | (i[2] & i[3]))),
    ("$_OAI4_", &["A", "B", "C", "D"], |i| !((i[0] | i[1]) & (i[2] | i[3]))),
];

fn select<'b>(i: &[Bit<'b>]) -> Bit<'b> {
    i[2].mux(&i[1], &i[0])
}

/// The value that the selectors, least significant first, point at.
fn choose<'b>(values: &[Bit<'b>], selectors: &[Bit<'b>]) -> Bit<'b> {
    match selectors {
        [] => values[0],
        [others @ .., last] => {
            let (low, high) = values.split_at(values.len() / 2);
            last.mux(&choose(high, others), &choose(low, others))
        }
    }
}
