//! A partner's request bodies as values.
//!
//! Whatever comes in, the result is a value or a refusal that the partner's client takes quietly. Whether the
//! request is allowed is decided in `agreement` and `policy`.

use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::ids;
use crate::sharing::Side;
use crate::sharing::agreement_status::Status;
use crate::sharing::answer::Refusal;
use crate::sharing::base;
use crate::sharing::fields::Fields;
use crate::sharing::filename;
use crate::sharing::json;
use crate::sharing::limits;
use crate::sharing::token::AccessKey;
use crate::sharing::token::WireId;
use crate::sharing::wire::Actor;
use crate::sharing::wire::Agreement;
use crate::sharing::wire::Attachment;
use crate::sharing::wire::Comment;
use crate::sharing::wire::Ticket;
use crate::ticket::entry::Visibility;

/// Reads the body of `POST|PUT /agreements/<id>`.
pub fn agreement(body: &[u8], id: &WireId) -> Result<Agreement, Refusal> {
    let mut fields = Fields::of(json::read(body)?, "agreement")?;
    let agreement = Agreement {
        uuid: fields.id("uuid")?,
        receiver_url: fields.line("receiver_url", limits::URL)?,
        sender_url: fields.line("sender_url", limits::URL)?,
        status: word(&mut fields, "status", Status::parse)?,
        access_key: access_key(&mut fields)?,
        name: fields.line("name", limits::NAME)?,
        current_actor: actor(&mut fields, "current_actor")?,
        sync_tags: fields.flag("sync_tags")?,
        sync_custom_fields: fields.flag("sync_custom_fields")?,
        allows_public_comments: fields.flag("allows_public_comments")?,
        deactivated_by: word(&mut fields, "deactivated_by", Side::parse)?,
    };
    same_id(agreement.uuid.as_ref(), id)?;
    Ok(agreement)
}

/// Reads the body of `POST|PUT /tickets/<id>`.
pub fn ticket(body: &[u8], id: &WireId) -> Result<Ticket, Refusal> {
    let mut fields = Fields::of(json::read(body)?, "ticket")?;
    let comments = fields.list("comments", limits::COMMENTS)?.unwrap_or_default();
    let ticket = Ticket {
        uuid: fields.id("uuid")?,
        subject: fields.line("subject", limits::SUBJECT)?,
        requested_at: fields.date("requested_at")?,
        status: fields.line("status", limits::NAME)?,
        requester: actor(&mut fields, "requester")?,
        comments: comments.into_iter().map(comment).collect::<Result<_, _>>()?,
        current_actor: actor(&mut fields, "current_actor")?,
        tags: tags(&mut fields)?,
        original_id: fields.line_or_number("original_id", limits::NAME)?,
        custom_fields: fields.any("custom_fields", limits::CUSTOM_FIELDS)?,
        custom_status: fields.line("custom_status", limits::NAME)?,
    };
    same_id(ticket.uuid.as_ref(), id)?;
    Ok(ticket)
}

/// The id in a URL's path.
pub(crate) fn path_id(segment: &str) -> Result<WireId, Refusal> {
    WireId::parse(segment).ok_or_else(|| Refusal::invalid("the id in the URL is not a uuid"))
}

fn same_id(body: Option<&WireId>, path: &WireId) -> Result<(), Refusal> {
    match body {
        Some(id) if id != path => Err(Refusal::invalid("the uuid in the body is not the one in the URL")),
        _ => Ok(()),
    }
}

fn word<T>(fields: &mut Fields, key: &str, read: fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    let Some(text) = fields.line(key, limits::NAME)? else { return Ok(None) };
    read(&text).map(Some).ok_or_else(|| fields.refuse(key, "is none of the known words"))
}

fn access_key(fields: &mut Fields) -> Result<Option<AccessKey>, Refusal> {
    match fields.value("access_key") {
        None => Ok(None),
        Some(Value::String(text)) => {
            let key = AccessKey::parse(&text);
            key.map(Some)
                .ok_or_else(|| fields.refuse("access_key", "must be 1 to 255 visible ASCII characters"))
        }
        Some(_) => Err(fields.refuse("access_key", "must be text")),
    }
}

