//! `share` and `unshare`.

use std::path::Path;

use clap::Args;
use serde_json::json;

use crate::cli::agreement::By;
use crate::cli::agreement_show::uuid;
use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::desk::share::ticket;
use crate::ticket::id::TicketId;

#[derive(Debug, Args)]
pub struct Share {
    ticket: TicketId,
    /// The uuid of the agreement
    agreement: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Unshare {
    ticket: TicketId,
    /// The uuid of the agreement [default: all]
    agreement: Option<String>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn share(file: Option<&Path>, share: Share) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    let actor = context::actor(&app, share.by.name()).await?;
    let mut tx = app.db.write().await?;
    let what = (share.ticket, &uuid(&share.agreement)?);
    let (agreement, left) = ticket::share(&desk, &mut tx, &actor, what, app.now()).await?;
    tx.commit().await?;
    if share.json.form() == Form::Json {
        return out::json(&json!({
            "agreement": agreement.uuid,
            "partner": agreement.partner_name,
            "comments": left.comments,
            "attachments": left.attachments,
            "private_notes_kept": left.kept,
        }));
    }
    out::line(&format!(
        "Shared with {}: {} comments, {} attachments. Private notes that stay here: {}.",
        out::clean(&agreement.partner_name),
        left.comments,
        left.attachments,
        left.kept
    ));
    Ok(())
}

pub async fn unshare(file: Option<&Path>, unshare: Unshare) -> Result<(), Failure> {
    let app = context::open(file).await?;
    let desk = app.desk();
    let actor = context::actor(&app, unshare.by.name()).await?;
    let agreement = unshare.agreement.as_deref().map(uuid).transpose()?;
    let mut tx = app.db.write().await?;
    let what = (unshare.ticket, agreement.as_ref());
    let ended = ticket::unshare(&desk, &mut tx, &actor, what, app.now()).await?;
    tx.commit().await?;
    if unshare.json.form() == Form::Json {
        return out::json(&json!({ "unshared": ended }));
    }
    if ended == 0 {
        return Err(Failure::data(format!("ticket {} is not shared", unshare.ticket)));
    }
    out::line("No longer shared.");
    Ok(())
}
