//! `draft list|show|send|discard`: answers that are kept until their authors say that they are to be sent.

use std::path::Path;

use clap::Args;
use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args::By;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::app::App;
use crate::desk::draft;
use crate::desk::draft::Sending;
use crate::desk::event;
use crate::store;
use crate::store::db::Tx;
use crate::store::drafts::Draft;
use crate::ticket::id::DraftId;
use crate::ticket::person::User;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the drafts, oldest first
    List(JsonSwitch),
    /// Show a draft
    Show(Show),
    /// Send a draft in its author's name
    Send(One),
    /// Throw a draft away; the note that keeps its text stays
    Discard(Discard),
}

#[derive(Debug, Args)]
pub struct Show {
    id: DraftId,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct One {
    id: DraftId,
}

#[derive(Debug, Args)]
pub struct Discard {
    id: DraftId,
    #[command(flatten)]
    by: By,
}

/// Rows that are read together.
const PAGE: i64 = 1000;

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(json) => list(&app, json.form()).await,
        Command::Show(arguments) => show(&app, &arguments).await,
        Command::Send(arguments) => send(&app, arguments.id).await,
        Command::Discard(arguments) => discard(&app, &arguments).await,
    }
}

async fn list(app: &App, form: Form) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let mut drafts: Vec<Draft> = Vec::new();
    loop {
        let after = drafts.last().map_or(DraftId(0), |draft| draft.id);
        let page = store::drafts::list(&mut tx, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        drafts.extend(page);
    }
    if form == Form::Json {
        return out::json(&drafts);
    }
    let mut rows = Vec::new();
    for draft in &drafts {
        let owner = owner(&mut tx, draft).await?;
        let begins = draft.body.lines().next().unwrap_or_default().chars().take(60).collect();
        let ticket = draft.ticket_id.to_string();
        rows.push(vec![
            draft.id.to_string(),
            ticket,
            owner.name,
            becomes(draft),
            draft.created_at.to_string(),
            begins,
        ]);
    }
    out::table(&["ID", "TICKET", "AGENT", "BECOMES", "SINCE", "BEGINS"], &rows);
    Ok(())
}

async fn show(app: &App, arguments: &Show) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let draft = find(&mut tx, arguments.id).await?;
    if arguments.json.form() == Form::Json {
        return out::json(&draft);
    }
    let owner = owner(&mut tx, &draft).await?;
    let since = draft.created_at;
    out::line(&format!(
        "Draft {} of {} for ticket {}, {}, since {since}",
        draft.id,
        out::clean(&owner.name),
        draft.ticket_id,
        becomes(&draft)
    ));
    if let Some(entry) = draft.entry_id {
        for file in store::attachments::list_of_followup(&mut tx, entry).await? {
            let (name, kind) = (out::clean(&file.name), out::clean(&file.content_type));
            out::line(&format!("+ {name} ({kind}, {} bytes)", file.size));
        }
    }
    out::line("");
    for line in draft.body.lines() {
        out::line(&out::clean(line));
    }
    Ok(())
}

async fn send(app: &App, id: DraftId) -> Result<(), Failure> {
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    let draft = find(&mut tx, id).await?;
    let owner = owner(&mut tx, &draft).await?;
    if !owner.is_active_staff() {
        return Err(Failure::data(format!(
            "{} is no active agent: nothing is sent in their name",
            owner.name
        )));
    }
    let actor = Actor::person(owner, Door::Cli);
    let mut action = Action::begin(&mut tx, &actor, draft.ticket_id).await?;
    draft::send(&desk, &mut tx, &mut action, draft, Sending::default(), now).await?;
    event::record(&desk, &mut tx, action, now).await?;
    tx.commit().await?;
    out::line("Sent.");
    Ok(())
}

async fn discard(app: &App, arguments: &Discard) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let mut tx = app.db.write().await?;
    let draft = find(&mut tx, arguments.id).await?;
    draft::discard(&mut tx, &actor, &draft, app.now()).await?;
    tx.commit().await?;
    out::line("Discarded.");
    Ok(())
}

async fn find(tx: &mut Tx, id: DraftId) -> Result<Draft, Failure> {
    let draft = store::drafts::find(tx, id).await?;
    draft.ok_or_else(|| Failure::data(format!("there is no draft {id}: `helpdeskd draft list` shows them")))
}

async fn owner(tx: &mut Tx, draft: &Draft) -> Result<User, Failure> {
    let owner = store::users::find(tx, draft.owner_id).await?;
    owner.ok_or_else(|| Failure::data(format!("draft {} is nobody's", draft.id)))
}

fn becomes(draft: &Draft) -> String {
    match draft.status {
        Some(status) => format!("{}, {status}", draft.kind),
        None => draft.kind.to_string(),
    }
}
