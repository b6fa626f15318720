//! Accepting connections, each with limits on what a slow or idle peer may hold, until the process drains.
//!
//! Knows nothing of routes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tower::Service;

use crate::desk::app::App;
use crate::http::client::Peer;
use crate::http::patient::Patient;
use crate::http::places::Places;
use crate::tasks::Tasks;

/// The longest that a request's head may take, and that a connection may be idle.
const HEAD_LIMIT: Duration = Duration::from_secs(30);
/// Most that is buffered of one connection; also the largest head.
const BUFFER: usize = 64 * 1024;
/// Connections beyond those whose requests are handled: idle ones, and such as still send their request.
const CONNECTIONS_PER_REQUEST: usize = 3;
/// Before the next try when the machine has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until the process drains, then returns at once; open requests go on as tasks of [`App::tasks`].
pub async fn serve(listener: TcpListener, router: Router, app: &App) {
    let tasks = &app.tasks;
    let most = CONNECTIONS_PER_REQUEST * app.desk().config.http.max_requests as usize;
    let places = Places::new(most);
    loop {
        let Some(free) = places.free().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = tasks.draining() => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of descriptors, or a peer that is gone already; neither ends the server.
            tasks.pause(PAUSE).await;
            continue;
        };
        let trusted = &app.desk().config.http.trusted_proxies;
        // Closed without a word: an answer would be one more thing to wait for.
        let Some(place) = places.take(free, peer.ip(), trusted) else { continue };
        let (router, own) = (router.clone(), tasks.clone());
        tasks.spawn(async move {
            connection(stream, peer, router, &own).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, tasks: &Tasks) {
    // An answer is written whole; waiting for more of it only delays it.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), request, peer));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(Patient::new(stream)), service);
    let mut connection = pin!(connection);
    // A peer that breaks off or sends no HTTP ends its own connection; there is nobody to tell.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = tasks.draining() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    mut router: Router,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer.ip()));
    router.call(request).await
}
