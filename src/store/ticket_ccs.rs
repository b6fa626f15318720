//! The `ticket_ccs` table: who else hears of a ticket.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// Adds one person whom a mail named; false if they were there.
pub async fn insert(
    tx: &mut Tx,
    ticket_id: TicketId,
    user_id: UserId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql =
        "insert into ticket_ccs (ticket_id, user_id, created_at) values ($1, $2, $3) on conflict do nothing";
    let added = on!(tx, |conn| {
        sqlx::query(sql).bind(ticket_id).bind(user_id).bind(now).execute(conn).await?.rows_affected()
    });
    Ok(added == 1)
}

/// Has somebody get customers' words too, whether they were there or not; false if they did already.
pub async fn accept(
    tx: &mut Tx,
    ticket_id: TicketId,
    user_id: UserId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "insert into ticket_ccs (ticket_id, user_id, created_at, accepted_at) values ($1, $2, $3, $3)
        on conflict (ticket_id, user_id) do update set accepted_at = excluded.accepted_at
            where ticket_ccs.accepted_at is null";
    let changed = on!(tx, |conn| {
        sqlx::query(sql).bind(ticket_id).bind(user_id).bind(now).execute(conn).await?.rows_affected()
    });
    Ok(changed == 1)
}

/// Takes one person off; false if he was not there.
pub async fn delete(tx: &mut Tx, ticket_id: TicketId, user_id: UserId) -> Result<bool, sqlx::Error> {
    let sql = "delete from ticket_ccs where ticket_id = $1 and user_id = $2";
    let gone =
        on!(tx, |conn| sqlx::query(sql).bind(ticket_id).bind(user_id).execute(conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Somebody with the address at which they hear of a ticket.
struct Copied {
    user: User,
    written_to: Option<String>,
}

row!(Copied { ..user, written_to });

fn at(copied: Vec<Copied>) -> Vec<User> {
    let meant = |copied: Copied| match copied.written_to {
        Some(address) => copied.user.at(&address),
        None => copied.user,
    };
    copied.into_iter().map(meant).collect()
}

/// At which of their addresses somebody hears of a ticket; none: at the first one.
pub async fn update_address(
    tx: &mut Tx,
    ticket_id: TicketId,
    user_id: UserId,
    address: Option<&str>,
) -> Result<(), sqlx::Error> {
    let sql = "update ticket_ccs set address = $1 where ticket_id = $2 and user_id = $3";
    on!(tx, |conn| {
        sqlx::query(sql).bind(address).bind(ticket_id).bind(user_id).execute(conn).await.map(drop)
    })
}

/// Somebody hears of no ticket any more at an address that is not theirs now.
pub async fn forget_address(tx: &mut Tx, user_id: UserId, key: &str) -> Result<(), sqlx::Error> {
    let sql = "update ticket_ccs set address = null where user_id = $1 and lower(address) = $2";
    on!(tx, |conn| sqlx::query(sql).bind(user_id).bind(key).execute(conn).await.map(drop))
}

/// The people, by number, each at the address that is copied.
pub async fn list(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<User>, sqlx::Error> {
    let sql = "select users.*, ticket_ccs.address as written_to from ticket_ccs join users on users.id = ticket_ccs.user_id
        where ticket_ccs.ticket_id = $1 order by users.id";
    Ok(at(on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)?))
}

/// Those who get customers' words too, by number.
pub async fn list_accepted(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<User>, sqlx::Error> {
    let sql = "select users.*, ticket_ccs.address as written_to from ticket_ccs join users on users.id = ticket_ccs.user_id
        where ticket_ccs.ticket_id = $1 and ticket_ccs.accepted_at is not null order by users.id";
    Ok(at(on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)?))
}

/// Gives a merged ticket's people to the survivor, each as far as they were accepted on either.
pub async fn copy(tx: &mut Tx, from: TicketId, to: TicketId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into ticket_ccs (ticket_id, user_id, created_at, accepted_at, address)
        select $1, user_id, $2, accepted_at, address from ticket_ccs where ticket_id = $3
        on conflict (ticket_id, user_id) do update
            set accepted_at = coalesce(ticket_ccs.accepted_at, excluded.accepted_at)";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(now).bind(from).execute(conn).await.map(drop))
}

/// Takes one person off all tickets.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<(), sqlx::Error> {
    let sql = "delete from ticket_ccs where user_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(user_id).execute(conn).await.map(drop))
}

/// Has somebody else hear of what somebody heard of, at that address, unless they asked themselves.
pub async fn repoint_person(
    tx: &mut Tx,
    from: UserId,
    to: UserId,
    address: Option<&str>,
) -> Result<(), sqlx::Error> {
    let sql = "insert into ticket_ccs (ticket_id, user_id, created_at, accepted_at, address)
        select ticket_id, $1, created_at, accepted_at, coalesce(address, $2) from ticket_ccs where user_id = $3
        on conflict (ticket_id, user_id) do update
            set accepted_at = coalesce(ticket_ccs.accepted_at, excluded.accepted_at)";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(address).bind(from).execute(conn).await.map(drop))?;
    delete_of_user(tx, from).await?;
    let sql = "delete from ticket_ccs where user_id = $1
        and exists (select 1 from tickets where tickets.id = ticket_ccs.ticket_id and tickets.submitter_id = $1)";
    on!(tx, |conn| sqlx::query(sql).bind(to).execute(conn).await.map(drop))
}
