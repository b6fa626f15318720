//! How much a partner may send at once.
//!
//! Numbers only; the parser enforces them, and the HTTP door the size of a body.

use std::time::Duration;

/// Bytes of one request body. The door answers more with 422: the reference client raises on 413.
pub const BODY: usize = 10_000_000;
/// Nesting of one body. One parser in use refuses more than 100, so nothing deeper may be passed on.
pub(crate) const DEPTH: usize = 100;
/// Values of one body: keeps the tree that a parser builds within a few times the body's size.
pub const VALUES: usize = 200_000;
pub(crate) const COMMENTS: usize = 1_000;
pub(crate) const ATTACHMENTS_PER_COMMENT: usize = 100;
pub const TAGS: usize = 500;
/// Characters of one tag.
pub(crate) const TAG: usize = 100;
/// Characters of a subject.
pub const SUBJECT: usize = 2_000;
/// Characters of a name, a role or a status word.
pub const NAME: usize = 500;
/// Bytes of one comment, plain or HTML.
pub(crate) const COMMENT: usize = 2_000_000;
/// Bytes of a URL.
pub const URL: usize = 4_096;
/// Bytes of custom fields, written out.
pub(crate) const CUSTOM_FIELDS: usize = 200_000;
/// Bytes of an access key.
pub(crate) const ACCESS_KEY: usize = 255;
/// Characters of a resource's id.
pub const ID: usize = 64;

/// Open invitations that a desk keeps at once; anybody can send one.
pub(crate) const PENDING_INVITATIONS: i64 = 100;
/// How long an invitation waits for a decision.
pub(crate) const INVITATION_LIFE: Duration = Duration::from_hours(720);
/// How long an attachment of ours can be fetched by a partner, unless unshared before.
pub(crate) const ATTACHMENT_LIFE: Duration = Duration::from_hours(2160);

/// Updates of one ticket that automation may cause in [`AUTOMATIC_WINDOW`]: two desks can answer each other
/// for ever.
pub(crate) const AUTOMATIC_UPDATES: usize = 20;
pub(crate) const AUTOMATIC_WINDOW: Duration = Duration::from_mins(10);
