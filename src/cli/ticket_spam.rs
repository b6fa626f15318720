//! `ticket spam`.

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_args::By;
use crate::desk::app::App;
use crate::desk::spam;
use crate::desk::spam::Sender;
use crate::ticket::id::TicketId;

#[derive(Debug, Args)]
pub struct Spam {
    id: TicketId,
    /// Also ignore later mail from its sender
    #[arg(long)]
    ignore_sender: bool,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    json: JsonSwitch,
}

pub async fn spam(app: &App, arguments: Spam) -> Result<(), Failure> {
    let actor = context::actor(app, arguments.by.by.as_deref()).await?;
    let sender = if arguments.ignore_sender { Sender::Ignored } else { Sender::Heard };
    let (desk, now) = (app.desk(), app.now());
    let mut tx = app.db.write().await?;
    let marked = spam::mark(&desk, &mut tx, &actor, arguments.id, sender, now).await?;
    tx.commit().await?;
    if arguments.json.form() == Form::Json {
        return out::json(&marked);
    }
    let numbers: Vec<String> = marked.messages.iter().map(ToString::to_string).collect();
    out::line(&match numbers.as_slice() {
        [] => "Spam. No mail of it is kept.".to_owned(),
        [one] => format!("Spam. Its mail waits: `helpdeskd suspended release {one}` takes that back."),
        several => format!(
            "Spam. Its mails {} wait: `helpdeskd suspended release ID` takes that back.",
            several.join(", ")
        ),
    });
    if let Some(address) = marked.ignored {
        out::line(&format!(
            "Mail from {} is ignored from now on; see `helpdeskd ignore list`.",
            out::clean(&address)
        ));
    }
    Ok(())
}
