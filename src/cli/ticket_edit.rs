//! `ticket subject` and `ticket correct`: what is mended afterwards.

use serde_json::Value;
use serde_json::json;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::ticket_args::Correct;
use crate::cli::ticket_args::Rename;
use crate::cli::ticket_args::spoken;
use crate::desk::action::Action;
use crate::desk::app::App;
use crate::desk::assign;
use crate::desk::correct;
use crate::desk::event;
use crate::desk::open;
use crate::ticket::id::FollowupId;

pub async fn subject(app: &App, arguments: Rename) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    let mut action = Action::begin(&mut tx, &actor, arguments.id).await?;
    assign::rename(&mut action, open::subject(&arguments.subject))?;
    let ticket = event::record(&desk, &mut tx, action, now).await?;
    tx.commit().await?;
    done("Renamed.", &json!({ "id": ticket.id, "subject": ticket.subject }), arguments.json.form())
}

pub async fn correct(app: &App, arguments: Correct) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let words = spoken(&arguments.text)?;
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    let mut action = Action::begin(&mut tx, &actor, arguments.id).await?;
    let note = FollowupId(arguments.entry);
    let entry = correct::correct(&desk, &mut tx, &mut action, note, &words.text, now).await?;
    let ticket = event::record(&desk, &mut tx, action, now).await?;
    tx.commit().await?;
    let value = json!({ "id": ticket.id, "corrected": note, "entry_id": entry });
    done("Corrected.", &value, arguments.json.form())
}

fn done(said: &str, value: &Value, form: Form) -> Result<(), Failure> {
    if form == Form::Json {
        return out::json(value);
    }
    out::line(said);
    Ok(())
}
