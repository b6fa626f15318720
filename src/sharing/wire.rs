//! The resources as they travel, and how they are written.
//!
//! Reading is in `parse`. Unset keys are left out, which every reader takes as "not given"; nothing here can
//! write what the reference parser dies on: an empty date, a person as text, a null among the comments.

use serde::Serialize;
use serde::Serializer;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::sharing::Side;
use crate::sharing::agreement_status::Status;
use crate::sharing::date;
use crate::sharing::token::AccessKey;
use crate::sharing::token::WireId;
use crate::ticket::entry::Visibility;

/// An agreement; every part that is `None` was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<WireId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key: Option<AccessKey>,
    /// Of the side that talks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) current_actor: Option<Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_tags: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_custom_fields: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allows_public_comments: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deactivated_by: Option<Side>,
}

/// A ticket, whole or only what changed; every part that is `None` was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ticket {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<WireId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "date::serialize")]
    pub(crate) requested_at: Option<Timestamp>,
    /// The partner's word; `status` knows what it means here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester: Option<Actor>,
    pub comments: Vec<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) current_actor: Option<Actor>,
    /// The full list of now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// The number that people at the owner's desk quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_status: Option<String>,
}

/// One comment. Comments can be neither changed nor taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comment {
    pub uuid: WireId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Actor>,
    pub body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "date::serialize")]
    pub authored_at: Option<Timestamp>,
    #[serde(rename = "public", serialize_with = "is_public")]
    pub visibility: Visibility,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Value>,
}

/// On the wire it is the boolean `public`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_public<S: Serializer>(visibility: &Visibility, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(*visibility == Visibility::Public)
}

/// An attachment, by reference only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Attachment {
    pub url: String,
    pub filename: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_filename: Option<String>,
}

/// A person: an id and a name, never an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Actor {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<WireId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Actor {
    /// The only role that has a meaning in the protocol.
    pub fn is_agent(&self) -> bool {
        self.role.as_deref() == Some("agent")
    }
}

impl Agreement {
    /// The body of a request.
    pub fn to_json(&self) -> String {
        write(self)
    }
}

impl Ticket {
    /// The body of a request.
    pub fn to_json(&self) -> String {
        write(self)
    }
}

fn write(resource: &impl Serialize) -> String {
    serde_json::to_string(resource)
        .expect("these types have text keys only, and writing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_update_has_only_its_empty_list_of_comments() {
        assert_eq!(Ticket::default().to_json(), r#"{"comments":[]}"#);
        assert_eq!(Agreement::default().to_json(), "{}");
    }

    #[test]
    fn a_comment_has_a_real_boolean_and_the_protocols_date() {
        let comment = Comment {
            uuid: WireId::parse("c1").unwrap(),
            author: Some(Actor { name: Some("Zoe".into()), role: Some("agent".into()), uuid: None }),
            body: "Ça brûle".into(),
            html_body: None,
            authored_at: Some(Timestamp::from_seconds(1_715_000_000)),
            visibility: Visibility::Private,
            attachments: vec![],
            custom_fields: None,
        };
        let ticket = Ticket { comments: vec![comment], ..Ticket::default() };
        assert_eq!(
            ticket.to_json(),
            r#"{"comments":[{"uuid":"c1","author":{"name":"Zoe","role":"agent"},"body":"Ça brûle","#
                .to_owned()
                + r#""authored_at":"2024-05-06 12:53:20 +0000","public":false}]}"#
        );
    }
}
