//! `create_ticket`: its fields, all of whose mistakes are told at once.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::desk::event;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::prepared::Prepared;
use crate::email::Email;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::number;
use crate::http::jutda::call::Arguments;
use crate::http::jutda::call::Call;
use crate::http::jutda::call::Change;
use crate::http::jutda::call::Failures;
use crate::http::jutda::call::Id;
use crate::http::jutda::error::JutdaError;
use crate::http::once::IdempotencyKey;
use crate::http::words;
use crate::http::write::Write;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::id::QueueId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;
use crate::ticket::priority::Priority;

const LONGEST_TITLE: usize = 100;
/// RFC 5321 §4.5.3.1: a longer address cannot be mailed.
/// More of a wrong value is not repeated.
const LONGEST_ECHO: usize = 200;
const REQUIRED: &str = "This field is required.";

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateTicket {
    /// Number of a queue, from `list_queues`.
    #[schema(value_type = String, required, pattern = "^[0-9]{1,18}$")]
    queue: Option<String>,
    /// What it is about.
    #[schema(value_type = String, required, max_length = 100, pattern = r"\S")]
    title: Option<String>,
    /// Address of the person who asks: gets a confirmation and all public updates.
    #[schema(value_type = String, required = false, pattern = r"^\s*$|@")]
    submitter_email: Option<String>,
    /// Number of the owner, from `find_user`.
    #[schema(value_type = String, required = false, pattern = "^[0-9]{0,18}$")]
    assigned_to: Option<String>,
    /// From 1 (high) to 5 (low); 3 if not given.
    #[schema(value_type = Urgency, required = false)]
    priority: Option<String>,
    /// The request itself; `description` is the same argument.
    #[schema(value_type = String, required = false)]
    body: Option<String>,
    #[schema(ignore)]
    description: Option<String>,
    /// When it is due, in the desk's time zone; a date alone means the end of that day.
    #[schema(value_type = String, required = false, example = "2026-03-31 17:00")]
    due_date: Option<String>,
    /// The request itself, made ready before the transaction.
    #[serde(skip)]
    said: Arc<Prepared>,
}

#[derive(Debug, ToSchema)]
#[schema(as = Priority)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
enum Urgency {
    #[schema(rename = "1")]
    One,
    #[schema(rename = "2")]
    Two,
    #[schema(rename = "3")]
    Three,
    #[schema(rename = "4")]
    Four,
    #[schema(rename = "5")]
    Five,
}

impl Arguments for CreateTicket {
    const WRITES: Option<&'static str> = Some("create_ticket");
}

/// Opens a ticket.
#[utoipa::path(
    post, path = "/create_ticket/", params(IdempotencyKey), request_body = CreateTicket,
    responses(
        (status = 200, description = "The number of the new ticket.", body = Id, content_type = "text/plain"),
        Failures,
    )
)]
pub(crate) async fn create_ticket(mut call: Call<CreateTicket>) -> Result<Answer, JutdaError> {
    let (body, description) = (call.arguments.body.take(), call.arguments.description.take());
    call.arguments.said = words::plain(body.or(description).unwrap_or_default()).await.into();
    call.write().await
}

impl Write for Change<CreateTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        let (actor, form) = (&self.actor, &self.arguments);
        let mut mistakes = Mistakes::default();
        let queue = mistakes.check("queue", form.queue(desk));
        let title = mistakes.check("title", form.title());
        let email = mistakes.check("submitter_email", form.email()).flatten();
        let owner = mistakes.check("assigned_to", form.owner(tx).await?).flatten();
        let priority = mistakes.check("priority", form.priority());
        let due_at = mistakes.check("due_date", form.due_at(&desk.config.desk.timezone)).flatten();
        let (Some(queue), Some(title), true) = (queue, title, mistakes.0.is_empty()) else {
            return Err(ApiError::invalid(mistakes.0));
        };
        let submitter = match email {
            Some(email) => Some(people::contact(tx, email, None, None, now).await?),
            None => None,
        };
        let request = Request {
            queue,
            type_id: None,
            subject: title,
            submitter: submitter.as_ref(),
            owner_id: owner,
            priority,
            due_at,
            follows: None,
            authentication: Authentication::Api,
            locale: None,
            visibility: Visibility::Public,
            words: Arc::clone(&form.said),
            origin: None,
            no_acknowledgement: None,
        };
        let action = open::open(desk, tx, actor, &request, now).await?;
        let ticket = event::record(desk, tx, action, now).await?;
        Ok(Answer::text(ticket.id.to_string()))
    }
}

