//! Key files: what is made, and what is said of files that are not.
#![cfg(test)]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use halfgate_meet::{CertificateFiles, Certified, Key, KeyError, Overwrite};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_key_comes_back_from_its_file_which_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let key = Key::generate().unwrap();
    key.save(&path, Overwrite::No).unwrap();
    assert_eq!(mode(&path), 0o600);
    let loaded = Key::load(&path).unwrap();
    assert_eq!(loaded.value.fingerprint(), key.fingerprint());
    assert_eq!(loaded.warning, None);
    let copy = folder.path().join("copy.pem");
    loaded.value.save(&copy, Overwrite::No).unwrap();
    assert_eq!(fs::read(&path).unwrap(), fs::read(&copy).unwrap());
}

#[test]
fn a_key_is_written_over_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let (old, new) = (Key::generate().unwrap(), Key::generate().unwrap());
    assert_ne!(old.fingerprint(), new.fingerprint());
    old.save(&path, Overwrite::No).unwrap();
    let error = new.save(&path, Overwrite::No).unwrap_err();
    assert!(matches!(error, KeyError::Unwritable { .. }), "{error}");
    assert_eq!(Key::load(&path).unwrap().value.fingerprint(), old.fingerprint());
    new.save(&path, Overwrite::Yes).unwrap();
    assert_eq!(Key::load(&path).unwrap().value.fingerprint(), new.fingerprint());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_file_that_others_can_read_draws_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    Key::generate().unwrap().save(&path, Overwrite::No).unwrap();
    for exposed in [0o644, 0o640, 0o604] {
        fs::set_permissions(&path, fs::Permissions::from_mode(exposed)).unwrap();
        let warning = Key::load(&path).unwrap().warning.expect("others can read it").to_string();
        assert!(warning.contains("key.pem") && warning.contains(&format!("{exposed:04o}")), "{warning}");
    }
}

#[test]
fn certificates_say_nothing_about_their_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    Key::generate().unwrap().save(&path, Overwrite::No).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let labels: Vec<&str> = text.lines().filter(|line| line.starts_with("-----BEGIN")).collect();
    assert_eq!(labels, ["-----BEGIN PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----"]);
    let certificate = text.split("-----BEGIN CERTIFICATE-----").nth(1).unwrap();
    let base64: String = certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = data_encoding::BASE64.decode(base64.as_bytes()).unwrap();
    let names = der.windows(8).filter(|window| window == b"halfgate").count();
    // Issuer and subject; with the common name's identifier and nothing else in them.
    assert_eq!(names, 2);
    assert_eq!(der.windows(3).filter(|window| window == &[0x55, 0x04, 0x03]).count(), 2);
    assert!(!der.windows(3).any(|name| matches!(name, [0x55, 0x04, 4..=11])));
}

#[test]
fn what_is_no_key_is_named_with_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let text = || Key::load(&path).err().unwrap().to_string();
    assert!(text().contains("cannot be read"));
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    Key::generate().unwrap().save(&a, Overwrite::No).unwrap();
    Key::generate().unwrap().save(&b, Overwrite::No).unwrap();
    let (a, b) = (fs::read_to_string(&a).unwrap(), fs::read_to_string(&b).unwrap());
    let split = |text: &str| text.find("-----BEGIN CERT").unwrap();
    let cases = [
        String::new(),
        "hello".to_owned(),
        a[..split(&a)].to_owned(),
        a[split(&a)..].to_owned(),
        // The key of one with the certificate of the other.
        [&a[..split(&a)], &b[split(&b)..]].concat(),
        a.replace("MI", "!!"),
    ];
    for case in cases {
        fs::write(&path, &case).unwrap();
        let error = text();
        assert!(error.contains("key.pem") && error.contains("halfgate key new"), "{case}: {error}");
    }
    fs::write(&path, vec![b' '; (1 << 20) + 1]).unwrap();
    assert!(text().contains("cannot be read"));
}

#[test]
fn the_files_of_a_firm() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let key = Key::generate().unwrap();
    key.save(&at("both.pem"), Overwrite::No).unwrap();
    fs::write(at("empty.pem"), "").unwrap();
    let (both, empty) = (at("both.pem"), at("empty.pem"));
    let files = CertificateFiles { certificate: &both, key: &both, authorities: &both, peer_name: None };
    assert_eq!(Certified::load(&files).unwrap().value.identity.fingerprint(), key.fingerprint());
    let wrong = |files: CertificateFiles<'_>| Certified::load(&files).err().unwrap().to_string();
    assert!(wrong(CertificateFiles { authorities: &empty, ..files }).contains("certificates of authorities"));
    assert!(wrong(CertificateFiles { key: &empty, ..files }).contains("empty.pem"));
    assert!(wrong(CertificateFiles { peer_name: Some("no name"), ..files }).contains("both.pem"));
}
