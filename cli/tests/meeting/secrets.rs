//! Tokens and values stay where they are.

use std::fs;

use crate::firms::{Firms, INVITE};

#[test]
fn neither_token_nor_values_are_in_arguments_or_messages() {
    let (ours, theirs) = ("123456789012", "998877665544");
    let firms = Firms::new(&format!("{ours}\n"), &format!("{theirs}\n"));
    let mut host = firms.host("closest --set threshold=7");
    let line = |id: u32| fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let mut arguments = line(host.id());
    let mut guest = firms.join("");
    guest.until_it_says("terms with");
    arguments += &line(guest.id());
    let environment = fs::read(format!("/proc/{}/environ", host.id())).unwrap_or_default();
    host.until_it_says("phase ");
    let invite = firms.host.read(INVITE).replace('\n', "");
    let sides = [host.wait(), guest.wait()];
    let told = [&sides[0].stderr, &sides[1].stderr, &sides[0].stdout, &sides[1].stdout];
    // The token is at the beginning of the text; any part of it that is long enough to be no accident counts.
    let token = &invite["HALFGATE1:".len()..][..32];
    let secrets = token.as_bytes().windows(12).map(|part| std::str::from_utf8(part).unwrap());
    for secret in secrets.chain([ours, theirs]) {
        assert!(!arguments.contains(secret) && !String::from_utf8_lossy(&environment).contains(secret));
        assert!(told.iter().all(|text| !text.contains(secret)), "{secret}: {sides:?}");
    }
    assert_eq!(sides.map(|done| done.code), [Some(0); 2]);
}
