//! The texts of functions and their settings.

use std::collections::HashSet;

use halfgate_circuits::library::functions::{Choice, function, functions};
use halfgate_circuits::library::{self, LibraryError};
use halfgate_circuits::{Encoding, Party};

fn canonical(text: &str) -> String {
    text.parse::<Choice>().unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
}

fn message(text: &str) -> String {
    match text.parse::<Choice>() {
        Err(error) => error.to_string(),
        Ok(choice) => choice.build().expect_err(text).to_string(),
    }
}

#[test]
fn the_catalogue_is_complete() {
    let names: HashSet<_> = functions().iter().map(|function| function.name).collect();
    assert_eq!(names.len(), functions().len());
    for entry in functions() {
        for text in [entry.title, entry.about, entry.inputs, entry.ties, entry.reveals, entry.infers] {
            assert!(!text.is_empty() && !text.contains("  "), "{}: {text}", entry.name);
        }
        assert_eq!(canonical(entry.example), entry.example);
        assert_eq!(function(entry.name).unwrap().name, entry.name);
    }
}

#[test]
fn groups_belong_to_host_and_guest_and_names_differ() {
    for entry in functions() {
        let circuit = entry.example.parse::<Choice>().unwrap().build().unwrap();
        for input in circuit.inputs() {
            let prefix = if input.owner == Party::Garbler { "host_" } else { "guest_" };
            assert!(input.group.name.starts_with(prefix), "{}: {}", entry.name, input.group.name);
            assert_eq!((input.group.width, input.group.encoding), (64, Encoding::Uint));
        }
        for output in circuit.outputs() {
            let words = entry.words(&output.group.name);
            assert!(words.is_none_or(|words| words.len() <= 1 << output.group.width), "{}", entry.name);
        }
        assert_eq!(entry.words("host_value"), None);
    }
    let winner = function("maximum").unwrap().words("winner");
    assert_eq!(winner, Some(["tie", "host", "guest"].as_slice()));
    let winner = function("first-price-auction").unwrap().words("winner");
    assert_eq!(winner, Some(["tie", "host", "guest", "none"].as_slice()));
}

#[test]
fn scale_and_sign_are_those_of_the_settings() {
    let circuit = "maximum bits=20 signed scale=3".parse::<Choice>().unwrap().build().unwrap();
    let groups: Vec<_> =
        circuit.inputs().iter().map(|input| &input.group).chain([&circuit.outputs()[1].group]).collect();
    for group in groups {
        assert_eq!((group.width, group.encoding, group.scale), (20, Encoding::Int, 3), "{}", group.name);
    }
    let winner = &circuit.outputs()[0].group;
    assert_eq!((winner.width, winner.encoding, winner.scale), (2, Encoding::Uint, 0));
}

#[test]
fn texts_are_filled_in_and_brought_into_one_form() {
    for (text, expected) in [
        ("greater-than", "greater-than bits=64"),
        ("  greater-than   signed  bits=007 ", "greater-than bits=7 signed"),
        ("closest threshold=5 scale=2", "closest bits=64 scale=2 threshold=5.00"),
        ("closest threshold=0.50000 scale=2", "closest bits=64 scale=2 threshold=0.50"),
        ("closest threshold=0x10", "closest bits=64 threshold=16"),
        ("sum-against-limit bits=8 limit=510", "sum-against-limit bits=8 limit=510"),
        ("sum-against-limit bits=8 signed limit=-256", "sum-against-limit bits=8 signed limit=-256"),
        ("first-price-auction scale=0 reserve=00", "first-price-auction bits=64 reserve=0"),
        ("median count=05", "median bits=64 count=5"),
        (
            "risk-score bands=-0.0,01.50,2 guest-weights=factor1:1.0,b:2 host-weights=-0.250",
            "risk-score bits=64 host-weights=-0.25 guest-weights=1,b:2 bands=0,1.5,2",
        ),
    ] {
        assert_eq!(canonical(text), expected);
        assert_eq!(canonical(expected), expected, "once more");
    }
}

