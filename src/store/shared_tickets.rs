//! The `shared_tickets` table: tickets as one agreement knows them, and what its partner was last told.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::sharing::stored::ShareState;
use crate::sharing::token::WireId;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::AgreementId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::ShareId;
use crate::ticket::id::TicketId;

/// One ticket under one agreement.
#[derive(Clone, Debug, Serialize)]
pub struct SharedTicket {
    #[serde(skip)]
    pub id: ShareId,
    #[serde(skip)]
    pub agreement_id: AgreementId,
    pub uuid: WireId,
    /// None: the ticket was deleted.
    pub ticket_id: Option<TicketId>,
    pub state: ShareState,
    /// The number that people at the partner quote.
    pub original_id: Option<String>,
    /// The word for our state when it was last looked at.
    pub our_status: Option<String>,
    /// The last word that went either way.
    pub partner_status: Option<String>,
    /// JSON.
    #[serde(skip)]
    pub tags: String,
    /// What the partner gave, as JSON.
    #[serde(skip)]
    pub custom_fields: Option<String>,
    /// What was last sent to him, as JSON.
    #[serde(skip)]
    pub sent_fields: Option<String>,
    /// Entries up to this one were sent, or stay at home.
    #[serde(skip)]
    pub last_followup_id: FollowupId,
    /// How often the whole ticket was sent because the partner did not know it.
    pub reposts: i64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

row!(SharedTicket {
    id,
    agreement_id,
    uuid,
    ticket_id,
    state,
    original_id,
    our_status,
    partner_status,
    tags,
    custom_fields,
    sent_fields,
    last_followup_id,
    reposts,
    created_at,
    changed_at,
});

impl SharedTicket {
    pub fn is_shared(&self) -> bool {
        self.state == ShareState::Shared
    }
}

/// Adds one that is shared from now on; nothing is returned when the agreement knows this uuid.
pub async fn insert(
    tx: &mut Tx,
    agreement_id: AgreementId,
    uuid: &WireId,
    now: Timestamp,
) -> Result<Option<SharedTicket>, sqlx::Error> {
    let sql = "insert into shared_tickets (agreement_id, uuid, state, tags, last_followup_id, reposts, created_at,
            changed_at)
        values ($1, $2, 'shared', '{}', 0, 0, $3, $4) on conflict (agreement_id, uuid) do nothing returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(agreement_id).bind(uuid).bind(now).bind(now).fetch_optional(conn).await
    })
}

pub async fn update(tx: &mut Tx, share: &SharedTicket, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update shared_tickets set ticket_id = $1, state = $2, original_id = $3, our_status = $4,
            partner_status = $5, tags = $6, custom_fields = $7, sent_fields = $8, last_followup_id = $9, reposts = $10,
            changed_at = $11
        where id = $12";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(share.ticket_id)
            .bind(share.state)
            .bind(&share.original_id)
            .bind(&share.our_status)
            .bind(&share.partner_status)
            .bind(&share.tags)
            .bind(&share.custom_fields)
            .bind(&share.sent_fields)
            .bind(share.last_followup_id)
            .bind(share.reposts)
            .bind(now)
            .bind(share.id)
            .execute(conn)
            .await
            .map(drop)
    })
}

pub async fn find(tx: &mut Tx, id: ShareId) -> Result<Option<SharedTicket>, sqlx::Error> {
    let sql = "select * from shared_tickets where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// By the partner's word for it. Other agreements' tickets are not found, whatever they are called.
pub async fn find_by_uuid(
    tx: &mut Tx,
    agreement_id: AgreementId,
    uuid: &WireId,
) -> Result<Option<SharedTicket>, sqlx::Error> {
    let sql = "select * from shared_tickets where agreement_id = $1 and uuid = $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(agreement_id).bind(uuid).fetch_optional(conn).await)
}

/// Whether another agreement has a ticket of this uuid.
pub async fn exists_elsewhere(
    tx: &mut Tx,
    agreement_id: AgreementId,
    uuid: &WireId,
) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from shared_tickets where uuid = $1 and agreement_id <> $2";
    let count: i64 =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(uuid).bind(agreement_id).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Every share of a ticket, ended ones too, oldest first.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<SharedTicket>, sqlx::Error> {
    let sql = "select * from shared_tickets where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// The shares of a ticket that live, under agreements that do.
pub async fn list_live(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<SharedTicket>, sqlx::Error> {
    let sql = "select shared_tickets.* from shared_tickets
            join agreements on agreements.id = shared_tickets.agreement_id
        where shared_tickets.ticket_id = $1 and shared_tickets.state = 'shared' and agreements.status = 'accepted'
        order by shared_tickets.id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// The tickets that an agreement's partner holds.
pub async fn list_held(tx: &mut Tx, agreement_id: AgreementId) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = "select tickets.id from agreements
            join shared_tickets on shared_tickets.agreement_id = agreements.id
            join tickets on tickets.id = shared_tickets.ticket_id
        where agreements.id = $1 and tickets.held_by = agreements.uuid order by tickets.id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(agreement_id).fetch_all(conn).await)
}

/// How many tickets are shared under an agreement now.
pub async fn count_shared(tx: &mut Tx, agreement_id: AgreementId) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from shared_tickets where agreement_id = $1 and state = 'shared'";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(agreement_id).fetch_one(conn).await)
}
