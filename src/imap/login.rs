//! From a host name to a session: greeting, encryption, log-in, capabilities.
//!
//! A password or token is sent only over a connection of the kind that the configuration asks for.

use async_imap::Authenticator;
use async_imap::Client;
use async_imap::imap_proto::Capability;
use async_imap::imap_proto::Response;
use async_imap::imap_proto::Status;
use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::config::server::Credentials;
use crate::config::server::Resolved;
use crate::config::server::Server;
use crate::config::server::Tls;
use crate::crash;
use crate::imap::Keywords;
use crate::imap::Limits;
use crate::imap::News;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::guard::Guard;
use crate::imap::guard::Heard;
use crate::imap::said;
use crate::tls;
use crate::tls::Io;
use crate::tls::certificate::Certificate;

/// Room above a message's told size: some servers count line ends otherwise.
const SLACK: u64 = 1 << 20;

impl Session {
    /// Connects, encrypts and logs in; all of it within `limits.silence` after the connection is made.
    pub async fn connect(
        server: &Server,
        credentials: Credentials,
        limits: Limits,
    ) -> Result<Self, ImapError> {
        let stream = tls::tcp(&server.host, server.port, limits.silence).await;
        let stream = stream.map_err(|error| ImapError::Unreachable(error.to_string()))?;
        Self::over(Box::new(stream), server, credentials, limits).await
    }

    /// The same over a connection that exists.
    pub async fn over(
        stream: Box<dyn Io>,
        server: &Server,
        credentials: Credentials,
        limits: Limits,
    ) -> Result<Self, ImapError> {
        let opened = async {
            let (client, certificate) = encrypted(stream, server, limits).await?;
            let mut session = logged_in(client, credentials, limits).await?;
            crash::point("imap-login-answered");
            session.certificate = certificate;
            session.capabilities = session.ask_capabilities().await?;
            Ok(session)
        };
        tokio::time::timeout(limits.silence, opened).await.unwrap_or(Err(ImapError::Timeout))
    }

    async fn ask_capabilities(&mut self) -> Result<Vec<String>, ImapError> {
        let mut found = Vec::new();
        let note = |response: &Response<'_>| {
            if let Response::Capabilities(list) = response {
                found = list.iter().map(name).collect();
            }
        };
        self.command("CAPABILITY", note).await?;
        Ok(found)
    }
}

async fn encrypted(
    stream: Box<dyn Io>,
    server: &Server,
    limits: Limits,
) -> Result<(Client<Guard>, Option<Certificate>), ImapError> {
    let mut certificate = None;
    let stream = match server.tls {
        Tls::Implicit => {
            let secured = tls::wrap(stream, &server.host, &server.trust).await?;
            certificate = Certificate::of(&secured);
            Box::new(secured)
        }
        Tls::StartTls | Tls::None => stream,
    };
    let mut client = watched(stream, limits);
    greeting(&mut client, server.tls).await?;
    if server.tls != Tls::StartTls {
        return Ok((client, certificate));
    }
    match client.run_command_and_check_ok("STARTTLS", None).await.map_err(ImapError::from) {
        Err(ImapError::Refused(_)) => return Err(ImapError::NoStartTls),
        other => other?,
    }
    // Whatever came in clear text after the answer is thrown away with the old client.
    let plain = client.into_inner().into_inner();
    let secured = tls::wrap(plain, &server.host, &server.trust).await?;
    let certificate = Certificate::of(&secured);
    Ok((watched(Box::new(secured), limits), certificate))
}

fn watched(stream: Box<dyn Io>, limits: Limits) -> Client<Guard> {
    let largest = limits.max_message_size.saturating_add(limits.max_message_size / 4).saturating_add(SLACK);
    Client::new(Guard::new(stream, limits.silence, largest))
}

async fn greeting(client: &mut Client<Guard>, tls: Tls) -> Result<(), ImapError> {
    let Some(data) = client.read_response().await? else { return Err(ImapError::Closed) };
    match data.parsed() {
        Response::Data { status: Status::Ok, .. } => Ok(()),
        Response::Data { status: Status::Bye, .. } => {
            Err(client.get_ref().heard().farewell().map_or(ImapError::Closed, ImapError::Bye))
        }
        // Somebody in between could say this to keep us from encrypting.
        Response::Data { status: Status::PreAuth, .. } if tls == Tls::StartTls => Err(ImapError::NoStartTls),
        Response::Data { status: Status::PreAuth, .. } => {
            Err(ImapError::Protocol("it wants no log-in, which is not supported"))
        }
        _ => Err(ImapError::Protocol("no IMAP greeting")),
    }
}

async fn logged_in(
    mut client: Client<Guard>,
    credentials: Credentials,
    limits: Limits,
) -> Result<Session, ImapError> {
    let heard = client.get_ref().heard();
    if heard.capabilities().is_none() {
        // A server that does not say what it can is tried all the same.
        match client.run_command_and_check_ok("CAPABILITY", None).await.map_err(ImapError::from) {
            Ok(()) | Err(ImapError::Refused(_)) => {}
            Err(error) => return Err(super::with_farewell(error, &heard, &credentials)),
        }
    }
    let offers = |name: &str| heard.capabilities().is_some_and(|list| list.iter().any(|own| own == name));
    let disabled = offers("LOGINDISABLED");
    if disabled && credentials.token().is_none() && !offers("AUTH=PLAIN") {
        return Err(ImapError::NoLogin);
    }
    let attempt = match &credentials.proof {
        Resolved::Token(token) => {
            let first = Some(credentials.xoauth2(token));
            client.authenticate("XOAUTH2", Answers { first }).await
        }
        Resolved::Password(password) => {
            let (user, password) = (&credentials.username, password.expose_secret());
            if user.is_ascii() && password.is_ascii() && !disabled {
                client.login(user, password).await
            } else {
                // LOGIN knows ASCII only, and some servers do not know it.
                let first = Some(SecretString::from(format!("\0{user}\0{password}")));
                client.authenticate("PLAIN", Answers { first }).await
            }
        }
    };
    match attempt {
        Ok(inner) => Ok(Session {
            inner,
            capabilities: Vec::new(),
            certificate: None,
            credentials,
            heard,
            silence: limits.silence,
            keywords: Keywords::Any,
            news: News::None,
        }),
        Err((error, _)) => Err(login_error(error, &heard, &credentials)),
    }
}

fn login_error(error: async_imap::error::Error, heard: &Heard, credentials: &Credentials) -> ImapError {
    match ImapError::from(error) {
        ImapError::Refused(text) if said::is_passing(&text) => ImapError::Refused(credentials.redact(&text)),
        ImapError::Refused(text) => ImapError::LoginRefused(credentials.redact(&text)),
        other => super::with_farewell(other, heard, credentials),
    }
}

/// Answers the first challenge; a second one reports a failure and wants an empty answer, then the refusal comes.
struct Answers {
    first: Option<SecretString>,
}

impl Authenticator for Answers {
    type Response = Vec<u8>;

    fn process(&mut self, _challenge: &[u8]) -> Vec<u8> {
        self.first.take().map(|answer| answer.expose_secret().as_bytes().to_vec()).unwrap_or_default()
    }
}

fn name(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
        Capability::Atom(atom) => atom.to_ascii_uppercase(),
    }
}
