//! Peers that know each other's keys, or each other's authority.

use halfgate::channel::{Authorities, Category, ChannelError, Identity, Kind, TlsError, Trust};
use halfgate_meet::{Credential, MeetError, MeetSettings, Refusal, Tally, approach};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::task::JoinSet;

use crate::house::{Host, SOON, assert_connected, error_of, somebody};

fn pinning(host: &Host, guest: MeetSettings) -> MeetSettings {
    MeetSettings { trust: Trust::Only(vec![host.fingerprint()]), ..guest }
}

#[tokio::test]
async fn a_listed_key_is_let_in_again_and_again() {
    let mut host = Host::new().await;
    let guest = pinning(&host, somebody());
    host.reception.admission().add_key(guest.identity.fingerprint());
    for _ in 0..2 {
        let addresses = [host.address().clone()];
        let (arrival, meeting) =
            tokio::join!(host.reception.next(), approach(&addresses, Credential::Key, &guest, SOON));
        let (mut arrival, mut meeting) = (arrival, meeting.unwrap());
        assert_connected(&mut arrival, &mut meeting).await;
        assert_eq!(arrival.ticket.invite(), None);
        // Their certificates may say what they like; nobody vouches for it.
        assert!(arrival.names.is_empty() && meeting.names.is_empty());
        arrival.ticket.spend();
    }
    host.reception.admission().remove_key(&guest.identity.fingerprint());
    assert_not_listed(&host, &guest).await;
}

async fn assert_not_listed(host: &Host, guest: &MeetSettings) {
    let addresses = [host.address().clone()];
    let error = error_of(approach(&addresses, Credential::Key, guest, SOON).await);
    assert!(matches!(error, MeetError::Refused { refusal: Refusal::NotListed, .. }), "{error}");
    assert_eq!(error.category(), Category::Identity);
}

#[tokio::test]
async fn a_key_that_is_not_listed_stays_out() {
    let host = Host::new().await;
    host.reception.admission().add_key(somebody().identity.fingerprint());
    assert_not_listed(&host, &pinning(&host, somebody())).await;
}

#[tokio::test]
async fn where_tls_asks_for_nobody_in_particular_nobody_is_let_in_by_it() {
    let host = Host::new().await;
    host.reception.admission().add_all_authenticated();
    assert_not_listed(&host, &pinning(&host, somebody())).await;
}

#[tokio::test]
async fn a_guest_that_would_take_anybody_for_the_host_does_not_go() {
    let mut host = Host::new().await;
    let mut visits = host.reception.visits().unwrap();
    let error = error_of(approach(&[host.address().clone()], Credential::Key, &somebody(), SOON).await);
    assert!(matches!(error, MeetError::TrustsAnyone), "{error}");
    assert!(visits.try_recv().is_err());
}

/// As a server with many clients sees it.
#[tokio::test]
async fn two_hundred_guests_at_once() {
    let patient = |settings| MeetSettings { handshake: 6 * SOON, ..settings };
    let mut host = Host::with(patient(somebody())).await;
    let mut guests = JoinSet::new();
    for _ in 0..200 {
        let (guest, addresses) = (patient(pinning(&host, somebody())), [host.address().clone()]);
        host.reception.admission().add_key(guest.identity.fingerprint());
        guests.spawn(async move {
            approach(&addresses, Credential::Key, &guest, 6 * SOON).await.map(|m| m.channel)
        });
    }
    let mut arrivals = Vec::new();
    while arrivals.len() < 200 {
        arrivals.push(host.reception.next().await.channel);
    }
    for guest in guests.join_all().await {
        guest.unwrap().send(Kind::Probe, vec![1]).await.unwrap();
    }
    assert_eq!(host.reception.tally(), Tally { admitted: 200, ..Tally::default() });
}

/// An authority, and those whom it has certified.
struct Firm(CertifiedIssuer<'static, KeyPair>);

impl Firm {
    fn new(name: &str) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Firm(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    fn member(&self, name: &str, peer: Option<&str>) -> MeetSettings {
        let pair = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&pair, &self.0).unwrap();
        let identity =
            Identity::from_pem(certificate.pem().as_bytes(), pair.serialize_pem().as_bytes()).unwrap();
        let authorities = Authorities::from_pem(self.0.pem().as_bytes(), peer).unwrap();
        MeetSettings::new(identity, Trust::Authorities(authorities))
    }
}

#[tokio::test]
async fn firms_meet_by_their_authority() {
    let firm = Firm::new("an authority");
    let mut host = Host::with(firm.member("host.example", None)).await;
    host.reception.admission().add_all_authenticated();
    let guest = firm.member("guest.example", Some("host.example"));
    let addresses = [host.address().clone()];
    let (arrival, meeting) =
        tokio::join!(host.reception.next(), approach(&addresses, Credential::Key, &guest, SOON));
    let (mut arrival, mut meeting) = (arrival, meeting.unwrap());
    assert_connected(&mut arrival, &mut meeting).await;
    assert_eq!((arrival.names, meeting.names), (vec!["guest.example".into()], vec!["host.example".into()]));
}

#[tokio::test]
async fn one_whom_the_authority_does_not_know_stays_out() {
    let firm = Firm::new("an authority");
    let host = Host::with(firm.member("host.example", None)).await;
    host.reception.admission().add_all_authenticated();
    let addresses = [host.address().clone()];
    for stranger in [
        pinning(&host, somebody()),
        pinning(&host, Firm::new("another authority").member("guest.example", None)),
    ] {
        let error = error_of(approach(&addresses, Credential::Key, &stranger, SOON).await);
        assert!(matches!(error, MeetError::Channel(ChannelError::Tls(TlsError::Refused { .. }))), "{error}");
        assert_eq!(error.category(), Category::Identity);
    }
}

#[tokio::test]
async fn a_host_by_another_name_is_not_the_host() {
    let firm = Firm::new("an authority");
    let host = Host::with(firm.member("other.example", None)).await;
    let guest = firm.member("guest.example", Some("host.example"));
    let error = error_of(approach(&[host.address().clone()], Credential::Key, &guest, SOON).await);
    assert!(matches!(error, MeetError::Channel(ChannelError::Tls(TlsError::Untrusted { .. }))), "{error}");
    assert_eq!(error.category(), Category::Identity);
}
