//! What two transactions must not decide at the same time: the Message-IDs of mails, and of those they answer.
//!
//! A mail is looked for before it is written. Between the two another mailbox, another daemon or a command may be
//! doing the same with the same mail; they wait for each other here, and then see what the other wrote.

use std::collections::BTreeMap;

use sha2::Digest;
use sha2::Sha256;

use crate::desk::receive::case;
use crate::mail::Mail;
use crate::store::db;
use crate::store::db::Hold;
use crate::store::db::Tx;
use crate::store::inbox::Received;

/// Mails that one mail says it answers, newest first; older ones were handled long ago.
const MOST_ANSWERED: usize = 8;

/// The Message-IDs of all mails that one transaction is going to handle.
#[derive(Debug, Default)]
pub(crate) struct Claims(BTreeMap<i64, Hold>);

impl Claims {
    /// The mail's own id is this transaction's alone. An id that it answers is shared with other answers, but not
    /// with the transaction that is just writing that mail.
    pub fn add(&mut self, mail: &Mail, received: &Received) {
        self.hold(&case::message_id(mail, received), Hold::Alone);
        let answered = mail.in_reply_to.iter().chain(mail.references.iter().rev());
        for id in answered.take(MOST_ANSWERED) {
            self.hold(id, Hold::Shared);
        }
    }

    /// Takes all of them until the transaction ends. Must be its first statement, so that nobody for whom it waits
    /// can wait for it.
    pub async fn take(self, tx: &mut Tx) -> Result<(), sqlx::Error> {
        db::hold(tx, &self.0).await
    }

    fn hold(&mut self, message_id: &str, hold: Hold) {
        let kept = self.0.entry(key(message_id)).or_insert(hold);
        *kept = hold.max(*kept);
    }
}

/// Sixty-four bits of a digest, of a kind of its own: two ids that share them only wait for each other.
fn key(message_id: &str) -> i64 {
    let digest = Sha256::digest(format!("message-id {message_id}"));
    digest.iter().take(8).fold(0, |key, &byte| key << 8 | i64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_answered_in_the_same_transaction_is_still_held_alone() {
        let mut claims = Claims::default();
        claims.hold("a", Hold::Alone);
        claims.hold("a", Hold::Shared);
        claims.hold("b", Hold::Shared);
        assert_eq!(claims.0, [(key("a"), Hold::Alone), (key("b"), Hold::Shared)].into());
        assert_ne!(key("a"), key("b"));
    }
}
