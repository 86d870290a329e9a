//! Invites as text and as files: what comes back, and what is said of damage.
#![cfg(test)]

use std::{fs, os::unix::fs::PermissionsExt, time::Duration, time::SystemTime};

use halfgate::{
    Entropy,
    channel::{Agreement, Fingerprint},
};
use halfgate_meet::{Invite, InviteError, Seat, Token, expiry};
use proptest::prelude::*;

fn invite(addresses: &[&str], function: &str) -> Invite {
    Invite {
        addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
        fingerprint: Fingerprint([0xf1; 32]),
        token: Token::fresh(&mut Entropy::fixed(7)),
        function: function.to_owned(),
        circuit: [0xc1; 32],
        terms: Agreement::new().with("rows", 12).with("reveal", "to both").with("order", [3; 32]),
        expires: 1_800_000_000,
        garbler: Seat::Guest,
    }
}

fn usual() -> Invite {
    invite(&["host.example:7000", "[2001:db8::1]:7000"], "greater-than --bits 64")
}

fn text_of(invite: &Invite) -> String {
    invite.to_text().unwrap().to_string()
}

fn error_of(text: &str) -> InviteError {
    match Invite::parse(text) {
        Ok(_) => panic!("it was understood: {text}"),
        Err(error) => error,
    }
}

fn assert_same(a: &Invite, b: &Invite) {
    assert_eq!((&a.addresses, &a.function, &a.terms), (&b.addresses, &b.function, &b.terms));
    assert_eq!((a.fingerprint, a.token.id(), a.circuit), (b.fingerprint, b.token.id(), b.circuit));
    assert_eq!((a.expires, a.garbler), (b.expires, b.garbler));
}

#[test]
fn an_invite_comes_back_as_it_was() {
    let invite = usual();
    let text = text_of(&invite);
    assert!(text.lines().all(|line| line.len() <= 64), "{text}");
    assert!(text.starts_with("HALFGATE1:"));
    assert_same(&Invite::parse(&text).unwrap(), &invite);
}

/// The text of version 1 does not change: invites travel between builds.
#[test]
fn the_text_is_pinned() {
    let text = text_of(&invite(&["a:1"], "f"));
    assert_eq!(blake3::hash(text.as_bytes()).to_hex().as_str(), PINNED, "{text}");
}

const PINNED: &str = "44b6e6a14796da6244ca3ccae1870fac55194dcdffc8b8109eab53f17477cc11";

#[test]
fn mail_does_no_harm() {
    let invite = usual();
    let text = text_of(&invite);
    let one_line = text.replace('\n', "");
    let quoted: String = text.lines().map(|line| format!("> > {line}\r\n")).collect();
    let broken: String = one_line
        .chars()
        .enumerate()
        .map(|(i, c)| if i > 12 && i % 20 == 0 { format!("\n {c}") } else { c.to_string() })
        .collect();
    let cases = [
        one_line.clone(),
        one_line.to_lowercase(),
        format!("\u{feff}“{one_line}”."),
        format!("'{text}'"),
        format!("Dear Bob,\r\n\r\nhere it is (halfgate is great):\r\n\r\n{quoted}\r\n-- \r\nAnn"),
        broken,
        one_line.replace("A", "A\u{200b}").replace("\u{200b}LFG", "LFG"),
        text.replace('\n', "\u{a0}\t"),
    ];
    for text in cases {
        assert_same(&Invite::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}")), &invite);
    }
}

#[test]
fn damage_is_named() {
    let text = text_of(&usual()).replace('\n', "");
    let cut = error_of(&text[..text.len() - 30]);
    assert!(matches!(cut, InviteError::Truncated { expected, got } if expected == got + 30), "{cut}");
    assert!(matches!(error_of("HALFGATE1:A"), InviteError::Truncated { .. }));
    assert!(matches!(error_of(&format!("{text}A")), InviteError::Altered { .. }));
    assert!(matches!(error_of(&text.replace("HALFGATE1", "HALFGATE2")), InviteError::Newer { version: 2 }));
    assert!(matches!(error_of(&text.replace("HALFGATE1", "HALFGATE30")), InviteError::Newer { version: 30 }));
    for other in ["", "hello", "HALFGATE", "HALFGATE1", "HALFGATE:AAAA", "HALFGATE0:AAAA", &text[10..]] {
        assert!(matches!(error_of(other), InviteError::NotAnInvite), "{other}");
    }
}

