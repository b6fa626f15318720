//! What a request says: as text or as HTML, made ready before the transaction.

use std::sync::Arc;

use crate::desk::prepared::Prepared;
use crate::http::desk_api::problem::Problem;
use crate::http::words;

/// Words that must be there.
pub(crate) async fn required(text: Option<String>, html: Option<String>) -> Result<Arc<Prepared>, Problem> {
    let words = given(text, html).await?;
    if words.text.trim().is_empty() {
        Err(Problem::field("text", "there is nothing to say"))
    } else {
        Ok(words)
    }
}

/// Words that may be missing.
pub(crate) async fn given(text: Option<String>, html: Option<String>) -> Result<Arc<Prepared>, Problem> {
    let words = match (text, html) {
        (Some(_), Some(_)) => return Err(Problem::field("html", "is given instead of text, not with it")),
        (None, Some(html)) => words::html(html).await,
        (text, None) => words::plain(text.unwrap_or_default()).await,
    };
    Ok(Arc::new(words))
}
