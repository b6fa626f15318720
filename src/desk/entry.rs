//! One entry of a conversation: its words, its attachments, and its row.
//!
//! Writes only; who hears of it is decided in `notify`.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::actor::Actor;
use crate::desk::index;
use crate::desk::message::File;
use crate::desk::prepared::Prepared;
use crate::mail::Address;
use crate::store;
use crate::store::attachments::Attachment;
use crate::store::blobs;
use crate::store::db::Tx;
use crate::store::followups::NewFollowup;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Disposition;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;
use crate::ticket::status::Status;

/// An entry to be added.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub kind: EntryKind,
    pub visibility: Visibility,
    pub words: &'a Prepared,
    pub new_status: Option<Status>,
    pub origin: Option<&'a Origin>,
}

/// The received mail that an entry came from.
#[derive(Clone, Debug)]
pub struct Origin {
    pub inbox_id: InboxId,
    /// Empty where it is nobody's to see: the Message-ID of an agent.
    pub message_id: String,
    /// Case-folded address of the one author whom it names.
    pub author: Option<String>,
    /// The same as the mail says it, with a name.
    pub writer: Option<Address>,
    /// When the mail arrived: the entry's time.
    pub received_at: Timestamp,
    /// Whether it is from whom it says.
    pub authentication: Authentication,
    /// Where its author asked answers to go, as far as that is honoured.
    pub reply_to: Option<String>,
    /// Case-folded addresses that the mail itself went to.
    pub recipients: Vec<String>,
}

/// An entry as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub id: FollowupId,
    pub attachments: Vec<Attachment>,
}

/// Writes an entry with its attachments.
pub async fn write(
    desk: &Desk,
    tx: &mut Tx,
    (ticket_id, actor): (TicketId, &Actor),
    entry: &Entry<'_>,
    now: Timestamp,
) -> Result<Written, sqlx::Error> {
    let words = entry.words;
    let uuid = desk.ids.uuid();
    let row = NewFollowup {
        uuid: &uuid,
        ticket_id,
        author_id: actor.id(),
        door: actor.door().as_str(),
        kind: entry.kind,
        visibility: entry.visibility,
        text: &words.text,
        new_text: words.new_text.as_deref().filter(|new| *new != words.text),
        html: words.html.as_deref(),
        new_status: entry.new_status,
        inbox_id: entry.origin.map(|origin| origin.inbox_id),
        message_id: entry.origin.map(|origin| origin.message_id.as_str()).filter(|id| !id.is_empty()),
        created_at: words
            .written_at
            .or(entry.origin.map(|origin| origin.received_at))
            .map_or(now, |at| at.min(now)),
        authentication: entry.origin.map(|origin| origin.authentication),
        writer: entry.origin.and_then(|origin| origin.writer.as_ref()).filter(|_| actor.id().is_none()),
    };
    let id = store::followups::insert(tx, &row).await?;
    let mut attachments = Vec::new();
    if let Some(from) = words.files_of {
        for file in store::attachments::list_of_followup(tx, from).await? {
            let row = Attachment { followup_id: id, ..file };
            store::attachments::insert(tx, &row).await?;
            attachments.push(row);
        }
    }
    for attachment in &words.attachments {
        let row = keep(tx, id, attachment, now).await?;
        store::attachments::insert(tx, &row).await?;
        attachments.push(row);
    }
    for kept in &words.kept {
        let row = Attachment { followup_id: id, ..kept.clone() };
        store::attachments::insert(tx, &row).await?;
        attachments.push(row);
    }
    index::add(tx, id, words).await?;
    Ok(Written { id, attachments })
}

/// Stores an attachment's bytes, once for equal ones.
async fn keep(
    tx: &mut Tx,
    followup_id: FollowupId,
    attachment: &File,
    now: Timestamp,
) -> Result<Attachment, sqlx::Error> {
    let blob_id = blobs::insert(tx, &attachment.digest, &attachment.data, now).await?;
    Ok(Attachment {
        followup_id,
        blob_id: Some(blob_id),
        name: attachment.name.clone(),
        content_type: attachment.content_type.clone(),
        content_id: attachment.content_id.clone(),
        disposition: if attachment.inline { Disposition::Inline } else { Disposition::Attachment },
        size: i64::try_from(attachment.data.len()).unwrap_or(i64::MAX),
    })
}