fn actor(fields: &mut Fields, key: &str) -> Result<Option<Actor>, Refusal> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let mut fields = Fields::of(value, "person")?;
    let actor = Actor {
        uuid: fields.id("uuid")?,
        name: fields.line("name", limits::NAME)?,
        role: fields.line("role", limits::NAME)?,
    };
    Ok(Some(actor).filter(|actor| *actor != Actor::default()))
}

/// A list of words, or one text with the words apart, which the reference parser takes as well.
fn tags(fields: &mut Fields) -> Result<Option<Vec<String>>, Refusal> {
    let values = match fields.value("tags") {
        None => return Ok(None),
        Some(Value::String(text)) => {
            text.split([',', ' ', '\n', '\t']).map(|word| Value::String(word.to_owned())).collect()
        }
        Some(Value::Array(list)) => list,
        Some(Value::Object(map)) if map.is_empty() => vec![],
        Some(_) => return Err(fields.refuse("tags", "must be a list")),
    };
    if values.len() > limits::TAGS {
        return Err(fields.refuse("tags", &format!("has more than {} entries", limits::TAGS)));
    }
    let mut tags = Vec::new();
    for value in values {
        let mut one = Fields::of(serde_json::json!({ "tag": value }), "list of tags")?;
        tags.extend(one.line_or_number("tag", limits::TAG)?.filter(|tag| !tags.contains(tag)));
    }
    Ok(Some(tags))
}

fn comment(value: Value) -> Result<Comment, Refusal> {
    let mut fields = Fields::of(value, "comment")?;
    let attachments = fields.list("attachments", limits::ATTACHMENTS_PER_COMMENT)?.unwrap_or_default();
    let attachments: Result<Vec<_>, _> = attachments.into_iter().map(attachment).collect();
    let author = actor(&mut fields, "author")?;
    let authored_at = fields.date("authored_at")?;
    let body = fields.text("body", limits::COMMENT)?.unwrap_or_default();
    let uuid = fields.id("uuid")?.unwrap_or_else(|| made_up_id(author.as_ref(), authored_at, &body));
    Ok(Comment {
        uuid,
        author,
        body,
        html_body: fields.text("html_body", limits::COMMENT)?.filter(|html| !html.trim().is_empty()),
        authored_at,
        visibility: visibility(&mut fields),
        attachments: attachments?.into_iter().flatten().collect(),
        custom_fields: fields.any("custom_fields", limits::CUSTOM_FIELDS)?,
    })
}

/// Absent is public, null is private, and any text is public, even "false": so the reference parser reads it.
fn visibility(fields: &mut Fields) -> Visibility {
    match fields.raw("public") {
        Some(Value::Null | Value::Bool(false)) => Visibility::Private,
        // Perl and PHP write their "no" like this; nothing that may be private is made public.
        Some(Value::Number(number)) if number.as_f64() == Some(0.0) => Visibility::Private,
        _ => Visibility::Public,
    }
}

/// One attachment; none if its URL is missing or is nothing that a browser should be sent to.
fn attachment(value: Value) -> Result<Option<Attachment>, Refusal> {
    let mut fields = Fields::of(value, "attachment")?;
    let url = fields.line("url", limits::URL)?.filter(|url| base::is_web_url(url));
    let filename = fields.line("filename", limits::NAME)?;
    let display_filename = fields.line("display_filename", limits::NAME)?;
    let content_type = fields.line("content_type", limits::NAME)?;
    Ok(url.map(|url| Attachment {
        filename: filename::clean(filename.as_deref().unwrap_or_else(|| last_segment(&url))),
        display_filename: display_filename.map(|name| filename::clean(&name)),
        content_type,
        url,
    }))
}

fn last_segment(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path)
}

/// An id for a comment without one: the same comment repeated must not be taken for a new one.
fn made_up_id(author: Option<&Actor>, at: Option<Timestamp>, body: &str) -> WireId {
    let name = author.and_then(|author| author.name.as_deref()).unwrap_or_default();
    let id = author.and_then(|author| author.uuid.as_ref()).map_or("", WireId::as_str);
    let at = at.unwrap_or_default().0;
    let digest = Sha256::digest(format!("{id}\n{name}\n{at}\n{body}"));
    WireId::parse(&ids::hex(&digest[..20])).expect("hexadecimal digits make an id")
}

#[cfg(test)]
mod tests;
