//! Watching a mailbox for probes, and taking them away.
//!
//! A daemon that reads the same mailbox leaves probes where they are for a while, so both may look.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::cli::check::server;
use crate::cli::check::stamps;
use crate::desk::app::App;
use crate::desk::directory::Queue;
use crate::desk::probe;
use crate::desk::probe::Probe;
use crate::imap::Limits;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::mail::Mail;
use crate::mail::parse;
use crate::worker::login;
use crate::worker::login::LoginError;
use crate::worker::tokens::Tokens;

/// Pause between two looks.
const EVERY: Duration = Duration::from_secs(1);

/// How much longer the others may take once one has arrived: they were sent at the same time.
const BEHIND: Duration = Duration::from_secs(15);

/// Bytes of the headers of one message.
const HEADERS: u32 = 64 * 1024;

/// A mailbox, and where what is new in it begins.
#[derive(Debug)]
pub struct Watch {
    session: Session,
    selected: Selected,
    first: u32,
}

/// A probe that arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub after: Duration,
    pub(crate) message_id_kept: bool,
    pub authserv_id: Option<String>,
    /// Its headers as they arrived.
    pub(crate) headers: Vec<u8>,
}

/// Why a mailbox cannot be watched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    #[error(transparent)]
    Imap(#[from] ImapError),
    #[error(transparent)]
    Login(#[from] LoginError),
    #[error("the queue has no mailbox")]
    None,
}

impl Watch {
    /// Opens the mailbox and notes what is there before anything is sent.
    pub async fn begin(app: &App, queue: &Queue) -> Result<Self, WatchError> {
        let desk = app.desk();
        let mailbox = queue.config.imap.as_ref().ok_or(WatchError::None)?;
        let intake = &desk.config.intake;
        let limits = Limits { silence: server::PATIENCE.min(intake.timeout), ..Limits::from(intake) };
        let credentials = login::credentials(app, &Tokens::default(), &mailbox.login).await?;
        let mut session = Session::connect(&mailbox.server, credentials, limits).await?;
        let selected = session.select(&mailbox.folder).await?;
        let first = match selected.uid_next {
            Some(next) => next,
            None => session.search_from(1, &selected).await?.last().map_or(1, |&uid| uid.saturating_add(1)),
        };
        Ok(Self { session, selected, first })
    }

    /// Waits until all probes arrived or the time is over, deletes those that did, and says goodbye.
    ///
    /// The answer has the order of `probes`.
    pub(crate) async fn until_seen(
        mut self,
        probes: &[&Probe],
        wait: Duration,
    ) -> Result<Vec<Option<Seen>>, WatchError> {
        let begun = Instant::now();
        let mut seen: Vec<Option<Seen>> = vec![None; probes.len()];
        let (mut known, mut own) = (HashSet::new(), Vec::new());
        loop {
            for uid in self.session.search_from(self.first, &self.selected).await? {
                if !known.insert(uid) {
                    continue;
                }
                let Some(fetched) = self.session.fetch_headers(uid, HEADERS).await? else { continue };
                let mail = parse::parse(&fetched.raw, &parse::Limits::default());
                if let Some(at) = probes.iter().position(|probe| probe::is_it(probe, &mail)) {
                    own.push(uid);
                    let look = || look(probes[at], &mail, fetched.raw, begun.elapsed());
                    seen[at].get_or_insert_with(look);
                }
            }
            let first = seen.iter().flatten().map(|seen| seen.after).min();
            let end = first.map_or(wait, |first| wait.min(first + BEHIND));
            if seen.iter().all(Option::is_some) || begun.elapsed() >= end {
                break;
            }
            tokio::time::sleep(EVERY).await;
            self.session.noop().await?;
        }
        if !own.is_empty() {
            self.session.delete(&own).await?;
        }
        self.session.logout().await;
        Ok(seen)
    }
}

fn look(probe: &Probe, mail: &Mail, headers: Vec<u8>, after: Duration) -> Seen {
    let kept = mail.message_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(&probe.message_id));
    Seen { after, message_id_kept: kept, authserv_id: stamps::authserv_id(mail), headers }
}
