//! `ticket forward`.

use std::sync::Arc;

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args;
use crate::cli::ticket_args::By;
use crate::desk::action::Action;
use crate::desk::app::App;
use crate::desk::event;
use crate::desk::forward;
use crate::desk::forward::ForwardError;
use crate::desk::forward::Forwarding;
use crate::desk::forward::Said;
use crate::mail::parse::copied::Copied;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

#[derive(Debug, Args)]
pub struct Forward {
    id: TicketId,
    /// The entry's number, as `ticket show --json` has it [default: the newest that somebody outside wrote]
    #[arg(value_name = "ENTRY")]
    entry: Option<i64>,
    /// Who gets it; their answer comes back for agents only
    #[arg(long, value_name = "ADDRESS")]
    to: Copied,
    /// Somebody else who gets it, in a mail of their own; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    cc: Vec<Copied>,
    /// What stands above it; - reads standard input
    #[arg(long, value_name = "TEXT", default_value = "")]
    message: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn forward(app: &App, arguments: Forward) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let message = Arc::new(ticket_args::words(&arguments.message)?);
    let to = std::iter::once(arguments.to).chain(arguments.cc).map(|person| person.address).collect();
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    let mut action = Action::begin(&mut tx, &actor, arguments.id).await?;
    let entry = match arguments.entry {
        Some(entry) => FollowupId(entry),
        None => forward::usual(&mut tx, &action.ticket, None).await.map_err(failure)?,
    };
    let what = Forwarding { entry, to };
    let ready = forward::ready(&desk, &mut tx, &action, what, now).await.map_err(failure)?;
    let said = Said { message, origin: None };
    let done = forward::forward(&desk, &mut tx, &mut action, ready, said, now).await?;
    event::record(&desk, &mut tx, action, now).await?;
    tx.commit().await?;
    match arguments.json.form() {
        Form::Json => out::json(&done),
        Form::Human => {
            let to: Vec<String> = done.to.iter().map(|address| out::clean(address)).collect();
            out::line(&format!("Forwarded entry {} to {}.", done.forwarded, to.join(", ")));
            Ok(())
        }
    }
}

fn failure(error: ForwardError) -> Failure {
    match error {
        ForwardError::Desk(error) => error.into(),
        why => Failure::data(why.to_string()),
    }
}
