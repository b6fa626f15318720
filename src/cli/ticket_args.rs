//! What the commands about tickets have in common on the command line.

use std::io::Read;

use clap::Args;

use crate::cli::failure::Failure;
use crate::desk;
use crate::desk::prepared::Prepared;
use crate::ticket::priority::Priority;

/// Longest text read from standard input.
const LONGEST: u64 = 10 * 1024 * 1024;

#[derive(Debug, Args)]
pub struct By {
    /// The agent in whose name this is done: user name or address [default: the desk]
    #[arg(long, value_name = "AGENT")]
    pub by: Option<String>,
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
