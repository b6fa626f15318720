//! What can go wrong with a mailbox, each as one sentence, and what kind of trouble it is.
//!
//! Never holds a secret, a user name or a part of a mail: a parser's own words would.

use std::time::Duration;

use crate::imap::said;
use crate::tls::TlsError;

/// Why a step failed. Where `ImapError::is_survivable` says no, the session is of no further use and must be
/// dropped.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(String),
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("the mail server does not offer STARTTLS, or refused it; nothing was sent in clear text")]
    NoStartTls,
    #[error("the mail server refused the log-in: {0}")]
    LoginRefused(String),
    #[error("there is no folder {folder} in the mailbox: {text}")]
    NoSuchFolder { folder: String, text: String },
    #[error("the mail server does not open the folder {folder}: {text}")]
    FolderRefused { folder: String, text: String },
    #[error("the mail server offers no log-in over this connection: it may want an encrypted one")]
    NoLogin,
    #[error("the mail server refused: {0}")]
    Refused(String),
    #[error("the mail server ended the connection: {0}")]
    Bye(String),
    #[error("the mail server closed the connection")]
    Closed,
    #[error("the mail server was silent for too long")]
    Timeout,
    #[error("the mail server sent more than was asked for or allowed")]
    TooLarge,
    #[error("the mail server answered in a way that cannot be understood: {0}")]
    Protocol(&'static str),
}

/// Who must do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody: it may pass.
    Transient,
    /// Whoever knows the password.
    Credentials,
    /// Whoever writes the configuration.
    Configuration,
}

impl ImapError {
    pub fn kind(&self) -> Trouble {
        match self {
            Self::LoginRefused(_) => Trouble::Credentials,
            Self::Tls(_) | Self::NoStartTls | Self::NoLogin | Self::NoSuchFolder { .. } => {
                Trouble::Configuration
            }
            Self::Unreachable(_)
            | Self::FolderRefused { .. }
            | Self::Refused(_)
            | Self::Bye(_)
            | Self::Closed
            | Self::Timeout
            | Self::TooLarge
            | Self::Protocol(_) => Trouble::Transient,
        }
    }

    /// Whether the session can go on after it.
    pub(crate) fn is_survivable(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::FolderRefused { .. } | Self::NoSuchFolder { .. })
    }

    /// How long the server asks to be left alone.
    pub fn wanted_pause(&self) -> Option<Duration> {
        self.words().and_then(said::wanted_pause)
    }

    /// Whether the server is asked too much.
    pub fn is_throttled(&self) -> bool {
        self.words().is_some_and(said::is_throttled)
    }

    /// What the server said.
    fn words(&self) -> Option<&str> {
        match self {
            Self::LoginRefused(text)
            | Self::FolderRefused { text, .. }
            | Self::Refused(text)
            | Self::Bye(text) => Some(text),
            _ => None,
        }
    }
}

impl From<std::io::Error> for ImapError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::TimedOut => Self::Timeout,
            ErrorKind::FileTooLarge => Self::TooLarge,
            // The parser reports with this kind, and repeats what it read: not for the log.
            ErrorKind::Other => Self::Protocol("not IMAP"),
            _ => Self::Closed,
        }
    }
}

impl From<async_imap::error::Error> for ImapError {
    fn from(error: async_imap::error::Error) -> Self {
        use async_imap::error::Error;
        match error {
            Error::Io(error) => error.into(),
            Error::ConnectionLost => Self::Closed,
            Error::No(text) | Error::Bad(text) => Self::Refused(said(&text)),
            _ => Self::Protocol("not what was asked"),
        }
    }
}

/// The server's own words out of what the library makes of them.
fn said(text: &str) -> String {
    let words = text.split_once("info: Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")"));
    words.map_or("without a reason", |(words, _)| words).to_owned()
}
