//! Finding out whether mails are from whom they say, before the transaction: once for each, side by side.
//!
//! What was found out at an earlier attempt is used as it was stored: keys and policies change.

use bytes::Bytes;
use futures_util::future;

use crate::auth::Arrived;
use crate::auth::Authenticator;
use crate::auth::Extent;
use crate::auth::checked::Checked;
use crate::desk::app::App;
use crate::desk::receive::understood::Understood;
use crate::mail::journal;
use crate::store::inbox::Received;
use crate::ticket::authentication::Found;
use crate::worker::understand::Parsed;

/// Authenticates a batch; the results are in the order of its messages.
pub async fn all(
    app: &App,
    authenticator: &Authenticator,
    journal: &[Received],
    parsed: &[Parsed],
    raws: &[Bytes],
) -> Vec<Checked> {
    let messages = journal.iter().zip(parsed).zip(raws);
    let each = messages.map(|((row, parsed), raw)| one(app, authenticator, row, parsed, raw));
    future::join_all(each).await
}

async fn one(
    app: &App,
    authenticator: &Authenticator,
    row: &Received,
    parsed: &Parsed,
    raw: &Bytes,
) -> Checked {
    let desk = app.desk();
    let signed =
        parsed.as_ref().map_or_else(|_| Checked::default(), |known| Authenticator::signed(&known.mail, raw));
    if let Some(Found(Some(authentication))) = row.authentication {
        return Checked { authentication, evidence: "found out when it arrived".to_owned(), ..signed };
    }
    let (Ok(Understood { mail, .. }), Some(queue)) = (parsed, desk.directory.queue(row.queue_id)) else {
        return Checked::default();
    };
    let extent = if row.extent == journal::Extent::Full { Extent::Whole } else { Extent::Headers };
    let arrived = Arrived { mail, raw, extent, received_at: row.received_at };
    let checked = authenticator.authenticate(&arrived, &queue.config, app.now()).await;
    Checked { covers: signed.covers, seals: signed.seals, ..checked }
}