impl CreateTicket {
    fn queue<'d>(&self, desk: &'d Desk) -> Result<&'d Arc<Queue>, String> {
        let text = given(self.queue.as_ref()).ok_or(REQUIRED)?;
        let queue = number(text).and_then(|id| desk.directory.declared(QueueId(id)));
        queue.ok_or_else(|| no_choice(text))
    }

    fn title(&self) -> Result<&str, String> {
        let title = given(self.title.as_ref()).ok_or(REQUIRED)?.trim();
        match title.chars().count() {
            0..=LONGEST_TITLE => Ok(title),
            long => Err(format!("Ensure this value has at most {LONGEST_TITLE} characters (it has {long}).")),
        }
    }

    fn email(&self) -> Result<Option<&str>, String> {
        let Some(text) = given(self.submitter_email.as_ref()).map(str::trim) else { return Ok(None) };
        let email = Email::of(text);
        let domain = email.domain();
        // A name without a dot is hardly ever a mail server's, but often a slip.
        let complete = domain.contains('.') || domain == "localhost";
        if complete && email.is_well_formed() {
            Ok(Some(text))
        } else {
            Err("Enter a valid email address.".to_owned())
        }
    }

    async fn owner(&self, tx: &mut Tx) -> Result<Result<Option<UserId>, String>, sqlx::Error> {
        let Some(text) = given(self.assigned_to.as_ref()) else { return Ok(Ok(None)) };
        let user = match number(text) {
            Some(id) => store::users::find(tx, UserId(id)).await?,
            None => None,
        };
        let owner = user.filter(User::is_active_staff).map(|user| Some(user.id));
        Ok(owner.ok_or_else(|| no_choice(text)))
    }

    /// Three if it is not given, whatever the queue's usual one is.
    fn priority(&self) -> Result<Priority, String> {
        let Some(text) = given(self.priority.as_ref()) else { return Ok(Priority::NORMAL) };
        let priority = number(text).and_then(|number| Priority::try_from(number).ok());
        priority.ok_or_else(|| no_choice(text))
    }

    fn due_at(&self, timezone: &TimeZone) -> Result<Option<Timestamp>, String> {
        let Some(text) = given(self.due_date.as_ref()) else { return Ok(None) };
        let moment = moment(text.trim(), timezone);
        moment.map(Some).ok_or_else(|| "Enter a valid date/time.".to_owned())
    }
}

/// What is wrong with the fields, as the text of the answer.
#[derive(Default)]
struct Mistakes(String);

impl Mistakes {
    fn check<T>(&mut self, field: &str, value: Result<T, String>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(text) => {
                if !self.0.is_empty() {
                    self.0.push('\n');
                }
                let _ = write!(self.0, "* {field}\n  * {text}");
                None
            }
        }
    }
}

/// `YYYY-MM-DD[ HH:MM[:SS]]`; a date alone means the end of that day.
fn moment(text: &str, timezone: &TimeZone) -> Option<Timestamp> {
    let (date, time) = match text.split_once(' ') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let date = Date::strptime("%Y-%m-%d", date).ok().filter(|_| date.len() == 10)?;
    let time = match time {
        None => Time::constant(23, 59, 59, 0),
        Some(time) if time.len() == 5 => Time::strptime("%H:%M", time).ok()?,
        Some(time) if time.len() == 8 => Time::strptime("%H:%M:%S", time).ok()?,
        Some(_) => return None,
    };
    let zoned = timezone.to_ambiguous_zoned(DateTime::from_parts(date, time)).compatible().ok()?;
    Some(Timestamp(zoned.timestamp().as_microsecond()))
}

/// An argument that is there and not blank.
fn given(argument: Option<&String>) -> Option<&str> {
    argument.map(String::as_str).filter(|text| !text.trim().is_empty())
}

fn no_choice(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_ECHO).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("Select a valid choice. {shown} is not one of the available choices.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_date_is_read_in_the_desks_time_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let read = |text: &str| moment(text, &berlin).map(|at| at.to_string());
        assert_eq!(read("2026-03-31"), Some("2026-03-31T21:59:59Z".to_owned()));
        assert_eq!(read("2026-01-31 17:00"), Some("2026-01-31T16:00:00Z".to_owned()));
        assert_eq!(read("2026-01-31 17:00:30"), Some("2026-01-31T16:00:30Z".to_owned()));
        // The hour that does not exist in spring moves on.
        assert_eq!(read("2026-03-29 02:30"), Some("2026-03-29T01:30:00Z".to_owned()));
        for wrong in [
            "31.3.2026",
            "2026-02-30",
            "2026-1-1",
            "2026-01-01 25:00",
            "2026-01-01T10:00",
            "soon",
            "9999-12-31 99",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
