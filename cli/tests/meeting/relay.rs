//! Somebody on the way, who forwards bytes and may cut, change or keep them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What becomes of one connection. Bytes are counted in each direction by itself.
#[derive(Clone, Copy, Default)]
pub(crate) struct Treatment {
    /// The connection ends after so many bytes in one of the directions.
    pub(crate) cut_after: Option<usize>,
    /// The byte at this place is changed, toward the host or toward the guest.
    pub(crate) change: Option<(Toward, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    Host,
    Guest,
}

/// Forwards every connection to the same target.
pub(crate) struct Relay {
    pub(crate) address: String,
    state: Arc<State>,
}

struct State {
    closed: AtomicBool,
    connections: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
    /// What came from the guest over the first connection.
    recorded: Mutex<Vec<u8>>,
}

impl Relay {
    /// Starts to forward; the treatment may depend on how many connections there were before.
    pub(crate) fn start(target: &str, plan: impl Fn(usize) -> Treatment + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(State {
            closed: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            open: Mutex::new(Vec::new()),
            recorded: Mutex::new(Vec::new()),
        });
        let (shared, target) = (Arc::clone(&state), target.to_owned());
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if shared.closed.load(Ordering::SeqCst) {
                    return;
                }
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                // The host may be gone; then so is this connection.
                if let Ok(far) = TcpStream::connect(&target) {
                    shared.join([near, far], number, plan(number));
                }
            }
        });
        Relay { address, state }
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// What the first guest said.
    pub(crate) fn recorded(&self) -> Vec<u8> {
        self.state.recorded.lock().unwrap().clone()
    }

    /// Cuts what there is, and lets nobody through any more.
    pub(crate) fn close(&self) {
        self.state.closed.store(true, Ordering::SeqCst);
        for stream in self.state.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // The listener wakes up and goes.
        let _ = TcpStream::connect(&self.address);
    }
}

impl State {
    fn join(self: &Arc<Self>, [near, far]: [TcpStream; 2], number: usize, treatment: Treatment) {
        let clone = |stream: &TcpStream| stream.try_clone().unwrap();
        self.open.lock().unwrap().extend([clone(&near), clone(&far)]);
        let ways = [(Toward::Host, clone(&near), clone(&far)), (Toward::Guest, far, near)];
        for (toward, from, to) in ways {
            let state = Arc::clone(self);
            let record = toward == Toward::Host && number == 0;
            thread::spawn(move || state.forward(toward, [from, to], treatment, record));
        }
    }

    fn forward(
        &self,
        toward: Toward,
        [mut from, mut to]: [TcpStream; 2],
        treatment: Treatment,
        record: bool,
    ) {
        let (mut buffer, mut before) = ([0; 1 << 14], 0);
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let left = treatment.cut_after.map_or(usize::MAX, |most| most.saturating_sub(before));
            let bytes = &mut buffer[..count.min(left)];
            match treatment.change {
                Some((changed, at)) if changed == toward && (before..before + bytes.len()).contains(&at) => {
                    bytes[at - before] ^= 1;
                }
                _ => {}
            }
            if record {
                self.recorded.lock().unwrap().extend_from_slice(bytes);
            }
            if to.write_all(bytes).is_err() || bytes.len() < count {
                break;
            }
            before += count;
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}
