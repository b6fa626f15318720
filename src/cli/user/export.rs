//! `user export`: all that is kept of somebody, in one archive that only its owner can read.

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::json;
use tar::Builder;
use tar::Header;

use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::user::change;
use crate::clock::Timestamp;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::person::export;
use crate::desk::person::export::Theirs;
use crate::private;
use crate::private::Beside;
use crate::private::Existing;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::BlobId;

#[derive(Debug, Args)]
pub struct Export {
    /// User name, address or number
    user: String,
    /// The archive (tar) to write; it must not exist
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    json: JsonSwitch,
}

/// The archive as it grows.
struct Archive {
    tar: Builder<Beside>,
    now: Timestamp,
}

impl Archive {
    fn add(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.now.0 / Timestamp::SECOND).unwrap_or_default());
        self.tar.append_data(&mut header, path, bytes)
    }

    fn add_json(&mut self, path: &str, value: &impl Serialize) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(value).map_err(|error| Failure::system(error.to_string()))?;
        Ok(self.add(path, &bytes)?)
    }

    async fn add_blob(&mut self, tx: &mut Tx, path: &str, blob: Option<BlobId>) -> Result<(), Failure> {
        if let Some(blob) = blob
            && let Some(bytes) = store::blobs::read(tx, blob).await?
        {
            self.add(path, &bytes)?;
        }
        Ok(())
    }

    /// One ticket, with its files and their mails.
    async fn add_ticket(&mut self, tx: &mut Tx, theirs: &Theirs) -> Result<(), Failure> {
        let id = theirs.ticket.id;
        self.add_json(&format!("tickets/{id}/ticket.json"), theirs)?;
        for (number, file) in (1..).zip(&theirs.files) {
            let name = private::file_name(number, &file.name);
            self.add_blob(tx, &format!("tickets/{id}/files/{name}"), file.blob_id).await?;
        }
        for mail in &theirs.received {
            self.add_blob(tx, &format!("tickets/{id}/mails/{}.eml", mail.id), mail.blob_id).await?;
        }
        Ok(())
    }
}

pub(super) async fn run(app: &App, arguments: &Export) -> Result<(), Failure> {
    let user = change::find(app, &arguments.user).await?;
    let shown = arguments.to.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::data(format!("{shown} {error}")),
        _ => Failure::system(format!("cannot write {shown}: {error}")),
    };
    let beside = Beside::begin(&arguments.to, Existing::Refused).map_err(failed)?;
    let mut archive = Archive { tar: Builder::new(beside), now: app.now() };
    let mut tx = app.db.read().await?;
    let person = export::person(&mut tx, &Actor::operator(), user.clone()).await?;
    drop(tx);
    archive.add_json("person.json", &person)?;
    for &id in &person.tickets {
        // Each from a snapshot of its own: one that is held for long keeps the database from cleaning up.
        let mut tx = app.db.read().await?;
        if let Some(theirs) = export::ticket_of(&mut tx, &Actor::operator(), &user, id).await? {
            archive.add_ticket(&mut tx, &theirs).await?;
        }
    }
    archive.tar.into_inner().and_then(Beside::finish).map_err(failed)?;
    if arguments.json.form() == Form::Json {
        let file = shown.to_string();
        return out::json(&json!({ "user_id": user.id, "file": file, "tickets": person.tickets }));
    }
    out::line(&format!("Written to {shown}: {} tickets.", person.tickets.len()));
    Ok(())
}
