//! `ticket open`.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args;
use crate::cli::ticket_args::By;
use crate::desk::app::App;
use crate::desk::event;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::email::Email;
use crate::mail::parse::copied::Copied;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;

#[derive(Debug, Args)]
pub struct Open {
    #[arg(long)]
    queue: String,
    #[arg(long)]
    subject: String,
    /// Address of the customer
    #[arg(long)]
    submitter: Option<Copied>,
    /// What is asked; - reads standard input
    #[arg(long, default_value = "")]
    text: String,
    #[arg(long)]
    priority: Option<i64>,
    #[command(flatten)]
    pub by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn open(app: &App, arguments: Open) -> Result<(), Failure> {
    let desk = app.desk();
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let queue = desk
        .directory
        .queue_by_slug(&arguments.queue)
        .ok_or_else(|| ticket_args::no_queue(&arguments.queue))?;
    let words = ticket_args::words(&arguments.text)?;
    let mut tx = app.db.write().await?;
    let submitter = match &arguments.submitter {
        Some(Copied { address: email, .. })
            if !Email::of(email).is_deliverable() || desk.directory.is_own(email) =>
        {
            return Err(Failure::data("--submitter is no address of a customer"));
        }
        Some(Copied { address: email, name }) => {
            Some(people::contact(&mut tx, email, name.as_deref(), None, app.now()).await?)
        }
        None => None,
    };
    let request = Request {
        queue,
        type_id: None,
        subject: &arguments.subject,
        submitter: submitter.as_ref(),
        owner_id: None,
        priority: arguments.priority.map(ticket_args::priority).transpose()?,
        due_at: None,
        follows: None,
        authentication: Authentication::Pass,
        locale: None,
        visibility: Visibility::Public,
        words: Arc::new(words),
        origin: None,
        no_acknowledgement: None,
    };
    let action = open::open(&desk, &mut tx, &actor, &request, app.now()).await?;
    let ticket = event::record(&desk, &mut tx, action, app.now()).await?;
    tx.commit().await?;
    match arguments.json.form() {
        Form::Json => out::json(&json!({ "id": ticket.id })),
        Form::Human => {
            out::line(&format!("Opened ticket {}.", ticket.id));
            Ok(())
        }
    }
}
