//! A queue's mailbox: reach, log-in, folder, what the server offers, and what is stamped on mail there.
//!
//! Leaves everything as it is: no flag is set, nothing is marked as read.

use std::sync::Arc;

use crate::cli::check::journal;
use crate::cli::check::log_in::LogIn;
use crate::cli::check::report::Section;
use crate::cli::check::report::counted;
use crate::cli::check::server;
use crate::cli::check::stamps;
use crate::config::Config;
use crate::config::mailbox::After;
use crate::config::mailbox::Mailbox;
use crate::config::queue::Queue;
use crate::config::server::Server;
use crate::imap::Limits;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::store::db::Db;

pub fn about(queue: &Queue) -> String {
    format!("mailbox of queue {}", queue.slug)
}

pub async fn look(config: Arc<Config>, at: usize, (db, access): (Option<Db>, LogIn)) -> Section {
    let queue = &config.queues[at];
    let mut section = Section::new(about(queue));
    let Some(mailbox) = &queue.imap else {
        section.remark("it has none: its tickets come by `helpdeskd ingest` and the APIs only");
        return section;
    };
    server::secret(&mut section, &mailbox.login);
    let Some(mut session) = connected(&mut section, mailbox, &config, &access).await else { return section };
    server::reached(&mut section, &mailbox.server, session.certificate());
    section.ok(format!("{} is logged in", mailbox.login.username));
    match inside(&mut section, &mut session, queue, mailbox, &config).await {
        Ok(selected) => journal::look(&mut section, &config, at, &selected, db).await,
        Err(error) => refused(&mut section, mailbox, &error),
    }
    session.logout().await;
    section
}

async fn connected(
    section: &mut Section,
    mailbox: &Mailbox,
    config: &Config,
    access: &LogIn,
) -> Option<Session> {
    let credentials = match access.credentials(&mailbox.login).await {
        Ok(credentials) => credentials,
        Err(error) => {
            section.bad(error, "see that the daemon's user can get it too");
            return None;
        }
    };
    let limits =
        Limits { silence: server::PATIENCE.min(config.intake.timeout), ..Limits::from(&config.intake) };
    match Session::connect(&mailbox.server, credentials, limits).await {
        Ok(session) => Some(session),
        Err(error) => {
            refused(section, mailbox, &error);
            None
        }
    }
}

async fn inside(
    section: &mut Section,
    session: &mut Session,
    queue: &Queue,
    mailbox: &Mailbox,
    config: &Config,
) -> Result<Selected, ImapError> {
    if let After::Move(folder) = &mailbox.after {
        session.select(folder).await?;
    }
    let selected = session.select(&mailbox.folder).await?;
    section.ok(format!("folder {}: {}", mailbox.folder, counted(selected.exists as usize, "message")));
    offers(section, session, mailbox, config);
    stamps::look(section, session, &selected, queue).await?;
    Ok(selected)
}

fn offers(section: &mut Section, session: &Session, mailbox: &Mailbox, config: &Config) {
    let mut known: Vec<&str> =
        ["IDLE", "MOVE", "UIDPLUS"].into_iter().filter(|name| session.can(name)).collect();
    let keyword = match &mailbox.after {
        After::Keyword(keyword) => keyword,
        _ => "helpdeskd",
    };
    if session.keeps(keyword) {
        known.push("keywords");
    }
    let list = if known.is_empty() { "nothing of use".to_owned() } else { known.join(", ") };
    section.ok(format!("the server offers {list}"));
    if !session.can("IDLE") {
        let seconds = config.intake.poll.as_secs();
        section.note(
            format!("without IDLE, new mail is seen only every {seconds} s"),
            "make `intake.poll_seconds` smaller if that is too slow",
        );
    }
    match &mailbox.after {
        After::Keyword(keyword) if !session.keeps(keyword) => section.bad(
            format!("the folder does not keep the keyword {keyword}"),
            "use another `after`, such as \"seen\" or \"move\"",
        ),
        After::Move(_) if !session.can_move() => section.note(
            "the server can move no messages (it has neither MOVE nor UIDPLUS): they stay, and are marked as seen",
            "set `after = \"seen\"`",
        ),
        After::Delete { .. } if !session.can("UIDPLUS") => {
            section.note(
                "without UIDPLUS messages are only marked as deleted: the server could not remove just these",
                "set `after = \"move\"` or \"seen\", or let somebody remove what is marked from time to time",
            );
        }
        _ => {}
    }
}

fn refused(section: &mut Section, mailbox: &Mailbox, error: &ImapError) {
    section.bad(format!("{}: {error}", server::place(&mailbox.server)), fix(&mailbox.server, error));
}

/// What helps.
pub fn fix(server: &Server, error: &ImapError) -> String {
    match error {
        ImapError::Unreachable(_) => server::reach_fix(server),
        ImapError::Tls(error) => server::tls_error_fix(server, error, "imap"),
        ImapError::NoStartTls => "set `tls = \"implicit\"`, and `port = 993`".to_owned(),
        ImapError::NoLogin => "set `tls = \"implicit\"` or `tls = \"starttls\"`".to_owned(),
        ImapError::FolderRefused { .. } => {
            "it may pass; on Microsoft 365 it may mean that this account has no right \
            to the mailbox: is `username` the mailbox, and was the application's consent given?"
                .to_owned()
        }
        ImapError::LoginRefused(_) => server::LOGIN_FIX.to_owned(),
        ImapError::NoSuchFolder { .. } => {
            "make it, or set `folder` or `move_to` to one that exists".to_owned()
        }
        ImapError::Closed | ImapError::Protocol(_) | ImapError::Timeout => {
            "is this the IMAP port (usually 993, or 143 with `tls = \"starttls\"`)?".to_owned()
        }
        ImapError::Refused(_) | ImapError::Bye(_) | ImapError::TooLarge => {
            "try again later, and ask whoever runs the server".to_owned()
        }
    }
}
