//! Whom and what the fields of a request name, or a problem that names the field.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::desk::people;
use crate::email::Email;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::values::Named;
use crate::store;
use crate::store::db::Tx;
use crate::store::ticket_types::TicketType;
use crate::ticket::id::QueueId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;
use crate::ticket::priority::Priority;

/// Who asks. Met here for the first time, they are known from then on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct Submitter {
    email: String,
    /// What they are called, where the desk does not know them yet.
    name: Option<String>,
}

impl Submitter {
    pub(crate) async fn meet(&self, on: &mut Work<'_>) -> Result<User, Problem> {
        let email = self.email(on.desk)?;
        Ok(people::contact(on.tx, email, self.name.as_deref(), None, on.now).await?)
    }

    pub(crate) fn email(&self, desk: &Desk) -> Result<&str, Problem> {
        let email = self.email.trim();
        if !Email::of(email).is_deliverable() || desk.directory.is_own(email) {
            return Err(Problem::field("submitter.email", "is no address of a customer"));
        }
        Ok(email)
    }
}

/// An active agent.
pub(crate) async fn agent(tx: &mut Tx, field: &str, who: &Named) -> Result<User, Problem> {
    let user = person(tx, who).await?.filter(User::is_active_staff);
    user.ok_or_else(|| Problem::field(field, "there is no such active agent"))
}

/// Anybody, by number, or by user name or address.
pub(crate) async fn person(tx: &mut Tx, who: &Named) -> Result<Option<User>, sqlx::Error> {
    match who {
        Named::Number(id) => store::users::find(tx, UserId(*id)).await,
        Named::Name(name) => match store::users::find_by_username(tx, name).await? {
            Some(user) => Ok(Some(user)),
            None => store::users::find_by_email(tx, name).await,
        },
    }
}

pub(crate) fn kind<'d>(desk: &'d Desk, queue: QueueId, name: &str) -> Result<&'d TicketType, Problem> {
    let mut kinds = desk.directory.types().iter();
    let found = kinds.find(|kind| kind.queue_id == queue && kind.name == name.trim());
    found.ok_or_else(|| Problem::field("type", "the queue has no such type"))
}

pub(crate) fn priority(number: i64) -> Result<Priority, Problem> {
    Priority::try_from(number).map_err(|error| Problem::field("priority", error.to_string()))
}
