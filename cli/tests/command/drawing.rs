//! `circuit draw`: what can be seen, and what is said about it.

use std::collections::BTreeSet;
use std::fs;

use roxmltree::{Document, Node};
use serde_json::Value;

use crate::process::Folder;

/// A NOT that two gates read, one that only one reads, a copy, a constant and an input that nothing reads.
const KINDS: &str = "7 10\n2 2 1\n1 1\n\n1 1 0 3 INV\n1 1 3 4 INV\n2 1 3 1 5 AND\n1 1 5 6 EQW\n1 1 1 7 EQ\n\
    2 1 6 7 8 XOR\n2 1 8 4 9 XOR\n";

fn classes<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.attribute("class").unwrap_or_default().split(' ')
}

/// How many shapes of a class the part of the drawing with this class has.
fn shapes(xml: &Document<'_>, part: &str, class: &str) -> usize {
    let part = xml.descendants().find(|node| classes(*node).any(|it| it == part)).unwrap();
    part.descendants().filter(|node| classes(*node).any(|it| it == class)).count()
}

fn titles(xml: &Document<'_>) -> BTreeSet<String> {
    let titles = xml.descendants().filter(|node| node.has_tag_name("title"));
    titles.filter_map(|node| node.text()).map(str::to_owned).collect()
}

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What `circuit info` says about the gates of a circuit.
fn figure(folder: &Folder, circuit: &str, name: &str) -> usize {
    let info = object(&folder.run(&format!("circuit info {circuit} --json")).stdout);
    info["gates"][name].as_u64().unwrap() as usize
}

#[test]
fn every_gate_and_bit_is_drawn() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit draw builtin:compare8 -o x.svg");
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(0), "", ""));
    let svg = folder.read("x.svg");
    let xml = Document::parse(&svg).unwrap();
    assert_eq!(xml.root_element().tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
    let [ands, xors, nots, depth] =
        ["and", "xor", "not", "and_depth"].map(|name| figure(&folder, "builtin:compare8", name));
    let expected = [("and", ands), ("xor", xors), ("input", 16), ("garbler", 8), ("output", 2)];
    for (class, count) in expected {
        assert_eq!(shapes(&xml, "symbols", class), count, "{class}");
    }
    // The shape of a NOT has a bubble, too.
    assert_eq!(shapes(&xml, "symbols", "bubble"), nots);
    let (titles, gates) = (titles(&xml), ands + xors + nots);
    for gate in 0..gates {
        assert!(titles.iter().any(|title| title.starts_with(&format!("gate {gate}, "))), "gate {gate}");
    }
    assert!(titles.contains("a[7]") && titles.contains("equal[0]"), "{titles:?}");
    let words = format!("{gates} gates; {ands} ANDs in {depth} AND layers, at most ");
    assert!(svg.contains(&words), "{words}");
    assert_eq!(folder.run("circuit draw builtin:compare8 -o y.svg").code, Some(0));
    assert_eq!(folder.read("y.svg"), svg, "a drawing is the same every time");
}

#[test]
fn all_kinds_have_their_shapes_and_owners_their_colours() {
    let folder = Folder::new(&[("kinds.txt", KINDS)]);
    let done = folder.run("circuit draw kinds.txt -o x.svg --garbler-groups 1");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let svg = folder.read("x.svg");
    let xml = Document::parse(&svg).unwrap();
    for (class, count) in [("and", 1), ("xor", 2), ("not", 1), ("copy", 1), ("constant", 1), ("unread", 1)] {
        assert_eq!(shapes(&xml, "symbols", class), count, "{class}");
    }
    assert_eq!(shapes(&xml, "symbols", "garbler"), 1);
    assert_eq!(shapes(&xml, "symbols", "evaluator"), 2);
    for words in ["in0: 2 bits, the evaluator’s", "in1: 1 bit, the garbler’s", "out0: 1 bit, output"] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn a_name_cannot_break_a_drawing() {
    let folder = Folder::new(&[("<&\">'.txt", KINDS)]);
    assert_eq!(folder.run("circuit draw <&\">'.txt -o x.svg").code, Some(0));
    assert_eq!(folder.run("circuit draw <&\">'.txt -o y.svg --profile").code, Some(0));
    for name in ["x.svg", "y.svg"] {
        let svg = folder.read(name);
        assert!(titles(&Document::parse(&svg).unwrap()).contains("<&\">'.txt"), "{svg}");
    }
}

#[test]
fn beyond_the_limit_the_profile_is_drawn() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit draw builtin:aes128 -o x.svg --json");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stderr.contains("the limit is 800"), "{}", done.stderr);
    let report = object(&done.stdout);
    assert_eq!((&report["drawn"], &report["output"]), (&"profile".into(), &"x.svg".into()));
    let [ands, depth] = ["and", "and_depth"].map(|name| figure(&folder, "builtin:aes128", name));
    assert_eq!((&report["and"], &report["and_layers"]), (&ands.into(), &depth.into()));
    let layers = report["ands_per_layer"].as_array().unwrap().iter();
    let layers: Vec<usize> = layers.map(|ands| ands.as_u64().unwrap() as usize).collect();
    assert_eq!((layers.len(), layers.iter().sum::<usize>()), (depth, ands));
    let widest = &report["widest_layer"];
    assert_eq!(widest["and"], *layers.iter().max().unwrap());
    assert_eq!(widest["and"], layers[widest["layer"].as_u64().unwrap() as usize - 1]);
    let svg = folder.read("x.svg");
    let titles = titles(&Document::parse(&svg).unwrap());
    for (layer, ands) in (1..).zip(layers) {
        assert!(titles.contains(&format!("layer {layer}: {ands} ANDs")), "{layer}");
    }
}

#[test]
fn a_profile_can_be_asked_for() {
    let folder = Folder::new(&[]);
    let done = folder.run("circuit draw builtin:eq8 -o x.svg --profile --json");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    let report = object(&done.stdout);
    assert_eq!(
        (&report["drawn"], &report["ands_per_layer"]),
        (&"profile".into(), &serde_json::json!([4, 2, 1]))
    );
    assert!(folder.read("x.svg").contains("layer 1: 4 ANDs"));
    let done = folder.run("circuit draw builtin:add1 -o x.svg --profile --json");
    assert_eq!((done.code, &object(&done.stdout)["widest_layer"]), (Some(0), &Value::Null));
    assert!(Document::parse(&folder.read("x.svg")).is_ok());
    // A comparison function is a circuit, too.
    let done = folder.run("circuit draw maximum --bits 4 -o x.svg --json");
    assert_eq!((done.code, &object(&done.stdout)["drawn"]), (Some(0), &"diagram".into()));
}

#[test]
fn what_cannot_be_drawn_or_written_is_said() {
    let folder = Folder::new(&[("bad.txt", "1 3\n2 1 1\n1 1\n\n2 1 0 7 2 AND\n")]);
    for (arguments, code, words) in [
        ("bad.txt -o x.svg", 10, "bad.txt:5"),
        ("nothing.txt -o x.svg", 10, "nothing.txt"),
        ("builtin:add4 -o nowhere/x.svg", 2, "nowhere/x.svg: the file could not be written"),
        ("builtin:add4", 2, "--output <OUT>"),
        ("builtin:add4 -o x.svg --garbler-groups 7", 2, "there is no input group `7`"),
    ] {
        let done = folder.run(&format!("circuit draw {arguments}"));
        assert_eq!((done.code, done.stdout.as_str()), (Some(code), ""), "{arguments}: {}", done.stderr);
        assert!(done.stderr.contains(words), "{arguments}: {}", done.stderr);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something is left behind");
}
