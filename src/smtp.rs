//! Handing one message to a server, to a directory, or to a test, with a result per recipient.
//!
//! Nothing is tried again here, nothing is stored, and no connection is shared: whoever owns one decides
//! whether to use it again. An answer that never came is [`Outcome::Unclear`], never a guess.

use std::path::PathBuf;

use tokio::time::Instant;

use crate::config::server::Credentials;
use crate::config::smtp::SmtpAccount;
use crate::config::smtp::SmtpServer;
use crate::config::smtp::SmtpTransport;
use crate::smtp::connection::Connection;
use crate::smtp::mail::Mail;
use crate::smtp::memory::Memory;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;

mod address;
pub mod connection;
mod directory;
pub mod mail;
pub mod memory;
pub mod outcome;
mod reply;
mod starttls;
mod tap;
mod transaction;

/// A way for mail to leave.
#[derive(Clone, Debug)]
pub enum Transport {
    Server(Box<SmtpServer>),
    Directory(PathBuf),
    Memory(Memory),
}

/// An open way for mail to leave.
#[derive(Debug)]
pub enum OpenTransport {
    Server(Box<Connection>),
    Directory(PathBuf),
    Memory(Memory),
}

impl Transport {
    pub fn of(account: &SmtpAccount) -> Self {
        match &account.transport {
            SmtpTransport::Server(server) => Self::Server(server.clone()),
            SmtpTransport::Directory(path) => Self::Directory(path.clone()),
        }
    }

    /// Connects and logs in, until `deadline`; files and tests need neither.
    pub async fn open(
        &self,
        credentials: Option<Credentials>,
        deadline: Instant,
    ) -> Result<OpenTransport, Refusal> {
        Ok(match self {
            Self::Server(server) => {
                OpenTransport::Server(Box::new(Connection::open(server, credentials, deadline).await?))
            }
            Self::Directory(path) => OpenTransport::Directory(path.clone()),
            Self::Memory(memory) => OpenTransport::Memory(memory.clone()),
        })
    }
}

impl OpenTransport {
    /// Whether another message can go this way; asks the server when that is not certain.
    pub async fn ready(&mut self, deadline: Instant) -> bool {
        match self {
            Self::Server(connection) => connection.ready(deadline).await,
            Self::Directory(_) | Self::Memory(_) => true,
        }
    }

    /// Hands over a message; the outcomes are in the order of its recipients.
    ///
    /// `before_data` runs once some recipient is accepted, and before any part of the message leaves; its
    /// error ends the attempt. It is never cut short by `deadline`, which holds for everything else.
    pub async fn send<E>(
        &mut self,
        mail: &Mail<'_>,
        before_data: impl AsyncFnOnce() -> Result<(), E>,
        deadline: Instant,
    ) -> Result<Vec<Outcome>, E> {
        match self {
            Self::Server(connection) => connection.send(mail, before_data, deadline).await,
            Self::Directory(path) => {
                before_data().await?;
                Ok(directory::write(path, mail).await)
            }
            Self::Memory(memory) => {
                before_data().await?;
                Ok(memory.take(mail))
            }
        }
    }

    /// Whether a mail from an address to itself would be taken; none is sent.
    pub async fn takes_own(&mut self, address: &str, deadline: Instant) -> bool {
        match self {
            Self::Server(connection) => {
                let Some(address) = address::on_the_wire(address).filter(|address| address.is_ascii()) else {
                    return false;
                };
                connection.would_take(&address, &address, deadline).await.is_ok()
            }
            Self::Directory(_) | Self::Memory(_) => true,
        }
    }

    /// Says good-bye to a server.
    pub async fn close(self) {
        if let Self::Server(connection) = self {
            connection.close().await;
        }
    }
}

#[cfg(test)]
mod tests;
