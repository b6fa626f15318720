//! `list_queues` and `find_user`.

use std::io;

use serde::Deserialize;
use serde::Serialize;
use serde_json::ser::Formatter;
use serde_json::ser::Serializer;
use utoipa::ToSchema;

use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::jutda::call::Arguments;
use crate::http::jutda::call::Call;
use crate::http::jutda::call::Failures;
use crate::http::jutda::call::Id;
use crate::http::jutda::call::Missing;
use crate::http::jutda::error::JutdaError;
use crate::store;

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ListQueues {}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct FindUser {
    /// The user name, in its own case.
    #[schema(value_type = String, required, max_length = 254, pattern = r"\S")]
    username: Option<String>,
}

/// One queue. Its number is a text, as it always was.
#[derive(Debug, Serialize, ToSchema)]
struct Queue<'a> {
    #[schema(pattern = "^[0-9]+$")]
    id: String,
    title: &'a str,
}

impl Arguments for ListQueues {}

impl Arguments for FindUser {
    const USER: &'static [&'static str] = &["user"];
}

/// Lists the queues that a ticket can be opened in.
#[utoipa::path(
    post, path = "/list_queues/", request_body = ListQueues,
    responses(
        (status = 200, description = "A JSON list of queues, each with `id` and `title`, ordered by title.",
            body = Vec<Queue<'_>>, content_type = "text/json"),
        Failures,
    )
)]
pub(crate) async fn list_queues(call: Call<ListQueues>) -> Result<Answer, JutdaError> {
    let mut queues: Vec<_> = call.desk.directory.queues().iter().collect();
    queues.sort_by(|a, b| (&a.config.title, a.id).cmp(&(&b.config.title, b.id)));
    let list: Vec<Queue<'_>> =
        queues.iter().map(|queue| Queue { id: queue.id.to_string(), title: &queue.config.title }).collect();
    let mut text = Vec::new();
    list.serialize(&mut Serializer::with_formatter(&mut text, Spaced)).map_err(|_| ApiError::Internal)?;
    Ok(Answer::of(answer::TEXT_JSON, String::from_utf8(text).map_err(|_| ApiError::Internal)?))
}

/// Finds the number of an agent or administrator.
#[utoipa::path(
    post, path = "/find_user/", request_body = FindUser,
    responses(
        (status = 200, description = "The number of the user.", body = Id, content_type = "text/plain"),
        Failures, Missing,
    )
)]
pub(crate) async fn find_user(call: Call<FindUser>) -> Result<Answer, JutdaError> {
    let unknown = || ApiError::missing("Invalid username provided");
    let name = call.arguments.username.as_deref().filter(|name| !name.is_empty()).ok_or_else(unknown)?;
    let mut tx = call.server.app.db.look().await?;
    let user = store::users::find_by_username(&mut tx, name).await?;
    let user = user.filter(|user| user.role.is_staff()).ok_or_else(unknown)?;
    Ok(Answer::text(user.id.to_string()))
}

/// JSON with a blank behind each colon and comma, as the server wrote it whose API this is.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
