//! Trying a log-in while its answers are still fresh.
//!
//! Looks only: nothing is sent, and no message is touched.

use std::path::Path;

use tokio::time::Instant;

use crate::cli::check::mailbox;
use crate::cli::check::outgoing;
use crate::cli::check::report::counted;
use crate::cli::check::server;
use crate::cli::init::answers;
use crate::cli::init::answers::Mailbox;
use crate::cli::init::answers::Stored;
use crate::cli::init::answers::Tls;
use crate::config::server::Login;
use crate::config::server::Plaintext;
use crate::config::server::Proof;
use crate::config::server::Server;
use crate::config::server::Written;
use crate::config::smtp::SmtpServer;
use crate::imap::Limits;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::secret::Secret;
use crate::smtp::connection::Connection;

/// Largest answer that is read: nothing but a folder's state is asked for.
const ANSWER: u64 = 1 << 20;

/// What went wrong, and what helps.
#[derive(Debug)]
pub struct Failed {
    pub error: String,
    pub fix: String,
}

/// Logs in and opens the folder; says how many messages are there.
pub async fn imap(mailbox: &Mailbox, base: &Path) -> Result<String, Failed> {
    let server = checked(&mailbox.server, [993, 143, 143])?;
    let Some(login) = login(&mailbox.server, base) else { return Ok(String::new()) };
    let resolved = login.resolve().await.map_err(|error| failed(&error, "give it another way"))?;
    let Some(credentials) = resolved else { return Ok(String::new()) };
    let limits = Limits { silence: server::PATIENCE, max_message_size: ANSWER };
    let opened = async {
        let mut session = Session::connect(&server, credentials, limits).await?;
        let selected = session.select(&mailbox.folder).await?;
        session.logout().await;
        Ok::<_, ImapError>(selected)
    };
    let selected = opened.await.map_err(|error| {
        let fix = mailbox::fix(&server, &error);
        failed(&error, fix)
    })?;
    Ok(format!("{} in {}", counted(selected.exists as usize, "message"), mailbox.folder))
}

/// Logs in to a server that sends.
pub async fn smtp(server: &answers::Server, base: &Path) -> Result<(), Failed> {
    let account =
        SmtpServer { server: checked(server, [465, 587, 25])?, login: login(server, base), hello: None };
    let credentials = match &account.login {
        Some(login) => login.resolve().await.map_err(|error| failed(&error, "give it another way"))?,
        None => None,
    };
    let opened = Connection::open(&account, credentials, Instant::now() + server::PATIENCE).await;
    let connection = opened.map_err(|refusal| {
        let fix = outgoing::fix(&account.server, &refusal);
        failed(&refusal, fix)
    })?;
    connection.close().await;
    Ok(())
}

fn failed(error: &impl ToString, fix: impl Into<String>) -> Failed {
    Failed { error: error.to_string(), fix: fix.into() }
}

fn checked(answers: &answers::Server, ports: [u16; 3]) -> Result<Server, Failed> {
    let written = Written {
        host: answers.host.clone(),
        port: Some(answers.port),
        tls: match answers.tls {
            Tls::Implicit => crate::config::server::Tls::Implicit,
            Tls::Starttls => crate::config::server::Tls::StartTls,
            Tls::None => crate::config::server::Tls::None,
        },
        plaintext: if answers.allow_plaintext { Plaintext::Anywhere } else { Plaintext::Local },
        ca_file: answers.ca_file.clone(),
        pin: answers.pin.clone(),
    };
    written.checked(ports).map_err(|error| failed(&error, "answer again"))
}

fn login(server: &answers::Server, base: &Path) -> Option<Login> {
    let login = server.login.as_ref()?;
    let secret = match &login.password {
        Stored::Secret(secret) => Secret::Literal(secret.clone()),
        Stored::Plain(text) => match Secret::parse(text) {
            Secret::File(path) => Secret::File(base.join(path)),
            other => other,
        },
    };
    Some(Login { username: login.username.clone(), proof: Proof::Password(secret) })
}
