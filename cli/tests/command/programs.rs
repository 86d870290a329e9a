//! Source programs by themselves: checked, looked at, computed in the clear, written as circuits.

use crate::process::{Folder, run_pair};

const PAY: &str = "
struct Pay { base: u32, bonus: (bool, i8) }
enum Answer { Less(i32), Alike }

pub fn main(ours: Pay, theirs: Pay) -> Answer {
    let gap = ours.base as i32 - theirs.base as i32;
    if gap < 0i32 { Answer::Less(gap) } else { Answer::Alike }
}
";

fn folder() -> Folder {
    Folder::new(&[
        ("pay.garble.rs", PAY),
        ("less.garble.rs", "pub fn main(a: u8, b: u8, c: u8) -> bool { a < b ^ c }"),
        ("bad.garble.rs", "pub fn main(a: u8, b: u16) -> u8 {\n    a + b\n}\n"),
    ])
}

#[test]
fn a_check_is_silent_or_shows_the_line() {
    let folder = folder();
    let done = folder.run("circuit check pay.garble.rs");
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(0), "", ""));
    let done = folder.run("circuit check bad.garble.rs");
    assert_eq!(done.code, Some(10));
    assert!(done.stderr.contains("bad.garble.rs:2:5: type error: The arguments have incompatible types; u8 vs u16\n 2 |     a + b\n   |     ^^^^^"), "{}", done.stderr);
    let done = folder.run("circuit check bad.garble.rs --json");
    assert!(
        done.stdout.contains("\"good\": false") && done.stdout.contains("bad.garble.rs:2:5"),
        "{}",
        done.stdout
    );
    folder.write("const.garble.rs", "const N: u8 = PARTY_0::N; pub fn main(x: u8, y: u8) -> u8 { x ^ N }");
    assert_eq!(folder.run("circuit check const.garble.rs").code, Some(0), "a constant may come later");
}

#[test]
fn errors_have_their_exit_codes_and_topics() {
    let folder = folder();
    for (command, code, words) in [
        ("circuit info bad.garble.rs", 10, "bad.garble.rs:2:5: type error"),
        (
            "circuit info less.garble.rs --function f",
            2,
            "there is no function `f`; the program has `main(a: u8",
        ),
        ("circuit info less.garble.rs --const N=1", 2, "no constant is called `N`"),
        ("circuit info builtin:lt8 --function f", 2, "are for programs"),
        ("circuit info maximum --const N=1", 2, "are for programs"),
        ("circuit info less.garble.rs --bits 8", 2, "are for comparison functions"),
        ("circuit info none.garble.rs", 10, "none.garble.rs: cannot be read"),
    ] {
        let done = folder.run(command);
        assert_eq!(done.code, Some(code), "{command}: {}", done.stderr);
        assert!(done.stderr.contains(words), "{command}: {}", done.stderr);
    }
    let done = folder.run("circuit info bad.garble.rs");
    assert!(done.stderr.contains("`halfgate explain program-rejected` says more"), "{}", done.stderr);
}

#[test]
fn info_shows_types_and_gates_before_and_after() {
    let folder = folder();
    let done = folder.run("circuit info pay.garble.rs");
    for line in [
        "Garble program",
        "Pay { base: u32, bonus: (bool, i8) }  garbler",
        "Answer::{ Less(i32), Alike }, or overflow at 6:20",
        "AND, if garble_lang made the circuit: ",
    ] {
        assert!(done.stdout.contains(line), "{line}: {}", done.stdout);
    }
    let done = folder.run("circuit info less.garble.rs --evaluator-groups b --json");
    for text in ["\"format\": \"garble\"", "\"type\": \"u8\"", "\"garble_lang_and\": "] {
        assert!(done.stdout.contains(text), "{text}: {}", done.stdout);
    }
    let owners: Vec<_> =
        done.stdout.lines().filter(|line| line.contains("\"owner\"")).map(str::trim).collect();
    assert_eq!(owners, ["\"owner\": \"garbler\"", "\"owner\": \"evaluator\"", "\"owner\": \"garbler\""]);
}

