//! `search`: entries by their words.

use std::path::Path;

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::view::Audience;
use crate::desk::view::search;
use crate::desk::view::search::Finding;
use crate::desk::view::search::Findings;
use crate::desk::view::search::Order;
use crate::desk::view::search::Page;
use crate::desk::view::search::Rest;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::words::sought::Sought;
use crate::ticket::words::sought::Unsearchable;

/// Most entries of one listing.
const MOST: i64 = 1000;
/// What a search can be, below the help of the command.
const LANGUAGE: &str = "All words must be in one entry: in its text, the name or address of who wrote it, the names of its files,
or, of an entry that opened a ticket, its subject. The last word may be the beginning of one. Words in quotation
marks must stand together; a minus before a word excludes: helpdeskd search 'printer \"on fire\" -toner'";

#[derive(Debug, Args)]
#[command(after_help = LANGUAGE)]
pub struct Arguments {
    /// Words that must all be there
    #[arg(required = true)]
    words: Vec<String>,
    /// A word that begins with a minus, which is no switch
    #[arg(long = "term", hide = true, allow_hyphen_values = true)]
    excluded: Vec<String>,
    /// Those first that fit best, of the newest 1000 [default: the newest first]
    #[arg(long, conflicts_with = "before")]
    best: bool,
    #[arg(long, default_value_t = 20)]
    limit: i64,
    /// Only entries with a lower number
    #[arg(long, value_name = "ENTRY")]
    before: Option<FollowupId>,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    // What is excluded is so wherever it stands; the word that was typed last stays the last.
    let typed = [arguments.excluded.as_slice(), arguments.words.as_slice()].concat();
    let sought: Sought = typed.join(" ").parse()?;
    let page = Page {
        before: arguments.before.unwrap_or(FollowupId(i64::MAX)),
        limit: arguments.limit.clamp(1, MOST),
        order: if arguments.best { Order::Best } else { Order::Newest },
    };
    let mut tx = app.db.read().await?;
    let findings = search::search(&mut tx, &sought, page, Audience::Staff).await?;
    let remarks = remarks(&findings);
    match arguments.json.form() {
        Form::Json => {
            out::json(&findings.rows)?;
            for remark in &remarks {
                out::note(remark);
            }
        }
        Form::Human => {
            findings.rows.iter().for_each(show);
            if findings.rows.is_empty() && matches!(findings.rest, Rest::End) {
                out::line("No entry has these words.");
            }
            for remark in &remarks {
                out::line(remark);
            }
        }
    }
    Ok(())
}

fn show(finding: &Finding) {
    let private = if finding.visibility == Visibility::Private { ", private" } else { "" };
    let author = finding.author.as_deref().unwrap_or("-");
    out::line(&out::flat(&format!("{}-{} {}", finding.queue, finding.ticket_id, finding.subject)));
    out::line(&out::flat(&format!("  entry {}, {author}, {}{private}", finding.id, finding.created_at)));
    out::line(&out::flat(&format!("  {}", finding.snippet.text)));
}

/// What is not shown, and how to see it.
fn remarks(findings: &Findings) -> Vec<String> {
    let rest = match findings.rest {
        Rest::End => None,
        Rest::More(before) => Some(format!("older ones: --before {before}")),
        Rest::Unseen(before) => {
            Some(format!("enough was looked at; there may be older ones: --before {before}"))
        }
    };
    let unindexed = findings.unindexed.map(|next| {
        format!("entries up to number {next} are not in the index yet: the daemon is at it, and they are not found")
    });
    rest.into_iter().chain(unindexed).collect()
}

impl From<Unsearchable> for Failure {
    fn from(why: Unsearchable) -> Self {
        Self::new(Code::Usage, why.to_string())
    }
}
