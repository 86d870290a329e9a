//! Every part of the language computes what garble_lang's own circuits compute.

use halfgate_circuits::WireId;
use halfgate_languages::garble::{self, Options};

use crate::oracle::{compare, compare_values, compare_with_rust};

const RUNS: usize = 60;

#[test]
fn unsigned_arithmetic() {
    for ty in ["u8", "u16", "u32", "u64", "usize"] {
        for operator in ["+", "-", "*", "/", "%", "&", "|", "^"] {
            compare(&format!("pub fn main(x: {ty}, y: {ty}) -> {ty} {{ x {operator} y }}"), RUNS);
        }
        for operator in ["<", ">", "==", "!=", "<=", ">="] {
            compare(&format!("pub fn main(x: {ty}, y: {ty}) -> bool {{ x {operator} y }}"), RUNS);
        }
    }
}

#[test]
fn signed_arithmetic() {
    for ty in ["i8", "i16", "i32", "i64"] {
        for operator in ["+", "-", "&", "|", "^"] {
            compare(&format!("pub fn main(x: {ty}, y: {ty}) -> {ty} {{ x {operator} y }}"), RUNS);
        }
        for operator in ["<", ">", "==", "!=", "<=", ">="] {
            compare(&format!("pub fn main(x: {ty}, y: {ty}) -> bool {{ x {operator} y }}"), RUNS);
        }
        // Theirs differ at the least number, so it is kept out.
        for operator in ["/", "%"] {
            let half = format!("(x / 2{ty}) {operator} y");
            compare(&format!("pub fn main(x: {ty}, y: {ty}) -> {ty} {{ {half} }}"), RUNS);
        }
    }
    compare("pub fn main(x: i8, y: i8) -> i32 { (x as i16 as i32) * (y as i16 as i32) }", 200);
    compare("pub fn main(x: i16) -> i16 { -(x / 2i16) }", RUNS);
}

#[test]
fn overflow_and_division_by_zero_stop() {
    let stops = compare("pub fn main(x: u8, y: u8) -> u8 { x + y }", 200);
    assert!((10..190).contains(&stops), "{stops}");
    let stops = compare("pub fn main(x: u8, y: u8) -> u8 { x / y }", 200);
    assert!((10..190).contains(&stops), "{stops}");
}

#[test]
fn shifts_negation_and_casts() {
    for ty in ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"] {
        for operator in ["<<", ">>"] {
            compare(&format!("pub fn main(x: {ty}, y: u8) -> {ty} {{ x {operator} (y & 15u8) }}"), RUNS);
            compare(&format!("pub fn main(x: {ty}, y: u8) -> {ty} {{ x {operator} y }}"), RUNS);
        }
        compare(&format!("pub fn main(x: {ty}) -> {ty} {{ !x }}"), RUNS);
        compare(&format!("pub fn main(x: bool) -> {ty} {{ x as {ty} }}"), 4);
        compare(&format!("pub fn main(x: {ty}) -> (u8, i8) {{ (x as u8, x as i8) }}"), RUNS);
    }
    compare("pub fn main(x: u8, y: u16) -> (u64, i64, u32) { (x as u64, y as i64, y as u32) }", RUNS);
    compare(
        "pub fn main(x: i8, y: i32) -> (i16, i64, u16, u64) { (x as i16, y as i64, x as u16, y as u64) }",
        RUNS,
    );
}

#[test]
fn booleans_are_short_circuited() {
    let source = "
        pub fn main(x: u8, y: u8, b: bool) -> (bool, bool, bool) {
            (b && x / y > 2u8, b || x % y == 0u8, !b ^ (x > y) & b | (x == y))
        }";
    let stops = compare_with_rust(source, 400, |arguments| {
        let [x, y, b] = [arguments[0], arguments[1], arguments[2]];
        if y == 0 {
            return format!("error: division by zero at 3:{}", if b == 1 { 19 } else { 37 });
        }
        let b = b == 1;
        format!("({}, {}, {})", b && x / y > 2, b || x % y == 0, !b ^ (x > y) & b | (x == y))
    });
    assert!(stops > 5, "{stops}");
    compare_values(source, 100);
}