#[test]
fn inputs_are_csv_or_json() {
    let folder = folder();
    let csv = "theirs,ours\n\"Pay { base: 7, bonus: (true, -1) }\",\"{\"\"bonus\"\": [false, 1], \"\"base\"\": 5}\"\n";
    folder.write("in.csv", csv);
    let json = r#"[{"id": 7, "ours": {"base": 5, "bonus": [false, 1]}, "theirs": {"base": "7", "bonus": [true, -1]}}]"#;
    folder.write("in.json", json);
    let done = folder.run("circuit eval pay.garble.rs --input in.csv");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "Answer::Less(-2)\n"), "{}", done.stderr);
    let done = folder.run("circuit eval pay.garble.rs --input in.json --id-column id");
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (Some(0), "id,result\n7,Answer::Less(-2)\n"),
        "{}",
        done.stderr
    );
    let done = folder.run("circuit eval pay.garble.rs --input in.json --id-column id --json");
    let squeezed: String = done.stdout.split_whitespace().collect();
    assert!(squeezed.contains(r#""values":[{"Less":-2}]"#), "{}", done.stdout);
    folder.write("numbers.json", r#"[{"in0": 3, "in1": 4}, {"in1": "0x10", "in0": 1}]"#);
    let done = folder.run("circuit eval builtin:add8 --input numbers.json");
    assert_eq!(done.code, Some(10), "{}", done.stdout);
    folder.write("numbers.json", r#"[{"a": 3, "b": 4}, {"b": "0x10", "a": 1}]"#);
    let done = folder.run("circuit eval builtin:add8 --input numbers.json");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "7\n17\n"), "{}", done.stderr);
}

#[test]
fn a_column_may_hold_a_part_of_a_value() {
    let folder = folder();
    let source = "
        struct Pay { base: u32, bonus: (bool, i8), steps: [u16; 2] }
        pub fn main(host_pay: Pay, theirs: u32) -> (u32, bool, i8, u16, u16) {
            let Pay { base, bonus, steps } = host_pay;
            (base ^ theirs, bonus.0, bonus.1, steps[0], steps[1])
        }";
    folder.write("parts.garble.rs", source);
    let eval = |text: &str| {
        folder.write("in.csv", text);
        folder.run("circuit eval parts.garble.rs --input in.csv")
    };
    for text in [
        "pay.steps[1],host_pay.base,theirs,pay.bonus.1,host_pay.bonus.0,pay.steps[0]\n9,5,0,-3,true,8\n",
        "pay.bonus,theirs,pay.base,pay.steps\n\"(true, -3)\",0,5,\"[8, 9]\"\n",
    ] {
        let done = eval(text);
        assert_eq!(done.stdout, "\"(5, true, -3, 8, 9)\"\n", "{text}: {}", done.stderr);
    }
    for (text, words) in [
        ("pay.base,pay.bonus,theirs\n", "in.csv:1:26: the header row has no column `host_pay.steps[0]`"),
        ("pay.base,pay.bonus.1,theirs\n", "in.csv:1:28: the header row has no column `host_pay.bonus.0`"),
        ("theirs,pay.base,pay.wage\n", "in.csv:1:17: there is no `pay.wage`: `host_pay` is of type Pay {"),
        ("theirs,pay.steps[2]\n", "in.csv:1:8: there is no `pay.steps[2]`"),
        ("theirs,pay,theirs.x\n", "in.csv:1:12: there is no `theirs.x`: `theirs` is of type u32"),
        (
            "theirs,pay.bonus,pay.bonus.0\n",
            "in.csv:1:18: column `host_pay.bonus.0` stands here a second time",
        ),
        (
            "theirs,pay.base,pay.bonus.0,pay.bonus.1,pay.steps\n1,2,true,777,\"[8, 9]\"\n",
            "in.csv:2:10: the value of `host_pay.bonus.1` does not fit into 8 bits",
        ),
        (
            "theirs,pay.base,pay.bonus.0,pay.bonus.1,pay.steps\n1,2,true\n",
            "in.csv:2:9: the row ends before `host_pay.bonus.1`",
        ),
    ] {
        let done = eval(text);
        assert_eq!(done.code, Some(10), "{text}: {}", done.stdout);
        assert!(done.stderr.contains(words), "{text}: {}", done.stderr);
        assert!(!done.stderr.contains("777"), "{text}: {}", done.stderr);
    }
}

#[test]
fn results_have_a_column_for_each_number() {
    let folder = folder();
    let source = "
        enum Kind { Small, Large(u8) }
        struct Split { kind: Kind, parts: (u8, [i16; 2]), wide: u64 }
        pub fn main(host_a: Split, b: u8) -> Split {
            Split { kind: host_a.kind, parts: (host_a.parts.0 / b, host_a.parts.1), wide: host_a.wide }
        }";
    folder.write("split.garble.rs", source);
    let header = "id,host_a.kind,host_a.parts.0,host_a.parts.1[0],host_a.parts.1[1],host_a.wide,b\n";
    let rows = "x,Kind::Large(3),9,-5,300,18446744073709551615,2\ny,Kind::Small,9,0,0,7,0\nz,Kind::Small,8,1,-1,0,8\n";
    folder.write("in.csv", &format!("{header}{rows}"));
    let command = "circuit eval split.garble.rs --input in.csv --id-column id";
    let done = folder.run(&format!("{command} --parts"));
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!((done.code, lines.len()), (Some(10), 4), "{}", done.stderr);
    assert_eq!(lines[0], "id,result.kind,result.parts.0,result.parts.1[0],result.parts.1[1],result.wide");
    assert_eq!(lines[1], "x,Kind::Large(3),4,-5,300,18446744073709551615");
    assert!(lines[2].starts_with("y,error: division by zero at 5:"), "{}", lines[2]);
    assert!(lines[2].ends_with(",\"\",\"\",\"\",\"\""), "{}", lines[2]);
    assert_eq!(lines[3], "z,Kind::Small,1,1,-1,0");
    let done = folder.run(&format!("{command} --parts --format hex"));
    assert!(
        done.stdout.contains("x,Kind::Large(0x03),0x04,0xfffb,0x012c,0xffffffffffffffff\n"),
        "{}",
        done.stdout
    );
    let done = folder.run(&format!("{command} --parts --json"));
    assert_eq!(done.code, Some(2), "{}", done.stderr);
    // What is no program has a column for each group, with its name.
    folder.write("numbers.csv", "3,4\n");
    let done = folder.run("circuit eval builtin:add8 --input numbers.csv --parts");
    assert_eq!(done.stdout.lines().nth(1), Some("7"), "{} {}", done.stdout, done.stderr);
}

#[test]
fn bad_values_are_pointed_at_and_not_shown() {
    let folder = folder();
    for (name, text, words) in [
        (
            "a.csv",
            "Pay { base: 77, bonus: (true, 1) },1\n",
            "a.csv:1:1: character 15 of the value of `ours`: expected `,` or `}`; a value with commas in it has to stand in double quotes",
        ),
        (
            "b.csv",
            "\"Pay { base: -77, bonus: (true, 1) }\",1\n",
            "b.csv:1:1: character 13 of the value of `ours`: the value of `ours.base` has a sign",
        ),
        (
            "c.json",
            "{\"ours\": {\"base\": 77,\n\"bonus\": [true, 777]}}",
            "c.json:2:17: character 30 of the value of `ours`: the value of `ours.bonus.1` does not fit into 8 bits",
        ),
        (
            "d.json",
            "{\"ours\": 77}",
            "d.json:1:10: character 1 of the value of `ours`: expected Pay { … } or a JSON object",
        ),
    ] {
        folder.write(name, text);
        let done = folder.run(&format!("circuit eval pay.garble.rs --input {name}"));
        assert_eq!(done.code, Some(10));
        assert!(done.stderr.contains(words), "{}", done.stderr);
        assert!(!done.stderr.contains("77"), "{}", done.stderr);
    }
}

#[test]
fn a_row_that_stops_leaves_the_others_alone() {
    let folder = folder();
    folder.write("div.garble.rs", "pub fn main(a: u8, b: u8) -> (u8, u8) { (a / b, a % b) }");
    folder.write("in.csv", "7,2\n7,0\n9,3\n");
    let done = folder.run("circuit eval div.garble.rs --input in.csv");
    assert_eq!(done.code, Some(10));
    assert_eq!(done.stdout, "\"(3, 1)\"\nerror: division by zero at 1:41\n\"(3, 0)\"\n");
    assert!(
        done.stderr
            .contains("1 of 3 rows have no result, as the program stopped: row 2 with division by zero"),
        "{}",
        done.stderr
    );
    let done = folder.run("circuit eval div.garble.rs --input in.csv --json");
    let squeezed: String = done.stdout.split_whitespace().collect();
    assert!(
        squeezed.contains(r#""values":[[3,1],{"error":"divisionbyzero","line":1,"column":41},[3,0]]"#),
        "{squeezed}"
    );
}

#[test]
fn parties_by_role_run_programs() {
    let folder = folder();
    folder.write("a.csv", "5,1\n");
    folder.write("b.csv", "9\n");
    let program = "less.garble.rs --garbler-groups 0,c";
    let (garbler, evaluator) = run_pair(
        &folder,
        &format!("garble {program} --input a.csv"),
        &format!("evaluate {program} --input b.csv"),
    );
    for done in [garbler, evaluator] {
        assert_eq!((done.code, done.stdout.as_str()), (Some(0), "true\n"), "{}", done.stderr);
    }
}

#[test]
fn programs_become_files() {
    let folder = folder();
    assert_eq!(folder.run("circuit convert less.garble.rs --to fashion -o less.txt").code, Some(0));
    let done = folder.run("circuit optimize less.garble.rs -o small.txt");
    assert!(done.stderr.contains("before        after"), "{}", done.stderr);
    folder.write("in.csv", "5,9,1\n");
    for file in ["less.txt", "small.txt"] {
        assert_eq!(folder.run(&format!("circuit eval {file} --input in.csv")).stdout, "1\n");
    }
    let done = folder.run("estimate less.garble.rs --evaluator-groups 2");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
}
