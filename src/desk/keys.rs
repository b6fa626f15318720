//! The signing keys in memory, as the database has them.
//!
//! Another process may rotate them: a token that names an unknown key makes us read them again.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use crate::clock::Timestamp;
use crate::ids::Ids;
use crate::mail::token;
use crate::secret::Keyring;
use crate::secret::SigningKey;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::life::Ticket;

/// The keys that sign and verify now.
#[derive(Debug)]
pub struct Keys(RwLock<Arc<Keyring>>);

impl Keys {
    /// Reads the keys, and makes the first one if there is none.
    pub async fn load(tx: &mut Tx, ids: &Ids, now: Timestamp) -> Result<Self, sqlx::Error> {
        if let Some(ring) = read(tx).await? {
            return Ok(Self(RwLock::new(Arc::new(ring))));
        }
        store::keys::insert(tx, &ids.bytes::<32>(), now).await?;
        let ring = read(tx).await?.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Self(RwLock::new(Arc::new(ring))))
    }

    pub fn ring(&self) -> Arc<Keyring> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key of a new outgoing row. For an acknowledgement, of which a ticket and recipient have one, it follows from
    /// both: one that is written again, after a restore, has the Message-ID of the first.
    pub(crate) fn row(&self, ids: &Ids, acknowledged: Option<&Ticket>, recipient_key: &str) -> i64 {
        let Some(ticket) = acknowledged else { return token::row_key(ids.bytes()) };
        let parts = [&b"acknowledgement"[..], ticket.uuid.as_bytes(), recipient_key.as_bytes()];
        let mac = self.ring().sign(&parts);
        token::row_key(*mac.first_chunk().expect("a MAC has 32 bytes"))
    }

    /// Reads the keys again.
    pub(crate) async fn reload(&self, tx: &mut Tx) -> Result<(), sqlx::Error> {
        if let Some(ring) = read(tx).await? {
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        }
        Ok(())
    }
}

async fn read(tx: &mut Tx) -> Result<Option<Keyring>, sqlx::Error> {
    let rows = store::keys::list(tx).await?;
    let valid = rows.into_iter().filter(|key| key.retired_at.is_none());
    Ok(Keyring::new(valid.map(|key| SigningKey { id: key.id.0, bytes: key.secret }).collect()))
}
