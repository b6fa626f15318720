//! How the desk's own types are kept in columns, the same on both databases: numbers as BIGINT, words as
//! TEXT.

use std::error::Error;

use sqlx::Database;
use sqlx::Decode;
use sqlx::Encode;
use sqlx::Type;
use sqlx::encode::IsNull;

use crate::clock::Timestamp;
use crate::sharing::Side;
use crate::sharing::agreement_status;
use crate::sharing::base::Base;
use crate::sharing::policy::Notes;
use crate::sharing::token::AccessKey;
use crate::sharing::token::WireId;
use crate::ticket::event::Kind;
use crate::ticket::holder::Holder;
use crate::ticket::id::AgreementId;
use crate::ticket::id::BlobId;
use crate::ticket::id::FileId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::KeyId;
use crate::ticket::id::MailboxId;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::QueueId;
use crate::ticket::id::RequestId;
use crate::ticket::id::RuleId;
use crate::ticket::id::ShareId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TokenId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::person::Role;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

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
    InboxId,
    OutboxId,
    OutboxBodyId,
    BlobId,
    KeyId,
    TokenId,
    AgreementId,
    ShareId,
    RequestId,
    FileId,
    RuleId,
);
column!(Priority as i64, |value| value.number(), |stored| Ok(Priority::try_from(stored)?));
column!(Status as String, |value| value.as_str().to_owned(), |stored| Status::parse(&stored)
    .ok_or_else(|| format!("`{stored}` is no status").into()));
column!(Holder as String, |value| value.as_str().to_owned(), |stored| Ok(Holder::parse(&stored)));
column!(Kind as String, |value| value.as_str().to_owned(), |stored| Kind::parse(&stored)
    .ok_or_else(|| format!("`{stored}` is no kind of event").into()));
column!(Side as String, |value| value.as_str().to_owned(), |stored| Side::parse(&stored)
    .ok_or_else(|| format!("`{stored}` is no side").into()));
column!(agreement_status::Status as String, |value| value.as_str().to_owned(), |stored| {
    agreement_status::Status::parse(&stored)
        .ok_or_else(|| format!("`{stored}` is no status of an agreement").into())
});
column!(Notes as String, |value| value.as_str().to_owned(), |stored| Notes::parse(&stored)
    .ok_or_else(|| format!("`{stored}` is no rule for notes").into()));
column!(WireId as String, |value| value.as_str().to_owned(), |stored| WireId::parse(&stored)
    .ok_or_else(|| format!("`{stored}` is no id of a partner").into()));
column!(Base as String, |value| value.as_str().to_owned(), |stored| Ok(Base::parse(&stored)?));
column!(AccessKey as String, |value| value.expose().to_owned(), |stored| AccessKey::parse(&stored)
    .ok_or_else(|| "a stored access key is damaged".into()));
column!(Role as String, |value| value.as_str().to_owned(), |stored| Role::parse(&stored)
    .ok_or_else(|| format!("`{stored}` is no role").into()));

/// Reads a struct from the columns that have its fields' names; a field behind two dots is a row of its own.
macro_rules! row {
    ($name:ident { $(..$part:ident,)? $($field:ident),* $(,)? }) => {
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
                    $($field: row.try_get(stringify!($field))?),*
                })
            }
        }
    };
}
pub(crate) use row;
