//! `circuit diff`, and `circuit optimize` with its efforts and proofs.

use serde_json::Value;

use crate::process::Folder;

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn equal_circuits_are_proved_equal() {
    let folder = Folder::new(&[]);
    assert_eq!(folder.run("circuit optimize builtin:sub32 -o sub.txt").code, Some(0));
    let done = folder.run("circuit diff builtin:sub32 sub.txt");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    assert!(done.stdout.starts_with("equal: proved\n"), "{}", done.stdout);
    assert!(done.stdout.contains("difference  32 bits proved"), "{}", done.stdout);
    let report = object(&folder.run("circuit diff builtin:sub32 sub.txt --json").stdout);
    assert_eq!((&report["equal"], &report["proof"]["proved"]), (&true.into(), &true.into()));
    assert!(report["proof"]["vectors"].as_u64() >= Some(1_000_000));
    assert_eq!(report["proof"]["outputs"][0]["bits_proved"], 32);
    // Without a proof it is said that there is none.
    let tried = folder.run("circuit diff builtin:sub32 sub.txt --no-proof");
    assert_eq!(tried.code, Some(0));
    assert!(tried.stdout.contains("32 bits tested, not proved"), "{}", tried.stdout);
}

/// A circuit of two inputs of 32 wires whose gates read either where they read the other.
fn with_swapped_operands(fashion: &str) -> String {
    let swapped = |number: &str| number.parse::<u32>().ok().filter(|&wire| wire < 64).map(|wire| wire ^ 32);
    let lines = fashion.lines().enumerate().map(|(line, text)| {
        let words = text.split(' ').enumerate().map(|(place, word)| match swapped(word) {
            Some(wire) if line > 2 && place > 1 => wire.to_string(),
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ") + "\n"
    });
    lines.collect()
}

/// The sums of two products are in another order: little is proved of the upper bits without many conflicts.
#[test]
fn the_solver_gives_up_after_so_many_conflicts() {
    let folder = Folder::new(&[]);
    folder.run("circuit convert builtin:mul32 --to fashion -o mul.txt");
    std::fs::write(folder.path().join("swapped.txt"), with_swapped_operands(&folder.read("mul.txt")))
        .unwrap();
    let command = "circuit diff builtin:mul32 swapped.txt --conflicts 1000";
    let done = folder.run(command);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(
        done.stdout.contains("bits proved") && done.stdout.contains("bits tested only"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("by the solver, which gave up after 1,0"), "{}", done.stdout);
    let solver = &object(&folder.run(&format!("{command} --json")).stdout)["proof"]["solver"];
    assert_eq!(solver["gave_up"], true);
    // A few may be met before it looks at the limit again.
    assert!((1_000..1_100).contains(&solver["conflicts"].as_u64().unwrap()), "{solver}");
    let optimized = folder.run("circuit optimize builtin:mul8 -o out.txt --prove --conflicts 1000 --json");
    assert_eq!(object(&optimized.stdout)["proof"]["solver"]["gave_up"], false);
    for unused in [
        "optimize builtin:mul8 -o out.txt --conflicts 9",
        "diff builtin:mul8 out.txt --no-proof --conflicts 9",
    ] {
        assert_eq!(folder.run(&format!("circuit {unused}")).code, Some(2), "{unused}");
    }
}

#[test]
fn a_difference_is_an_input_with_both_outputs() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit diff builtin:lt16 builtin:slt16");
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), ""));
    assert!(done.stdout.starts_with("different: output `less`, wire 0, for\n"), "{}", done.stdout);
    let report = object(&folder.run("circuit diff builtin:lt16 builtin:slt16 --json").stdout);
    assert_eq!((&report["equal"], &report["proof"]), (&false.into(), &Value::Null));
    let difference = &report["difference"];
    let value = |group: usize| difference["inputs"][group]["value"].as_str().unwrap().parse::<u16>().unwrap();
    let (a, b) = (value(0), value(1));
    let shown = |side: usize| difference["outputs"][side][0]["value"].as_str().unwrap() == "1";
    assert_eq!([shown(0), shown(1)], [a < b, (a as i16) < (b as i16)]);
    assert_ne!(shown(0), shown(1));
}

#[test]
fn circuits_of_other_groups_differ() {
    let done = Folder::new(&[]).run("circuit diff builtin:add8 builtin:add9");
    assert_eq!(done.code, Some(1));
    assert!(done.stdout.contains("the input groups do not fit"), "{}", done.stdout);
    assert!(done.stdout.contains("8 + 8") && done.stdout.contains("9 + 9"), "{}", done.stdout);
}

#[test]
fn optimizing_says_where_the_gain_came_from_and_what_was_proved() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit optimize builtin:compare24 -o out.txt --effort 2 --prove --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let report = object(&done.stdout);
    assert_eq!((&report["effort"], &report["proof"]["proved"]), (&2.into(), &true.into()));
    let ands = |side: &str| report[side]["and"].as_u64().unwrap();
    assert!(ands("after") <= ands("before"));
    let saved: i64 = report["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| {
            let count = |side: usize| stage["and"][side].as_i64().unwrap();
            count(0) - count(1)
        })
        .sum();
    assert_eq!(saved, ands("before") as i64 - ands("after") as i64);
    let shown = folder.run("circuit optimize builtin:compare24 -o out.txt --effort 0 --prove");
    assert_eq!(shown.code, Some(0));
    assert!(shown.stderr.contains("greater") && shown.stderr.contains("1 bit proved"), "{}", shown.stderr);
}

#[test]
fn depth_can_be_asked_for() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit optimize builtin:eq9 -o out.txt --for depth --effort 1 --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let report = object(&done.stdout);
    assert!(report["after"]["and_depth"].as_u64() <= report["before"]["and_depth"].as_u64());
    assert_eq!(folder.run("circuit optimize builtin:eq9 -o out.txt --effort 4").code, Some(2));
}
