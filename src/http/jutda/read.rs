//! `list_queues` and `find_user`.

use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::server::Server;
use crate::store;

/// The declared queues, ordered by title. Ids are strings, as they always were.
pub(crate) fn list_queues(server: &Server) -> Answer {
    let mut queues: Vec<_> = server.app.desk.directory.queues().iter().collect();
    queues.sort_by(|a, b| (&a.config.title, a.id).cmp(&(&b.config.title, b.id)));
    let entry = |title: &str, id: String| {
        format!("{{\"id\": \"{id}\", \"title\": {}}}", serde_json::Value::from(title))
    };
    let entries: Vec<String> =
        queues.iter().map(|queue| entry(&queue.config.title, queue.id.to_string())).collect();
    Answer::of(answer::TEXT_JSON, format!("[{}]", entries.join(", ")))
}

/// The number of an agent or administrator, by user name.
pub(crate) async fn find_user(server: &Server, form: &Form) -> Result<Answer, ApiError> {
    let unknown = || ApiError::missing("Invalid username provided");
    let name = form.get("username").filter(|name| !name.is_empty()).ok_or_else(unknown)?;
    let mut tx = server.app.db.look().await?;
    let user = store::users::find_by_username(&mut tx, name).await?;
    let user = user.filter(|user| user.role.is_staff()).ok_or_else(unknown)?;
    Ok(Answer::text(user.id.to_string()))
}
