//! The `users` table: customers, agents and administrators, found by case-folded address or user name.

use crate::clock::Timestamp;
use crate::email::Email;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::json_list;
use crate::store::db::listed;
use crate::store::db::locked;
use crate::store::db::on;
use crate::store::filters::text;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::Addresses;
use crate::ticket::person::Role;
use crate::ticket::person::User;

row!(User {
    id,
    role,
    email,
    addresses,
    name,
    username,
    password_hash,
    locale,
    version,
    created_at,
    disabled_at,
    proven_at,
    merged_into,
} is { weak_password });

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    pub role: Role,
    pub email: Option<&'a str>,
    pub name: &'a str,
    pub username: Option<&'a str>,
    pub password_hash: Option<&'a str>,
    pub weak_password: bool,
    pub locale: Option<&'a str>,
}

/// Adds a person for whom an operator vouches. A unique violation means that the address or user name is taken.
pub async fn insert(tx: &mut Tx, user: &NewUser<'_>, now: Timestamp) -> Result<User, sqlx::Error> {
    let sql = "insert into users (role, email, email_key, name, username, password_hash, locale, version, created_at,
            proven_at, weak_password)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9) returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(user.role)
            .bind(user.email)
            .bind(user.email.map(Email::key_of))
            .bind(user.name)
            .bind(user.username)
            .bind(user.password_hash)
            .bind(user.locale)
            .bind(now)
            .bind(i64::from(user.weak_password))
            .fetch_one(conn)
            .await
    })
}

/// Adds a customer who is proven at first contact, unless another process just did: then nothing is returned.
pub async fn insert_customer(
    tx: &mut Tx,
    email: &str,
    name: &str,
    locale: Option<&str>,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let sql = "insert into users (role, email, email_key, name, locale, version, created_at, proven_at)
        select 'customer', $1, $2, $3, $4, 1, $5, $5
        where not exists (select 1 from user_addresses where address_key = $2)
        on conflict (email_key) do nothing returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(email)
            .bind(Email::key_of(email))
            .bind(name)
            .bind(locale)
            .bind(now)
            .fetch_optional(conn)
            .await
    })
}

/// Adds somebody of whom nothing is known but the address, unless it is there.
pub async fn insert_unproven(tx: &mut Tx, email: &str, now: Timestamp) -> Result<Option<User>, sqlx::Error> {
    let sql = "insert into users (role, email, email_key, name, version, created_at)
        select 'customer', $1, $2, $1, 1, $3
        where not exists (select 1 from user_addresses where address_key = $2)
        on conflict (email_key) do nothing returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(email).bind(Email::key_of(email)).bind(now).fetch_optional(conn).await
    })
}

/// Makes a customer known from now on, under this name. Nothing if they were known, or are no customer.
pub async fn prove(
    tx: &mut Tx,
    id: UserId,
    name: &str,
    locale: Option<&str>,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let sql =
        "update users set proven_at = $1, name = $2, locale = coalesce($3, locale), version = version + 1
        where id = $4 and proven_at is null and role = 'customer' returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(now).bind(name).bind(locale).bind(id).fetch_optional(conn).await
    })
}

pub async fn find(tx: &mut Tx, id: UserId) -> Result<Option<User>, sqlx::Error> {
    let sql = "select * from users where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// As [`find`], and nobody else changes them until the transaction ends.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<User>, sqlx::Error> {
    let sql = locked!(tx, "select * from users where id = $1");
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// By any of their addresses, in any case, as somebody who is meant by that one.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<User>, sqlx::Error> {
    let sql = "select * from users where id = coalesce((select id from users where email_key = $1),
        (select user_id from user_addresses where address_key = $1))";
    let found: Option<User> =
        on!(tx, |conn| sqlx::query_as(sql).bind(Email::key_of(email)).fetch_optional(conn).await)?;
    Ok(found.map(|user| user.at(email)))
}

/// By user name, case-sensitive.
pub async fn find_by_username(tx: &mut Tx, username: &str) -> Result<Option<User>, sqlx::Error> {
    let sql = "select * from users where username = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(username).fetch_optional(conn).await)
}

