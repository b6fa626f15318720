//! What a report counts, a page at a time: so much as a database puts in order quickly, and without keeping much.

use crate::clock::Timestamp;
use crate::store::db::Tx;
use crate::store::measures::report;
use crate::store::measures::report::Moments;
use crate::store::measures::report::Span;

/// Rows of a page. More make it slower, as they no longer fit beside the processor.
pub(super) const PAGE: i64 = 8_192;

/// The pages of a span that are still to come.
pub(super) struct Pages {
    moments: Moments,
    rest: Span,
}

impl Pages {
    pub(super) fn of(moments: Moments, span: Span) -> Self {
        Self { moments, rest: span }
    }

    /// The next that begins before `until`, and ends there at the latest.
    pub(super) async fn next(&mut self, tx: &mut Tx, until: Timestamp) -> Result<Option<Span>, sqlx::Error> {
        if self.rest.from >= until {
            return Ok(None);
        }
        let ahead = report::ahead(tx, self.moments, self.rest, PAGE).await?;
        self.rest.from = ahead.first.unwrap_or(self.rest.until);
        let Some(first) = ahead.first.filter(|first| *first < until) else { return Ok(None) };
        // All of one moment are on one page, however many they are.
        let end = ahead.next.map_or(until, |next| next.max(Timestamp(first.0.saturating_add(1)))).min(until);
        self.rest.from = end;
        Ok(Some(Span { from: first, until: end }))
    }
}
