//! Reports of mail that did not arrive: which of our mails they are about, and what follows for its ticket.
//!
//! Anybody can write such a report. Only what names a mail that we did send to that recipient is taken at all,
//! and only what its mail server alone can know makes an address one that is not written to.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::plus;
use crate::desk::route;
use crate::desk::suppress::Believed;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::classify::Bounce;
use crate::mail::classify::BounceKind;
use crate::mail::classify::Verdict;
use crate::mail::delivery::State;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::mail::token::Token;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::ticket::authentication::Authentication;

/// How long after a mail a report of it is believed without naming the mail itself.
const RECENT: i64 = 7 * Timestamp::DAY;
/// Recipients of one report that are looked up.
const MOST_RECIPIENTS: usize = 10;

/// A mail of ours that did not arrive, with what was said of it.
#[derive(Clone, Debug)]
pub struct Returned {
    pub row: Outgoing,
    pub said: Bounce,
    pub believed: Believed,
}

/// A report as it came in.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    pub mail: &'a Mail,
    pub verdict: &'a Verdict,
    pub authentication: Authentication,
}

/// Finds the mails that a report is about; none if it is about nothing that we sent.
pub(crate) async fn correlate(
    desk: &Desk,
    tx: &mut Tx,
    report: Report<'_>,
    trace: &mut Trace,
    now: Timestamp,
) -> Result<Vec<Returned>, DeskError> {
    if let Some(row) = by_return_path(desk, tx, report.mail).await? {
        trace.note("bounce token", format!("this is the return path of mail {}", row.id));
        let said = about(report.verdict, &row).unwrap_or_else(|| spare(report.verdict));
        return Ok(vec![Returned { row, said, believed: Believed::Surely }]);
    }
    if let Some(id) = report.verdict.returned_message_id.as_deref() {
        match by_message_id(desk, tx, id).await? {
            Some(row) => return Ok(named(row, report, trace)),
            None => trace.note("returned mail", "its Message-ID is none of ours"),
        }
        if !ids_are_rewritten(desk, tx).await? {
            return Ok(Vec::new());
        }
    }
    if report.authentication == Authentication::Fail {
        return Ok(Vec::new());
    }
    by_recipient(tx, report.verdict, trace, now).await
}

/// The mail whose own return path the report came to.
async fn by_return_path(desk: &Desk, tx: &mut Tx, mail: &Mail) -> Result<Option<Outgoing>, DeskError> {
    let to = mail.to.iter().map(|to| to.address.as_str());
    let recipients = mail.delivered_to.iter().map(String::as_str).chain(to);
    let tokens = recipients.filter_map(token::in_address).filter(|token| token.purpose == Purpose::Bounce);
    for token in tokens.take(MOST_RECIPIENTS) {
        if let Some(row) = genuine(desk, tx, &token).await? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// The mail of a token that we signed, if it was sent.
async fn genuine(desk: &Desk, tx: &mut Tx, token: &Token) -> Result<Option<Outgoing>, DeskError> {
    if route::by_token(desk, tx, token).await?.is_none() {
        return Ok(None);
    }
    Ok(store::outbox::find_by_key(tx, token.row).await?.filter(was_sent))
}

/// The mail that had this Message-ID, from us or from our relay, if it was sent.
async fn by_message_id(desk: &Desk, tx: &mut Tx, id: &str) -> Result<Option<Outgoing>, DeskError> {
    let Some(token) = token::in_message_id(id) else {
        return Ok(store::outbox::traffic::find_by_relay_id(tx, id).await?.filter(was_sent));
    };
    let row = genuine(desk, tx, &token).await?;
    Ok(row.filter(|row| row.message_id.eq_ignore_ascii_case(id)))
}

/// A report that names a mail must name its recipient too. Whoever was sent a copy of an answer to it knows its
/// Message-ID, so that alone suppresses nothing: the report must be shown to be from the recipient's own servers, and
/// the mail must have had no secret return path to which it would have come.
fn named(row: Outgoing, report: Report<'_>, trace: &mut Trace) -> Vec<Returned> {
    let Some(said) = about(report.verdict, &row) else {
        trace.note("returned mail", format!("mail {} was not sent to any recipient of the report", row.id));
        return Vec::new();
    };
    trace.note("returned mail", format!("it is mail {}", row.id));
    let secret = token::in_address(&row.envelope_from).is_some();
    let believed = if secret || row.envelope_from.is_empty() || !is_by_recipients_domain(report, &row) {
        Believed::Perhaps
    } else {
        Believed::Surely
    };
    vec![Returned { row, said, believed }]
}

/// Whether a report surely comes from the domain of a mail's recipient, or one below it.
fn is_by_recipients_domain(report: Report<'_>, row: &Outgoing) -> bool {
    let (recipient, author) = (Email::of(&row.recipient), report.mail.author());
    let author = author.map(|author| Email::of(&author.address).domain().to_owned()).unwrap_or_default();
    let is_below =
        author.strip_suffix(recipient.domain()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    report.authentication == Authentication::Pass && is_below && !recipient.domain().is_empty()
}

/// What the report says of the recipient of a mail.
fn about(verdict: &Verdict, row: &Outgoing) -> Option<Bounce> {
    let key = Email::key_of(&row.recipient);
    let is_it = |bounce: &&Bounce| {
        Email::key_of(&bounce.recipient) == key
            || bounce.original.as_deref().is_some_and(|original| Email::key_of(original) == key)
    };
    verdict.bounces.iter().find(is_it).cloned()
}

/// What is said of a recipient that is not named as we know him: his mail was passed on, or he is not named.
fn spare(verdict: &Verdict) -> Bounce {
    let nothing = || Bounce { action: "failed".to_owned(), kind: BounceKind::Transient, ..Bounce::default() };
    let mut said = verdict.bounces.first().cloned().unwrap_or_else(nothing);
    // The address that we know is there; what it leads to is not.
    if said.kind == BounceKind::Address {
        said.kind = BounceKind::Transient;
    }
    said
}

/// The newest mails to the recipients of a report that names no mail.
async fn by_recipient(
    tx: &mut Tx,
    verdict: &Verdict,
    trace: &mut Trace,
    now: Timestamp,
) -> Result<Vec<Returned>, DeskError> {
    let mut found = Vec::new();
    for said in verdict.bounces.iter().take(MOST_RECIPIENTS) {
        let addresses = [Some(&said.recipient), said.original.as_ref()];
        for address in addresses.into_iter().flatten() {
            let since = Timestamp(now.0 - RECENT);
            let Some(row) = store::outbox::traffic::newest_to(tx, &Email::key_of(address), since).await?
            else {
                continue;
            };
            trace.note("recipient", format!("mail {} is the last one to a recipient of the report", row.id));
            found.push(Returned { row, said: said.clone(), believed: Believed::Perhaps });
            break;
        }
    }
    Ok(found)
}

/// Whether servers on the way give our mails other Message-IDs, as `check --probe` found out.
async fn ids_are_rewritten(desk: &Desk, tx: &mut Tx) -> Result<bool, sqlx::Error> {
    let probes = store::probes::list(tx).await?;
    Ok(probes.iter().any(|probe| probe.message_ids == "rewritten" && plus::holds(probe, &desk.directory)))
}

/// A report of what never left is a forgery.
fn was_sent(row: &Outgoing) -> bool {
    matches!(row.state, State::Sent | State::Unknown) || row.data_started_at.is_some()
}
