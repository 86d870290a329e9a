//! Real connections: TCP and Unix sockets, listening, dialling, and the last words of a session.

use std::{io::ErrorKind, time::Duration};

use halfgate_channel::{
    Address, Agreement, Blame, Category, Channel, ChannelError, Kind, Length, Limits, Listener, MAX_FRAME,
    QUEUE, Role, Stream, dial, handshake,
};
use halfgate_crypto::Entropy;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// A test that hangs should not hang for long.
fn limits() -> Limits {
    Limits { idle: PATIENCE, ..Limits::default() }
}

fn any_port() -> Address {
    Address::Tcp { host: "127.0.0.1".into(), port: 0 }
}

fn socket_in(folder: &tempfile::TempDir) -> Address {
    Address::Unix(folder.path().join("socket"))
}

/// A listener's end and a dialler's end of one connection.
async fn connect(address: &Address) -> Result<(Channel, Channel), ChannelError> {
    let listener = Listener::bind(address).await?;
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
    Ok((accepted?.open(limits()), dialled?.open(limits())))
}

/// A whole session with large messages in both directions at once.
async fn session(mut channel: Channel, role: Role, lanes: u64) -> Result<Agreement, ChannelError> {
    let mut random = Entropy::from_os().expect("the operating system has randomness");
    let agreed = handshake(&mut channel, role, Agreement::new().with("lanes", lanes), &mut random).await?;
    for i in 0..2 * QUEUE {
        if i >= QUEUE {
            let rows = channel.receive(Kind::Rows, Length::Exactly(MAX_FRAME)).await?;
            assert!(rows.iter().all(|byte| *byte == 7));
            channel.recycle(rows);
        }
        let mut rows = channel.take_buffer();
        rows.resize(MAX_FRAME, 7);
        channel.send(Kind::Rows, rows).await?;
    }
    for _ in 0..QUEUE {
        channel.receive(Kind::Rows, Length::Exactly(MAX_FRAME)).await?;
    }
    let meter = channel.finish().await?;
    assert_eq!(meter.sent, meter.received);
    Ok(agreed.agreement)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_run_over_tcp_and_unix_sockets() {
    let folder = tempfile::tempdir().unwrap();
    for address in [any_port(), socket_in(&folder)] {
        let (left, right) = connect(&address).await.unwrap();
        let (left, right) =
            tokio::join!(session(left, Role::Garbler, 5), tokio::spawn(session(right, Role::Evaluator, 5)));
        assert_eq!(left.unwrap(), right.unwrap().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_see_why_they_disagree_and_not_a_reset() {
    let folder = tempfile::tempdir().unwrap();
    for address in [any_port(), socket_in(&folder)] {
        for _ in 0..50 {
            let (left, right) = connect(&address).await.unwrap();
            let start = Instant::now();
            let (left, right) = tokio::join!(
                session(left, Role::Garbler, 5),
                tokio::spawn(session(right, Role::Evaluator, 6))
            );
            for outcome in [left, right.unwrap()] {
                assert!(matches!(outcome, Err(ChannelError::Mismatch(_))), "{outcome:?}");
            }
            assert!(start.elapsed() < Limits::default().linger, "neither side waits for the other in vain");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abort_gets_through_to_a_side_in_full_flow() {
    let folder = tempfile::tempdir().unwrap();
    for address in [any_port(), socket_in(&folder)] {
        let (mut left, mut right) = connect(&address).await.unwrap();
        let flow = tokio::spawn(async move {
            loop {
                let mut rows = left.take_buffer();
                rows.resize(1 << 18, 1);
                if let Err(error) = left.send(Kind::Rows, rows).await {
                    return error;
                }
            }
        });
        right.receive(Kind::Rows, Length::Exactly(1 << 18)).await.unwrap();
        let start = Instant::now();
        right.abort().await;
        let error = flow.await.unwrap();
        assert!(matches!(error, ChannelError::PeerAborted), "{error}");
        assert!(start.elapsed() < Limits::default().linger);
    }
}

#[tokio::test]
async fn a_process_that_dies_leaves_a_network_error() {
    let (mut left, right) = connect(&any_port()).await.unwrap();
    drop(right);
    let error = left.receive(Kind::Rows, Length::Exactly(1)).await.unwrap_err();
    assert!(matches!(error, ChannelError::Closed { .. }), "{error}");

    // A connection that closes with bytes unread is reset.
    let listener = Listener::bind(&any_port()).await.unwrap();
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
    let mut left = accepted.unwrap().open(Limits::default());
    left.send(Kind::Rows, vec![0; 1000]).await.unwrap();
    left.flush().await.unwrap();
    let Stream::Tcp(right) = dialled.unwrap() else { panic!() };
    right.readable().await.unwrap();
    drop(right);
    let error = left.receive(Kind::Rows, Length::Exactly(1)).await.unwrap_err();
    assert!(
        matches!(&error, ChannelError::Broken { source, .. } if source.kind() == ErrorKind::ConnectionReset),
        "{error}"
    );
    assert_eq!((error.blame(), error.category()), (Blame::Network, Category::Network));
}

#[tokio::test]
async fn a_web_browser_is_recognised() {
    let listener = Listener::bind(&any_port()).await.unwrap();
    let browser = async {
        let Address::Tcp { port, .. } = listener.address() else { panic!() };
        let mut stream = TcpStream::connect(("127.0.0.1", *port)).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        answer
    };
    let garbler = async {
        let mut channel = listener.accept().await.unwrap().open(Limits::default());
        handshake(&mut channel, Role::Garbler, Agreement::new(), &mut Entropy::fixed(1)).await
    };
    let (answer, outcome) = tokio::join!(browser, garbler);
    let error = outcome.unwrap_err();
    assert!(matches!(error, ChannelError::NotHalfgate { .. }));
    assert!(error.to_string().contains("web browser"), "{error}");
    assert!(answer[8..].starts_with(b"halfgate"));
}

#[tokio::test]
async fn a_dialler_may_come_first() {
    let folder = tempfile::tempdir().unwrap();
    let free = Listener::bind(&any_port()).await.unwrap().address().clone();
    for address in [free, socket_in(&folder)] {
        let listen = async {
            sleep(Duration::from_millis(50)).await;
            let listener = Listener::bind(&address).await.unwrap();
            listener.accept().await.unwrap();
        };
        let (_, dialled) = tokio::join!(listen, dial(&address, PATIENCE));
        assert!(dialled.is_ok());
    }
}

#[tokio::test]
async fn a_dialler_gives_up_in_time_and_says_what_to_try() {
    let folder = tempfile::tempdir().unwrap();
    let free = Listener::bind(&any_port()).await.unwrap().address().clone();
    for address in [free, socket_in(&folder)] {
        let start = Instant::now();
        let error = dial(&address, Duration::from_millis(60)).await.err().unwrap();
        assert!(start.elapsed() < Duration::from_secs(1));
        let message = error.to_string();
        assert!(
            message.contains(&address.to_string()) && message.contains("nobody listens there"),
            "{message}"
        );
        assert!(matches!(error, ChannelError::Dial { attempts: 2.., .. }), "{message}");
        assert_eq!((error.blame(), error.category()), (Blame::Network, Category::Network));
    }
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for address in [any_port(), socket_in(&folder)] {
        let first = Listener::bind(&address).await.unwrap();
        let error = Listener::bind(first.address()).await.err().unwrap();
        assert!(error.to_string().contains(&format!("cannot listen on {}", first.address())), "{error}");
        assert!(error.to_string().contains("another program listens there"), "{error}");
        assert_eq!((error.blame(), error.category()), (Blame::Input, Category::Network));
    }
}

#[tokio::test]
async fn a_socket_left_behind_is_replaced_but_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let Address::Unix(path) = socket_in(&folder) else { panic!() };
    // The standard library's listener leaves its file when it closes, as a killed process does.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let listener = Listener::bind(&socket_in(&folder)).await.unwrap();
    let (accepted, dialled) = tokio::join!(listener.accept(), dial(listener.address(), PATIENCE));
    assert!(accepted.is_ok() && dialled.is_ok());
    drop(listener);
    assert!(!path.exists(), "a listener removes its file");

    std::fs::write(&path, "precious").unwrap();
    assert!(matches!(Listener::bind(&socket_in(&folder)).await, Err(ChannelError::Bind { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
}

#[tokio::test]
async fn a_silent_listener_times_out() {
    let listener = Listener::bind(&any_port()).await.unwrap();
    let limits = Limits { idle: Duration::from_millis(80), ..Limits::default() };
    let mut channel = dial(listener.address(), PATIENCE).await.unwrap().open(limits);
    let (start, mut random) = (Instant::now(), Entropy::fixed(1));
    let outcome = handshake(&mut channel, Role::Garbler, Agreement::new(), &mut random);
    let outcome = timeout(PATIENCE, outcome).await.unwrap();
    assert!(matches!(outcome, Err(ChannelError::IdleTimeout { .. })));
    assert!(start.elapsed() < Duration::from_secs(5));
}
