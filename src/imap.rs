//! One session with one mailbox: commands by UID, each answer checked, nothing waited for without limit.
//!
//! Wraps async-imap, which by itself takes a refused FETCH and a lost connection for an empty result.
//! Stores nothing and decides nothing; the order of steps is in `worker`. The parser may panic on text of a
//! hostile server even while logging in, so a session belongs into a task of its own whose end is looked at.

use std::fmt;
use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_imap::imap_proto::MailboxDatum;
use async_imap::imap_proto::Outcome;
use async_imap::imap_proto::Response;
use async_imap::imap_proto::ResponseCode;
use async_imap::imap_proto::Status;
use futures_util::FutureExt;

use crate::config::sections::Intake;
use crate::config::server::Credentials;
use crate::crash;
use crate::imap::error::ImapError;
use crate::imap::guard::Guard;
use crate::imap::guard::Heard;
use crate::tls::certificate::Certificate;

pub mod change;
pub mod error;
pub mod fetch;
mod guard;
pub mod idle;
mod login;
mod said;
mod search;
mod tidy;
mod wire;

/// What a mail server may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest time without a byte from the server, and for the log-in as a whole.
    pub silence: Duration,
    /// Largest message that is fetched in one piece, by the size that the server told.
    pub max_message_size: u64,
}

impl From<&Intake> for Limits {
    fn from(intake: &Intake) -> Self {
        Self { silence: intake.timeout, max_message_size: intake.max_message_size }
    }
}

/// A logged-in connection to a mail server.
pub struct Session {
    inner: async_imap::Session<Guard>,
    capabilities: Vec<String>,
    certificate: Option<Certificate>,
    credentials: Credentials,
    heard: Heard,
    silence: Duration,
    keywords: Keywords,
    news: News,
}

/// What SELECT tells about a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    pub uid_validity: u32,
    /// The lowest UID that the next message can get, if the server says.
    pub(crate) uid_next: Option<u32>,
    pub exists: u32,
}

/// Which keywords the selected folder keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Keywords {
    Any,
    Only(Vec<String>),
}

/// Whether messages arrived since the last search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    None,
    Arrived,
}

impl Session {
    /// Opens a folder, named as people write it.
    pub async fn select(&mut self, folder: &str) -> Result<Selected, ImapError> {
        let mut seen = SelectAnswer::default();
        let command = format!("SELECT {}", wire::folder(folder));
        match self.command(&command, |response| seen.note(response)).await {
            Err(ImapError::Refused(text)) if said::is_missing_folder(&text) => {
                return Err(ImapError::NoSuchFolder { folder: folder.to_owned(), text });
            }
            Err(ImapError::Refused(text)) => {
                return Err(ImapError::FolderRefused { folder: folder.to_owned(), text });
            }
            other => other?,
        }
        crash::point("imap-select-answered");
        self.news = News::None;
        self.keywords = seen.keywords.unwrap_or(Keywords::Any);
        // Without UIDVALIDITY, or with UIDs that do not last, no message could be told from another.
        match seen.uid_validity {
            Some(uid_validity) => Ok(Selected { uid_validity, uid_next: seen.uid_next, exists: seen.exists }),
            None => Err(ImapError::Protocol("the folder has no lasting UIDs")),
        }
    }