#[test]
fn wrong_settings_are_told_with_what_is_right() {
    for (text, expected) in [
        ("", "there is no function ``; the list of functions shows all names"),
        ("gretaer-than", "there is no function `gretaer-than`; did you mean `greater-than`?"),
        ("maximum bits=0", "bits=0: values are 1 to 4096 bits wide"),
        ("maximum bits=4097", "bits=4097: values are 1 to 4096 bits wide"),
        ("maximum bits=+8", "bits=+8: values are 1 to 4096 bits wide"),
        ("maximum bits=", "bits=: values are 1 to 4096 bits wide"),
        ("maximum scale=65", "scale=65: values have 0 to 64 digits behind the point"),
        ("maximum 64", "`64` is no setting; expected NAME=VALUE, or `signed`"),
        ("maximum signed=no", "`signed=no` is no setting; expected NAME=VALUE, or `signed`"),
        ("maximum bits=8 bits=8", "`bits` is set twice"),
        ("maximum limit=8", "`maximum` has no parameter `limit`; it has none"),
        ("sum-against-limit limti=8", "`sum-against-limit` has no parameter `limti`; did you mean `limit`?"),
        (
            "closest treshold=8 threshold=8",
            "`closest` has no parameter `treshold`; did you mean `threshold`?",
        ),
        ("median kount=8", "`median` has no parameter `kount`; did you mean `count`?"),
        ("median seed=8", "`median` has no parameter `seed`; it has `count`"),
        ("median", "`median` needs the parameter `count`: how many values each side has in a row"),
        ("median count=0", "count=0: expected how many values each side has, 1 to 256 at 64 bits"),
        (
            "median count=17 bits=4096",
            "count=17: expected how many values each side has, 1 to 16 at 4096 bits",
        ),
        ("median count=+3", "count=+3: expected how many values each side has, 1 to 256 at 64 bits"),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
    for (text, part) in [
        ("sum-against-limit bits=8 limit=512", "limit=512: the value of `limit` does not fit into 9 bits"),
        ("sum-against-limit scale=2 limit=1.005", "has more than 2 digits behind the point"),
        ("closest signed threshold=-1", "has a sign that does not belong there"),
        ("first-price-auction bits=8 reserve=256", "does not fit into 8 bits"),
    ] {
        assert!(message(text).contains(part), "{text}: {}", message(text));
    }
}

#[test]
fn wrong_weights_and_bands_are_told() {
    let score = |host: &str, guest: &str, bands: &str| {
        message(&format!("risk-score host-weights={host} guest-weights={guest} bands={bands}"))
    };
    for (host, part) in [
        ("", "weight 1 is none"),
        ("1,,2", "weight 2 is none"),
        ("0", "weight 1 is none"),
        ("0.0", "weight 1 is none"),
        ("1.2345678", "at most 9 digits before the point and 6 behind it"),
        ("1234567890", "weight 1 is none"),
        (".5", "weight 1 is none"),
        ("5.", "weight 1 is none"),
        ("Income:5", "weight 1 is none"),
        ("a:1,a:2", "two factors are called `a`"),
        ("factor2:1,3", "two factors are called `factor2`"),
        (&["1"; 33].join(","), "33 weights are more than the 32"),
    ] {
        assert!(score(host, "1", "1").contains(part), "{host}: {}", score(host, "1", "1"));
        assert!(score("1", host, "1").starts_with("guest-weights="), "{host}");
    }
    for (bands, part) in [
        ("", "expected the scores at which bands begin"),
        ("1,x", "expected the scores"),
        ("1,", "expected the scores"),
        ("2,1", "each band has to begin above the one before it"),
        ("1,1.0", "each band has to begin above the one before it"),
        ("1.5", "has digits behind a point"),
        (&"9".repeat(50), "does not fit"),
        (&["1"; 256].join(","), "257 bands are more than the 256"),
    ] {
        assert!(score("1", "1", bands).contains(part), "{bands}: {}", score("1", "1", bands));
    }
    assert!(
        score(&["1"; 17].join(","), "1", "1 bits=4096").contains("at 4096 bits a side may have 16 factors")
    );
}

#[test]
fn the_library_finds_functions_by_name_and_settings() {
    let circuit = library::find("closest threshold=5").unwrap();
    assert_eq!(circuit, "closest bits=64 threshold=5".parse::<Choice>().unwrap().build().unwrap());
    assert!(matches!(library::find("closest"), Err(LibraryError::Function(_))));
    let error = library::find("maximun").unwrap_err().to_string();
    assert_eq!(error, "the library has no circuit `maximun`; did you mean `maximum`?");
}
