//! `ticket …`: everything that can be done to a ticket, by an operator or in an agent's name.

use std::path::Path;
use std::sync::Arc;

use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::reply;
use crate::cli::ticket_args;
use crate::cli::ticket_args::Accept;
use crate::cli::ticket_args::Assign;
use crate::cli::ticket_args::Comment;
use crate::cli::ticket_args::Correct;
use crate::cli::ticket_args::Delete;
use crate::cli::ticket_args::Listed;
use crate::cli::ticket_args::Merge;
use crate::cli::ticket_args::Move;
use crate::cli::ticket_args::One;
use crate::cli::ticket_args::Rename;
use crate::cli::ticket_args::Said;
use crate::cli::ticket_args::SetPriority;
use crate::cli::ticket_args::Submitter;
use crate::cli::ticket_args::no_queue;
use crate::cli::ticket_args::priority;
use crate::cli::ticket_args::spoken;
use crate::cli::ticket_edit;
use crate::cli::ticket_forward;
use crate::cli::ticket_forward::Forward;
use crate::cli::ticket_hold;
use crate::cli::ticket_hold::Hold;
use crate::cli::ticket_list;
use crate::cli::ticket_open;
use crate::cli::ticket_open::Open;
use crate::cli::ticket_show;
use crate::cli::ticket_spam;
use crate::cli::ticket_spam::Spam;
use crate::cli::ticket_split;
use crate::cli::ticket_split::Split;
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
use crate::mail::parse::copied::Copied;
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
    /// Put a ticket on hold, for now or until a moment: it is not escalated
    Hold(Hold),
    /// Take a ticket off hold
    Unhold(One),
    /// Set the priority, 1 (high) to 5 (low)
    Priority(SetPriority),
    /// Correct a private note, by a new entry that names it
    Correct(Correct),
    /// Give a ticket another subject
    Subject(Rename),
    /// Move a ticket to another queue
    Move(Move),
    /// Make one ticket of two: the first is merged into the second
    Merge(Merge),
    /// Make two tickets of one: entries go into a new ticket, with their files and the answers to them
    Split(Split),
    /// Pass an entry on to somebody who takes no part; their answer comes back for agents only
    Forward(Forward),
    /// Make what was kept for agents only part of the conversation: an unproven or external entry
    Accept(Accept),
    /// Make somebody hear of a ticket, or no more
    Cc(Listed),
    /// Put a tag on a ticket, or take it off
    Tag(Listed),
    /// Give a ticket to another customer
    Submitter(Submitter),
    /// Take a ticket for spam: it goes, and its mails wait as suspended ones do
    Spam(Spam),
    /// Delete a ticket and everything that it holds
    Delete(Delete),
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = context::open(file).await?;
    match command {
        Command::List(list) => ticket_list::list(&app, &list).await,
        Command::Show(show) => ticket_show::show(&app, &show).await,
        Command::Open(arguments) => ticket_open::open(&app, arguments).await,
        Command::Hold(arguments) => ticket_hold::hold(&app, arguments).await,
        Command::Spam(arguments) => ticket_spam::spam(&app, arguments).await,
        Command::Subject(arguments) => ticket_edit::subject(&app, arguments).await,
        Command::Correct(arguments) => ticket_edit::correct(&app, arguments).await,
        Command::Forward(arguments) => ticket_forward::forward(&app, arguments).await,
        Command::Split(arguments) => ticket_split::split(&app, arguments).await,
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
        Command::List(_)
        | Command::Show(_)
        | Command::Hold(_)
        | Command::Spam(_)
        | Command::Subject(_)
        | Command::Correct(_)
        | Command::Forward(_)
        | Command::Split(_) => return None,
        Command::Open(arguments) => &arguments.by,
        Command::Comment(arguments) => &arguments.by,
        Command::Resolve(arguments) | Command::Close(arguments) | Command::Reopen(arguments) => &arguments.by,
        Command::Assign(arguments) => &arguments.by,
        Command::Unhold(arguments) => &arguments.by,
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
        Command::Comment(Comment { reply: None, text, .. })
        | Command::Resolve(Said { reply: None, text, .. }) => spoken(text),
        Command::Comment(Comment { text, .. })
        | Command::Resolve(Said { text, .. })
        | Command::Close(Said { text, .. })
        | Command::Reopen(Said { text, .. }) => ticket_args::words(text),
        _ => Ok(Prepared::default()),
    }
}

/// The saved reply that is to stand above them.
fn saved_reply(command: &Command) -> Option<&str> {
    match command {
        Command::Comment(arguments) => arguments.reply.as_deref(),
        Command::Resolve(arguments) | Command::Close(arguments) | Command::Reopen(arguments) => {
            arguments.reply.as_deref()
        }
        _ => None,
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
        Command::List(_)
        | Command::Show(_)
        | Command::Open(_)
        | Command::Hold(_)
        | Command::Spam(_)
        | Command::Subject(_)
        | Command::Correct(_)
        | Command::Forward(_)
        | Command::Split(_) => return None,
        Command::Comment(arguments) => arguments.id,
        Command::Resolve(arguments) | Command::Close(arguments) | Command::Reopen(arguments) => arguments.id,
        Command::Assign(arguments) => arguments.id,
        Command::Unhold(arguments) => arguments.id,
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
    let words = reply::above(desk, tx, action, saved_reply(&command), words).await?;
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
            let was = people::remove_cc(tx, action, &Copied::of(&arguments.what).address).await?;
            if was { "Removed." } else { "That was no CC." }
        }
        Command::Cc(arguments) => {
            people::add_cc(desk, tx, action, &Copied::of(&arguments.what).address, now).await?;
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
            people::change_submitter(desk, tx, action, &arguments.address.address, now).await?;
            "Changed."
        }
        _ => return Err(Failure::new(Code::Software, "this command changes nothing")),
    })
}
