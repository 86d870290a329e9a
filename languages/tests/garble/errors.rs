//! Errors say where, what, and what to do.

use halfgate_languages::garble::{Options, compile};

fn error(source: &str) -> String {
    compile(source, "pay.garble.rs", &Options::default()).expect_err(source).to_string()
}

#[test]
fn places_and_lines_are_shown() {
    let message = error("pub fn main(x: u8, y: u16) -> u8 {\n    x + y\n}\n");
    let expected = "pay.garble.rs:2:5: type error: The arguments have incompatible types; u8 vs u16\n 2 |     x + y\n   |     ^^^^^";
    assert_eq!(message, expected);
    let message = error("pub fn main(x: u8, y: u8) -> u8 {\n\tx +\n}\n");
    assert!(message.ends_with("2 | \tx +\n   | \t   ^"), "{message}");
    let message = error("pub fn main(x: u8, y: u8) -> u8 { x $ y }");
    assert!(message.starts_with("pay.garble.rs:1:37: syntax error: "), "{message}");
    assert!(
        message.ends_with(
            "| pub fn main(x: u8, y: u8) -> u8 { x $ y }\n   |                                     ^"
        ),
        "{message}"
    );
}

#[test]
fn of_many_errors_some_are_shown() {
    let lines: String = (0..9).map(|line| format!("    let a{line} = b{line};\n")).collect();
    let message = error(&format!("pub fn main(x: u8, y: u8) -> u8 {{\n{lines}    x\n}}\n"));
    assert!(message.contains("Unknown identifier 'b0'") && message.ends_with("and 4 more"), "{message}");
}

#[test]
fn what_never_ends_is_refused() {
    let message = error("struct A { a: B } struct B { b: [A; 2] } pub fn main(x: A, y: u8) -> u8 { y }");
    assert!(message.contains("holds itself"), "{message}");
    let message = error("pub fn main(x: [[u64; 100000]; 100000], y: u8) -> u8 { y }");
    assert!(message.contains("has more than"), "{message}");
    let nested = format!("pub fn main(x: u8, y: u8) -> u8 {{ {}x{} }}", "(".repeat(5000), ")".repeat(5000));
    assert!(error(&nested).contains("brackets inside each other"));
    let signs = format!("pub fn main(x: i8, y: i8) -> i8 {{ {}x }}", "- ".repeat(5000));
    assert!(error(&signs).contains("inside each other"));
    let long = format!("// {}\npub fn main(x: i8, y: i8) -> i8 {{ x }}", "-".repeat(2 << 20));
    assert!(error(&long).contains("megabyte"));
    let rows = "for i in 0u32..20000u32 { for j in 0u32..20000u32 { s = t; } }";
    let loops = format!("pub fn main(t: [u64; 65536], y: u32) -> u32 {{ let mut s = t; {rows} y }}");
    assert!(error(&loops).contains("does not come to an end"));
}

#[test]
fn many_branches_after_each_other_fit_the_stack() {
    let branches: String = (0..2000).map(|n| format!("if x == {n}u32 {{ {n}u32 }} else ")).collect();
    let source = format!("pub fn main(x: u32, y: u32) -> u32 {{ {branches} {{ y }} }}");
    assert!(compile(&source, "test", &Options::default()).is_ok());
}

#[test]
fn what_their_parser_gives_up_on_is_an_error() {
    // An empty array makes it panic.
    let message = error("pub fn main(x: u8, y: u8) -> u8 { let a = []; x }");
    assert!(message.contains("pay.garble.rs"), "{message}");
}
