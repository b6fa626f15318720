//! New signing keys, and the end of old ones.

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::ids::Ids;
use crate::store;
use crate::store::db::Tx;
use crate::store::keys::Key;
use crate::ticket::id::KeyId;

/// Makes a new key, which signs from now on.
pub async fn rotate(tx: &mut Tx, ids: &Ids, now: Timestamp) -> Result<KeyId, sqlx::Error> {
    store::keys::insert(tx, &ids.bytes::<32>(), now).await
}

/// Retires every key before this one; says how many.
pub async fn retire_older(tx: &mut Tx, newest: KeyId, now: Timestamp) -> Result<usize, sqlx::Error> {
    let mut retired = 0;
    for key in store::keys::list(tx).await? {
        if key.id != newest && store::keys::retire(tx, key.id, now).await? {
            retired += 1;
        }
    }
    Ok(retired)
}

/// Retires one key; never the last that is left.
pub async fn retire(tx: &mut Tx, id: KeyId, now: Timestamp) -> Result<(), DeskError> {
    let keys = store::keys::list(tx).await?;
    let valid: Vec<KeyId> = keys.iter().filter(|key| key.retired_at.is_none()).map(|key| key.id).collect();
    if !valid.contains(&id) {
        return Err(DeskError::Refused(format!("there is no valid key {id}")));
    }
    if valid == [id] {
        return Err(DeskError::Refused("the last key cannot be retired; rotate first".to_owned()));
    }
    store::keys::retire(tx, id, now).await?;
    Ok(())
}

/// All keys, oldest first, retired ones too.
pub async fn list(tx: &mut Tx) -> Result<Vec<Key>, sqlx::Error> {
    store::keys::list(tx).await
}
