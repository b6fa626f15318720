//! How the desk's own types are kept in columns, the same on both databases: numbers as BIGINT, words as
//! TEXT.

use std::error::Error;

use sqlx::Database;
use sqlx::Decode;
use sqlx::Encode;
use sqlx::Type;
use sqlx::encode::IsNull;

use crate::clock::Timestamp;
use crate::mail::delivery;
use crate::mail::journal::Became;
use crate::mail::journal::Extent;
use crate::sharing::Side;
use crate::sharing::agreement_status;
use crate::sharing::base::Base;
use crate::sharing::policy::Notes;
use crate::sharing::stored::ActorRole;
use crate::sharing::stored::CommentOrigin;
use crate::sharing::stored::FileState;
use crate::sharing::stored::RequestKind;
use crate::sharing::stored::RequestState;
use crate::sharing::stored::ShareState;
use crate::sharing::token::AccessKey;
use crate::sharing::token::WireId;
use crate::ticket::authentication::Authentication;
use crate::ticket::authentication::Found;
use crate::ticket::draft::DraftKind;
use crate::ticket::entry::Disposition;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Kind;
use crate::ticket::holder::Holder;
use crate::ticket::id::AgreementId;
use crate::ticket::id::BlobId;
use crate::ticket::id::DraftId;
use crate::ticket::id::FileId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::KeyId;
use crate::ticket::id::MailboxId;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::QueueId;
use crate::ticket::id::ReplyId;
use crate::ticket::id::RequestId;
use crate::ticket::id::RuleId;
use crate::ticket::id::ShareId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TokenId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::measure::MeasureKind;
use crate::ticket::person::Addresses;
use crate::ticket::person::Role;
use crate::ticket::priority::Priority;
use crate::ticket::scope::Scopes;
use crate::ticket::status::Status;
use crate::ticket::traces::Stage;

type BoxError = Box<dyn Error + Send + Sync>;

/// A type kept as `$raw`, with the way there and back.
macro_rules! column {
    ($type:ty as $raw:ty, |$value:ident| $out:expr, |$stored:ident| $in:expr) => {
        impl<DB: Database> Type<DB> for $type
        where
            $raw: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$raw as Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <$raw as Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $type
        where
            $raw: Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut <DB as Database>::ArgumentBuffer,
            ) -> Result<IsNull, BoxError> {
                let $value = self;
                <$raw as Encode<'q, DB>>::encode($out, buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $type
        where
            $raw: Decode<'r, DB>,
        {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxError> {
                let $stored = <$raw as Decode<'r, DB>>::decode(value)?;
                $in
            }
        }
    };
}

macro_rules! numbers {
    ($($type:ident),* $(,)?) => {$(
        column!($type as i64, |value| value.0, |stored| Ok($type(stored)));
    )*};
}

numbers!(
    Timestamp,
    TicketId,
    QueueId,
    TypeId,
    UserId,
    FollowupId,
    MailboxId,
    DraftId,
    InboxId,
    OutboxId,
    OutboxBodyId,
    BlobId,
    KeyId,
    TokenId,
    AgreementId,
    ShareId,
    ReplyId,
    RequestId,
    FileId,
    RuleId,
);
/// Types that are kept as their words; what they are is told where a row holds none of them.
macro_rules! words {
    ($($type:ty: $what:literal,)*) => {$(
        column!($type as String, |value| value.as_str().to_owned(), |stored| <$type>::parse(&stored)
            .ok_or_else(|| format!(concat!("`{}` is no ", $what), stored).into()));
    )*};
}

words! {
    Status: "status",
    Kind: "kind of event",
    EntryKind: "kind of entry",
    Visibility: "visibility",
    Disposition: "disposition of an attachment",
    DraftKind: "kind of draft",
    Authentication: "result of an authentication",
    Found: "result of an authentication",
    Extent: "extent of a message",
    Became: "outcome of a message",
    delivery::State: "state of a mail",
    Side: "side",
    agreement_status::Status: "status of an agreement",
    RequestKind: "kind of request to a partner",
    RequestState: "state of a request to a partner",
    FileState: "state of a partner's file",
    ShareState: "state of a shared ticket",
    CommentOrigin: "origin of a comment",
    ActorRole: "role at a partner's desk",
    Notes: "rule for notes",
    WireId: "id of a partner",
    Role: "role",
    Stage: "stage of an erasure",
    MeasureKind: "kind of measure",
}
column!(Priority as i64, |value| value.number(), |stored| Ok(Priority::try_from(stored)?));
column!(Holder as String, |value| value.as_str().to_owned(), |stored| Ok(Holder::parse(&stored)));
column!(Addresses as String, |value| value.written(), |stored| Ok(Addresses::read(&stored)));
column!(Scopes as String, |value| value.to_string(), |stored| Ok(stored.parse()?));
column!(Base as String, |value| value.as_str().to_owned(), |stored| Ok(Base::parse(&stored)?));
column!(AccessKey as String, |value| value.expose().to_owned(), |stored| AccessKey::parse(&stored)
    .ok_or_else(|| "a stored access key is damaged".into()));

/// Reads a struct from the columns that have its fields' names; a field behind two dots is a row of its own.
///
/// A field behind `is` is a bool here and 0 or 1 in its column, which both databases have.
macro_rules! row {
    ($name:ident { $(..$part:ident,)? $($field:ident),* $(,)? } $(is { $($flag:ident),* $(,)? })?) => {
        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            for<'n> &'n str: sqlx::ColumnIndex<R>,
            i64: sqlx::Type<R::Database> + sqlx::Decode<'r, R::Database>,
            String: sqlx::Type<R::Database> + sqlx::Decode<'r, R::Database>,
            Vec<u8>: sqlx::Type<R::Database> + sqlx::Decode<'r, R::Database>,
        {
            fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($part: sqlx::FromRow::from_row(row)?,)?
                    $($field: row.try_get(stringify!($field))?,)*
                    $($($flag: row.try_get::<i64, _>(stringify!($flag))? != 0,)*)?
                })
            }
        }
    };
}
pub(crate) use row;
