//! Everything that can happen to a ticket, one function each, inside the caller's transaction.
//!
//! A change and the mails that it causes are written together; nothing here sends, waits or commits.

pub mod accept;
pub mod action;
pub mod actor;
pub mod agents;
pub mod alert;
pub mod app;
pub mod assign;
pub mod authority;
pub mod begun;
pub mod bounce;
pub(crate) mod budget;
pub mod calendars;
pub mod close;
pub mod collision;
pub mod command;
pub mod comment;
pub mod copies;
pub mod correct;
pub mod delete;
pub mod digest;
pub mod directory;
pub mod draft;
pub mod due;
pub mod entry;
pub mod escalate;
pub mod event;
pub mod exclude;
pub(crate) mod fold;
pub mod forward;
pub(crate) mod hold_back;
pub mod ignore;
pub(crate) mod index;
pub mod keys;
mod known;
pub(crate) mod locale;
pub(crate) mod log;
mod measure;
pub mod merge;
pub mod message;
pub mod morning;
pub mod notification;
pub mod notify;
pub mod open;
pub mod outgoing;
pub mod part;
pub mod people;
pub mod person;
pub mod plus;
pub mod prepared;
pub mod probe;
pub mod rate;
pub mod receive;
pub mod relay;
pub mod reply;
pub mod report;
pub mod rotate;
pub mod route;
pub mod rules;
pub mod share;
mod shown;
pub mod snooze;
pub mod spam;
pub mod split;
pub mod suppress;
pub mod table;
pub mod target;
pub mod token;
pub mod trace;
pub mod undelivered;
pub mod unsubscribe;
pub mod view;
pub mod volume;
pub(crate) mod warning;

use std::sync::Arc;

use crate::config::Config;
use crate::desk::authority::Refused;
use crate::desk::directory::Directory;
use crate::desk::ignore::made::MadeAtWork;
use crate::desk::keys::Keys;
use crate::desk::plus::PlusAddresses;
use crate::desk::rules::Rules;
use crate::ids::Ids;
use crate::store;
use crate::store::db::Db;
use crate::store::db::Tx;
use crate::template::Templates;
use crate::ticket::TicketError;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;

/// What every use case needs to know besides the transaction.
#[derive(Debug)]
pub struct Desk {
    pub config: Arc<Config>,
    pub directory: Directory,
    pub templates: Templates,
    pub keys: Keys,
    pub plus: PlusAddresses,
    pub ignored: MadeAtWork,
    pub rules: Rules,
    pub ids: Ids,
}

impl Desk {
    /// Reads anew what another process may have changed meanwhile.
    pub async fn refresh(&self, db: &Db) -> Result<(), sqlx::Error> {
        let mut tx = db.read().await?;
        self.plus.reload(&mut tx, &self.directory).await?;
        self.keys.reload(&mut tx).await?;
        self.ignored.reload(&mut tx).await
    }
}

/// Why a use case was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Ticket(#[from] TicketError),
    #[error(transparent)]
    Forbidden(#[from] Refused),
    #[error("{0}")]
    Refused(String),
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    #[error("a mail cannot be written: {0}")]
    Compose(#[from] crate::mail::compose::ComposeError),
}

/// A merged ticket may point to another merged one; a longer chain than this is damage.
const LONGEST_MERGE_CHAIN: usize = 20;

/// The ticket, or the survivor if it was merged, locked until the transaction ends.
pub async fn load(tx: &mut Tx, id: TicketId) -> Result<Ticket, DeskError> {
    let mut wanted = id;
    for _ in 0..LONGEST_MERGE_CHAIN {
        let ticket = store::tickets::lock(tx, wanted).await?.ok_or(TicketError::Unknown(id))?;
        match ticket.merged_into {
            Some(survivor) => wanted = survivor,
            None => return Ok(ticket),
        }
    }
    Err(TicketError::Unknown(id).into())
}

/// Text as both databases can store it: PostgreSQL refuses NUL.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
