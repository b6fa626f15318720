//! The sections that exist once: desk, database, http, intake, delivery, retention, log, and the APIs' own.
//!
//! Values only; their defaults stand in `config.toml.example` and nowhere else.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Deserialize;
use url::Url;

use crate::calendar::schedule::Schedule;
use crate::config::queue::IgnoreRule;
use crate::config::value;
use crate::config::value::Network;
use crate::secret::Secret;

/// `[desk]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    #[serde(deserialize_with = "value::line")]
    pub name: String,
    #[serde(deserialize_with = "value::timezone")]
    pub timezone: TimeZone,
    #[serde(deserialize_with = "value::line")]
    pub locale: String,
    #[serde(deserialize_with = "value::addresses")]
    pub alerts: Vec<String>,
    pub(crate) reopen_days: u32,
    #[serde(deserialize_with = "value::from_text")]
    pub escalation_schedule: Schedule,
    #[serde(deserialize_with = "value::from_text")]
    pub(crate) housekeeping_schedule: Schedule,
    #[serde(deserialize_with = "value::from_text")]
    pub(crate) report_schedule: Schedule,
    #[serde(deserialize_with = "value::from_text")]
    pub(crate) morning_schedule: Schedule,
    #[serde(deserialize_with = "value::optional_path")]
    pub templates: Option<PathBuf>,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: Secret,
    pub connections: u32,
}

/// `[http]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    #[serde(deserialize_with = "value::socket")]
    pub listen: SocketAddr,
    /// Without a final slash.
    #[serde(deserialize_with = "public_url")]
    pub public_url: String,
    #[serde(deserialize_with = "value::size")]
    pub max_body_size: u64,
    #[serde(rename = "request_timeout_seconds", deserialize_with = "value::seconds")]
    pub(crate) request_timeout: Duration,
    pub(crate) max_requests: u32,
    /// Of one token of the Desk API.
    pub(crate) requests_per_minute: u32,
    pub(crate) cors_origins: Vec<String>,
    pub trusted_proxies: Vec<Network>,
    #[serde(deserialize_with = "value::optional_socket")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    #[serde(deserialize_with = "value::mount")]
    pub(crate) jutda_mount: String,
}

/// `[intake]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    #[serde(deserialize_with = "value::size")]
    pub max_message_size: u64,
    #[serde(rename = "poll_seconds", deserialize_with = "value::seconds")]
    pub poll: Duration,
    #[serde(rename = "idle_minutes", deserialize_with = "value::minutes")]
    pub idle: Duration,
    pub batch_messages: usize,
    /// Names of header fields that filters put on spam, some with what they say.
    #[serde(deserialize_with = "value::spam_headers")]
    pub spam_headers: Vec<String>,
    #[serde(deserialize_with = "value::size")]
    pub batch_size: u64,
    #[serde(rename = "timeout_seconds", deserialize_with = "value::seconds")]
    pub timeout: Duration,
    #[serde(rename = "max_backoff_seconds", deserialize_with = "value::seconds")]
    pub(crate) max_backoff: Duration,
    #[serde(rename = "lease_seconds", deserialize_with = "value::seconds")]
    pub lease: Duration,
    #[serde(rename = "parse_seconds", deserialize_with = "value::seconds")]
    pub(crate) parse_limit: Duration,
    /// For the check of mails; none: the machine's own.
    pub name_servers: Vec<SocketAddr>,
    pub ignore: Vec<IgnoreRule>,
}

/// `[delivery]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    pub paused: bool,
    #[serde(rename = "attempt_seconds", deserialize_with = "value::seconds")]
    pub attempt: Duration,
    #[serde(rename = "rest_seconds", deserialize_with = "value::seconds")]
    pub rest: Duration,
    #[serde(rename = "give_up_days", deserialize_with = "value::days")]
    pub(crate) give_up: Duration,
    #[serde(rename = "warn_after_hours", deserialize_with = "value::hours")]
    pub(crate) warn_after: Duration,
    #[serde(deserialize_with = "value::size")]
    pub(crate) max_attachments_size: u64,
    #[serde(deserialize_with = "value::size")]
    pub(crate) max_staff_attachments_size: u64,
}

/// `[retention]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    #[serde(rename = "raw_days", deserialize_with = "value::days")]
    pub raw: Duration,
    #[serde(rename = "suspended_days", deserialize_with = "value::days")]
    pub suspended: Duration,
}

/// `[ratings]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratings {
    pub ask: bool,
    /// Slugs; none are all queues.
    pub queues: Vec<String>,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    #[serde(deserialize_with = "value::line")]
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Human,
    Json,
}

/// `[jaze]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jaze {
    #[serde(deserialize_with = "value::line")]
    pub account: String,
    /// The desk's, where this API has none of its own.
    #[serde(deserialize_with = "value::optional_timezone")]
    pub timezone: Option<TimeZone>,
}

/// `[sharing]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// `""` when this desk does not share.
    #[serde(deserialize_with = "value::mount")]
    pub path: String,
    pub(crate) allow_private_partners: bool,
    #[serde(deserialize_with = "value::size")]
    pub(crate) max_attachment_size: u64,
}

fn public_url<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.has_host();
    match Url::parse(&text) {
        Ok(url) if web(&url) && url.fragment().is_none() => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(serde::de::Error::custom("must be a URL such as https://help.example.com, without a query")),
    }
}