    /// Everything the server says it can do, in upper case.
    pub(crate) fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    /// What the server showed of itself; none where nothing is encrypted.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Whether the selected folder keeps a keyword.
    pub fn keeps(&self, keyword: &str) -> bool {
        match &self.keywords {
            Keywords::Any => true,
            Keywords::Only(known) => known.contains(&keyword.to_ascii_lowercase()),
        }
    }

    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|own| own == capability)
    }

    /// Keeps the connection alive, and hears of new messages.
    pub(crate) async fn noop(&mut self) -> Result<(), ImapError> {
        self.command("NOOP", |_| {}).await
    }

    /// Says good-bye; the server's answer does not matter.
    pub(crate) async fn logout(mut self) {
        let _ = self.command("LOGOUT", |_| {}).await;
    }

    /// Sends a command and hands on what comes before its end.
    async fn command(&mut self, line: &str, on: impl FnMut(&Response<'_>)) -> Result<(), ImapError> {
        let limit = 10 * self.silence;
        match tokio::time::timeout(limit, self.exchange(line, u64::MAX, on)).await {
            Ok(result) => result,
            Err(_) => Err(ImapError::Timeout),
        }
    }

    /// The same without a limit of time, for answers whose size is known: at most `most` responses.
    async fn exchange(
        &mut self,
        line: &str,
        most: u64,
        mut on: impl FnMut(&Response<'_>),
    ) -> Result<(), ImapError> {
        let id = self.inner.run_command(line).await.map_err(|error| self.ended(error.into()))?;
        for _ in 0..most {
            let data = next(self.inner.read_response()).await.map_err(|error| self.ended(error))?;
            match data.parsed() {
                Response::Done { tag, status, outcome } if *tag == id => {
                    return verdict(status, outcome).map_err(|text| self.refused(&text));
                }
                Response::Data { status: Status::Bye, .. } => return Err(self.ended(ImapError::Closed)),
                response => {
                    if is_news(response) {
                        self.news = News::Arrived;
                    }
                    on(response);
                }
            }
        }
        Err(ImapError::TooLarge)
    }

    /// The end of a connection with the words that the server gave for it, if it did.
    fn ended(&self, error: ImapError) -> ImapError {
        with_farewell(error, &self.heard, &self.credentials)
    }

    fn refused(&self, text: &str) -> ImapError {
        ImapError::Refused(self.credentials.redact(text))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("capabilities", &self.capabilities).finish_non_exhaustive()
    }
}

/// What the untagged responses to SELECT say.
#[derive(Debug, Default)]
struct SelectAnswer {
    uid_validity: Option<u32>,
    uid_next: Option<u32>,
    exists: u32,
    keywords: Option<Keywords>,
}

impl SelectAnswer {
    fn note(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => self.exists = *count,
            Response::Data { outcome, .. } => match &outcome.code {
                Some(ResponseCode::UidValidity(value)) if *value > 0 => self.uid_validity = Some(*value),
                Some(ResponseCode::UidNext(value)) => self.uid_next = Some(*value),
                Some(ResponseCode::UidNotSticky) => self.uid_validity = None,
                Some(ResponseCode::PermanentFlags(flags)) => {
                    let any = flags.iter().any(|flag| flag == "\\*");
                    let named = flags.iter().map(|flag| flag.to_ascii_lowercase()).collect();
                    self.keywords = Some(if any { Keywords::Any } else { Keywords::Only(named) });
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn with_farewell(error: ImapError, heard: &Heard, credentials: &Credentials) -> ImapError {
    match (error, heard.farewell()) {
        (ImapError::Closed, Some(words)) => ImapError::Bye(credentials.redact(&words)),
        (error, _) => error,
    }
}

/// The next response. A panic of the parser is an error like any other answer that makes no sense.
async fn next<T>(read: impl Future<Output = io::Result<Option<T>>>) -> Result<T, ImapError> {
    match AssertUnwindSafe(read).catch_unwind().await {
        Ok(read) => read?.ok_or(ImapError::Closed),
        Err(_) => Err(ImapError::Protocol("it made the parser fail")),
    }
}

fn is_news(response: &Response<'_>) -> bool {
    matches!(response, Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(1..)))
}

/// The server's text when it did not say OK.
fn verdict(status: &Status, outcome: &Outcome<'_>) -> Result<(), String> {
    if *status == Status::Ok {
        return Ok(());
    }
    let code = match outcome.code {
        Some(ResponseCode::TryCreate) => "[TRYCREATE] ",
        _ => "",
    };
    Err(format!("{code}{}", outcome.information.as_deref().unwrap_or("without a reason")))
}

#[cfg(test)]
mod tests;
