//! `agreement …`: what this desk and others agreed on, and what was sent to them.

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;

use crate::cli::agreement_show;
use crate::cli::agreement_show::uuid;
use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::share::command;
use crate::desk::share::command::Invitation;
use crate::desk::share::command::Settings;
use crate::sharing;
use crate::sharing::Terms;
use crate::sharing::policy;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::ticket::id::RequestId;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Invite another help desk to take tickets from this one
    Invite(Invite),
    /// List all agreements
    List(JsonSwitch),
    /// Show one agreement, with what happened to it
    Show(Named),
    /// Show what was sent under an agreement, and what the partner answered
    Log(agreement_show::Log),
    /// Accept an invitation
    Accept(Accept),
    /// Decline an invitation
    Decline(Decide),
    /// End an agreement; tickets stay where they are
    Deactivate(Decide),
    /// Change this desk's own settings of an agreement
    Set(Set),
    /// Send again what waits, and what was given up
    Resend(Resend),
}

#[derive(Debug, Args)]
pub struct Invite {
    /// The partner's sharing URL
    url: String,
    /// Name of the partner, until he says his own
    #[arg(long)]
    name: String,
    /// Tags travel both ways
    #[arg(long)]
    sync_tags: bool,
    /// Custom fields travel both ways
    #[arg(long)]
    sync_custom_fields: bool,
    #[command(flatten)]
    delegation: Delegation,
    #[command(flatten)]
    own: Own,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

/// What a partner may say.
#[derive(Debug, Args)]
struct Delegation {
    /// The partner may answer customers, and the status travels
    #[arg(long)]
    public_comments: bool,
    /// The partner comments for agents only; the default
    #[arg(long, conflicts_with = "public_comments")]
    private_comments: bool,
}

#[derive(Debug, Args)]
pub struct Accept {
    uuid: String,
    /// The queue that the partner's tickets go to
    #[arg(long)]
    queue: String,
    #[command(flatten)]
    own: Own,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Decide {
    uuid: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Set {
    uuid: String,
    /// The queue that the partner's tickets go to
    #[arg(long)]
    queue: Option<String>,
    #[command(flatten)]
    own: Own,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Resend {
    uuid: String,
    /// The number of a request that was given up, from the log
    request: Option<RequestId>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Named {
    uuid: String,
    #[command(flatten)]
    json: JsonSwitch,
}

/// What a desk sets for itself.
#[derive(Debug, Args)]
pub struct Own {
    /// Whether private comments go to the partner: `local` ones stay at home unless they are marked
    #[arg(long, value_enum)]
    notes: Option<Notes>,
    /// Other words for states, as JSON: {"out": {"held": "hold"}, "in": {"awaiting parts": "held"}}
    #[arg(long, value_name = "JSON")]
    status_map: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Notes {
    Local,
    Shared,
}

#[derive(Debug, Args)]
pub struct By {
    /// The agent in whose name this is done: user name or address [default: the desk]
    #[arg(long, value_name = "AGENT")]
    by: Option<String>,
}

impl By {
    pub fn name(&self) -> Option<&str> {
        self.by.as_deref()
    }
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let (done, json) = match command {
        Command::List(json) => return agreement_show::list(&app, json).await,
        Command::Show(named) => return agreement_show::show(&app, &uuid(&named.uuid)?, named.json).await,
        Command::Log(log) => return agreement_show::log(&app, &log).await,
        Command::Resend(resend) => return sent_again(&app, resend).await,
        Command::Invite(invite) => invited(&app, invite).await?,
        Command::Accept(accept) => accepted(&app, accept).await?,
        Command::Decline(decide) => decided(&app, decide, sharing::agreement::Command::Decline).await?,
        Command::Deactivate(decide) => decided(&app, decide, sharing::agreement::Command::Deactivate).await?,
        Command::Set(set) => changed(&app, set).await?,
    };
    match json.form() {
        Form::Json => agreement_show::show(&app, &done.uuid, json).await,
        Form::Human => {
            out::line(&format!(
                "Agreement {} with {} is {}.",
                done.uuid,
                out::clean(&done.partner_name),
                done.status
            ));
            Ok(())
        }
    }
}

async fn invited(app: &App, invite: Invite) -> Result<(Agreement, JsonSwitch), Failure> {
    let desk = app.desk();
    let (actor, mut tx) = begin(app, &invite.by).await?;
    let terms = Terms {
        sync_tags: invite.sync_tags,
        sync_custom_fields: invite.sync_custom_fields,
        public_comments: invite.delegation.public_comments && !invite.delegation.private_comments,
    };
    let invitation = Invitation { url: &invite.url, name: &invite.name, terms };
    let settings = settings(app, None, invite.own)?;
    let made = command::invite(&desk, &mut tx, &actor, (&invitation, settings), app.now()).await?;
    tx.commit().await?;
    Ok((made, invite.json))
}

async fn accepted(app: &App, accept: Accept) -> Result<(Agreement, JsonSwitch), Failure> {
    let desk = app.desk();
    let (actor, mut tx) = begin(app, &accept.by).await?;
    let settings = settings(app, Some(&accept.queue), accept.own)?;
    let what = (&uuid(&accept.uuid)?, sharing::agreement::Command::Accept, settings);
    let done = command::decide(&desk, &mut tx, &actor, what, app.now()).await?;
    tx.commit().await?;
    Ok((done, accept.json))
}

async fn decided(
    app: &App,
    decide: Decide,
    what: sharing::agreement::Command,
) -> Result<(Agreement, JsonSwitch), Failure> {
    let desk = app.desk();
    let (actor, mut tx) = begin(app, &decide.by).await?;
    let what = (&uuid(&decide.uuid)?, what, Settings::default());
    let done = command::decide(&desk, &mut tx, &actor, what, app.now()).await?;
    tx.commit().await?;
    Ok((done, decide.json))
}

async fn changed(app: &App, set: Set) -> Result<(Agreement, JsonSwitch), Failure> {
    let (actor, mut tx) = begin(app, &set.by).await?;
    let settings = settings(app, set.queue.as_deref(), set.own)?;
    let done = command::set(&mut tx, &actor, (&uuid(&set.uuid)?, settings), app.now()).await?;
    tx.commit().await?;
    Ok((done, set.json))
}

async fn sent_again(app: &App, resend: Resend) -> Result<(), Failure> {
    let (actor, mut tx) = begin(app, &resend.by).await?;
    let what = (&uuid(&resend.uuid)?, resend.request);
    let count = command::resend(&mut tx, &actor, what, app.now()).await?;
    tx.commit().await?;
    match resend.json.form() {
        Form::Json => out::json(&serde_json::json!({ "sent_again": count })),
        Form::Human => {
            out::line(&format!("Sent again: {count}."));
            Ok(())
        }
    }
}

async fn begin(app: &App, by: &By) -> Result<(Actor, Tx), Failure> {
    Ok((context::actor(app, by.name()).await?, app.db.write().await?))
}

fn settings(app: &App, queue: Option<&str>, own: Own) -> Result<Settings, Failure> {
    let desk = app.desk();
    let queue_id = match queue {
        Some(slug) => {
            let queue = desk.directory.queue_by_slug(slug);
            Some(queue.ok_or_else(|| Failure::data(format!("there is no queue {slug}")))?.id)
        }
        None => None,
    };
    let notes = own.notes.map(|notes| match notes {
        Notes::Local => policy::Notes::Local,
        Notes::Shared => policy::Notes::Shared,
    });
    Ok(Settings { queue_id, notes, status_map: own.status_map })
}
