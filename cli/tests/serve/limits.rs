//! Who is served, how much, and how often.

use halfgate_meet::Key;

use crate::guest::{Less, SOON, arrive, why};
use crate::metrics::until_active;
use crate::server::{House, Server};

fn keys<const N: usize>() -> [Key; N] {
    std::array::from_fn(|_| Key::generate().unwrap())
}

#[test]
fn a_guest_joins_with_the_command_and_a_stranger_hears_why_not() {
    for mode in ["semi-honest", "malicious"] {
        serve_in(mode);
    }
}

fn serve_in(mode: &'static str) {
    let [guest, stranger] = keys();
    let mut house = House::new("10\n20\n", &[&guest]);
    house.mode = mode;
    let server = house.serve("");
    let (code, stdout, stderr) = house.join(&guest, &server, "11\n20\n");
    assert_eq!((code, stdout.as_str()), (Some(0), "1\n0\n"), "{stderr}");
    let (code, stdout, stderr) = house.join(&stranger, &server, "11\n20\n");
    assert_eq!((code, stdout.as_str()), (Some(11), ""), "{stderr}");
    assert!(stderr.contains("does not know this side's key"), "{stderr}");
    let (code, _, stderr) = house.join(&guest, &server, "11\n");
    assert!(code == Some(12) && stderr.contains("disagree on lanes: 1 here, 2 at the peer"), "{stderr}");
    let (code, stdout) = server.stop();
    let lines: Vec<serde_json::Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, lines.len()), (Some(0), 1));
    assert_eq!((&lines[0]["peer"], &lines[0]["rows"]), (&"guest0".into(), &2.into()));
    assert_eq!(lines[0]["outputs"][0]["values"], serde_json::json!(["1", "0"]));
}

#[test]
fn questions_are_spent_and_a_restart_does_not_forget() {
    let [guest, other] = keys();
    let house = House::new("10\n", &[&guest, &other]);
    let mut server = house.serve("--max-queries 2 --state asked");
    server.until_it_says("each guest may ask 2 times in all");
    let ask = |key: &Key, server: &Server| house.join(key, server, "11\n");
    assert_eq!(ask(&guest, &server).0, Some(0));
    assert_eq!(server.stop().0, Some(0));
    let server = house.serve("--max-queries 2 --state asked");
    assert_eq!(ask(&guest, &server).0, Some(0));
    let (code, stdout, stderr) = ask(&guest, &server);
    assert_eq!((code, stdout.as_str()), (Some(12), ""), "{stderr}");
    assert!(stderr.contains("it answers 2 questions of one peer about the same data"), "{stderr}");
    assert_eq!(ask(&other, &server).0, Some(0));
    drop(server);
    // The counts belong to the data.
    house.write("input.csv", "12\n");
    let mut server = house.start("--max-queries 2 --state asked");
    server.until_it_says("these questions were about another function or other data");
    assert_eq!(server.end().0, Some(10));
}

#[tokio::test]
async fn with_one_row_for_all_each_row_is_a_question() {
    let [guest] = keys();
    let house = House::new("10\n", &[&guest]);
    let (server, less) = (house.serve("--broadcast --max-rows 4 --max-queries 5"), Less::new());
    assert_eq!(less.ask(&guest, &server, &[9, 10, 11, 12]).await.unwrap(), [0, 0, 1, 1]);
    let refused = why(less.ask(&guest, &server, &[1, 2, 3, 4, 5]).await);
    assert!(refused.contains("it takes 4 rows in one session"), "{refused}");
    let refused = why(less.ask(&guest, &server, &[1, 2]).await);
    assert!(refused.contains("it answers 5 questions"), "{refused}");
    assert_eq!(less.ask(&guest, &server, &[11]).await.unwrap(), [1]);
}

#[tokio::test]
async fn rates_and_places_are_kept() {
    let [guest, other] = keys();
    let house = House::new("10\n", &[&guest, &other]);
    let less = Less::new();
    let server = house.serve("--rate 2/1h --max-queries 100");
    for _ in 0..2 {
        assert_eq!(less.ask(&guest, &server, &[11]).await.unwrap(), [1]);
    }
    let refused = why(less.ask(&guest, &server, &[11]).await);
    assert!(refused.contains("comes too often; try again in 1"), "{refused}");
    assert_eq!(less.ask(&other, &server, &[11]).await.unwrap(), [1]);

    let mut server = house.serve("--max-sessions-per-peer 1 --max-sessions 1 --metrics 0");
    let idle = arrive(&guest, &server).await.unwrap();
    until_active(&mut server, 1);
    let refused = [why(less.ask(&guest, &server, &[11]).await), why(less.ask(&other, &server, &[11]).await)];
    assert!(refused.iter().all(|why| why.contains("all of its 1 places are taken")), "{refused:?}");
    drop(idle);
    let again = async {
        while less.ask(&other, &server, &[11]).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, again).await.expect("the place is free again");
}

#[test]
fn guests_come_and_go_with_the_peers_file() {
    let [first, second] = keys();
    let house = House::new("10\n", &[&first]);
    let mut server = house.serve("");
    assert_eq!(house.join(&second, &server, "11\n").0, Some(11));
    house.write("peers", &format!("late {}\n", second.fingerprint()));
    server.signal("-HUP");
    server.until_it_says("may come: late");
    assert_eq!(house.join(&second, &server, "11\n").0, Some(0));
    assert_eq!(house.join(&first, &server, "11\n").0, Some(11));
    house.write("peers", "what is this\n");
    server.signal("-HUP");
    server.until_it_says("the guests stay as they are");
    assert_eq!(house.join(&second, &server, "11\n").0, Some(0));
}

#[test]
fn what_a_server_lacks_is_said_at_once() {
    let house = House::new("10\n20\n", &[]);
    let mut server = house.start("--broadcast");
    server.until_it_says("--broadcast takes an input of exactly one row");
    assert_eq!(server.end().0, Some(2));
    std::fs::remove_file(house.path("key.pem")).unwrap();
    let mut server = house.start("");
    server.until_it_says("make one with `halfgate key new`");
    assert_eq!(server.end().0, Some(2));
}
