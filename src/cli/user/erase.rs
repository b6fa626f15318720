//! `user erase`: everything that is kept of somebody goes.

use clap::Args;
use serde_json::json;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::user::change;
use crate::crash;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::person;
use crate::desk::person::erase;
use crate::desk::person::erase::Extent;
use crate::desk::person::erase::Step;
use crate::store::db::scrub;
use crate::ticket::id::UserId;

#[derive(Debug, Args)]
pub struct Erase {
    /// User name, address or number
    user: String,
    /// Say what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Yes, erase them: it cannot be undone
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Leave what was deleted in the database's files until it is written over
    #[arg(long)]
    no_vacuum: bool,
    #[command(flatten)]
    json: JsonSwitch,
}

pub(super) async fn run(app: &App, arguments: &Erase) -> Result<(), Failure> {
    let user = change::find(app, &arguments.user).await?;
    let mut tx = app.db.read().await?;
    let extent = erase::extent(&mut tx, &Actor::operator(), &user).await?;
    drop(tx);
    if arguments.dry_run {
        return told(arguments.json, user.id, &extent, "Would be erased");
    }
    if !arguments.yes {
        let why = "what is erased cannot be brought back: --dry-run says what would go, --yes erases it";
        return Err(Failure::new(Code::Usage, why));
    }
    if user.role.is_staff() && user.merged_into.is_none() {
        let mut tx = app.db.write().await?;
        person::disable(&mut tx, &Actor::operator(), user.id, app.now()).await?;
        tx.commit().await?;
        change::hand_back(app, user.id).await?;
    }
    let mut tx = app.db.write().await?;
    erase::begin(&mut tx, &Actor::operator(), user.id, app.now()).await?;
    tx.commit().await?;
    go_on(app, user.id).await?;
    if !arguments.no_vacuum {
        scrub::scrub(&app.db).await?;
    }
    told(arguments.json, user.id, &extent, "Erased")
}

/// All steps that are left, each in a transaction of its own.
async fn go_on(app: &App, id: UserId) -> Result<(), Failure> {
    loop {
        let mut tx = app.db.write().await?;
        let step = erase::step(&app.desk(), &mut tx, &Actor::operator(), id, app.now()).await?;
        tx.commit().await?;
        crash::point("erase.after_step");
        match step {
            Step::More => {}
            Step::Done => return Ok(()),
            Step::Waiting(mail) => {
                let why = format!(
                    "mail {mail} to them is just being sent; the same command again goes on when that is over"
                );
                return Err(Failure::new(Code::TryAgain, why));
            }
        }
    }
}

fn told(json: JsonSwitch, id: UserId, extent: &Extent, done: &str) -> Result<(), Failure> {
    if json.form() == Form::Json {
        return out::json(&json!({ "id": id, "is_done": done == "Erased", "extent": extent }));
    }
    let Extent { tickets, entries, files, mails, shared } = extent;
    out::line(&format!(
        "{done}: person {id}; {entries} entries and {files} files of theirs in {tickets} tickets, and {mails} mails to them."
    ));
    if *shared > 0 {
        out::line(&format!(
            "{shared} of the tickets were shared: the partners keep their copies until you ask them to erase those."
        ));
    }
    Ok(())
}
