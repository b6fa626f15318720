//! `reply add|list|show|edit|remove`: texts that agents use again and again.

use std::io::Read;
use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::Value;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args::no_queue;
use crate::desk::Desk;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::prepared::Prepared;
use crate::desk::reply;
use crate::desk::reply::Place;
use crate::desk::reply::ReplyError;
use crate::store;
use crate::store::db::Tx;
use crate::store::replies::Reply;
use crate::ticket::id::QueueId;

/// More than can be kept, so that too much is told instead of being cut.
const LONGEST: u64 = 1024 * 1024;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keep a text, which agents use by its name: `#reply NAME` by mail, `ticket comment 12 --reply NAME` here
    Add(Edit),
    /// List the texts
    List(JsonSwitch),
    /// Show the texts of one name
    Show(Show),
    /// Put another text in the place of one
    Edit(Edit),
    /// Take a text away
    Remove(Remove),
}

#[derive(Debug, Args)]
pub struct Edit {
    /// One word
    name: String,
    /// What it says; - reads standard input. `{{ customer.name }}` and the like are filled in when it is used: ticket
    /// (number, tag, subject, status, priority, opened), customer and agent (name, email), queue (title, slug, address)
    text: String,
    #[command(flatten)]
    place: Where,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Remove {
    name: String,
    #[command(flatten)]
    place: Where,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Show {
    name: String,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
struct Where {
    /// For tickets of this queue only [default: of all queues]
    #[arg(long, value_name = "SLUG")]
    queue: Option<String>,
    /// For customers of this language [default: of every language that has no text of its own]
    #[arg(long, value_name = "LANGUAGE")]
    locale: Option<String>,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(json) => list(&app, json.form()).await,
        Command::Show(arguments) => show(&app, &arguments).await,
        Command::Add(arguments) => {
            let (desk, text) = (app.desk(), text(&arguments.text)?);
            let place = arguments.place.of(&desk)?;
            let mut tx = app.db.write().await?;
            let (by, name) = (Actor::operator(), &arguments.name);
            reply::add(&mut tx, &by, name, place, &text, app.now()).await.map_err(failure)?;
            tx.commit().await?;
            changed(&app, name, place, "Kept.", arguments.json.form()).await
        }
        Command::Edit(arguments) => {
            let (desk, text) = (app.desk(), text(&arguments.text)?);
            let place = arguments.place.of(&desk)?;
            let mut tx = app.db.write().await?;
            let (by, name) = (Actor::operator(), &arguments.name);
            reply::edit(&mut tx, &by, name, place, &text, app.now()).await.map_err(failure)?;
            tx.commit().await?;
            changed(&app, name, place, "Changed.", arguments.json.form()).await
        }
        Command::Remove(arguments) => {
            let desk = app.desk();
            let place = arguments.place.of(&desk)?;
            let mut tx = app.db.write().await?;
            reply::remove(&mut tx, &Actor::operator(), &arguments.name, place).await.map_err(failure)?;
            tx.commit().await?;
            match arguments.json.form() {
                Form::Json => out::json(&json!({ "removed": arguments.name.to_lowercase() })),
                Form::Human => {
                    out::line("Removed.");
                    Ok(())
                }
            }
        }
    }
}

/// Prints a text as it is kept now.
async fn changed(app: &App, name: &str, place: Place<'_>, said: &str, form: Form) -> Result<(), Failure> {
    if form == Form::Human {
        out::line(said);
        return Ok(());
    }
    let kept = store::replies::list_named(&mut app.db.read().await?, &name.to_lowercase()).await?;
    let locale = place.locale.unwrap_or_default();
    let is_it = |reply: &&Reply| reply.queue_id == place.queue && reply.locale.eq_ignore_ascii_case(locale);
    let one = kept.iter().find(is_it).map(|reply| shown(&app.desk(), reply));
    out::json(&one.unwrap_or(Value::Null))
}

/// The words below a saved reply, if one is asked for.
pub(super) async fn above(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    name: Option<&str>,
    words: Prepared,
) -> Result<Prepared, Failure> {
    let Some(name) = name else { return Ok(words) };
    let filled = reply::filled(desk, tx, &action.actor, &action.ticket, name).await.map_err(failure)?;
    let below = words.text.trim();
    Ok(Prepared::plain(if below.is_empty() { filled } else { format!("{filled}\n\n{below}") }))
}

fn failure(error: ReplyError) -> Failure {
    match error {
        ReplyError::Desk(error) => error.into(),
        error => Failure::data(error.to_string()),
    }
}

impl Where {
    fn of(&self, desk: &Desk) -> Result<Place<'_>, Failure> {
        let queue = match &self.queue {
            Some(slug) => Some(desk.directory.queue_by_slug(slug).ok_or_else(|| no_queue(slug))?.id),
            None => None,
        };
        Ok(Place { queue, locale: self.locale.as_deref() })
    }
}

async fn list(app: &App, form: Form) -> Result<(), Failure> {
    let desk = app.desk();
    let replies = store::replies::list(&mut app.db.read().await?).await?;
    if form == Form::Json {
        return out::json(&replies.iter().map(|reply| shown(&desk, reply)).collect::<Vec<_>>());
    }
    let rows = replies.iter().map(|reply| {
        let begins = reply.body.lines().next().unwrap_or_default().chars().take(60).collect();
        vec![reply.name.clone(), queue(&desk, reply.queue_id), language(reply), begins]
    });
    out::table(&["NAME", "QUEUE", "LANGUAGE", "BEGINS"], &rows.collect::<Vec<_>>());
    Ok(())
}

async fn show(app: &App, arguments: &Show) -> Result<(), Failure> {
    let desk = app.desk();
    let replies =
        store::replies::list_named(&mut app.db.read().await?, &arguments.name.to_lowercase()).await?;
    if replies.is_empty() {
        return Err(failure(ReplyError::Unknown(arguments.name.clone())));
    }
    if arguments.json.form() == Form::Json {
        return out::json(&replies.iter().map(|reply| shown(&desk, reply)).collect::<Vec<_>>());
    }
    for reply in &replies {
        let (queue, language) = (queue(&desk, reply.queue_id), language(reply));
        out::line(&format!("{} (queue: {queue}, language: {language})", out::clean(&reply.name)));
        for line in out::clean_text(&reply.body).lines() {
            out::line(&format!("    {line}"));
        }
    }
    Ok(())
}

fn shown(desk: &Desk, reply: &Reply) -> Value {
    let mut value = json!(reply);
    value["queue"] = json!(reply.queue_id.map(|id| queue(desk, Some(id))));
    value["locale"] = json!(Some(&reply.locale).filter(|locale| !locale.is_empty()));
    value
}

fn queue(desk: &Desk, id: Option<QueueId>) -> String {
    let Some(id) = id else { return "all".to_owned() };
    let known = desk.directory.queues().iter().find(|queue| queue.id == id);
    known.map_or_else(|| format!("queue {id}"), |queue| queue.config.slug.clone())
}

fn language(reply: &Reply) -> String {
    if reply.locale.is_empty() { "all".to_owned() } else { reply.locale.clone() }
}

fn text(text: &str) -> Result<String, Failure> {
    let mut text = text.to_owned();
    if text == "-" {
        text.clear();
        std::io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    }
    Ok(text)
}
