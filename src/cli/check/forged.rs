//! Whether anybody can write the field by which the desk believes senders: a probe carries a forged one.
//!
//! What is said holds for the way of the probe. A server that removes the field only from what comes from elsewhere
//! looks worse than it is.

use crate::auth;
use crate::auth::results;
use crate::auth::trusted;
use crate::auth::trusted::Author;
use crate::auth::trusted::Noted;
use crate::cli::check::report::Section;
use crate::config::queue::Queue;
use crate::desk::probe::Probe;
use crate::mail::parse::field;
use crate::ticket::authentication::Authentication;

/// What became of a forged field on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was removed, renamed, or says something else.
    Gone,
    /// It is there, and the desk would believe it.
    Believed,
    /// It is there below a field or a server's line that the desk goes by.
    Overruled,
}

/// Fields that name the queue's trusted servers, and say that a domain nobody has was the probe's.
pub(crate) fn stamp(queue: &Queue, probe: &Probe) -> Vec<u8> {
    let domain = domain(probe);
    let field =
        |id: &String| format!("Authentication-Results: {id};\r\n\tdmarc=pass header.from={domain}\r\n");
    queue.authserv_ids.iter().map(field).collect::<String>().into_bytes()
}

/// Looks for the forged field in a probe that arrived, `raw` being its headers.
pub(crate) fn fate(queue: &Queue, probe: &Probe, raw: &[u8]) -> Fate {
    let (block, domain) = (field::split(raw, raw.len(), &mut Vec::new()), domain(probe));
    let is_ours = |value: &[u8]| {
        queue.authserv_ids.iter().any(|id| results::is_by(value, id))
            && String::from_utf8_lossy(value).contains(&domain)
    };
    let is_there = block
        .fields
        .iter()
        .any(|field| field.name.eq_ignore_ascii_case("Authentication-Results") && is_ours(&field.value));
    match trusted::read(&block, auth::trust(queue), Author { domain: &domain, address: "" }) {
        _ if !is_there => Fate::Gone,
        Noted::Decided(checked) if checked.authentication == Authentication::Pass => Fate::Believed,
        _ => Fate::Overruled,
    }
}

/// Says it, and what to do.
pub(crate) fn tell(section: &mut Section, queue: &Queue, fate: Fate) {
    let server = queue.authserv_ids.join(" or ");
    let fix = format!(
        "have {server} remove such fields from what comes in (RFC 8601 section 5), then probe again; or set \
         `authserv_ids = []` and `verify = true` in the queue"
    );
    match fate {
        Fate::Gone => {
            section.ok(format!("a forged Authentication-Results of {server} does not come through: senders are believed by it safely"));
        }
        Fate::Believed => section.note(
            format!(
                "a forged Authentication-Results of {server} comes through and would be believed: unless that \
                 server removes it from what comes from elsewhere, anybody can write in an agent's name"
            ),
            fix,
        ),
        Fate::Overruled => section.note(
            format!(
                "a forged Authentication-Results of {server} comes through, below what the server itself wrote, \
                 where it is not believed; a mail on which it writes nothing would be"
            ),
            fix,
        ),
    }
}

/// A domain that nobody has, with the probe's own token.
fn domain(probe: &Probe) -> String {
    format!("{}.invalid", probe.token)
}
