//! `ticket hold`: for now, or until a moment.

use clap::Args;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args::By;
use crate::desk::action::Action;
use crate::desk::app::App;
use crate::desk::assign;
use crate::desk::event;
use crate::desk::snooze;
use crate::desk::snooze::SnoozeError;
use crate::ticket::id::TicketId;
use crate::ticket::until::Until;

#[derive(Debug, Args)]
pub struct Hold {
    id: TicketId,
    /// When the hold ends by itself: 2026-12-24, "2026-12-24 14:00", 12h, 3d, 2w, tomorrow, "mon 9:00" or
    /// "2 workdays", in the zone of the ticket's queue; a day without a time is when work begins on it
    /// [default: when somebody says so]
    #[arg(long, value_name = "TIME", value_parser = Until::parse)]
    until: Option<Until>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn hold(app: &App, arguments: Hold) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    let mut action = Action::begin(&mut tx, &actor, arguments.id).await?;
    let said = if let Some(until) = arguments.until {
        let at = snooze::hold(&desk, &mut tx, &mut action, until, now).await.map_err(failure)?;
        format!("On hold until {at}.")
    } else {
        assign::hold(&desk, &mut tx, &mut action, now).await?;
        "On hold.".to_owned()
    };
    let ticket = event::record(&desk, &mut tx, action, now).await?;
    tx.commit().await?;
    if arguments.json.form() == Form::Json {
        return out::json(&json!({
            "id": ticket.id, "held_at": ticket.held_at, "held_until": ticket.held_until,
        }));
    }
    out::line(&said);
    Ok(())
}

fn failure(error: SnoozeError) -> Failure {
    match error {
        SnoozeError::Until(why) => Failure::data(why.to_string()),
        SnoozeError::Desk(error) => error.into(),
    }
}
