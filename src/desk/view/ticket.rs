//! Everything about one ticket, as far as somebody may see it.

use crate::desk::view::Audience;
use crate::mail::delivery::State;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::attachments::Attachment;
use crate::store::bounces::Bounced;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::store::followups::Followup;
use crate::store::outbox::Outgoing;
use crate::store::partner_files::PartnerFile;
use crate::store::ratings::Rated;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Everything about one ticket. What only staff may see is empty for others.
#[derive(Debug)]
pub struct Whole {
    pub ticket: Ticket,
    pub submitter: Option<User>,
    pub owner: Option<User>,
    pub ccs: Vec<User>,
    /// Those of them who get customers' words too.
    pub accepted: Vec<UserId>,
    pub tags: Vec<String>,
    pub followups: Vec<Followup>,
    pub attachments: Vec<Attachment>,
    pub changes: Vec<Logged>,
    /// Whom the changes name by number.
    pub people: Vec<User>,
    pub failures: Vec<Failed>,
    /// Requests of the same kind that were only counted.
    pub folded: i64,
    pub shares: Vec<Share>,
    pub ratings: Vec<Rated>,
    /// Files of partners that are no attachments: they wait, or are links.
    pub links: Vec<PartnerFile>,
}

/// A mail about the ticket that did not arrive, or was not sent.
#[derive(Debug)]
pub struct Failed {
    pub row: Outgoing,
    pub bounced: Option<Bounced>,
}

/// A ticket as a partner knows it.
#[derive(Debug)]
pub struct Share {
    pub agreement: Option<Agreement>,
    pub ticket: SharedTicket,
}

impl Whole {
    /// Somebody whom the changes name by number.
    pub fn person(&self, id: UserId) -> Option<&User> {
        self.people.iter().find(|user| user.id == id)
    }

    /// A value of a change as people read it: a name for a number that is a person's.
    pub fn value<'w>(&'w self, change: &Logged, value: &'w Option<String>) -> &'w str {
        let Some(value) = value else { return "-" };
        let person =
            value.parse().ok().filter(|_| is_of_people(change)).and_then(|id| self.person(UserId(id)));
        person.map_or(value, |user| &user.name)
    }
}

/// A ticket by number; nothing if there is none.
pub async fn ticket(tx: &mut Tx, id: TicketId, audience: Audience) -> Result<Option<Whole>, sqlx::Error> {
    let Some(ticket) = store::tickets::find(tx, id).await? else { return Ok(None) };
    let mut whole = Whole {
        submitter: person(tx, ticket.submitter_id).await?,
        owner: person(tx, ticket.owner_id).await?,
        ccs: Vec::new(),
        accepted: Vec::new(),
        tags: Vec::new(),
        followups: store::followups::list(tx, id).await?,
        attachments: store::attachments::list(tx, id).await?,
        changes: Vec::new(),
        people: Vec::new(),
        failures: Vec::new(),
        folded: 0,
        shares: Vec::new(),
        ratings: Vec::new(),
        links: store::partner_files::list_links(tx, id).await?,
        ticket,
    };
    match audience {
        Audience::Staff => complete(tx, &mut whole).await?,
        Audience::Outsider => keep_public(&mut whole),
    }
    Ok(Some(whole))
}

/// Adds what is nobody's but the staff's.
async fn complete(tx: &mut Tx, whole: &mut Whole) -> Result<(), sqlx::Error> {
    let id = whole.ticket.id;
    whole.ccs = store::ticket_ccs::list(tx, id).await?;
    whole.accepted = store::ticket_ccs::list_accepted(tx, id).await?.iter().map(|user| user.id).collect();
    whole.tags = store::tags::list(tx, id).await?;
    whole.changes = store::events::list(tx, id).await?;
    whole.people = people(tx, &whole.changes).await?;
    whole.failures = failures(tx, id).await?;
    whole.folded = store::storms::folded(tx, id).await?;
    whole.shares = shares(tx, id).await?;
    whole.ratings = store::ratings::list(tx, id).await?;
    Ok(())
}

/// Takes away what is not for everybody: entries, and what hangs on them.
fn keep_public(whole: &mut Whole) {
    whole.followups.retain(|followup| followup.visibility == Visibility::Public);
    let public: Vec<FollowupId> = whole.followups.iter().map(|followup| followup.id).collect();
    whole.attachments.retain(|attachment| public.contains(&attachment.followup_id));
    whole.links.retain(|file| public.contains(&file.followup_id));
}

/// Who made the changes, and who became or was owner or submitter.
async fn people(tx: &mut Tx, changes: &[Logged]) -> Result<Vec<User>, sqlx::Error> {
    let named = |change: &Logged| {
        let values =
            [&change.old, &change.new].map(|value| value.as_deref().and_then(|text| text.parse().ok()));
        if is_of_people(change) { values } else { [None, None] }
    };
    let mut ids: Vec<UserId> = changes
        .iter()
        .flat_map(|change| named(change).into_iter().flatten().map(UserId).chain(change.actor_id))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    store::users::list_of(tx, &ids).await
}

/// Whether what was changed is a person, by number.
fn is_of_people(change: &Logged) -> bool {
    matches!(change.field.as_str(), "owner" | "submitter")
}

async fn failures(tx: &mut Tx, id: TicketId) -> Result<Vec<Failed>, sqlx::Error> {
    let bounced = store::bounces::list_of_ticket(tx, id).await?;
    let rows = store::outbox::list_of_ticket(tx, id).await?;
    let all = rows.into_iter().map(|row| {
        let bounced = bounced.iter().find(|bounced| bounced.outbox_id == row.id).cloned();
        Failed { row, bounced }
    });
    let is_one =
        |one: &Failed| one.bounced.is_some() || !matches!(one.row.state, State::Queued | State::Sent);
    Ok(all.filter(is_one).collect())
}

/// With one look at the agreements: they are few.
async fn shares(tx: &mut Tx, id: TicketId) -> Result<Vec<Share>, sqlx::Error> {
    let tickets = store::shared_tickets::list(tx, id).await?;
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let agreements = store::agreements::list(tx).await?;
    let agreement =
        |share: &SharedTicket| agreements.iter().find(|one| one.id == share.agreement_id).cloned();
    Ok(tickets.into_iter().map(|ticket| Share { agreement: agreement(&ticket), ticket }).collect())
}

async fn person(tx: &mut Tx, id: Option<UserId>) -> Result<Option<User>, sqlx::Error> {
    match id {
        Some(id) => store::users::find(tx, id).await,
        None => Ok(None),
    }
}
