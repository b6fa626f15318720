//! What must be known to write a configuration, and what can be guessed.

use std::path::Path;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use secrecy::SecretString;

use crate::email::Email;

/// Everything that is decided before something is written.
#[derive(Clone, Debug)]
pub struct Answers {
    pub(crate) desk_name: String,
    pub timezone: String,
    pub locale: String,
    pub listen: String,
    pub public_url: String,
    pub slug: String,
    pub title: String,
    pub address: String,
    /// Who is told of new tickets; nobody named is every agent.
    pub notify: Vec<String>,
    pub alerts: Vec<String>,
    pub mailbox: Option<Mailbox>,
    /// DKIM and DMARC are checked here.
    pub verify: bool,
    pub sending: Sending,
    pub database: Stored,
    pub agent: Option<Agent>,
}

/// How a mail server is reached.
#[derive(Clone, Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub(crate) allow_plaintext: bool,
    pub ca_file: Option<PathBuf>,
    pub pin: Option<String>,
    pub login: Option<Login>,
}

#[derive(Clone, Debug)]
pub struct Login {
    pub username: String,
    pub password: Stored,
}

#[derive(Clone, Debug)]
pub struct Mailbox {
    pub server: Server,
    pub folder: String,
    /// As the configuration writes it: `now`, `all`, or days.
    pub from: String,
}

#[derive(Clone, Debug)]
pub enum Sending {
    Server(Server),
    Directory(PathBuf),
}

/// A secret, or where it is kept.
#[derive(Clone, Debug)]
pub(crate) enum Stored {
    /// `env:NAME`, `file:PATH`, `command:TEXT`, or what is no secret.
    Plain(String),
    /// Goes into a file of its own.
    Secret(SecretString),
}

#[derive(Clone, Debug)]
pub struct Agent {
    pub username: Option<String>,
    pub email: String,
    pub name: String,
    pub password: Option<SecretString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Tls {
    Implicit,
    Starttls,
    None,
}

impl Tls {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Starttls => "starttls",
            Self::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Implicit, Self::Starttls, Self::None].into_iter().find(|tls| tls.as_str() == text)
    }

    pub fn imap_port(self) -> u16 {
        if self == Self::Implicit { 993 } else { 143 }
    }

    pub(crate) fn smtp_port(self) -> u16 {
        match self {
            Self::Implicit => 465,
            Self::Starttls => 587,
            Self::None => 25,
        }
    }
}

impl Stored {
    /// A password as somebody gives it: a place that the configuration can name, or the password itself.
    pub fn of(text: &str) -> Self {
        let places = ["env:", "file:", "command:"];
        if places.iter().any(|place| text.starts_with(place)) {
            Self::Plain(text.to_owned())
        } else {
            Self::Secret(text.into())
        }
    }

    /// The same for a database's address, which may hold a password.
    pub(crate) fn of_url(url: &str) -> Self {
        let has_password = url::Url::parse(url).is_ok_and(|url| url.password().is_some());
        if has_password { Self::Secret(url.into()) } else { Self::Plain(url.to_owned()) }
    }
}

/// The machine's own time zone.
pub fn timezone() -> String {
    let name = TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
    if name.ends_with("/UTC") { "UTC".to_owned() } else { name }
}

/// Where the embedded database goes: beside the configuration, unless that is among the machine's settings.
pub fn database(path: &Path) -> String {
    if path.starts_with("/etc") {
        "sqlite:/var/lib/helpdeskd/helpdesk.db".to_owned()
    } else {
        "sqlite:helpdesk.db".to_owned()
    }
}

/// A short name for links and subjects, from a queue's title.
pub fn slug(title: &str) -> String {
    let letters: String =
        title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(30).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "support".to_owned() } else { slug.to_owned() }
}

/// `imap.example.com` for `support@example.com`.
pub fn host(kind: &str, address: &str) -> String {
    format!("{kind}.{}", Email::of(address).domain())
}

/// What comes before the `@`.
pub(crate) fn local_part(address: &str) -> String {
    address.rsplit_once('@').map(|(local, _)| local.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_any_title() {
        for (title, expected) in [
            ("Support", "support"),
            ("IT & Network", "it-network"),
            ("Käse – Wünsche", "k-se-w-nsche"),
            ("客服", "support"),
            ("---", "support"),
            (&"x".repeat(80), &"x".repeat(30)),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    #[test]
    fn only_what_is_a_secret_goes_into_a_file_of_its_own() {
        for (text, secret) in [("env:A", false), ("file:a", false), ("command:a", false), ("hunter2", true)] {
            assert_eq!(matches!(Stored::of(text), Stored::Secret(_)), secret, "{text}");
        }
        for (url, secret) in [
            ("sqlite:a.db", false),
            ("postgres:///desk", false),
            ("postgres://u@h/desk", false),
            ("postgres://u:p@h/desk", true),
        ] {
            assert_eq!(matches!(Stored::of_url(url), Stored::Secret(_)), secret, "{url}");
        }
    }
}
