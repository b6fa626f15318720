//! A TCP proxy in front of a real server that loses the connection at a chosen byte.
//!
//! It understands no protocol; a pattern is text that passes. Works for IMAP and for PostgreSQL alike.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use crate::support::watched::Watched;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToServer,
    ToClient,
}

/// The place in a direction's stream up to which bytes are passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// This many bytes from the start of the connection.
    Bytes(usize),
    /// Up to this text: it does not arrive, at least not in full.
    Before(&'static str),
    /// Up to the end of this text: it arrives, its answer does not.
    After(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Both sides see the connection closed.
    Close,
    /// Nothing passes any more in either direction, and nobody is told.
    Stall,
}

/// A running proxy. It ends, with all its connections, when this value is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    state: Watched<State>,
}

#[derive(Debug, Default)]
struct State {
    target: Option<SocketAddr>,
    planned: Option<Planned>,
    refuses: bool,
    over: bool,
    accepted: usize,
    lost: usize,
    open: Vec<Connection>,
}

#[derive(Clone, Copy, Debug)]
struct Planned {
    direction: Direction,
    place: Place,
    loss: Loss,
    times: usize,
}

#[derive(Clone, Debug)]
struct Connection {
    client: Arc<TcpStream>,
    server: Arc<TcpStream>,
    stalled: Arc<AtomicBool>,
}

impl FaultProxy {
    /// Listens on a free port and passes everything on to `target`.
    pub fn start(target: SocketAddr) -> Self {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), target)
    }

    /// Listens on an address that was known before.
    pub fn start_at(address: SocketAddr, target: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("the port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let state: Watched<State> = Watched::default();
        state.with(|state| state.target = Some(target));
        let proxy = Self { address, state: state.clone() };
        thread::spawn(move || accept_all(&listener, &state));
        proxy
    }

    /// Passes new connections on to another server.
    pub fn lead_to(&self, target: SocketAddr) {
        self.state.with(|state| {
            state.target = Some(target);
            state.close_all();
        });
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Loses the next `times` connections that reach the place. Replaces what was planned before.
    pub fn plan(&self, direction: Direction, place: Place, loss: Loss, times: usize) {
        self.state.with(|state| state.planned = Some(Planned { direction, place, loss, times }));
    }

    /// The server is gone: closes all connections, and each new one at once.
    pub fn go_down(&self) {
        self.state.with(|state| {
            state.refuses = true;
            state.close_all();
        });
    }

    /// The server is back, and nothing is planned any more.
    pub fn come_up(&self) {
        self.state.with(|state| {
            state.refuses = false;
            state.planned = None;
        });
    }

    /// Connections that were accepted so far, refused ones among them.
    pub fn accepted(&self) -> usize {
        self.state.with(|state| state.accepted)
    }

    /// Connections that were lost as planned.
    pub fn lost(&self) -> usize {
        self.state.with(|state| state.lost)
    }

    pub async fn wait_until_accepted(&self, count: usize) {
        self.state.until("connections at the proxy", move |state| state.accepted >= count).await;
    }

    pub async fn wait_until_lost(&self, count: usize) {
        self.state.until("planned losses at the proxy", move |state| state.lost >= count).await;
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.state.with(|state| {
            state.over = true;
            state.close_all();
        });
        // Wakes the thread that accepts, so that it sees the end.
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn close_all(&mut self) {
        for connection in self.open.drain(..) {
            connection.close();
        }
    }
}

impl Connection {
    fn open(client: TcpStream, target: SocketAddr) -> io::Result<Self> {
        let server = TcpStream::connect(target)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let stalled = Arc::new(AtomicBool::new(false));
        Ok(Self { client: Arc::new(client), server: Arc::new(server), stalled })
    }

    fn close(&self) {
        // A side that is closed already is as good.
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }

    fn lose(&self, loss: Loss) {
        match loss {
            Loss::Close => self.close(),
            Loss::Stall => self.stalled.store(true, Ordering::SeqCst),
        }
    }

    fn sides(&self, direction: Direction) -> (&TcpStream, &TcpStream) {
        match direction {
            Direction::ToServer => (&self.client, &self.server),
            Direction::ToClient => (&self.server, &self.client),
        }
    }
}

fn accept_all(listener: &TcpListener, state: &Watched<State>) {
    for client in listener.incoming() {
        let Ok(client) = client else { continue };
        let Some(connection) = state.with(|state| admit(state, client)) else {
            if state.with(|state| state.over) {
                return;
            }
            continue;
        };
        for direction in [Direction::ToServer, Direction::ToClient] {
            let (connection, state) = (connection.clone(), state.clone());
            thread::spawn(move || pump(&connection, direction, &state));
        }
    }
}

/// Done under the lock, so that no connection slips past a [`FaultProxy::go_down`].
fn admit(state: &mut State, client: TcpStream) -> Option<Connection> {
    state.accepted += 1;
    if state.refuses || state.over {
        return None;
    }
    let connection = Connection::open(client, state.target?).ok()?;
    state.open.push(connection.clone());
    Some(connection)
}

/// Passes bytes on in one direction until either side ends or the planned place is reached.
fn pump(connection: &Connection, direction: Direction, state: &Watched<State>) {
    let (mut from, mut to) = connection.sides(direction);
    let mut passed = Passed::default();
    let mut chunk = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        let bytes = &chunk[..length];
        if connection.stalled.load(Ordering::SeqCst) {
            continue;
        }
        let cut = state.with(|state| cut(state, direction, &passed, bytes));
        let whole = &bytes[..cut.map_or(length, |(length, _)| length)];
        if to.write_all(whole).is_err() {
            break;
        }
        passed.note(bytes);
        if let Some((_, loss)) = cut {
            connection.lose(loss);
            state.with(|state| state.lost += 1);
        }
    }
    // While the line is dead, the other side must not hear that this one hung up.
    if !connection.stalled.load(Ordering::SeqCst) {
        connection.close();
    }
}

/// What went by in one direction: how much, and the end of it, where a pattern may have begun.
#[derive(Default)]
struct Passed {
    bytes: usize,
    end: Vec<u8>,
}

impl Passed {
    const REMEMBERED: usize = 256;

    fn note(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.end.extend_from_slice(bytes);
        let old = self.end.len().saturating_sub(Self::REMEMBERED);
        self.end.drain(..old);
    }
}

/// How many of these bytes still pass, if the planned place lies among them. Uses up one of the times.
fn cut(state: &mut State, direction: Direction, passed: &Passed, bytes: &[u8]) -> Option<(usize, Loss)> {
    let planned = state.planned.as_mut()?;
    if planned.direction != direction || planned.times == 0 {
        return None;
    }
    let length = match planned.place {
        Place::Bytes(total) => total.checked_sub(passed.bytes).filter(|left| *left < bytes.len()),
        Place::Before(text) => find(passed, bytes, text).map(|(start, _)| start),
        Place::After(text) => find(passed, bytes, text).map(|(_, end)| end),
    }?;
    planned.times -= 1;
    Some((length, planned.loss))
}

/// Where a text starts and ends in these bytes; one that began in earlier bytes starts at 0.
fn find(passed: &Passed, bytes: &[u8], text: &str) -> Option<(usize, usize)> {
    let kept = passed.end.len().min(text.len().saturating_sub(1));
    let joined = [&passed.end[passed.end.len() - kept..], bytes].concat();
    let start = joined.windows(text.len()).position(|window| window == text.as_bytes())?;
    Some((start.saturating_sub(kept), start + text.len() - kept))
}
