//! The page of metrics, over plain HTTP.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::failure::Failure;
use crate::notes;

/// As Prometheus negotiates it.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Connections at once, and how long each may take.
const READERS: usize = 16;
const LIMIT: Duration = Duration::from_secs(10);

/// Makes the page.
pub(crate) type Write = dyn Fn() -> Option<String> + Send + Sync;

/// Listens on a port of this machine, unless the address names another host.
pub(crate) async fn listen(address: &str) -> Result<TcpListener, Failure> {
    let address = if address.contains(':') { address.to_owned() } else { format!("127.0.0.1:{address}") };
    let failed = |source| Failure::Unwritable { name: format!("the metrics at {address}"), source };
    let listener = TcpListener::bind(&address).await.map_err(failed)?;
    notes::say(format_args!("metrics at http://{}/metrics", listener.local_addr().map_err(failed)?));
    Ok(listener)
}

/// Shows the page to everybody who asks.
pub(crate) async fn show(listener: TcpListener, write: Arc<Write>) {
    let places = Arc::new(Semaphore::new(READERS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let write = Arc::clone(&write);
                tokio::spawn(async move {
                    // A reader that is too slow has to ask again.
                    let _ = timeout(LIMIT, answer(stream, write)).await;
                    drop(place);
                });
            }
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn answer(stream: TcpStream, write: Arc<Write>) {
    let service = service_fn(|request| {
        let response = respond(&request, &*write);
        async move { Ok::<_, Infallible>(response) }
    });
    let mut server = http1::Builder::new();
    server.keep_alive(false).timer(TokioTimer::new()).header_read_timeout(LIMIT);
    // Who has left does not want the page.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

fn respond(request: &Request<Incoming>, write: &Write) -> Response<Full<Bytes>> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => match write() {
            Some(page) => (StatusCode::OK, page),
            None => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
        },
        (&Method::GET | &Method::HEAD, _) => (StatusCode::NOT_FOUND, "the page is /metrics\n".to_owned()),
        _ => (StatusCode::METHOD_NOT_ALLOWED, String::new()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FORMAT));
    response
}
