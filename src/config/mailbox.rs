//! `[queues.imap]`: the mailbox that a queue reads.
//!
//! How it is read is in `imap`; what becomes of its mail in `worker`.

use std::time::Duration;

use serde::Deserialize;
use serde::Deserializer;
use serde::de;

use crate::config::oauth::OAuth;
use crate::config::server;
use crate::config::server::Login;
use crate::config::server::Plaintext;
use crate::config::server::Server;
use crate::config::server::Tls;
use crate::config::server::Written;
use crate::config::server::WrittenLogin;
use crate::config::value;
use crate::secret::Secret;

/// A mailbox, and what is done to messages there.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "WrittenMailbox")]
pub struct Mailbox {
    pub server: Server,
    pub login: Login,
    /// As people write it; the wire's own spelling is made in `imap`.
    pub folder: String,
    pub after: After,
    pub from: FirstContact,
    pub old: OldMail,
}

/// What happens to a message on the server once it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    Leave,
    Seen,
    Keyword(String),
    Move(String),
    Delete { after: Duration },
}

/// Which of the messages that are there at first contact are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstContact {
    Now,
    All,
    Last(Duration),
}

/// Whom messages that were there at first contact are answered to; what is not answered does not escalate either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OldMail {
    /// To nobody.
    Silent,
    /// To those who wrote lately.
    #[default]
    SilentIfOld,
    Answered,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMailbox {
    host: String,
    port: Option<u16>,
    tls: Tls,
    allow_plaintext: bool,
    #[serde(deserialize_with = "value::optional_path")]
    ca_file: Option<std::path::PathBuf>,
    #[serde(deserialize_with = "value::optional_text")]
    pin: Option<String>,
    username: Option<String>,
    password: Option<Secret>,
    token: Option<Secret>,
    oauth: Option<OAuth>,
    #[serde(deserialize_with = "value::line")]
    folder: String,
    after: WrittenAfter,
    keyword: String,
    #[serde(deserialize_with = "value::optional_text")]
    move_to: Option<String>,
    delete_after_days: u16,
    from: FirstContact,
    silent: bool,
    answer_old: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenAfter {
    Leave,
    Seen,
    Keyword,
    Move,
    Delete,
}

impl Mailbox {
    /// `user@host:port/folder`: the mailbox's lasting name.
    pub fn identity(&self) -> String {
        format!("{}@{}:{}/{}", self.login.username, self.server.host, self.server.port, self.folder)
    }
}

impl TryFrom<WrittenMailbox> for Mailbox {
    type Error = String;

    fn try_from(written: WrittenMailbox) -> Result<Self, String> {
        let after = after(&written)?;
        let login = server::login(WrittenLogin {
            username: written.username,
            password: written.password,
            token: written.token,
            oauth: written.oauth,
        })?;
        let plaintext = if written.allow_plaintext { Plaintext::Anywhere } else { Plaintext::Local };
        let old = match (written.silent, written.answer_old) {
            (false, false) => OldMail::SilentIfOld,
            (true, false) => OldMail::Silent,
            (false, true) => OldMail::Answered,
            (true, true) => return Err("`silent` and `answer_old` exclude each other".to_owned()),
        };
        let server = Written {
            host: written.host,
            port: written.port,
            tls: written.tls,
            plaintext,
            ca_file: written.ca_file,
            pin: written.pin,
        };
        Ok(Self {
            server: server.checked([993, 143, 143])?,
            login: login.ok_or("needs `username`, and `password`, `token` or `oauth`")?,
            folder: written.folder,
            after,
            from: written.from,
            old,
        })
    }
}

impl<'de> Deserialize<'de> for FirstContact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FirstContactVisitor)
    }
}

fn after(written: &WrittenMailbox) -> Result<After, String> {
    Ok(match written.after {
        WrittenAfter::Leave => After::Leave,
        WrittenAfter::Seen => After::Seen,
        WrittenAfter::Keyword if is_keyword(&written.keyword) => After::Keyword(written.keyword.clone()),
        WrittenAfter::Keyword => {
            return Err("`keyword` must be letters, digits, `_`, `-`, `.` or `$`".to_owned());
        }
        WrittenAfter::Move => match &written.move_to {
            Some(folder) if *folder == written.folder => {
                return Err("`move_to` must be another folder".to_owned());
            }
            Some(folder) => After::Move(folder.clone()),
            None => return Err("`after` = \"move\" needs `move_to`".to_owned()),
        },
        WrittenAfter::Delete => {
            After::Delete { after: Duration::from_secs(86400 * u64::from(written.delete_after_days)) }
        }
    })
}

/// A part of what RFC 3501 allows, which every server takes.
fn is_keyword(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.$".contains(c))
}

struct FirstContactVisitor;

impl de::Visitor<'_> for FirstContactVisitor {
    type Value = FirstContact;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("\"now\", \"all\" or a number of days")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<FirstContact, E> {
        match text {
            "now" => Ok(FirstContact::Now),
            "all" => Ok(FirstContact::All),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }

    fn visit_i64<E: de::Error>(self, days: i64) -> Result<FirstContact, E> {
        match u64::try_from(days) {
            Ok(days @ 0..=36_500) => Ok(FirstContact::Last(Duration::from_secs(86400 * days))),
            _ => Err(E::invalid_value(de::Unexpected::Signed(days), &self)),
        }
    }
}
