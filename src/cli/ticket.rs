//! `ticket …`: everything that can be done to a ticket, by an operator or in an agent's name.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::ticket_args;
use crate::cli::ticket_args::By;
use crate::cli::ticket_args::no_queue;
use crate::cli::ticket_args::priority;
use crate::cli::ticket_args::spoken;
use crate::cli::ticket_list;
use crate::cli::ticket_open;
use crate::cli::ticket_open::Open;
use crate::cli::ticket_show;
use crate::desk::accept;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::assign;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::comment;
use crate::desk::delete;
use crate::desk::event;
use crate::desk::merge;
use crate::desk::people;
use crate::desk::prepared::Prepared;
use crate::email::Email;
use crate::sharing::policy::Mark;
use crate::store::db::Tx;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List tickets, newest first
    List(ticket_list::List),
    /// Show a ticket with its conversation
    Show(ticket_show::Show),
    /// Open a ticket for somebody
    Open(Open),
    /// Say something on a ticket
    Comment(Comment),
    /// End a ticket with an answer that everybody involved gets
    Resolve(Said),
    /// End a ticket for good
    Close(Said),
    /// Begin a resolved or closed ticket again
    Reopen(Said),
    /// Give a ticket to an agent, or to `nobody`
    Assign(Assign),
    /// Put a ticket on hold: it is not escalated
    Hold(One),
    /// Take a ticket off hold
    Unhold(One),
    /// Set the priority, 1 (high) to 5 (low)
    Priority(SetPriority),
    /// Move a ticket to another queue
    Move(Move),
    /// Make one ticket of two: the first is merged into the second
    Merge(Merge),
    /// Make what was kept for agents only part of the conversation: an unproven or external entry
    Accept(Accept),
    /// Make somebody hear of a ticket, or no more
    Cc(Listed),
    /// Put a tag on a ticket, or take it off
    Tag(Listed),
    /// Give a ticket to another customer
    Submitter(Submitter),
    /// Delete a ticket and everything that it holds
    Delete(Delete),
}

