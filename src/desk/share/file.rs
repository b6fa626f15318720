//! What becomes of a partner's file after it was asked for: an attachment, a link, or another attempt.
//!
//! When the last file of an entry is settled, people are told of the entry with everything that belongs to it.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::entry::Written;
use crate::desk::event;
use crate::desk::load;
use crate::desk::message::Message;
use crate::desk::prepared::Prepared;
use crate::desk::share::say;
use crate::sharing::download::Verdict;
use crate::sharing::stored::FileState;
use crate::store;
use crate::store::attachments::Attachment;
use crate::store::blobs;
use crate::store::db::Tx;
use crate::store::partner_files::PartnerFile;
use crate::ticket::entry::Disposition;

/// Attempts at one file; people wait for it.
const MOST_ATTEMPTS: i64 = 3;
const PAUSES: [Duration; 2] = [Duration::from_secs(20), Duration::from_mins(2)];

/// How asking for a file ended.
#[derive(Debug)]
pub struct Fetched {
    pub verdict: Verdict,
    /// The bytes and their digest, for one that is kept.
    pub bytes: Vec<u8>,
    pub digest: [u8; 32],
}

/// Writes how an attempt ended. Says whether mails were caused.
pub async fn finish(
    desk: &Desk,
    tx: &mut Tx,
    file: &PartnerFile,
    fetched: &Fetched,
    now: Timestamp,
) -> Result<(), DeskError> {
    // Two files of one entry may end at the same time; the ticket's lock makes one of them the last.
    let Some(followup) = store::followups::find(tx, file.followup_id).await? else { return Ok(()) };
    let ticket = load(tx, followup.ticket_id).await?;
    let (state, reason, due_at) = match &fetched.verdict {
        Verdict::Keep { .. } => (FileState::Kept, None, now),
        Verdict::Again(_) if file.attempts < MOST_ATTEMPTS => {
            let n = usize::try_from(file.attempts - 1).unwrap_or_default().min(PAUSES.len() - 1);
            (FileState::Waiting, None, now.plus(PAUSES[n]))
        }
        Verdict::Link(reason) | Verdict::Again(reason) => (FileState::Linked, Some(reason.as_str()), now),
    };
    let settled_at = (state != FileState::Waiting).then_some(now);
    if !store::partner_files::settle(tx, file, (state, reason), due_at, settled_at).await? {
        return Ok(());
    }
    if let Verdict::Keep { content_type } = &fetched.verdict {
        keep(tx, file, (content_type, fetched), now).await?;
    }
    let files = store::partner_files::list_of_followup(tx, file.followup_id).await?;
    if files.iter().any(|file| file.state == FileState::Waiting) || !file.tells {
        return Ok(());
    }
    let links = files.iter().filter(|file| file.state == FileState::Linked);
    let words = Prepared::received(Message {
        text: followup.text,
        new_text: followup.new_text,
        html: followup.html,
        left_out: links.map(|file| format!("{}: {}", file.name, file.url)).collect(),
        ..Message::default()
    });
    let attachments = store::attachments::list_of_followup(tx, followup.id).await?;
    let written = Written { id: followup.id, attachments };
    let user = match followup.author_id {
        Some(id) => store::users::find(tx, id).await?,
        None => None,
    };
    let mut action = Action::on(&Actor::partner(user), ticket);
    action.tell(News {
        words: Some(Arc::new(words)),
        written: Some(written),
        ..News::new(say::event(followup.kind, followup.visibility))
    });
    event::record(desk, tx, action, now).await.map(drop)
}

async fn keep(
    tx: &mut Tx,
    file: &PartnerFile,
    (content_type, fetched): (&str, &Fetched),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let blob_id = blobs::insert(tx, &fetched.digest, &fetched.bytes, now).await?;
    let row = Attachment {
        followup_id: file.followup_id,
        blob_id: Some(blob_id),
        name: file.name.clone(),
        content_type: content_type.to_owned(),
        content_id: None,
        disposition: Disposition::Attachment,
        size: i64::try_from(fetched.bytes.len()).unwrap_or(i64::MAX),
    };
    store::attachments::insert(tx, &row).await
}
