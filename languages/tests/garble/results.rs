//! Groups, types, results, and what they cost.

use halfgate_circuits::{Circuit, Gate, Party};
use halfgate_languages::garble::{Options, Program, compile};

use crate::oracle::ours;

fn ands(circuit: &Circuit) -> usize {
    circuit.gates().iter().filter(|gate| matches!(gate, Gate::And(..))).count()
}

fn circuit(source: &str) -> Circuit {
    compile(source, "test.garble.rs", &Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn parameters_are_groups_with_names_types_and_owners() {
    let circuit =
        circuit("struct A { x: u8 } pub fn main(ours: A, theirs: i16, both: [bool; 2]) -> bool { both[0] }");
    let groups: Vec<_> = circuit
        .inputs()
        .iter()
        .map(|input| {
            (input.group.name.as_str(), input.group.shape.as_ref().unwrap().to_string(), input.owner)
        })
        .collect();
    let expected = [
        ("ours", "A { x: u8 }".to_owned(), Party::Garbler),
        ("theirs", "i16".to_owned(), Party::Evaluator),
        ("both", "[bool; 2]".to_owned(), Party::Evaluator),
    ];
    assert_eq!(groups, expected);
    assert_eq!(circuit.outputs()[0].group.name, "result");
}

#[test]
fn an_only_array_is_one_group_for_each_element() {
    let circuit = circuit("pub fn main(bids: [u8; 3]) -> u8 { bids[1] }");
    let names: Vec<_> = circuit.inputs().iter().map(|input| input.group.name.as_str()).collect();
    assert_eq!(names, ["bids_0", "bids_1", "bids_2"]);
    assert_eq!(ours(&circuit, &["1", "2", "3"].map(str::to_owned)), "2");
}

#[test]
fn any_public_function_can_be_chosen() {
    let source = "pub fn f(x: u8, y: u8) -> bool { g(x, y) } fn g(x: u8, y: u8) -> bool { x > y }";
    let with = |function: &str| {
        compile(source, "test", &Options { function: function.to_owned(), ..Options::default() })
    };
    assert!(with("f").is_ok());
    let message = with("main").unwrap_err().to_string();
    assert_eq!(message, "test: there is no function `main`; the program has `f(x: u8, y: u8) -> bool`");
    assert!(with("g").is_err(), "a private function is not on offer");
    assert_eq!(Program::parse(source, "test").unwrap().functions().len(), 1);
}

#[test]
fn a_program_that_stops_says_why_and_nothing_else() {
    let circuit = circuit("pub fn main(x: u8, y: u8) -> u8 {\n    x + y\n}");
    let group = &circuit.outputs()[0].group;
    assert_eq!(group.shape.as_ref().unwrap().to_string(), "u8, or overflow at 2:5");
    assert_eq!(ours(&circuit, &["200".to_owned(), "55".to_owned()]), "255");
    assert_eq!(ours(&circuit, &["200".to_owned(), "56".to_owned()]), "error: overflow at 2:5");
    // Every wire of the value is zero then, so it says nothing of the sum.
    for (x, y) in [(255u64, 255u64), (200, 57), (1, 255)] {
        use halfgate_circuits::Values;
        let inputs = [Values::from_u64s(8, &[x]), Values::from_u64s(8, &[y])];
        let program = halfgate_compiler::schedule(&circuit).unwrap();
        assert_eq!(halfgate_compiler::evaluate(&program, &inputs).unwrap()[0].lane(0), [1]);
    }
}

#[test]
fn a_program_that_cannot_stop_has_a_plain_result() {
    for source in [
        "pub fn main(x: u8, y: u8) -> u16 { x as u16 + y as u16 }",
        "pub fn main(x: u8, y: u8) -> u8 { if x > y { x - y } else { 0u8 } ^ [1u8, 2u8][1] }",
    ] {
        let shape = circuit(source).outputs()[0].group.shape.as_ref().unwrap().to_string();
        // That a comparison rules an overflow out is beyond what is seen gate by gate.
        assert_eq!(shape, if source.contains("u16") { "u16" } else { "u8, or overflow at 1:45" });
    }
    let plain = circuit("pub fn main(x: u8, y: u8) -> bool { x > y && [true, false][0] }");
    assert_eq!(plain.outputs()[0].group.shape.as_ref().unwrap().to_string(), "bool");
}

#[test]
fn places_that_are_known_cost_nothing() {
    let source = "
        struct P { x: u32, y: u32 }
        pub fn main(a: [P; 100], b: [P; 100]) -> ([u32; 100], u32) {
            let mut kept = [0u32; 100];
            let mut sum = 0u32;
            for i in 0usize..100usize {
                for j in 0usize..100usize { sum = sum ^ a[i].x ^ b[j].y; }
                kept[99usize - i] = sum;
            }
            (kept, sum)
        }";
    assert_eq!(ands(&circuit(source)), 0);
}

#[test]
fn the_version_of_the_language_is_the_one_that_is_pinned() {
    let manifest = include_str!("../../../Cargo.toml");
    assert!(manifest.contains(&format!("garble_lang = \"={}\"", halfgate_languages::garble::GARBLE_LANG)));
}

#[test]
fn gates_are_few() {
    let cases = [
        ("pub fn main(x: u32, y: u32) -> bool { x > y }", 32),
        ("pub fn main(x: u32, y: u32) -> bool { x == y }", 31),
        ("pub fn main(x: i32, y: i32, c: bool) -> i32 { if c { x } else { y } }", 32),
        // Sum and carry, and one for each wire of the value that is hidden if it overflows.
        ("pub fn main(x: u32, y: u32) -> u32 { x + y }", 32 + 32),
        ("pub fn main(x: u8, a: [u16; 8]) -> u16 { a[(x & 7u8) as usize] }", 7 * 16),
    ];
    for (source, most) in cases {
        assert!(ands(&circuit(source)) <= most, "{source}: {} ANDs", ands(&circuit(source)));
    }
}

#[test]
fn the_same_text_gives_the_same_circuit() {
    let source = "
        struct A { x: u8, y: u16 } enum E { P(u8), Q(A), R }
        const K: u8 = 3u8; const L: u8 = K;
        fn f(x: u8) -> u8 { x / L } fn g(x: u8) -> u8 { f(x) + K }
        pub fn main(a: A, e: E, b: bool) -> (E, u8, u16) {
            let mut y = a.y;
            let v = match e { E::P(x) => if b { y += 1u16; x + a.x } else { x - a.x }, E::Q(q) => g(q.x), E::R => f(a.x) };
            (E::Q(A { y, x: v }), if b { v + a.x } else { v }, y)
        }";
    let digest = || circuit(source).digest();
    let first = digest();
    assert!((0..10).all(|_| digest() == first));
}