/// Active agents and administrators, by number.
pub async fn list_staff(tx: &mut Tx) -> Result<Vec<User>, sqlx::Error> {
    let sql = "select * from users where role <> 'customer' and disabled_at is null order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Active agents and administrators who said something for everybody on a ticket since it last ended, or passed an
/// entry on, by number.
/// Whose name a program used did not say it.
pub async fn list_answerers(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<User>, sqlx::Error> {
    let sql = "select * from users where role <> 'customer' and disabled_at is null and id in (
            select author_id from followups
            where ticket_id = $1 and door <> 'jaze'
                and (visibility = 'public' and kind <> 'opened' or kind = 'forwarded') and id > coalesce((
                select max(id) from followups as ending
                where ending.ticket_id = $1 and ending.new_status in ('resolved', 'closed')), 0))
        order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// All agents and administrators, also those who may not act any more, by number.
pub async fn list_all_staff(tx: &mut Tx) -> Result<Vec<User>, sqlx::Error> {
    let sql = "select * from users where role <> 'customer' order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// These people, by number.
pub async fn list_of(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<User>, sqlx::Error> {
    let sql = listed!(tx, "select * from users where id", " order by id");
    let ids = json_list(ids);
    on!(tx, |conn| sqlx::query_as(sql).bind(ids).fetch_all(conn).await)
}

/// The next `limit` people after `after`.
pub async fn list(tx: &mut Tx, after: UserId, limit: i64) -> Result<Vec<User>, sqlx::Error> {
    let sql = "select * from users where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// The next people after `after` who have these words in their name and this role, where that is asked for.
pub async fn search(
    tx: &mut Tx,
    (name, role): (Option<&str>, Option<&str>),
    after: UserId,
    limit: i64,
) -> Result<Vec<User>, sqlx::Error> {
    let sql =
        "select * from users where id > $1 and (cast($2 as text) is null or lower(name) like $2 escape '!')
            and (cast($3 as text) is null or role = $3) order by id limit 0 + $4";
    let pattern = name.map(|name| text::pattern(&name.to_lowercase()));
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(pattern).bind(role).bind(limit).fetch_all(conn).await)
}

/// Sets role, user name and, if given, the password of somebody who is already known.
pub async fn promote(
    tx: &mut Tx,
    id: UserId,
    user: &NewUser<'_>,
    now: Timestamp,
) -> Result<Option<User>, sqlx::Error> {
    let sql =
        "update users set role = $1, name = $2, username = $3, password_hash = coalesce($4, password_hash),
            weak_password = case when $4 is null then weak_password else $7 end,
            disabled_at = null, proven_at = coalesce(proven_at, $5), version = version + 1
        where id = $6 returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(user.role)
            .bind(user.name)
            .bind(user.username)
            .bind(user.password_hash)
            .bind(now)
            .bind(id)
            .bind(i64::from(user.weak_password))
            .fetch_optional(conn)
            .await
    })
}

/// Calls somebody by another name.
pub async fn rename(tx: &mut Tx, id: UserId, name: &str) -> Result<(), sqlx::Error> {
    let sql = "update users set name = $1, version = version + 1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(name).bind(id).execute(conn).await.map(drop))
}

pub async fn update_password(tx: &mut Tx, id: UserId, hash: &str, is_weak: bool) -> Result<(), sqlx::Error> {
    let sql = "update users set password_hash = $1, weak_password = $2, version = version + 1 where id = $3";
    on!(tx, |conn| sqlx::query(sql)
        .bind(hash)
        .bind(i64::from(is_weak))
        .bind(id)
        .execute(conn)
        .await
        .map(drop))
}

pub async fn disable(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql =
        "update users set disabled_at = $1, version = version + 1 where id = $2 and disabled_at is null";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await.map(drop))
}

/// Lets somebody act again.
pub async fn enable(tx: &mut Tx, id: UserId) -> Result<(), sqlx::Error> {
    let sql = "update users set disabled_at = null, version = version + 1 where id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await.map(drop))
}

/// What somebody may do; a user name that is given takes the place of theirs.
pub async fn update_role(
    tx: &mut Tx,
    id: UserId,
    role: Role,
    username: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql =
        "update users set role = $1, username = coalesce($2, username), proven_at = coalesce(proven_at, $3),
            version = version + 1
        where id = $4";
    on!(tx, |conn| {
        sqlx::query(sql).bind(role).bind(username).bind(now).bind(id).execute(conn).await.map(drop)
    })
}

pub async fn update_locale(tx: &mut Tx, id: UserId, locale: Option<&str>) -> Result<(), sqlx::Error> {
    let sql = "update users set locale = $1, version = version + 1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(locale).bind(id).execute(conn).await.map(drop))
}

/// Another first address.
pub async fn update_email(tx: &mut Tx, id: UserId, email: &str) -> Result<(), sqlx::Error> {
    let sql = "update users set email = $1, email_key = $2, version = version + 1 where id = $3";
    on!(tx, |conn| {
        sqlx::query(sql).bind(email).bind(Email::key_of(email)).bind(id).execute(conn).await.map(drop)
    })
}

/// All addresses of somebody who has several.
pub async fn update_addresses(tx: &mut Tx, id: UserId, addresses: &Addresses) -> Result<(), sqlx::Error> {
    let sql = "update users set addresses = $1, version = version + 1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(addresses).bind(id).execute(conn).await.map(drop))
}

/// Somebody of whom nothing is known any more.
pub async fn erase(tx: &mut Tx, id: UserId, name: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update users set email = null, email_key = null, addresses = '', name = $1, username = null,
            password_hash = null, weak_password = 0, locale = null, disabled_at = coalesce(disabled_at, $2),
            version = version + 1
        where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(name).bind(now).bind(id).execute(conn).await.map(drop))
}

/// Somebody turned out to be somebody else: nothing is found by this row any more but its number and who that is.
pub async fn merge(tx: &mut Tx, id: UserId, into: UserId, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update users set email = null, email_key = null, addresses = '', username = null, password_hash = null,
            weak_password = 0, disabled_at = coalesce(disabled_at, $1), merged_into = $2, version = version + 1
        where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(now).bind(into).bind(id).execute(conn).await.map(drop))
}

/// Who turned out to be somebody, be it by way of others.
pub async fn list_merged(tx: &mut Tx, into: UserId) -> Result<Vec<User>, sqlx::Error> {
    let sql = "with recursive merged (id) as (
            select id from users where merged_into = $1
            union select users.id from users join merged on users.merged_into = merged.id)
        select users.* from users join merged on merged.id = users.id order by users.id";
    on!(tx, |conn| sqlx::query_as(sql).bind(into).fetch_all(conn).await)
}