#[test]
fn what_does_not_fit_is_refused_when_written() {
    let address = "a:1";
    assert!(matches!(invite(&[], "f").to_text(), Err(InviteError::NoAddress)));
    assert!(matches!(invite(&[address; 9], "f").to_text(), Err(InviteError::TooMuch { count: 9, .. })));
    assert!(invite(&[address; 8], &"f".repeat(1024)).to_text().is_ok());
    assert!(matches!(invite(&[address], &"f".repeat(1025)).to_text(), Err(InviteError::TooMuch { .. })));
    let mut wordy = usual();
    for term in 0..9 {
        wordy.terms = wordy.terms.with(&format!("term {term}"), "x".repeat(1000).as_str());
    }
    assert!(matches!(wordy.to_text(), Err(InviteError::TooMuch { .. })));
}

#[test]
fn files_are_private_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("invite.txt");
    usual().write(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_same(&Invite::load(&path).unwrap(), &usual());
    let error = usual().write(&path).unwrap_err().to_string();
    assert!(error.contains("never written over"), "{error}");
    fs::write(&path, "hello").unwrap();
    let error = Invite::load(&path).err().unwrap().to_string();
    assert!(error.contains("invite.txt: this is no invite"), "{error}");
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(Invite::load(&path), Err(InviteError::InFile { .. })));
    fs::write(&path, vec![b' '; (1 << 20) + 1]).unwrap();
    assert!(matches!(Invite::load(&path), Err(InviteError::Unreadable { .. })));
}

#[test]
fn time_runs_out() {
    let (now, hour) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000), Duration::from_secs(3600));
    let mut invite = usual();
    invite.expires = expiry(now, hour);
    assert!(invite.check_expiry(now + hour - Duration::from_millis(1)).is_ok());
    let error = invite.check_expiry(now + hour + Duration::from_secs(90)).unwrap_err();
    assert!(error.to_string().contains("expired 1m 30s ago"), "{error}");
    invite.expires = u64::MAX;
    assert!(invite.check_expiry(now).is_ok());
}

#[test]
fn a_short_invite_fits_a_terminal() {
    let invite = usual();
    let image =
        invite.to_qr(80).unwrap().expect("an invite of usual length is a code of less than 80 columns");
    let width = image.lines().next().unwrap().chars().count();
    assert!(width <= 80 && image.lines().all(|line| line.chars().count() == width));
    assert!(invite.to_qr(width - 1).unwrap().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_changed_character_is_found(place: prop::sample::Index, other in "[ -~äß→]") {
        let text = text_of(&usual()).replace('\n', "");
        let place = place.index(text.len());
        let original = &text[place..=place];
        prop_assume!(!other.eq_ignore_ascii_case(original));
        let changed = [&text[..place], &other, &text[place + 1..]].concat();
        prop_assert!(Invite::parse(&changed).is_err(), "{place}: {original} became {other}");
    }

    #[test]
    fn any_two_swapped_characters_are_found(a: prop::sample::Index, b: prop::sample::Index) {
        let mut text = text_of(&usual()).replace('\n', "").into_bytes();
        let (a, b) = (a.index(text.len()), b.index(text.len()));
        prop_assume!(text[a] != text[b]);
        text.swap(a, b);
        prop_assert!(Invite::parse(std::str::from_utf8(&text).unwrap()).is_err());
    }

    #[test]
    fn arbitrary_text_is_refused(text: String) {
        prop_assert!(Invite::parse(&text).is_err());
    }

    #[test]
    fn arbitrary_characters_behind_the_mark_are_refused(text in "HALFGATE1:[A-Z2-7 >\n]{0,400}") {
        prop_assert!(Invite::parse(&text).is_err());
    }

    #[test]
    fn every_invite_comes_back(
        hosts in prop::collection::vec(("[a-z0-9.-]{1,40}", any::<u16>()), 1..=8),
        function in ".{0,200}",
        circuit: [u8; 32],
        fingerprint: [u8; 32],
        expires: u64,
        guest: bool,
        rows: u64,
        seed: u64,
    ) {
        let invite = Invite {
            addresses: hosts.into_iter().map(|(host, port)| format!("{host}:{port}").parse().unwrap()).collect(),
            fingerprint: Fingerprint(fingerprint),
            token: Token::fresh(&mut Entropy::fixed(seed)),
            function,
            circuit,
            terms: Agreement::new().with("rows", rows),
            expires,
            garbler: if guest { Seat::Guest } else { Seat::Host },
        };
        assert_same(&Invite::parse(&text_of(&invite)).unwrap(), &invite);
    }
}

/// Every place, exhaustively: a lost character is found wherever it was.
#[test]
fn any_lost_character_is_found() {
    let text = text_of(&usual()).replace('\n', "");
    for place in 0..text.len() {
        let lost = [&text[..place], &text[place + 1..]].concat();
        assert!(Invite::parse(&lost).is_err(), "at {place}");
        // Text before the mark does no harm, not even an H.
        let doubled = [&text[..=place.max(1)], &text[place.max(1)..]].concat();
        assert!(Invite::parse(&doubled).is_err(), "at {place}");
    }
}
