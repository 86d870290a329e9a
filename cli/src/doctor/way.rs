//! The way to the host of an invite: as far as one side can go without the other's answer.

use std::time::{Duration, SystemTime};

use halfgate::channel::{Address, ChannelError, End, Identity, PROTOCOL_VERSION, Secured, Trust, dial};
use halfgate_meet::{Examined, Invite, Key, MeetError, MeetSettings};
use tokio::net::lookup_host;
use tokio::time::{Instant, timeout};

use super::{Finding, State};
use crate::human::{link, time};

pub(super) async fn examine(invite: &Invite, limit: Duration) -> Vec<Finding> {
    let mut findings = vec![of_invite(invite)];
    let key = match Key::generate() {
        Ok(key) => key,
        Err(error) => {
            findings.push(Finding::bad("TLS", error.to_string(), "check the randomness above"));
            return findings;
        }
    };
    let trust = Trust::Only(vec![invite.fingerprint]);
    for address in &invite.addresses {
        findings.extend(of_address(address, key.identity(), &trust, limit).await);
    }
    // A host that is another one, or is not reached, has been complained of already.
    if findings.iter().any(|finding| finding.subject == "TLS" && finding.state == State::Good) {
        let settings = MeetSettings::new(key.identity().clone(), Trust::Anyone);
        findings.extend(of_host(halfgate_meet::examine(invite, &settings, limit).await));
    }
    findings
}

/// What the host says when it is asked, which does not use the invite up.
fn of_host(examined: Result<Examined, MeetError>) -> Vec<Finding> {
    let examined = match examined {
        Ok(examined) => examined,
        Err(error) => {
            return vec![Finding::bad("host", error.to_string(), "ask the host what its screen says")];
        }
    };
    let release = examined.release.as_deref().unwrap_or("unknown").escape_debug().to_string();
    let version = if examined.protocol == Some(u64::from(PROTOCOL_VERSION)) {
        Finding::good("version", format!("the host runs halfgate {release}, which speaks the same protocol"))
    } else {
        let what = format!("the host runs halfgate {release}, which speaks another protocol");
        Finding::bad("version", what, "install the same version of halfgate on both sides")
    };
    vec![version, Finding::good("link", link(&examined.link))]
}

fn of_invite(invite: &Invite) -> Finding {
    let addresses: Vec<_> = invite.addresses.iter().map(Address::to_string).collect();
    let what = format!("{}, at {}", invite.function.escape_debug(), addresses.join(", "));
    match invite.check_expiry(SystemTime::now()) {
        Ok(()) => Finding::good("invite", what),
        Err(error) => {
            Finding::bad("invite", error.to_string(), "ask the host for another; check the clock above")
        }
    }
}

async fn of_address(address: &Address, identity: &Identity, trust: &Trust, limit: Duration) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Address::Tcp { host, port } = address {
        match timeout(limit, lookup_host((host.as_str(), *port))).await {
            Ok(Ok(found)) => {
                let found: Vec<_> = found.map(|found| found.ip().to_string()).collect();
                findings.push(Finding::good("name", format!("{host} is {}", found.join(", "))));
            }
            Ok(Err(error)) => {
                let next =
                    "check the spelling and this machine's name server, or ask the host for an IP address";
                findings.push(Finding::bad("name", format!("{host}: {error}"), next));
                return findings;
            }
            Err(_) => {
                let next = "check this machine's network and name server";
                findings.push(Finding::bad("name", format!("{host}: no answer"), next));
                return findings;
            }
        }
    }
    let began = Instant::now();
    let stream = match dial(address, limit).await {
        Ok(stream) => stream,
        Err(error) => {
            let next = "is the host still running? Ask it to check its port forwarding and firewall";
            findings.push(Finding::bad("reachability", error.to_string(), next));
            return findings;
        }
    };
    findings.push(Finding::good("reachability", format!("{address} answers in {}", time(began.elapsed()))));
    let began = Instant::now();
    findings.push(match Secured::establish(stream, End::Connecting, identity, trust, limit).await {
        Ok(_) => Finding::good(
            "TLS",
            format!("{address} is the host of the invite; it took {}", time(began.elapsed())),
        ),
        Err(error) => Finding::bad("TLS", error.to_string(), advice(&error)),
    });
    findings
}

fn advice(error: &ChannelError) -> &'static str {
    match error {
        ChannelError::Closed { .. } | ChannelError::Broken { .. } => {
            "something between the two ends connections: a firewall, or a port that leads to another program"
        }
        _ => {
            "the address leads to somebody else, or somebody sits between: ask the host for its fingerprint words"
        }
    }
}
