//! `ignore list|add|remove`: senders whose mail is not made a ticket.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::config::queue::OnServer;
use crate::desk::app::App;
use crate::desk::ignore;
use crate::store;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the rules, those of the configuration too
    List(JsonSwitch),
    /// Ignore mail of a sender from now on
    Add(Add),
    /// Take a rule away, by its pattern or number
    Remove(Remove),
}

#[derive(Debug, Args)]
pub struct Add {
    /// `user@host`, `*@host` or `user@*`
    pattern: String,
    /// Only in this queue
    #[arg(long)]
    queue: Option<String>,
    /// Also delete the message in the mailbox
    #[arg(long)]
    delete: bool,
}

#[derive(Debug, Args)]
pub struct Remove {
    rule: String,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    match command {
        Command::List(json) => list(&app, json.form()).await,
        Command::Add(add) => {
            let queue = match &add.queue {
                Some(slug) => {
                    let queue = desk.directory.queue_by_slug(slug);
                    Some(queue.ok_or_else(|| Failure::data(format!("there is no queue {slug}")))?.id)
                }
                None => None,
            };
            let server = if add.delete { OnServer::Delete } else { OnServer::Keep };
            let mut tx = app.db.write().await?;
            let id = ignore::add(&mut tx, queue, (&add.pattern, server), app.now()).await?;
            tx.commit().await?;
            out::line(&format!("Rule {id} is added. A running helpdeskd knows within a minute."));
            Ok(())
        }
        Command::Remove(remove) => {
            let mut tx = app.db.write().await?;
            if ignore::remove(&mut tx, &remove.rule).await? == 0 {
                return Err(Failure::data(
                    "there is no such rule; those of the configuration are changed there",
                ));
            }
            tx.commit().await?;
            out::line("Removed.");
            Ok(())
        }
    }
}

/// A rule as it is shown: number, pattern, queue, what happens on the server.
type Shown = (Option<i64>, String, Option<String>, &'static str);

async fn list(app: &App, form: Form) -> Result<(), Failure> {
    let desk = app.desk();
    let mut tx = app.db.read().await?;
    let stored = store::ignore_rules::list(&mut tx).await?;
    let desk = &desk;
    let mut rules: Vec<Shown> = Vec::new();
    for rule in &desk.config.intake.ignore {
        rules.push((None, rule.address.clone(), None, rule.server.as_str()));
    }
    for queue in &desk.config.queues {
        for rule in &queue.ignore {
            rules.push((None, rule.address.clone(), Some(queue.slug.clone()), rule.server.as_str()));
        }
    }
    for rule in stored {
        let queue = rule.queue_id.and_then(|id| desk.directory.queue(id));
        let server = if rule.server == "delete" { "delete" } else { "keep" };
        let slug = match (rule.queue_id, queue) {
            (None, _) => None,
            (Some(_), Some(queue)) => Some(queue.config.slug.clone()),
            (Some(id), None) => Some(format!("queue {id}")),
        };
        rules.push((Some(rule.id.0), rule.pattern, slug, server));
    }
    if form == Form::Json {
        let rows = rules.iter().map(|(id, pattern, queue, server)| {
            json!({ "id": id, "pattern": pattern, "queue": queue, "server": server })
        });
        return out::json(&rows.collect::<Vec<_>>());
    }
    let rows = rules.into_iter().map(|(id, pattern, queue, server)| {
        let id = id.map_or_else(|| "config".to_owned(), |id| id.to_string());
        vec![id, pattern, queue.unwrap_or_else(|| "all".to_owned()), server.to_owned()]
    });
    out::table(&["ID", "SENDER", "QUEUE", "ON SERVER"], &rows.collect::<Vec<_>>());
    Ok(())
}