#[test]
fn blocks_branches_and_variables() {
    let source = "
        fn twice(x: u16) -> u16 { let y = x; y + y }

        pub fn main(x: u16, b: bool) -> (u16, u16) {
            let mut a = x;
            let mut c = 7u16;
            if b {
                a = a - 5u16;
                let inner = if a > 100u16 { c = twice(c); 1u16 } else { a / c };
                c += inner;
            } else {
                a -= 1u16;
                c *= 3u16;
            }
            let d = { let a = 1u16; a + c };
            (a, d)
        }";
    assert!(compare_values(source, 300) > 5);
}

#[test]
fn loops_and_arrays() {
    let source = "
        pub fn main(a: [u16; 5], at: usize, b: [[u8; 2]; 3]) -> ([u16; 5], u16, u8, [u8; 2]) {
            let mut sum = 0u16;
            let mut copy = a;
            for x in a { sum += x; }
            for i in 0usize..5usize { copy[i] = copy[4usize - i]; }
            copy[at] = 9u16;
            let mut c = b;
            c[at / 2usize][1usize - at % 2usize] = 3u8;
            (copy, sum, b[at][0usize], c[1usize])
        }";
    assert!(compare_values(source, 400) > 20);
    compare("pub fn main(at: usize, x: bool) -> i32 { let a = [1, 2, 3]; a[at] }", 100);
    compare("pub fn main(x: u8, y: u8) -> [u8; 4] { [x / y; 4] }", 50);
}

#[test]
fn what_was_copied_stays_as_it_was() {
    let source = "
        pub fn main(a: [u8; 3], at: usize, b: bool) -> ([u8; 3], [u8; 3], [u8; 3], (u8, [u8; 3])) {
            let mut c = a;
            let mut d = (7u8, c);
            c[1usize] = 9u8;
            let e = c;
            if b { c[0usize] = d.1[2usize]; d.1[at] = 4u8; } else { c[2usize] = 5u8; }
            for x in c { c[0usize] = x; d.0 = x; }
            (a, c, e, d)
        }";
    assert!(compare_values(source, 300) > 20);
}

/// If each access took the work of the whole, this would be more than is allowed.
#[test]
fn loops_in_loops_read_and_assign_elements_where_they_are() {
    let source = "
        struct Side { marks: [[bool; 200]; 200], name: u8 }

        pub fn main(side: Side) -> [[bool; 200]; 200] {
            let mut turned = [[false; 200]; 200];
            for i in 0usize..200usize {
                for j in 0usize..200usize {
                    turned[i][j] = side.marks[j][i];
                }
            }
            turned
        }";
    let circuit = garble::compile(source, "turn.garble.rs", &Options::default()).unwrap();
    let from = |place: u32| WireId::new(place % 200 * 200 + place / 200);
    assert!(circuit.outputs()[0].wires.iter().copied().eq((0..40_000).map(from)));
}

#[test]
fn structs_and_tuples() {
    let source = "
        struct Pay { base: u32, bonus: (bool, i16) }
        struct Two { ours: Pay, theirs: Pay }

        pub fn main(ours: Pay, theirs: Pay) -> (Two, (bool, i16), u32) {
            let mut two = Two { theirs, ours };
            two.ours.bonus.1 = two.theirs.bonus.1;
            two.theirs.base = 5u32;
            let Pay { base, .. } = ours;
            let (flag, amount) = theirs.bonus;
            let Pay { base: other, bonus: (_, y) } = theirs;
            (two, (flag, amount ^ y), base / other)
        }";
    assert!(compare(source, 200) > 3);
}

