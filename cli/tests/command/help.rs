//! What the command says about itself.

use crate::process::Folder;

#[test]
fn help_documents_exit_codes_and_the_environment() {
    let done = Folder::new(&[]).run("--help");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    for code in ["0", "2", "10", "11", "12", "13", "14", "15", "130"] {
        let line = format!("\n{code:>5}  ");
        assert!(done.stdout.contains(&line), "exit code {code} is missing:\n{}", done.stdout);
    }
    assert!(done.stdout.contains("HALFGATE_BACKEND"));
}

#[test]
fn an_error_names_the_section_that_says_more() {
    let folder = Folder::new(&[("invite", "HALFGATE1:ABC"), ("b.csv", "1\n")]);
    let done = folder.run("join --invite invite --input b.csv --yes");
    assert_eq!(done.code, Some(2), "{}", done.stderr);
    assert!(done.stderr.ends_with("\n`halfgate explain invite-damaged` says more\n"), "{}", done.stderr);
    let said = folder.run("explain invite-damaged");
    assert_eq!(said.code, Some(0));
    assert!(said.stdout.starts_with("## Invite damaged\n"), "{}", said.stdout);
    assert!(folder.run("explain").stdout.contains("\ninvite-damaged "));
    assert_eq!(folder.run("explain elsewhere").code, Some(2));
}

#[test]
fn completions_and_manual_pages_are_given() {
    let folder = Folder::new(&[]);
    let done = folder.run("completions bash");
    assert_eq!(done.code, Some(0));
    assert!(done.stdout.contains("--invite-file"));
    let done = folder.run("man --out man");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(folder.read("man/halfgate-host.1").contains("invite"));
}

#[test]
fn every_option_has_a_help_text() {
    for command in [
        "demo",
        "garble",
        "evaluate",
        "circuit check",
        "circuit draw",
        "circuit info",
        "circuit eval",
        "circuit list",
        "bench",
        "estimate",
        "doctor",
    ] {
        let done = Folder::new(&[]).run(&format!("{command} --help"));
        assert_eq!(done.code, Some(0));
        let mut lines = done.stdout.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            if line.starts_with("--") {
                assert!(
                    line.contains("  ") || lines.peek().is_some_and(|next| !next.is_empty()),
                    "{command}: {line}"
                );
            }
        }
    }
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let folder = Folder::new(&[("a.csv", "1\n")]);
    for arguments in [
        "",
        "dance",
        "garble",
        "garble builtin:add8 --input a.csv",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --connect 127.0.0.1:1",
        "garble builtin:add8 --input a.csv --listen nowhere",
        "garble builtin:add8 --listen 127.0.0.1:0",
        "garble builtin:ad8 --input a.csv --listen 127.0.0.1:0",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --security hopeful",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --security semi-honest --statistical-security 64",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --reveal nobody",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --timeout 30",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --encoding a=float",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --encoding c=int",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --garbler-groups 2",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --garbler-groups 0 --evaluator-groups 0",
        "garble builtin:add8 --input a.csv --listen 127.0.0.1:0 --garbler-groups 0 --evaluator-groups=",
        "circuit eval builtin:add8",
        "circuit eval builtin:add8 --input a.csv --format oct",
        "circuit convert builtin:add8 --to verilog -o x",
        "circuit optimize builtin:add8",
    ] {
        let done = folder.run(arguments);
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{arguments}: {}", done.stderr);
        assert!(!done.stderr.is_empty(), "{arguments}");
    }
}

#[test]
fn the_list_of_builtin_circuits_can_be_read_and_used() {
    let folder = Folder::new(&[]);
    let list = folder.run("circuit list").stdout;
    assert!(list.lines().any(|line| line.starts_with("builtin:aes128 ")), "{list}");
    for line in list.lines().filter(|line| line.starts_with("builtin:")) {
        let name = line.split_whitespace().next().unwrap().trim_end_matches('N');
        let name = name.replace("Kx", "4x").replace("Fx", "4x");
        let width = if line.contains("(N from") { "8" } else { "" };
        let done = folder.run(&format!("circuit check {name}{width}"));
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{line}");
    }
    let functions: Vec<_> = list.lines().skip_while(|line| !line.is_empty()).skip(1).collect();
    assert_eq!(functions.len(), 10, "{list}");
    for line in functions {
        let name = line.split_whitespace().next().unwrap();
        let needs = line.contains(" --set ");
        let done = folder.run(&format!("circuit info {name}"));
        assert_eq!(done.code, Some(if needs { 2 } else { 0 }), "{line}: {}", done.stderr);
        assert_eq!(done.stderr.contains("needs the parameter"), needs, "{line}: {}", done.stderr);
    }
}
