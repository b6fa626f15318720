//! What the commands about tickets have in common on the command line.

use std::io::Read;

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::out::JsonSwitch;
use crate::desk;
use crate::desk::prepared::Prepared;
use crate::mail::parse::copied::Copied;
use crate::ticket::id::TicketId;
use crate::ticket::priority::Priority;

/// Longest text read from standard input.
const LONGEST: u64 = 10 * 1024 * 1024;

#[derive(Debug, Args)]
pub struct By {
    /// The agent in whose name this is done: user name or address [default: the desk]
    #[arg(long, value_name = "AGENT")]
    pub by: Option<String>,
}

#[derive(Debug, Args)]
pub struct Comment {
    pub(super) id: TicketId,
    /// What is said; - reads standard input
    #[arg(default_value = "", required_unless_present = "reply")]
    pub(super) text: String,
    /// A saved reply to say, above the text if there is any
    #[arg(long, value_name = "NAME")]
    pub(super) reply: Option<String>,
    /// For agents only
    #[arg(long)]
    pub(super) private: bool,
    /// The partners of a shared ticket get this private comment as well
    #[arg(long, requires = "private")]
    pub(super) to_partner: bool,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Said {
    pub(super) id: TicketId,
    /// What is said; - reads standard input
    #[arg(default_value = "")]
    pub(super) text: String,
    /// A saved reply to say, above the text if there is any
    #[arg(long, value_name = "NAME")]
    pub(super) reply: Option<String>,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct One {
    pub(super) id: TicketId,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Accept {
    pub(super) id: TicketId,
    /// The entry's number, as `ticket show --json` has it [default: the newest that waits]
    #[arg(long, value_name = "NUMBER")]
    pub(super) entry: Option<i64>,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Assign {
    pub(super) id: TicketId,
    /// User name or address of an agent, or `nobody`
    pub(super) owner: String,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct SetPriority {
    pub(super) id: TicketId,
    pub(super) priority: i64,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Move {
    pub(super) id: TicketId,
    /// The queue's slug
    pub(super) queue: String,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Rename {
    pub(super) id: TicketId,
    /// One line
    pub(super) subject: String,
    #[command(flatten)]
    pub(super) by: By,
    #[command(flatten)]
    pub(super) json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Correct {
    pub(super) id: TicketId,
    /// The note's number, as `ticket show --json` has it
    #[arg(value_name = "ENTRY")]
    pub(super) entry: i64,
    /// What it should have said; - reads standard input
    pub(super) text: String,
    #[command(flatten)]
    pub(super) by: By,
    #[command(flatten)]
    pub(super) json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Merge {
    pub(super) id: TicketId,
    pub(super) into: TicketId,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Listed {
    pub(super) id: TicketId,
    /// The address, or the tag
    pub(super) what: String,
    /// Take it away
    #[arg(long)]
    pub(super) remove: bool,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Submitter {
    pub(super) id: TicketId,
    pub(super) address: Copied,
    #[command(flatten)]
    pub(super) by: By,
}

#[derive(Debug, Args)]
pub struct Delete {
    pub(super) id: TicketId,
    /// Really delete it
    #[arg(long, required = true)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) by: By,
}

pub fn priority(number: i64) -> Result<Priority, Failure> {
    Priority::try_from(number).map_err(|error| Failure::data(error.to_string()))
}

pub(crate) fn no_queue(slug: &str) -> Failure {
    Failure::data(format!("there is no queue {slug}"))
}

/// Words that must not be empty.
pub fn spoken(text: &str) -> Result<Prepared, Failure> {
    let words = words(text)?;
    if words.text.trim().is_empty() { Err(Failure::data("there is nothing to say")) } else { Ok(words) }
}

pub fn words(text: &str) -> Result<Prepared, Failure> {
    let mut text = text.to_owned();
    if text == "-" {
        text.clear();
        std::io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    }
    Ok(Prepared::plain(desk::without_nul(&text)))
}
