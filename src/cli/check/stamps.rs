//! Whether the mail server says who really wrote a mail, and whether it is believed: without that, no agent can
//! answer by mail.
//!
//! Looks at headers of the newest messages only. Anybody can write such a header, so none is believed here.

use std::collections::BTreeMap;

use crate::auth;
use crate::auth::trusted;
use crate::cli::check::report::Section;
use crate::config::queue::Queue;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::mail::Mail;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::parse::field;

/// Messages that are looked at, and the bytes of each one's headers.
const NEWEST: usize = 10;
const HEADERS: u32 = 64 * 1024;
/// UIDs below the next one among which the newest messages are looked for.
const SPAN: u32 = 1000;

/// What the newest messages carry.
#[derive(Debug, Default)]
struct Stamps {
    /// Messages that came by way of a mail server.
    looked_at: usize,
    /// By name of the stamping server.
    by: BTreeMap<String, usize>,
    /// Those where the sender could have written what the server is believed for.
    doubtful: usize,
}

/// Says whether agents can answer by mail in this queue.
pub async fn look(
    section: &mut Section,
    session: &mut Session,
    selected: &Selected,
    queue: &Queue,
) -> Result<(), ImapError> {
    let stamps = newest(session, selected, queue).await?;
    judge(section, queue, &stamps);
    Ok(())
}

/// Says what was stamped on a mail of our own.
pub(crate) fn on_probe(section: &mut Section, queue: &Queue, id: Option<&str>) {
    match id {
        Some(id) if is_trusted(queue, id) => section.ok(format!("{id} stamped it, and is believed")),
        Some(id) if queue.verify => {
            section.remark(format!("{id} stamped it; senders are checked here instead"));
        }
        Some(id) => section.note(
            format!("{id} stamped it, and is not believed: agents cannot answer by mail"),
            fix(Some(id)),
        ),
        None => section.remark("no server stamped it; some stamp only what comes from elsewhere"),
    }
}

fn is_trusted(queue: &Queue, id: &str) -> bool {
    queue.authserv_ids.iter().any(|own| own.eq_ignore_ascii_case(id))
}

/// The name in the topmost Authentication-Results (RFC 8601 section 2.2): the newest, if any server added one.
pub fn authserv_id(mail: &Mail) -> Option<String> {
    let value = mail.header("authentication-results")?;
    let id = value.split(';').next()?.split_whitespace().next()?;
    (id.len() <= 255).then(|| id.to_owned())
}

/// What to do where nothing says who wrote a mail.
pub fn fix(seen: Option<&str>) -> String {
    let verify =
        "set `verify = true` in the queue, which checks DKIM and DMARC here and asks DNS for each sender";
    match seen {
        Some(id) => format!(
            "if {id} is your own mail server, set `authserv_ids = [\"{id}\"]` in the queue; else {verify}"
        ),
        None => format!(
            "{verify}; or have your mail server stamp Authentication-Results, and name it in the queue's `authserv_ids`"
        ),
    }
}

async fn newest(session: &mut Session, selected: &Selected, queue: &Queue) -> Result<Stamps, ImapError> {
    let first = selected.uid_next.map_or(1, |next| next.saturating_sub(SPAN).max(1));
    let uids = session.search_from(first, selected).await?;
    let mut stamps = Stamps::default();
    for &uid in uids.iter().rev().take(NEWEST) {
        let Some(fetched) = session.fetch_headers(uid, HEADERS).await? else { continue };
        let mail = parse::parse(&fetched.raw, &Limits::default());
        if mail.header("received").is_none() {
            continue;
        }
        stamps.looked_at += 1;
        if let Some(id) = authserv_id(&mail) {
            *stamps.by.entry(id.to_lowercase()).or_default() += 1;
        }
        let block = field::split(&fetched.raw, fetched.raw.len(), &mut Vec::new());
        stamps.doubtful += usize::from(trusted::is_doubtful(&block, auth::trust(queue)));
    }
    Ok(stamps)
}

fn judge(section: &mut Section, queue: &Queue, stamps: &Stamps) {
    if queue.trust_unproven {
        section.note(
            "customers are believed to be whom they say (`trust_unproven = true`): anybody who can write to this \
             queue can speak in a customer's name, and copy people",
            "set `trust_unproven = false`, unless only colleagues can write to it",
        );
    }
    let most = stamps.by.iter().max_by_key(|(_, count)| **count).map(|(id, _)| id.as_str());
    if let Some((id, count)) = stamps.by.iter().find(|(id, _)| is_trusted(queue, id)) {
        let of = stamps.looked_at;
        if stamps.doubtful > 0 {
            return below(section, id, stamps.doubtful, of);
        }
        section.ok(format!("{id} says who wrote a mail (on {count} of the newest {of}), and is believed"));
    } else if queue.verify {
        section.ok("DKIM and DMARC of each mail are checked here (`verify = true`)");
    } else if queue.accept_token_only {
        section.note(
            "an agent's answer counts by its secret address alone (`accept_token_only = true`): whoever gets \
             hold of that address can act as the agent",
            fix(most),
        );
    } else if queue.authserv_ids.is_empty() {
        section.note(
            "nothing that is believed says who wrote a mail, so agents cannot answer by mail: what they send is \
             kept as a private note",
            fix(most),
        );
    } else if stamps.looked_at == 0 {
        section.remark(format!(
            "whether {} says who wrote a mail is not known: no mail is there yet",
            queue.authserv_ids.join(" or ")
        ));
    } else {
        section.note(
            format!(
                "none of the newest {} mails is stamped by {}, so agents cannot answer by mail",
                stamps.looked_at,
                queue.authserv_ids.join(" or ")
            ),
            fix(most),
        );
    }
}

/// Says that a server writes its field where a sender could.
fn below(section: &mut Section, id: &str, count: usize, of: usize) {
    section.note(
        format!(
            "{id} stamps below its own \"Received\" line (on {count} of the newest {of}), where senders can write as \
             well: that is not believed, and only whom a DKIM signature proves here is known"
        ),
        format!(
            "set `stamps_below = true` in the queue, if {id} refuses mail while its filter is down, or removes such \
             fields all the same"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topmost_server_is_named_in_any_form() {
        for (field, id) in [
            ("Authentication-Results: mx.example.com; spf=pass", Some("mx.example.com")),
            ("Authentication-Results: mx.example.com 1; none", Some("mx.example.com")),
            ("Authentication-Results:\n\tmx.example.com;\n\tdkim=pass", Some("mx.example.com")),
            ("authentication-results: a\nAuthentication-Results: b", Some("a")),
            ("Authentication-Results: ;", None),
            ("Subject: none", None),
        ] {
            let mail = parse::parse(format!("{field}\n\nbody\n").as_bytes(), &Limits::default());
            assert_eq!(authserv_id(&mail).as_deref(), id, "{field}");
        }
    }
}