#[test]
fn enums_and_patterns() {
    let source = "
        struct Half { flag: bool, x: u8 }
        enum Op { Zero, Div(u8, u8), Neg(i16), Pair(Half, Inner) }
        enum Inner { Only }

        pub fn main(op: Op, x: u8, y: i16) -> (Op, u8, bool) {
            let value = match op {
                Op::Zero => 0u8,
                Op::Div(x, 0u8) => x,
                Op::Div(3u8..=200u8, y) => 3u8 / y,
                Op::Div(x, y) => x / y,
                Op::Neg(n) => match n { -5i16..=5i16 => 1u8, 7i16 => 2u8, -7i16 => 4u8, _ => 3u8 },
                Op::Pair(Half { flag: true, x: _ }, _) => 9u8,
                Op::Pair(Half { flag: false, x: z }, _) => z + 1u8,
            };
            let flag = match (x, y > 0i16) { (0u8, true) => true, (_, false) => false, (n, _) => n > value };
            let mut other = op;
            match x { 0u8..=9u8 => { other = Op::Neg(y); }, _ => {} }
            (other, value, flag)
        }";
    compare_values(source, 600);
}

#[test]
fn the_first_stop_counts() {
    let source = "
        pub fn main(x: u8, y: u8, b: bool) -> u8 {
            let a = if b { x + y } else { x / y };
            let c = [1u8, 2u8][a as usize];
            let d = if a > 1u8 { 10u8 / y } else { x - y };
            a + c + d + (x - y)
        }";
    let stops = compare_with_rust(source, 2000, |arguments| {
        let [x, y, b] = [0, 1, 2].map(|place| arguments[place] as u8);
        first_stop(x, y, b == 1).map_or_else(|error| format!("error: {error}"), |value| value.to_string())
    });
    assert!((300..1990).contains(&stops), "{stops}");
}

fn first_stop(x: u8, y: u8, b: bool) -> Result<u8, &'static str> {
    let difference = |place| x.checked_sub(y).ok_or(place);
    let a = if b {
        x.checked_add(y).ok_or("overflow at 3:28")?
    } else {
        x.checked_div(y).ok_or("division by zero at 3:43")?
    };
    let c: u8 = *[1, 2].get(usize::from(a)).ok_or("index out of bounds at 4:21")?;
    let d = if a > 1 {
        10u8.checked_div(y).ok_or("division by zero at 5:33")?
    } else {
        difference("overflow at 5:52")?
    };
    let sum = a.checked_add(c).and_then(|sum| sum.checked_add(d)).ok_or("overflow at 6:13")?;
    sum.checked_add(difference("overflow at 6:26")?).ok_or("overflow at 6:13")
}

#[test]
fn signed_numbers_stop_where_rust_stops() {
    let source = "pub fn main(x: i8, y: i8, which: u8) -> i8 {
        match which % 5u8 { 0u8 => x * y, 1u8 => x / y, 2u8 => x % y, 3u8 => -x, _ => x * -3i8 }
    }";
    let stops = compare_with_rust(source, 4000, |arguments| {
        let [x, y] = [arguments[0] as i8, arguments[1] as i8];
        let by_zero = |place: &str| {
            if y == 0 { format!("division by zero at 2:{place}") } else { format!("overflow at 2:{place}") }
        };
        let (value, error) = match arguments[2] % 5 {
            0 => (x.checked_mul(y), "overflow at 2:36".to_owned()),
            1 => (x.checked_div(y), by_zero("50")),
            2 => (x.checked_rem(y), by_zero("64")),
            3 => (x.checked_neg(), "overflow at 2:78".to_owned()),
            _ => (x.checked_mul(-3), "overflow at 2:87".to_owned()),
        };
        value.map_or(format!("error: {error}"), |value| value.to_string())
    });
    assert!((400..3600).contains(&stops), "{stops}");
    let source = "pub fn main(x: i8, y: i16) -> (i32, i64, i64) { (x as i32, x as i64, y as i64) }";
    compare_with_rust(source, 100, |arguments| format!("({0}, {0}, {1})", arguments[0], arguments[1]));
}

#[test]
fn numbers_without_a_type_take_that_of_their_place() {
    compare("pub fn main(x: u8) -> u8 { x + 5 }", 50);
    compare("pub fn main(x: i64) -> i64 { let y = 5i64; if x > 0 { y } else { -1 } }", 50);
    compare("pub fn main(x: i32) -> i32 { let mut sum = 0; for i in [2, 4, -6] { sum += i } sum + x }", 50);
    compare("pub fn main(x: u16) -> [u16; 3] { [x, 2, 3] }", 50);
}
