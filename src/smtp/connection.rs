//! A connection to a server that takes mail: opened, encrypted, logged in, and known to be usable or not.
//!
//! Dropped after any silence or unclear answer: a late answer must never be taken for that to a later question.

use std::fmt;
use std::fmt::Display;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::ExposeSecret;
use tokio::time::Instant;
use tokio::time::timeout_at;

use crate::config::server::Credentials;
use crate::config::server::Resolved;
use crate::config::server::Tls;
use crate::config::smtp::SmtpServer;
use crate::crash;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::smtp::reply::Offer;
use crate::smtp::reply::Reply;
use crate::smtp::starttls;
use crate::smtp::tap::Said;
use crate::smtp::tap::Tap;
use crate::tls;
use crate::tls::Io;
use crate::tls::certificate::Certificate;

/// Longest time for reaching a server and logging in, within the attempt's own limit.
const OPENING: Duration = Duration::from_secs(90);

/// A connection that was idle for longer is asked whether it is still there.
const CERTAIN: Duration = Duration::from_secs(2);

/// How long the rest of an answer may take when its beginning was odd, and how many lines it may have.
const LATE: Duration = Duration::from_secs(5);
const MOST_LINES: usize = 100;

/// How long a good-bye may take.
const PARTING: Duration = Duration::from_secs(2);

/// An open connection with a server.
pub struct Connection {
    pub inner: AsyncSmtpConnection,
    pub said: Said,
    pub offer: Offer,
    pub state: State,
    /// What the server showed of itself; none where nothing is encrypted.
    pub certificate: Option<Certificate>,
    credentials: Option<Credentials>,
    used: Instant,
}

/// What can be done with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A message can begin.
    Ready,
    /// An abandoned message must be reset first.
    Dirty,
    /// An answer is outstanding, or was none.
    Broken,
}

impl Connection {
    /// Connects, encrypts and logs in.
    pub async fn open(
        server: &SmtpServer,
        credentials: Option<Credentials>,
        deadline: Instant,
    ) -> Result<Self, Refusal> {
        let deadline = deadline.min(Instant::now() + OPENING);
        let limit = deadline.saturating_duration_since(Instant::now());
        let stream = tls::tcp(&server.server.host, server.server.port, limit).await;
        let stream = stream.map_err(|error| Refusal::of(Stage::Connect, error.to_string()))?;
        let address = stream.local_addr().map(|address| address.ip().to_canonical()).ok();
        let hello = hello(server.hello.as_deref(), address);
        Self::over(Box::new(stream), server, hello, credentials, deadline).await
    }

    /// The same over a connection that exists.
    pub async fn over(
        stream: Box<dyn Io>,
        server: &SmtpServer,
        hello: ClientId,
        credentials: Option<Credentials>,
        deadline: Instant,
    ) -> Result<Self, Refusal> {
        let opened = async {
            let Encrypted { stream, first, certificate } = encrypted(stream, server, &hello).await?;
            let mut connection = greeted(stream, first, &hello, credentials).await?;
            connection.certificate = certificate;
            connection.log_in(deadline).await?;
            Ok(connection)
        };
        let slow = || Err(Refusal::of(Stage::Greeting, "the server was silent for too long"));
        timeout_at(deadline, opened).await.unwrap_or_else(|_| slow())
    }

    /// Whether a message can begin; resets what was abandoned and asks after a pause.
    pub async fn ready(&mut self, deadline: Instant) -> bool {
        let certain = self.state == State::Ready && self.used.elapsed() < CERTAIN;
        if certain || self.state == State::Broken {
            return certain;
        }
        let reset = self.ask(Stage::Sender, "RSET\r\n", deadline.min(Instant::now() + LATE)).await;
        let answered = reset.is_ok_and(|reply| reply.is_positive()) && self.state != State::Broken;
        self.state = if answered { State::Ready } else { State::Broken };
        answered
    }

    /// Says good-bye if the connection still understands it.
    pub async fn close(mut self) {
        if self.state != State::Broken {
            let _ = self.ask(Stage::Sender, "QUIT\r\n", Instant::now() + PARTING).await;
        }
    }

    /// One command and its answer, whatever it is.
    pub async fn ask(&mut self, stage: Stage, line: &str, deadline: Instant) -> Result<Reply, Refusal> {
        let before = self.begin();
        match timeout_at(deadline, self.inner.command(Raw(line))).await {
            Ok(read) => {
                let reply = self.heard(read, before).await;
                reply.ok_or_else(|| Refusal::of(stage, "the server closed the connection"))
            }
            Err(_) => Err(Refusal::of(stage, "the server was silent for too long")),
        }
    }

    /// Begins to wait for an answer: whoever drops the waiting leaves the connection broken.
    pub fn begin(&mut self) -> State {
        self.said.forget();
        std::mem::replace(&mut self.state, State::Broken)
    }

    /// The answer as the server gave it, whether lettre understood it or not.
    ///
    /// The connection is of use afterwards only if it did, and nothing else was said.
    pub async fn heard(&mut self, read: Result<Response, Error>, before: State) -> Option<Reply> {
        let understood = read.map_or_else(|error| error.status().is_some(), |_| true);
        if !understood {
            self.hear_out().await;
        }
        let (mut replies, rest) = self.said.replies();
        if replies.is_empty() {
            return None;
        }
        let alone = replies.len() == 1 && !rest;
        let mut reply = replies.swap_remove(0);
        if understood && alone && reply.code != 421 {
            self.state = before;
            self.used = Instant::now();
        }
        if let Some(credentials) = &self.credentials {
            reply.text = credentials.redact(&reply.text);
        }
        Some(reply)
    }

