//! Our tickets and entries in the words of the protocol.
//!
//! What may leave is decided by the agreement; this only writes it down. Customers' addresses, mail HTML and
//! quoted text stay here.

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::clock::Timestamp;
use crate::desk::share::people;
use crate::mail::html;
use crate::sharing::Side;
use crate::sharing::filename;
use crate::sharing::limits;
use crate::sharing::policy;
use crate::sharing::policy::Mark;
use crate::sharing::policy::Origin;
use crate::sharing::stored::CommentOrigin;
use crate::sharing::stored::FileState;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store;
use crate::store::agreements::Agreement;
use crate::store::attachment_links::AttachmentLink;
use crate::store::attachments::Attachment;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::shared_comments::SharedComment;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::entry::EntryKind;

/// Longest text of a comment; a longer one is cut, which is better than a request that is refused.
const LONGEST: usize = 400_000;
/// What people said. Notes of the desk itself, mails of machines and of strangers never leave.
const SPOKEN: [EntryKind; 6] = [
    EntryKind::Opened,
    EntryKind::Comment,
    EntryKind::Reopened,
    EntryKind::Resolved,
    EntryKind::Closed,
    EntryKind::PartnerNote,
];

/// Writes an entry as a comment, if it leaves under this agreement, and notes that the partner has it.
pub async fn comment(
    tx: &mut Tx,
    (agreement, share): (&Agreement, &SharedTicket),
    followup: &Followup,
    now: Timestamp,
) -> Result<Option<wire::Comment>, sqlx::Error> {
    if !SPOKEN.contains(&followup.kind) {
        return Ok(None);
    }
    let known = store::shared_comments::list_of_followup(tx, followup.id).await?;
    let here = known.iter().find(|comment| comment.shared_ticket_id == share.id);
    let judged = policy::Followup {
        visibility: followup.visibility,
        mark: if followup.kind == EntryKind::PartnerNote { Mark::ToPartner } else { Mark::None },
        origin: match here {
            Some(comment) if comment.origin == CommentOrigin::Theirs => Origin::ThisPartner,
            _ => Origin::Elsewhere,
        },
    };
    // What he got once he may get again, whatever is set since.
    let notes = if here.is_some() { policy::Notes::Shared } else { agreement.notes };
    let Some(visibility) = policy::leaves(agreement.side, agreement.terms(), notes, judged) else {
        return Ok(None);
    };
    let uuid = wire_id(followup, &known);
    let attachments = attachments(tx, (agreement, share), followup, now).await?;
    // The partner has not seen either what the opening mail answers.
    let new = followup.new_text.as_deref().filter(|_| followup.kind != EntryKind::Opened);
    let body = shortened(new.unwrap_or(&followup.text).trim_end());
    if body.is_empty() && attachments.is_empty() {
        return Ok(None);
    }
    let row = SharedComment {
        shared_ticket_id: share.id,
        uuid: uuid.clone(),
        followup_id: followup.id,
        origin: CommentOrigin::Ours,
    };
    store::shared_comments::insert(tx, &row).await?;
    Ok(Some(wire::Comment {
        uuid,
        author: Some(people::introduced(tx, agreement, followup.author_id).await?),
        body,
        html_body: html_body(followup),
        authored_at: Some(followup.created_at),
        visibility,
        attachments,
        custom_fields: None,
    }))
}

/// The id under which partners know an entry: its author's own, or one made from our secret one.
fn wire_id(followup: &Followup, known: &[SharedComment]) -> WireId {
    match known.first() {
        Some(comment) => comment.uuid.clone(),
        None => people::derived(&["comment", &followup.uuid]),
    }
}

/// A mail's HTML holds what was quoted, so only what a program sent goes on.
fn html_body(followup: &Followup) -> Option<String> {
    let sent = followup.html.as_deref().filter(|_| followup.inbox_id.is_none())?;
    Some(html::sanitise(sent)).filter(|html| html.len() <= LONGEST)
}

fn shortened(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    format!("{}\n[…]", &text[..text.floor_char_boundary(LONGEST)])
}

async fn attachments(
    tx: &mut Tx,
    (agreement, share): (&Agreement, &SharedTicket),
    followup: &Followup,
    now: Timestamp,
) -> Result<Vec<wire::Attachment>, sqlx::Error> {
    let mut list = Vec::new();
    let stored = store::attachments::list_of_followup(tx, followup.id).await?;
    for (n, attachment) in stored.iter().enumerate() {
        if let Some(link) = link(share, followup, (n, attachment), now) {
            store::attachment_links::upsert(tx, &link).await?;
            list.push(wire::Attachment {
                url: url(agreement, &link),
                filename: link.name,
                content_type: Some(link.content_type),
                display_filename: None,
            });
        }
    }
    // Another partner's files that are not here go on as he gave them.
    for file in store::partner_files::list_of_followup(tx, followup.id).await? {
        if file.state != FileState::Kept {
            list.push(wire::Attachment {
                url: file.url,
                filename: file.name,
                content_type: file.content_type,
                display_filename: None,
            });
        }
    }
    list.truncate(limits::ATTACHMENTS_PER_COMMENT);
    Ok(list)
}

fn link(
    share: &SharedTicket,
    followup: &Followup,
    (n, attachment): (usize, &Attachment),
    now: Timestamp,
) -> Option<AttachmentLink> {
    let token = people::derived(&["file", &followup.uuid, share.uuid.as_str(), &n.to_string()]);
    Some(AttachmentLink {
        token: token.to_string(),
        shared_ticket_id: share.id,
        followup_id: followup.id,
        blob_id: attachment.blob_id?,
        name: filename::clean(&attachment.name),
        content_type: attachment.content_type.clone(),
        size: attachment.size,
        expires_at: now.plus(limits::ATTACHMENT_LIFE),
    })
}

/// Below our own base, as the partner knows it.
fn url(agreement: &Agreement, link: &AttachmentLink) -> String {
    let base = match agreement.side {
        Side::Sender => &agreement.sender_url,
        Side::Receiver => &agreement.receiver_url,
    };
    format!("{base}/files/{}/{}", link.token, utf8_percent_encode(&link.name, NON_ALPHANUMERIC))
}
