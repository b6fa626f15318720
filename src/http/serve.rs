//! Accepting connections, each with limits on what a slow or idle peer may hold, until the process drains.
//!
//! Knows nothing of routes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::body::Bytes;
use axum::response::Response;
use hyper::body::Body as _;
use hyper::body::Frame;
use hyper::body::Incoming;
use hyper::body::SizeHint;
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
use crate::http::places::Place;
use crate::http::places::Places;
use crate::tasks::Tasks;

/// The longest that a request's head may take, and that a connection may be idle.
const HEAD_LIMIT: Duration = Duration::from_secs(30);
/// How long a connection that gives way may take to write what is left of an answer.
const LAST_BYTES: Duration = Duration::from_millis(200);
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
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = tasks.draining() => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of descriptors, or a peer that is gone already; neither ends the server.
            tasks.pause(PAUSE).await;
            continue;
        };
        let desk = app.desk();
        let taken = tokio::select! {
            taken = places.take(peer.ip(), &desk.config.http.trusted_proxies) => taken,
            () = tasks.draining() => return,
        };
        // Closed without a word: an answer would be one more thing to wait for.
        let Some(place) = taken else { continue };
        let (router, own) = (router.clone(), tasks.clone());
        tasks.spawn(async move { connection(stream, peer, router, Arc::new(place), &own).await });
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, place: Arc<Place>, tasks: &Tasks) {
    // An answer is written whole; waiting for more of it only delays it.
    let _ = stream.set_nodelay(true);
    let own = Arc::clone(&place);
    let service = service_fn(move |request| answer(router.clone(), request, peer, Arc::clone(&own)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(Patient::new(stream)), service);
    let mut connection = pin!(connection);
    // A peer that breaks off or sends no HTTP ends its own connection; there is nobody to tell.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = place.lost() => {
            // What was just written may still be on its way.
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(LAST_BYTES, connection).await;
            return;
        }
        () = tasks.draining() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    mut router: Router,
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    place: Arc<Place>,
) -> Result<Response, Infallible> {
    let at_work = AtWork(Arc::clone(&place));
    let mut request = request.map(|body| Body::new(Arriving::new(body, place)));
    request.extensions_mut().insert(Peer(peer.ip()));
    let answer = router.call(request).await?;
    Ok(answer.map(|body| Body::new(Leaving { body, _at_work: at_work })))
}

/// A body that keeps its connection from giving way until all of it is written.
struct Leaving {
    body: Body,
    _at_work: AtWork,
}

impl hyper::body::Body for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The connection may be closed again once this is dropped.
struct AtWork(Arc<Place>);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.set_answered(false);
    }
}

/// A body that says when the whole of it is there.
struct Arriving {
    body: Incoming,
    place: Option<Arc<Place>>,
}

impl Arriving {
    fn new(body: Incoming, place: Arc<Place>) -> Self {
        let mut own = Self { body, place: Some(place) };
        own.look();
        own
    }

    fn look(&mut self) {
        if self.body.is_end_stream() {
            self.end();
        }
    }

    fn end(&mut self) {
        if let Some(place) = self.place.take() {
            place.set_answered(true);
        }
    }
}

impl hyper::body::Body for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Ready(None | Some(Err(_))) => self.end(),
            Poll::Ready(Some(Ok(_))) => self.look(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
