//! The configuration: the user's TOML laid over `config.toml.example`, which is compiled in as the defaults.
//!
//! Read at the start, and anew when somebody asks for it. Users, tokens and agreements are no configuration; they live in the database.

use std::path::PathBuf;

use serde::Deserialize;

use crate::config::caps::Caps;
use crate::config::queue::Queue;
use crate::config::rule::Rule;
use crate::config::sections::Database;
use crate::config::sections::Delivery;
use crate::config::sections::Desk;
use crate::config::sections::Http;
use crate::config::sections::Intake;
use crate::config::sections::Jaze;
use crate::config::sections::Log;
use crate::config::sections::Ratings;
use crate::config::sections::Retention;
use crate::config::sections::Sharing;
use crate::config::smtp::SmtpAccount;
use crate::config::target::Target;

pub mod caps;
mod check;
pub mod error;
mod load;
pub mod mailbox;
pub(crate) mod matchers;
mod merge;
mod mistake;
mod mistakes;
pub mod oauth;
mod paths;
pub mod queue;
pub mod rule;
mod rule_check;
pub mod sections;
pub mod server;
pub mod smtp;
pub mod target;
pub mod value;

/// The defaults, and the documentation of every key.
pub(crate) const EXAMPLE: &str = include_str!("../config.toml.example");

/// Everything an operator can set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub desk: Desk,
    pub database: Database,
    pub http: Http,
    pub intake: Intake,
    pub delivery: Delivery,
    pub caps: Caps,
    pub retention: Retention,
    pub ratings: Ratings,
    pub log: Log,
    pub jaze: Jaze,
    pub sharing: Sharing,
    pub smtp: Vec<SmtpAccount>,
    pub queues: Vec<Queue>,
    pub rules: Vec<Rule>,
    pub targets: Vec<Target>,
    /// The directory that relative paths count from; empty is the working directory.
    #[serde(skip)]
    pub base: PathBuf,
}

impl Config {
    pub fn queue(&self, slug: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.slug == slug)
    }

    pub fn smtp_account(&self, name: &str) -> Option<&SmtpAccount> {
        self.smtp.iter().find(|account| account.name == name)
    }
}