#[derive(Debug, Args)]
pub struct Comment {
    id: TicketId,
    /// What is said; - reads standard input
    text: String,
    /// For agents only
    #[arg(long)]
    private: bool,
    /// The partners of a shared ticket get this private comment as well
    #[arg(long, requires = "private")]
    to_partner: bool,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Said {
    id: TicketId,
    /// What is said; - reads standard input
    #[arg(default_value = "")]
    text: String,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct One {
    id: TicketId,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Accept {
    id: TicketId,
    /// The entry's number, as `ticket show --json` has it [default: the newest that waits]
    #[arg(long, value_name = "NUMBER")]
    entry: Option<i64>,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Assign {
    id: TicketId,
    /// User name or address of an agent, or `nobody`
    owner: String,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct SetPriority {
    id: TicketId,
    priority: i64,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Move {
    id: TicketId,
    /// The queue's slug
    queue: String,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Merge {
    id: TicketId,
    into: TicketId,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Listed {
    id: TicketId,
    /// The address, or the tag
    what: String,
    /// Take it away
    #[arg(long)]
    remove: bool,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Submitter {
    id: TicketId,
    address: String,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, Args)]
pub struct Delete {
    id: TicketId,
    /// Really delete it
    #[arg(long, required = true)]
    yes: bool,
    #[command(flatten)]
    by: By,
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(list) => ticket_list::list(&app, &list).await,
        Command::Show(show) => ticket_show::show(&app, &show).await,
        Command::Open(arguments) => ticket_open::open(&app, arguments).await,
        command => {
            let actor = context::actor(&app, by(&command)).await?;
            let words = words(&command)?;
            let mut tx = app.db.write().await?;
            let said = changed(&app, &mut tx, &actor, command, words).await?;
            tx.commit().await?;
            out::line(said);
            Ok(())
        }
    }
}

fn by(command: &Command) -> Option<&str> {
    let by = match command {
        Command::List(_) | Command::Show(_) => return None,
        Command::Open(arguments) => &arguments.by,
        Command::Comment(arguments) => &arguments.by,
        Command::Resolve(arguments) | Command::Close(arguments) | Command::Reopen(arguments) => &arguments.by,
        Command::Assign(arguments) => &arguments.by,
        Command::Hold(arguments) | Command::Unhold(arguments) => &arguments.by,
        Command::Accept(arguments) => &arguments.by,
        Command::Priority(arguments) => &arguments.by,
        Command::Move(arguments) => &arguments.by,
        Command::Merge(arguments) => &arguments.by,
        Command::Cc(arguments) | Command::Tag(arguments) => &arguments.by,
        Command::Submitter(arguments) => &arguments.by,
        Command::Delete(arguments) => &arguments.by,
    };
    by.by.as_deref()
}

/// What is said with a change; read before the transaction, because somebody may type it.
fn words(command: &Command) -> Result<Prepared, Failure> {
    match command {
        Command::Comment(arguments) => spoken(&arguments.text),
        Command::Resolve(arguments) => spoken(&arguments.text),
        Command::Close(arguments) | Command::Reopen(arguments) => ticket_args::words(&arguments.text),
        _ => Ok(Prepared::default()),
    }
}

async fn changed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    command: Command,
    words: Prepared,
) -> Result<&'static str, Failure> {
    let desk = app.desk();
    let (desk, now) = (&*desk, app.now());
    match command {
        Command::Merge(arguments) => {
            merge::merge(desk, tx, actor, (arguments.id, arguments.into), now).await?;
            Ok("Merged.")
        }
        Command::Delete(arguments) => {
            delete::delete(desk, tx, actor, arguments.id, now).await?;
            Ok("Deleted.")
        }
        command => {
            let id =
                id(&command).ok_or_else(|| Failure::new(Code::Software, "this command changes nothing"))?;
            let mut action = Action::begin(tx, actor, id).await?;
            let said = on_ticket(app, tx, &mut action, command, words).await?;
            event::record(desk, tx, action, now).await?;
            Ok(said)
        }
    }
}

fn id(command: &Command) -> Option<TicketId> {
    Some(match command {
        Command::List(_) | Command::Show(_) | Command::Open(_) => return None,
        Command::Comment(arguments) => arguments.id,
        Command::Resolve(arguments) | Command::Close(arguments) | Command::Reopen(arguments) => arguments.id,
        Command::Assign(arguments) => arguments.id,
        Command::Hold(arguments) | Command::Unhold(arguments) => arguments.id,
        Command::Accept(arguments) => arguments.id,
        Command::Priority(arguments) => arguments.id,
        Command::Move(arguments) => arguments.id,
        Command::Cc(arguments) | Command::Tag(arguments) => arguments.id,
        Command::Submitter(arguments) => arguments.id,
        Command::Merge(arguments) => arguments.id,
        Command::Delete(arguments) => arguments.id,
    })
}

async fn on_ticket(
    app: &App,
    tx: &mut Tx,
    action: &mut Action,
    command: Command,
    words: Prepared,
) -> Result<&'static str, Failure> {
    let desk = app.desk();
    let (desk, now) = (&*desk, app.now());
    Ok(match command {
        Command::Comment(arguments) => {
            let mark = if arguments.to_partner { Mark::ToPartner } else { Mark::None };
            let words = words.marked(mark);
            let visibility = if arguments.private { Visibility::Private } else { Visibility::Public };
            comment::comment(desk, tx, action, comment::Said::of(visibility, Arc::new(words)), now).await?;
            "Said."
        }
        Command::Resolve(_) => {
            close::resolve(desk, tx, action, LastWords::new(words), now).await?;
            "Resolved."
        }
        Command::Close(_) => {
            close::close(desk, tx, action, LastWords::new(words), now).await?;
            "Closed."
        }
        Command::Reopen(_) => {
            close::reopen(desk, tx, action, LastWords::new(words), now).await?;
            "Open."
        }
        Command::Assign(arguments) => {
            let nobody = arguments.owner == "nobody";
            let owner: Option<User> =
                if nobody { None } else { Some(context::staff(app, &arguments.owner).await?) };
            assign::assign(action, owner.as_ref())?;
            "Assigned."
        }
        Command::Hold(_) => {
            assign::hold(desk, tx, action, now).await?;
            "On hold."
        }
        Command::Unhold(_) => {
            assign::unhold(desk, tx, action, now).await?;
            "Off hold."
        }
        command => return arranged(app, tx, action, command).await,
    })
}

async fn arranged(
    app: &App,
    tx: &mut Tx,
    action: &mut Action,
    command: Command,
) -> Result<&'static str, Failure> {
    let desk = app.desk();
    let (desk, now) = (&*desk, app.now());
    Ok(match command {
        Command::Accept(arguments) => {
            accept::accept(desk, tx, action, arguments.entry.map(FollowupId), now).await?;
            "Accepted."
        }
        Command::Priority(arguments) => {
            assign::set_priority(action, priority(arguments.priority)?)?;
            "Set."
        }
        Command::Move(arguments) => {
            let queue = desk.directory.queue_by_slug(&arguments.queue);
            assign::move_to(desk, action, queue.ok_or_else(|| no_queue(&arguments.queue))?)?;
            "Moved."
        }
        Command::Cc(arguments) if arguments.remove => {
            let was = people::remove_cc(tx, action, Email::copied(&arguments.what).1).await?;
            if was { "Removed." } else { "That was no CC." }
        }
        Command::Cc(arguments) => {
            people::add_cc(desk, tx, action, Email::copied(&arguments.what).1, now).await?;
            "Added."
        }
        Command::Tag(arguments) if arguments.remove => {
            let was = people::untag(tx, action, &arguments.what).await?;
            if was { "Removed." } else { "There was no such tag." }
        }
        Command::Tag(arguments) => {
            people::tag(tx, action, &arguments.what).await?;
            "Added."
        }
        Command::Submitter(arguments) => {
            people::change_submitter(desk, tx, action, Email::copied(&arguments.address).1, now).await?;
            "Changed."
        }
        _ => return Err(Failure::new(Code::Software, "this command changes nothing")),
    })
}
