//! Firms with certificates of their own authorities.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::firms::{Firms, assert_both, assert_end, expose};
use crate::process::{Done, Folder, free_address};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    /// Puts a certificate for a name into a folder, its key, and this authority as the peer's.
    fn equip(&self, folder: &Folder, name: &str, trusted: &Authority) {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        folder.write("cert.pem", &certificate.pem());
        folder.write("own.pem", &key.serialize_pem());
        folder.write("ca.pem", &trusted.0.pem());
    }
}

const PKI: &str = "--tls-cert cert.pem --tls-key own.pem --tls-ca ca.pem --input in.csv --yes";

/// Both sides, the host with a limit on its patience.
fn meet(firms: &Firms, host: &str, guest: &str) -> [Done; 2] {
    let address = free_address();
    let host =
        firms.host.start(&format!("host equality {PKI} --listen {address} --connect-timeout 4s {host}"));
    let guest =
        firms.guest.run(&format!("join equality {PKI} --connect {address} --connect-timeout 3s {guest}"));
    [host.wait(), guest]
}

fn firms() -> Firms {
    Firms::new("5\n", "5\n")
}

#[test]
fn certificates_of_the_right_authorities_need_no_invite() {
    let (bank, shop) = (Authority::new("bank"), Authority::new("shop"));
    let firms = firms();
    bank.equip(&firms.host, "bank.example", &shop);
    shop.equip(&firms.guest, "shop.example", &bank);
    expose(&firms.host, "own.pem");
    let sides = meet(&firms, "--peer-name shop.example", "--peer-name bank.example");
    assert_both(&sides, "equal\nyes\n");
    assert!(
        sides[0].stderr.contains("own.pem holds a secret and can be read by others"),
        "{}",
        sides[0].stderr
    );
}

#[test]
fn another_authority_is_refused() {
    let (bank, shop, other) = (Authority::new("bank"), Authority::new("shop"), Authority::new("other"));
    // The guest does not trust the host's authority, then the host not the guest's.
    for (hosts_trust, guests_trust) in [(&shop, &other), (&other, &bank)] {
        let firms = firms();
        bank.equip(&firms.host, "bank.example", hosts_trust);
        shop.equip(&firms.guest, "shop.example", guests_trust);
        let [host, guest] = meet(&firms, "", "");
        assert_end(&guest, 11, "error: ");
        // Whoever it was, the host goes on waiting for the right one.
        assert_end(&host, 13, "somebody at 127.0.0.1:");
    }
}

#[test]
fn another_name_is_refused() {
    let bank = Authority::new("bank");
    for (host, guest) in [("", "--peer-name other.example"), ("--peer-name other.example", "")] {
        let firms = firms();
        bank.equip(&firms.host, "bank.example", &bank);
        bank.equip(&firms.guest, "shop.example", &bank);
        let [host, guest] = meet(&firms, host, guest);
        assert_end(&guest, 11, "error: ");
        assert_end(&host, 13, "somebody at 127.0.0.1:");
    }
}

#[test]
fn a_key_of_another_certificate_is_found_out_before_contact() {
    let bank = Authority::new("bank");
    let firms = firms();
    bank.equip(&firms.host, "bank.example", &bank);
    firms.host.write("own.pem", &KeyPair::generate().unwrap().serialize_pem());
    let done = firms.host.run(&format!("host equality {PKI} --listen 127.0.0.1:0"));
    assert_end(&done, 2, "own.pem");
}
