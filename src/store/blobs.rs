//! The `blobs` and `blob_chunks` tables: bytes by their SHA-256, in pieces of at most one MiB.
//!
//! Equal bytes are kept once. Rows that nothing names any more are deleted by housekeeping.

use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::kept;
use crate::store::db::on;
use crate::ticket::id::BlobId;
use crate::ticket::id::InboxId;

/// The largest piece.
pub const CHUNK: usize = 1024 * 1024;

/// SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Stores bytes, unless they are there already.
pub async fn insert(tx: &mut Tx, digest: &[u8], bytes: &[u8], now: Timestamp) -> Result<BlobId, sqlx::Error> {
    let mut chunks = bytes.chunks(CHUNK);
    let first = chunks.next().unwrap_or_default();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let id = loop {
        if let Some(id) = insert_first(tx, digest, size, first, now).await? {
            break id;
        }
        // They may be gone by now: then it is ours to store them.
        if let Some(id) = find(tx, digest).await? {
            return Ok(id);
        }
    };
    for (n, chunk) in (1..).zip(chunks) {
        insert_chunk(tx, id, n, chunk).await?;
    }
    Ok(id)
}

/// Stores the first piece; nothing if these bytes are there already.
async fn insert_first(
    tx: &mut Tx,
    digest: &[u8],
    size: i64,
    first: &[u8],
    now: Timestamp,
) -> Result<Option<BlobId>, sqlx::Error> {
    let sql = "insert into blobs (digest, size, first_chunk, created_at) values ($1, $2, $3, $4)
        on conflict (digest) do nothing returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(digest).bind(size).bind(first).bind(now).fetch_optional(conn).await
    })
}

/// Stores a further piece; the first one is number 0.
async fn insert_chunk(tx: &mut Tx, id: BlobId, n: i64, bytes: &[u8]) -> Result<(), sqlx::Error> {
    let sql = "insert into blob_chunks (blob_id, n, bytes) values ($1, $2, $3)";
    on!(tx, |conn| sqlx::query(sql).bind(id).bind(n).bind(bytes).execute(conn).await.map(drop))
}

/// The number of stored bytes, which housekeeping leaves alone until this transaction ends.
pub async fn find(tx: &mut Tx, digest: &[u8]) -> Result<Option<BlobId>, sqlx::Error> {
    let sql = kept!(tx, "select id from blobs where digest = $1");
    on!(tx, |conn| sqlx::query_scalar(sql).bind(digest).fetch_optional(conn).await)
}

/// One piece, for answers that are streamed; nothing after the last.
pub async fn read_chunk(tx: &mut Tx, id: BlobId, n: i64) -> Result<Option<Vec<u8>>, sqlx::Error> {
    if n == 0 {
        let sql = "select first_chunk from blobs where id = $1";
        return on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await);
    }
    let sql = "select bytes from blob_chunks where blob_id = $1 and n = $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(id).bind(n).fetch_optional(conn).await)
}

/// The whole; nothing if it was deleted.
pub async fn read(tx: &mut Tx, id: BlobId) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let Some(size) = size(tx, id).await? else { return Ok(None) };
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let mut n = 0;
    while bytes.len() < usize::try_from(size).unwrap_or_default() {
        let Some(chunk) = read_chunk(tx, id, n).await? else { return Ok(None) };
        bytes.extend_from_slice(&chunk);
        n += 1;
    }
    Ok(Some(bytes))
}

pub async fn size(tx: &mut Tx, id: BlobId) -> Result<Option<i64>, sqlx::Error> {
    let sql = "select size from blobs where id = $1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)
}

/// Bytes to be compared with their digest.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: BlobId,
    pub digest: Vec<u8>,
    /// The first received message that they are.
    pub inbox_id: Option<InboxId>,
}

row!(Kept { id, digest, inbox_id });

/// The next bytes after a number, in their order.
pub async fn list_after(tx: &mut Tx, after: BlobId, limit: i64) -> Result<Vec<Kept>, sqlx::Error> {
    let sql =
        "select id, digest, (select min(inbox.id) from inbox where inbox.blob_id = blobs.id) as inbox_id
        from blobs where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// The newest bytes that were stored before a moment. Those after it are looked at, from the newest on.
pub async fn newest_before(tx: &mut Tx, before: Timestamp) -> Result<Option<BlobId>, sqlx::Error> {
    let sql = "select id from blobs where created_at < $1 order by id desc limit 1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(before).fetch_optional(conn).await)
}

/// Deletes those bytes after one number, up to another, that nothing names; returns how many.
pub async fn delete_unreferenced(tx: &mut Tx, after: BlobId, up_to: BlobId) -> Result<u64, sqlx::Error> {
    let sql = "delete from blobs where id > $1 and id <= $2
        and not exists (select 1 from inbox where inbox.blob_id = blobs.id)
        and not exists (select 1 from attachments where attachments.blob_id = blobs.id)";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(after).bind(up_to).execute(conn).await?.rows_affected()))
}

/// Deletes bytes at once, unless something names them.
pub async fn delete_unnamed(tx: &mut Tx, id: BlobId) -> Result<(), sqlx::Error> {
    let sql = "delete from blobs where id = $1
        and not exists (select 1 from inbox where inbox.blob_id = blobs.id)
        and not exists (select 1 from attachments where attachments.blob_id = blobs.id)";
    on!(tx, |conn| sqlx::query(sql).bind(id).execute(conn).await.map(drop))
}
