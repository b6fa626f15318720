//! `ticket list`.

use std::ffi::OsString;

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_late;
use crate::cli::ticket_show;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::view;
use crate::desk::view::Reader;
use crate::desk::view::ViewError;
use crate::desk::view::list::Listing;
use crate::desk::view::list::Page;
use crate::desk::view::list::Rest;
use crate::desk::view::list::Row;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::query::Query;
use crate::ticket::query::State;
use crate::ticket::query::Test;
use crate::ticket::query::mistake::Mistake;

/// What a query can be, below the help of the command.
const LANGUAGE: &str = "A query is a list of terms that must all be true; a minus before one excludes:
  is:open|reopened|resolved|closed|merged|held|unassigned|waiting|overdue|shared
  owner:NAME|me|nobody   from:ADDRESS|NAME   cc:ADDRESS|NAME   queue:SLUG   type:NAME   tag:TAG
  priority:1 priority:1-2   rating:1-2   before:2026-03-01 after:7d (today, yesterday, 12h, 2w)   has:file
  number:12   and words, which are looked for in subjects and in all entries; the last may be begun
Values with spaces stand in quotation marks: helpdeskd ticket list 'is:open from:\"Ann Smith\"'";

#[derive(Debug, Args)]
#[command(after_help = LANGUAGE)]
pub struct List {
    /// Which tickets, for instance: is:open owner:nobody -tag:later [default: all]
    query: Vec<String>,
    /// A term that begins with a minus, which is no switch
    #[arg(long = "term", hide = true, allow_hyphen_values = true)]
    excluded: Vec<String>,
    /// Only one queue
    #[arg(long)]
    queue: Option<String>,
    /// Only open tickets
    #[arg(long)]
    open: bool,
    #[arg(long, default_value_t = 50)]
    limit: i64,
    /// Only tickets with a lower number
    #[arg(long)]
    before: Option<TicketId>,
    /// The agent whom `owner:me` means: user name or address
    #[arg(long, value_name = "AGENT")]
    by: Option<String>,
    #[command(flatten)]
    json: JsonSwitch,
}

/// The place of its column.
const DUE: usize = 4;
/// Most rows of one listing.
const MOST: i64 = 100_000;

/// The arguments of this process, with the terms that begin with a minus marked: there is no switch of that form.
pub(crate) fn with_terms(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let (mut last, mut is_query, mut has_command) = (OsString::new(), false, false);
    let marked = arguments.enumerate().map(|(n, argument)| {
        let text = argument.to_str().unwrap_or_default();
        let is_search = !has_command && text == "search" && last != "--config";
        is_query = (is_query || is_search || (last == "ticket" && text == "list")) && text != "--";
        has_command |= n > 0 && !text.starts_with('-') && last != "--config";
        let is_term = is_query && text.len() > 2 && text.starts_with('-') && !text.starts_with("--");
        last.clone_from(&argument);
        if is_term { OsString::from(["--term=", text].concat()) } else { argument }
    });
    marked.collect()
}

pub async fn list(app: &App, list: &List) -> Result<(), Failure> {
    let desk = app.desk();
    let query = query(list)?;
    let me = match &list.by {
        Some(agent) => Some(context::staff(app, agent).await?.id),
        None => None,
    };
    let reader = Reader { me, now: app.now() };
    let page = Page { before: list.before.unwrap_or(TicketId(i64::MAX)), limit: list.limit.clamp(1, MOST) };
    let mut tx = app.db.read().await?;
    let listing = view::list::list(&desk, &mut tx, &query, page, reader).await?;
    let remark = remark(app, &mut tx, &query, &listing, reader).await?;
    if list.json.form() == Form::Json {
        out::json(&listing.rows)?;
        if let Some(remark) = remark {
            out::note(&remark);
        }
        return Ok(());
    }
    print(&listing, reader.now);
    if listing.rows.is_empty() && listing.rest == Rest::End {
        out::line(if query.terms.is_empty() { "There are no tickets." } else { "No ticket is like that." });
    }
    if let Some(remark) = remark {
        out::line(&remark);
    }
    Ok(())
}

/// The query with what the switches add.
fn query(list: &List) -> Result<Query, Failure> {
    let typed = [list.query.as_slice(), list.excluded.as_slice()].concat();
    let mut query: Query = typed.join(" ").parse()?;
    if let Some(slug) = &list.queue {
        query = query.and(Test::Queue(slug.clone()));
    }
    if list.open {
        query = query.and(Test::Is(State::Open));
    }
    Ok(query)
}

fn print(listing: &Listing, now: Timestamp) {
    if listing.rows.is_empty() {
        return;
    }
    let mut rows: Vec<Vec<String>> = listing.rows.iter().map(|row| cells(row, now)).collect();
    let mut headings = vec!["ID", "QUEUE", "STATE", "PRIO", "DUE", "SUBMITTER", "OWNER", "SUBJECT"];
    // Many desks have neither due dates nor targets.
    if rows.iter().all(|row| row[DUE].is_empty()) {
        headings.remove(DUE);
        for row in &mut rows {
            row.remove(DUE);
        }
    }
    out::table(&headings, &rows);
    if listing.rows.iter().any(|row| ticket_show::needs_a_look(&row.named.ticket)) {
        out::line("! a customer wrote and nobody answered, or a mail did not arrive");
    }
}

fn cells(row: &Row, now: Timestamp) -> Vec<String> {
    let named = &row.named;
    vec![
        named.ticket.id.to_string(),
        named.queue.clone(),
        ticket_show::state(&named.ticket),
        named.ticket.priority.to_string(),
        ticket_late::due(&named.ticket, now),
        named.submitter_name.clone().unwrap_or_default(),
        named.owner_name.clone().unwrap_or_default(),
        named.ticket.subject.clone(),
    ]
}

/// Whether there is more than is shown, and how to see it.
async fn remark(
    app: &App,
    tx: &mut Tx,
    query: &Query,
    listing: &Listing,
    reader: Reader,
) -> Result<Option<String>, Failure> {
    let desk = app.desk();
    Ok(match listing.rest {
        Rest::End => None,
        Rest::More(before) => {
            let count = view::list::count(&desk, tx, query, reader).await?;
            Some(format!("{} of {count}, older: --before {before}", listing.rows.len()))
        }
        Rest::Unseen(before) => Some(format!(
            "{} among those that were looked at; there may be older ones: --before {before}",
            listing.rows.len(),
        )),
    })
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Self {
        Self::new(Code::Usage, mistake.to_string())
    }
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Store(error) => error.into(),
            error => Self::data(error.to_string()),
        }
    }
}
