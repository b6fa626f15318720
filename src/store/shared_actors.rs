//! The `shared_actors` table: people of partners, and the placeholder that stands for each.

use crate::clock::Timestamp;
use crate::sharing::stored::ActorRole;
use crate::sharing::token::WireId;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::AgreementId;
use crate::ticket::id::UserId;

/// One person of a partner.
#[derive(Clone, Debug)]
pub struct SharedActor {
    pub agreement_id: AgreementId,
    pub uuid: WireId,
    pub user_id: UserId,
    pub role: ActorRole,
}

row!(SharedActor { agreement_id, uuid, user_id, role });

pub async fn insert(tx: &mut Tx, actor: &SharedActor, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "insert into shared_actors (agreement_id, uuid, user_id, role, created_at) values ($1, $2, $3, $4, $5)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(actor.agreement_id)
            .bind(&actor.uuid)
            .bind(actor.user_id)
            .bind(actor.role)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
    })
}

pub async fn find(
    tx: &mut Tx,
    agreement_id: AgreementId,
    uuid: &WireId,
) -> Result<Option<SharedActor>, sqlx::Error> {
    let sql = "select * from shared_actors where agreement_id = $1 and uuid = $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(agreement_id).bind(uuid).fetch_optional(conn).await)
}

/// Whom a placeholder stands for.
pub async fn find_by_user(tx: &mut Tx, user_id: UserId) -> Result<Option<SharedActor>, sqlx::Error> {
    let sql = "select * from shared_actors where user_id = $1 order by agreement_id limit 1";
    on!(tx, |conn| sqlx::query_as(sql).bind(user_id).fetch_optional(conn).await)
}

pub async fn set_role(tx: &mut Tx, actor: &SharedActor) -> Result<(), sqlx::Error> {
    let sql = "update shared_actors set role = $1 where agreement_id = $2 and uuid = $3";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(actor.role)
            .bind(actor.agreement_id)
            .bind(&actor.uuid)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Whoever stands for a person of a partner's does so no more.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<(), sqlx::Error> {
    let sql = "delete from shared_actors where user_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(user_id).execute(conn).await.map(drop))
}

/// Whoever stands for a person of a partner's is somebody else.
pub async fn repoint_person(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), sqlx::Error> {
    let sql = "update shared_actors set user_id = $1 where user_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
