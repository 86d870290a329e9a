//! The page of metrics: it can be read, and its figures add up.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use halfgate_meet::Key;

use crate::guest::Less;
use crate::server::{House, Server};

fn get(server: &mut Server, path: &str) -> (String, String) {
    let url = server.told("metrics at http://");
    let address = url.strip_suffix("/metrics").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// Waits until so many sessions are under way.
pub(crate) fn until_active(server: &mut Server, sessions: u64) {
    let since = Instant::now();
    let line = format!("halfgate_sessions_active {sessions}\n");
    while !get(server, "/metrics").1.contains(&line) {
        assert!(since.elapsed() < Duration::from_secs(60), "there are never {sessions} sessions");
        sleep(Duration::from_millis(5));
    }
}

/// Each sample and its value.
fn samples(page: &str) -> BTreeMap<String, f64> {
    assert!(page.ends_with("# EOF\n"), "{page}");
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("halfgate_"), "{line}");
        (name.to_owned(), value.parse().unwrap())
    };
    lines.map(sample).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_add_up() {
    let [guest, stranger] = std::array::from_fn(|_| Key::generate().unwrap());
    let house = House::new("10\n20\n", &[&guest]);
    let (mut server, less) = (house.serve("--metrics 0 --max-queries 3"), Less::new());
    for _ in 0..3 {
        less.ask(&guest, &server, &[11, 12]).await.unwrap();
    }
    for rows in [&[11, 12][..], &[1, 2, 3]] {
        assert!(less.ask(&guest, &server, rows).await.is_err());
    }
    assert!(less.ask(&stranger, &server, &[11, 12]).await.is_err());
    let (head, page) = loop {
        let (head, page) = get(&mut server, "/metrics");
        // The last session is over for the server a moment after it is for the guest, and a visit may be noted after its session.
        let visits = samples(&page).into_iter().filter(|(name, _)| name.starts_with("halfgate_visits_total"));
        let noted = visits.map(|(_, count)| count).sum::<f64>() == 6.0;
        if page.contains("halfgate_sessions_active 0") && page.contains("reason=\"not listed\"") && noted {
            break (head, page);
        }
    };
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/openmetrics-text"), "{head}");
    let samples = samples(&page);
    let expected = [
        ("sessions_total{peer=\"guest0\",outcome=\"completed\"}", 3.0),
        ("sessions_total{peer=\"guest0\",outcome=\"turned away\"}", 2.0),
        ("rows_total{peer=\"guest0\"}", 6.0),
        ("questions_total{peer=\"guest0\"}", 3.0),
        ("turned_away_total{limit=\"queries\"}", 2.0),
        ("refused_total{reason=\"not listed\"}", 1.0),
        ("visits_total{outcome=\"admitted\"}", 5.0),
        ("visits_total{outcome=\"refused\"}", 1.0),
        ("session_seconds_count", 3.0),
        ("session_seconds_bucket{le=\"+Inf\"}", 3.0),
    ];
    for (name, value) in expected {
        assert_eq!(samples.get(&format!("halfgate_{name}")), Some(&value), "{name} in {page}");
    }
    let printed: Vec<serde_json::Value> = {
        assert!(get(&mut server, "/").0.starts_with("HTTP/1.1 404"));
        server.stop().1.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    for direction in ["sent", "received"] {
        let sum: u64 = printed.iter().map(|line| line[format!("bytes_{direction}")].as_u64().unwrap()).sum();
        let shown = samples[&format!("halfgate_transferred_total{{direction=\"{direction}\"}}")];
        assert_eq!(sum as f64, shown);
    }
}
