//! What `ticket show` and `ticket list` say of a ticket's targets and ratings.

use serde_json::Value;
use serde_json::json;

use crate::cli::out;
use crate::clock::Timestamp;
use crate::desk::view::ticket::Whole;
use crate::store::ratings::Rated;
use crate::ticket::life::Ticket;
use crate::ticket::rating;

/// How long it has until the first of its due date and its targets, as `2h`, or since when that is over, as `-3d`.
pub(super) fn due(ticket: &Ticket, now: Timestamp) -> String {
    let Some(at) = ticket.clocks.late_at.filter(|_| ticket.is_open()) else { return String::new() };
    let minutes = (i128::from(at.0) - i128::from(now.0)).div_euclid(i128::from(Timestamp::MINUTE));
    let (sign, minutes) = if minutes < 0 { ("-", -minutes) } else { ("", minutes) };
    match minutes {
        0..60 => format!("{sign}{minutes}m"),
        60..2880 => format!("{sign}{}h", minutes / 60),
        _ => format!("{sign}{}d", minutes / 1440),
    }
}

pub(super) fn print(whole: &Whole) {
    let clocks = &whole.ticket.clocks;
    let answer = if clocks.answered_at.is_some() { "next answer" } else { "first answer" };
    for (what, due_at, missed_at) in [
        (answer, clocks.answer_due_at, clocks.answer_missed_at),
        ("resolution", clocks.resolution_due_at, clocks.resolution_missed_at),
    ] {
        match (due_at, missed_at) {
            (Some(at), None) => out::line(&format!("  {what} due {at}")),
            (Some(at), Some(_)) => out::line(&format!("  {what} due {at}, missed")),
            (None, Some(_)) => out::line(&format!("  {what} missed")),
            (None, None) => {}
        }
    }
    for rated in &whole.ratings {
        let comment = comment(rated).map(|text| format!(": {}", out::clean(text))).unwrap_or_default();
        out::line(&format!("  rated {} of 5 by {}{comment}", rated.value, out::clean(&rated.name)));
    }
}

pub(super) fn rating_as_json(rated: &Rated) -> Value {
    json!({
        "user_id": rated.user_id,
        "name": rated.name,
        "value": rated.value,
        "comment": comment(rated),
        "at": rated.at,
    })
}

/// What stands below the number.
fn comment(rated: &Rated) -> Option<&str> {
    let text = rated.text.as_deref()?;
    let comment = rating::read(text).map_or(text, |rating| rating.comment);
    Some(comment).filter(|comment| !comment.is_empty())
}
