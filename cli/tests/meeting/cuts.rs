//! Connections that are lost, and come back or not.

use std::fmt::Write;
use std::thread::sleep;
use std::time::Duration;

use crate::firms::{Firms, assert_end};
use crate::relay::{Relay, Treatment};

/// Tables of so many rows, and what the maximum of both is.
fn tables(rows: u64) -> (Firms, String) {
    let value = |row: u64, of: u64| row.wrapping_mul(of) >> 1;
    let (mut host, mut guest) = (String::new(), String::new());
    let mut maximum = "winner,maximum\n".to_owned();
    for row in 1..=rows {
        let (ours, theirs) = (value(row, 0x9e37_79b9_7f4a_7c15), value(row, 0xc2b2_ae3d_27d4_eb4f));
        writeln!(host, "{ours}").unwrap();
        writeln!(guest, "{theirs}").unwrap();
        let winner = if ours > theirs { "host" } else { "guest" };
        writeln!(maximum, "{winner},{}", ours.max(theirs)).unwrap();
    }
    (Firms::new(&host, &guest), maximum)
}

#[test]
fn a_run_goes_on_over_many_cuts_and_gives_the_same() {
    for (garbler, seed, rows, mode) in
        [("host", 7, 3000, "semi-honest"), ("guest", 11, 3000, "semi-honest"), ("guest", 3, 500, "malicious")]
    {
        let (firms, expected) = tables(rows);
        let mode = format!("--security {mode} --threads 1");
        let mut host = firms.host(&format!("maximum --garbler {garbler} {mode}"));
        // The first connection has to last until the two have met.
        let cut = move |number: usize| match number {
            0 => 200_000,
            // Pauses grow while connections do not last, so they are few and long.
            _ => 1_500_000 + (number * 791_900 * seed) % 3_000_000,
        };
        let relay = Relay::start(&host.address(), move |number| Treatment {
            cut_after: Some(cut(number)),
            ..Treatment::default()
        });
        let guest = firms.join(&format!("--connect {} {mode}", relay.address)).wait();
        let host = host.wait();
        assert!(relay.connections() > 4, "{}", relay.connections());
        for done in [&host, &guest] {
            assert_end(done, 0, "the connection was lost (");
            assert_end(done, 0, "the connection is back");
            assert_eq!(done.stdout, expected);
            assert!(done.peak < 1 << 29, "{}", done.peak);
        }
    }
}

#[test]
fn a_peer_that_does_not_come_back_is_given_up() {
    let (firms, _) = tables(3000);
    let mut host = firms.host("maximum --reconnect 2s");
    let relay = Relay::start(&host.address(), |_| Treatment::default());
    let mut guest = firms.join(&format!("--connect {} --reconnect 2s", relay.address));
    guest.until_it_says("terms with");
    sleep(Duration::from_millis(50));
    relay.close();
    host.until_it_says("the connection was lost (");
    for done in [host.wait(), guest.wait()] {
        assert_end(&done, 13, "error: ");
        assert!(done.took < Duration::from_secs(30), "{:?}", done.took);
    }
}
