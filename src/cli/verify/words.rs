//! The index of words against what entries say.

use std::collections::BTreeSet;

use crate::cli::verify::finding::Finding;
use crate::desk::app::App;
use crate::store::db::entry_words;
use crate::store::followups::searching;
use crate::store::followups::searching::Said;
use crate::tasks;
use crate::ticket::id::FollowupId;
use crate::ticket::words::Folded;

/// Entries that are compared with one look.
const TOGETHER: i64 = 100;

/// Entries that are found by other words than they have, and an index that has others than are kept.
pub(super) async fn look(app: &App) -> Result<Vec<Finding>, sqlx::Error> {
    let (mut found, mut after) = (Vec::new(), FollowupId(0));
    loop {
        let mut tx = app.db.read().await?;
        let said = searching::list_said(&mut tx, after, TOGETHER).await?;
        let Some(last) = said.last().map(|said| said.id) else { break };
        let kept = entry_words::list_after(&mut tx, after, TOGETHER).await?;
        drop(tx);
        after = last;
        let wrong = tasks::aside(move || wrong(&said, &kept)).await;
        for id in wrong.map_err(|_| sqlx::Error::WorkerCrashed)? {
            let says = "a search does not find it by the words that it has";
            found.push(Finding::new("words-changed", format!("entry {id}"), says));
        }
    }
    if let Err(error) = entry_words::compare(&app.db).await {
        let Some(refusal) = error.as_database_error() else { return Err(error) };
        found.push(Finding::new("words-changed", "database".to_owned(), refusal.message()));
    }
    Ok(found)
}

/// The entries that have words which are not kept of them. Of those that are not indexed another rule tells.
fn wrong(said: &[Said], kept: &[entry_words::Words]) -> Vec<FollowupId> {
    let is_wrong = |said: &&Said| {
        let Some(kept) = kept.iter().find(|kept| kept.id == said.id) else { return false };
        let words: BTreeSet<&str> = kept.words.split_ascii_whitespace().collect();
        Folded::of(&said.text).words().any(|word| !words.contains(word))
    };
    said.iter().filter(is_wrong).map(|said| said.id).collect()
}
