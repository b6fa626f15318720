//! An account that sends: reach, log-in, what the server takes, and whether it takes mail from each queue.
//!
//! Sends nothing: a sender is named and the message then abandoned.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio::time::Instant;

use crate::cli::check::log_in::LogIn;
use crate::cli::check::report::Section;
use crate::cli::check::server;
use crate::config::Config;
use crate::config::server::Server;
use crate::config::smtp::SmtpAccount;
use crate::config::smtp::SmtpServer;
use crate::config::smtp::SmtpTransport;
use crate::private;
use crate::smtp::connection::Connection;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;

pub fn about(account: &SmtpAccount) -> String {
    format!("SMTP account {}", account.name)
}

pub async fn look(config: Arc<Config>, at: usize, access: LogIn) -> Section {
    let account = &config.smtp[at];
    let mut section = Section::new(about(account));
    if !config.queues.iter().any(|queue| queue.smtp == account.name) {
        section.note("no queue sends by it", "remove it, or name it in a queue's `smtp`");
    }
    match &account.transport {
        SmtpTransport::Directory(path) => directory(&mut section, path),
        SmtpTransport::Server(server) => {
            if let Some(login) = &server.login {
                server::secret(&mut section, login);
            }
            if let Some(mut connection) = connected(&mut section, server, &access).await {
                offers(&mut section, &connection, &config);
                senders(&mut section, &mut connection, &config, account).await;
                connection.close().await;
            }
        }
    }
    section
}

async fn connected(section: &mut Section, account: &SmtpServer, access: &LogIn) -> Option<Connection> {
    let credentials = match &account.login {
        Some(login) => match access.credentials(login).await {
            Ok(credentials) => Some(credentials),
            Err(error) => {
                section.bad(error, "see that the daemon's user can get it too");
                return None;
            }
        },
        None => None,
    };
    match Connection::open(account, credentials, Instant::now() + server::PATIENCE).await {
        Ok(connection) => {
            server::reached(section, &account.server, connection.certificate.as_ref());
            match &account.login {
                Some(login) => section.ok(format!("{} is logged in", login.username)),
                None => section.ok("no log-in is asked for"),
            }
            Some(connection)
        }
        Err(refusal) => {
            refused(section, account, &refusal);
            None
        }
    }
}

fn refused(section: &mut Section, account: &SmtpServer, refusal: &Refusal) {
    section.bad(format!("{}: {refusal}", server::place(&account.server)), fix(&account.server, refusal));
}

/// What helps.
pub fn fix(server: &Server, refusal: &Refusal) -> String {
    match refusal.stage {
        Stage::Connect => server::reach_fix(server),
        Stage::Tls if refusal.text.contains("STARTTLS") => {
            "set `tls = \"implicit\"`, and `port = 465`".to_owned()
        }
        Stage::Tls => server::tls_fix(server, &refusal.text, "smtp"),
        Stage::Login => server::LOGIN_FIX.to_owned(),
        Stage::Greeting | Stage::Sender | Stage::Recipient | Stage::Data => {
            "is this the port for sending (usually 465, or 587 with `tls = \"starttls\"`)?".to_owned()
        }
    }
}

fn offers(section: &mut Section, connection: &Connection, config: &Config) {
    let offer = &connection.offer;
    // Attachments grow by a third on their way.
    let needed = config.delivery.max_attachments_size.max(config.delivery.max_staff_attachments_size) / 3 * 4;
    match offer.size {
        Some(largest) if largest > 0 && largest < needed => section.note(
            format!("it takes mail of up to {} MB, less than attachments may need", largest >> 20),
            "make `delivery.max_attachments_size` and `max_staff_attachments_size` at most three quarters of that",
        ),
        Some(largest) if largest > 0 => section.ok(format!("it takes mail of up to {} MB", largest >> 20)),
        _ => section.ok("it names no largest size of a mail"),
    }
    if offer.utf8 {
        section.ok("it takes addresses beyond ASCII (SMTPUTF8)");
    } else {
        section.remark("it takes no addresses beyond ASCII (no SMTPUTF8): mail to such is refused");
    }
}

/// Whether mail may leave in each queue's name, and without a sender as acknowledgements do.
async fn senders(section: &mut Section, connection: &mut Connection, config: &Config, account: &SmtpAccount) {
    let queues = config.queues.iter().filter(|queue| queue.smtp == account.name);
    let own: Vec<&str> =
        queues.map(|queue| queue.address.as_str()).filter(|address| address.is_ascii()).collect();
    let mut taken = Vec::new();
    for &address in &own {
        match named(connection, address, address).await {
            Ok(()) => taken.push(address),
            Err(refusal) => section.bad(
                format!("no mail from {address}: {refusal}"),
                "let this account send as that address, on the server, or use another account in the queue's `smtp`",
            ),
        }
    }
    if !taken.is_empty() {
        section.ok(format!("it takes mail from {}", taken.join(", ")));
    }
    if let Some(address) = taken.first()
        && named(connection, "", address).await.is_err()
    {
        section.remark(format!(
            "it takes no mail without a sender, as acknowledgements are: they leave from {address} instead"
        ));
    }
}

/// Names a sender and a recipient, and takes both back: some servers judge the sender when the recipient is named.
///
/// What is said of the recipient alone is not asked for here.
async fn named(connection: &mut Connection, sender: &str, recipient: &str) -> Result<(), Refusal> {
    let named = connection.would_take(sender, recipient, Instant::now() + server::PATIENCE).await;
    match named {
        Err(refusal)
            if refusal.stage == Stage::Recipient && refusal.code.is_some() && !refusal.is_about_us() =>
        {
            Ok(())
        }
        named => named,
    }
}

fn directory(section: &mut Section, path: &Path) {
    let shown = path.display();
    let nearest = path.ancestors().find(|dir| dir.exists()).unwrap_or(Path::new("."));
    let writable = fs::metadata(nearest).is_ok_and(|dir| dir.is_dir())
        && rustix::fs::access(nearest, rustix::fs::Access::WRITE_OK).is_ok();
    if writable {
        section.note(
            format!("mail is written to files in {shown}, and reaches nobody"),
            "name a server in `host` in place of `directory`, unless this is a trial",
        );
    } else {
        section
            .bad(format!("mail cannot be written to {shown}"), "make the directory, for the daemon's user");
    }
    if private::others_can_read(path) {
        section.note(
            format!("others on this machine can look into {shown}, where mails are"),
            format!("chmod -R go-rwx {shown}"),
        );
    }
}
