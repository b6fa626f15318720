//! Whether everything can be searched.

use crate::cli::check::report::Section;
use crate::store;
use crate::store::db::Db;
use crate::store::followups::searching;
use crate::ticket::id::FollowupId;

/// Says how far an upgraded desk is with taking the words of its older entries.
pub async fn look(db: &Db) -> Result<Section, sqlx::Error> {
    let mut section = Section::new("search");
    let mut tx = db.read().await?;
    let next = store::word_backfill::next(&mut tx).await?;
    let newest = searching::last_of(&mut tx, FollowupId(i64::MAX), 1).await?;
    let last = newest.map_or(0, |newest| newest.0);
    if next.0 > 0 && last > 0 {
        let done = (last - next.0).max(0) * 100 / last;
        section.note(
            format!("entries up to number {next} are not in the index of words yet: {done} % of {last} are"),
            "a daemon that serves does it by itself, the newest entries first; until then a search finds the newer ones",
        );
    }
    Ok(section)
}