    /// Reads the rest of an answer whose first line was not understood.
    async fn hear_out(&mut self) {
        let deadline = Instant::now() + LATE;
        for _ in 0..MOST_LINES {
            if !self.said.replies().0.is_empty() {
                return;
            }
            let before = self.said.copy().len();
            let read = timeout_at(deadline, self.inner.read_response()).await;
            // A line that fails to parse adds bytes; the end of the connection does not.
            if read.is_err() || self.said.copy().len() == before {
                return;
            }
        }
    }

    async fn log_in(&mut self, deadline: Instant) -> Result<(), Refusal> {
        let Some(credentials) = self.credentials.clone() else { return Ok(()) };
        let offers = |way: &str| self.offer.logins.iter().any(|own| own == way);
        let reply = match &credentials.proof {
            Resolved::Token(token) if offers("XOAUTH2") => {
                let answer = credentials.xoauth2(token);
                self.log_in_by_token(answer.expose_secret(), deadline).await?
            }
            Resolved::Password(password) if offers("PLAIN") => {
                let answer = format!("\0{}\0{}", credentials.username, password.expose_secret());
                let line = format!("AUTH PLAIN {}\r\n", STANDARD.encode(answer));
                self.ask(Stage::Login, &line, deadline).await?
            }
            Resolved::Password(password) if offers("LOGIN") => {
                self.log_in_in_steps(&credentials.username, password.expose_secret(), deadline).await?
            }
            _ => {
                return Err(Refusal::of(
                    Stage::Login,
                    "the server offers no way to log in that is known here",
                ));
            }
        };
        crash::point("smtp-login-answered");
        if reply.is_positive() {
            return Ok(());
        }
        Err(Refusal { stage: Stage::Login, ..Refusal::answered(Stage::Login, &reply) })
    }

    async fn log_in_by_token(&mut self, answer: &str, deadline: Instant) -> Result<Reply, Refusal> {
        let line = format!("AUTH XOAUTH2 {}\r\n", STANDARD.encode(answer));
        let reply = self.ask(Stage::Login, &line, deadline).await?;
        // A challenge here reports why the token is refused, and wants an empty answer first.
        if reply.code == 334 { self.ask(Stage::Login, "\r\n", deadline).await } else { Ok(reply) }
    }

    async fn log_in_in_steps(
        &mut self,
        user: &str,
        password: &str,
        deadline: Instant,
    ) -> Result<Reply, Refusal> {
        let mut reply = self.ask(Stage::Login, "AUTH LOGIN\r\n", deadline).await?;
        for answer in [user, password] {
            if reply.code != 334 {
                return Ok(reply);
            }
            let line = format!("{}\r\n", STANDARD.encode(answer));
            reply = self.ask(Stage::Login, &line, deadline).await?;
        }
        Ok(reply)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("state", &self.state).finish_non_exhaustive()
    }
}

/// A command as it stands, line end included.
struct Raw<'a>(&'a str);

impl Display for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The stream on which to greet, and the greeting if it was heard before encryption.
struct Encrypted {
    stream: Box<dyn Io>,
    first: &'static [u8],
    certificate: Option<Certificate>,
}

async fn encrypted(stream: Box<dyn Io>, server: &SmtpServer, hello: &ClientId) -> Result<Encrypted, Refusal> {
    match server.server.tls {
        Tls::None => Ok(Encrypted { stream, first: b"", certificate: None }),
        Tls::StartTls => {
            let secured = starttls::upgrade(stream, &hello.to_string(), &server.server).await?;
            let certificate = Certificate::of(&secured);
            Ok(Encrypted { stream: Box::new(secured), first: b"220 secured\r\n", certificate })
        }
        Tls::Implicit => {
            let secured = tls::wrap(stream, &server.server.host, &server.server.trust).await;
            let secured = secured.map_err(|error| Refusal::of(Stage::Tls, error.to_string()))?;
            let certificate = Certificate::of(&secured);
            Ok(Encrypted { stream: Box::new(secured), first: b"", certificate })
        }
    }
}

async fn greeted(
    stream: Box<dyn Io>,
    first: &'static [u8],
    hello: &ClientId,
    credentials: Option<Credentials>,
) -> Result<Connection, Refusal> {
    let (tap, said) = Tap::new(stream, first);
    let opened = AsyncSmtpConnection::connect_with_transport(Box::new(tap), hello).await;
    crash::point("smtp-greeting-answered");
    let last = said.replies().0.pop();
    match (opened, last) {
        (Ok(inner), Some(_)) => {
            let offer = Offer::parse(&said.copy());
            Ok(Connection {
                inner,
                said,
                offer,
                state: State::Ready,
                certificate: None,
                credentials,
                used: Instant::now(),
            })
        }
        (_, Some(reply)) if !reply.is_positive() => Err(Refusal::answered(Stage::Greeting, &reply)),
        _ => Err(Refusal::of(Stage::Greeting, "the server does not greet as a mail server does")),
    }
}

/// The name to greet with: a given one, else our own address, which needs no name to be right.
fn hello(name: Option<&str>, address: Option<IpAddr>) -> ClientId {
    match (name, address) {
        (Some(name), _) => ClientId::Domain(name.to_owned()),
        (None, Some(IpAddr::V4(address))) => ClientId::Ipv4(address),
        (None, Some(IpAddr::V6(address))) => ClientId::Ipv6(address),
        (None, None) => ClientId::Domain("localhost".to_owned()),
    }
}
