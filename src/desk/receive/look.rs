//! The first look at a mail: what is noted of it, who speaks in it, and whether its sender is ignored.

use crate::config::queue::OnServer;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::desk::ignore;
use crate::desk::receive::form;
use crate::desk::receive::silence::Silence;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::classify::Verdict;
use crate::mail::classify::judge;
use crate::mail::classify::machine;
use crate::store::inbox::Received;
use crate::ticket::authentication::Authentication;

/// The journal's reason for a message that a person let through.
pub(super) const RELEASED: &str = "released";

pub(super) fn begun(
    mail: &Mail,
    verdict: &Verdict,
    authentication: Authentication,
    evidence: &str,
    silence: Option<Silence>,
) -> Trace {
    let mut trace = Trace::default();
    trace.note("class", format!("{:?} {}", verdict.class, verdict.reason).trim_end());
    trace.note("authentication", format!("{}: {evidence}", authentication.as_str()));
    note_silence(silence, &mut trace);
    note_defects(mail, &mut trace);
    trace
}

/// What is taken for proof where a queue trusts everybody whom nothing speaks against.
pub(super) fn trusted(queue: &Queue, found: Authentication, trace: &mut Trace) -> Authentication {
    let is_open = matches!(found, Authentication::None | Authentication::Unknown);
    if !queue.config.trust_unproven || !is_open {
        return found;
    }
    trace.note("authentication", "the queue trusts what is not proven");
    Authentication::Pass
}

/// Puts the person in the place of a form or group that wrote for him; none where it did not write this.
///
/// What a server vouches for is its own form or group, never the person who used it.
pub(super) fn speak_for(
    desk: &Desk,
    queue: &Queue,
    mail: &mut Mail,
    verdict: &mut Verdict,
    authentication: Authentication,
    trace: &mut Trace,
) -> Option<Authentication> {
    let failed = authentication == Authentication::Fail;
    let of_another = if failed { Authentication::Fail } else { Authentication::Unknown };
    if let Some(person) = form::form_writer(&queue.config, mail) {
        trace.note("form sender", "the author is who filled the form in");
        mail.from = vec![person];
        // A form may send as the desk itself.
        *verdict = judge::judge(mail, desk.directory.own());
        return Some(of_another);
    }
    let Some(person) = machine::group_writer(mail, desk.directory.own()) else {
        return Some(authentication);
    };
    if failed || authentication == Authentication::None {
        return None;
    }
    trace.note("group", "the author is whom our group names");
    mail.from = vec![person];
    Some(of_another)
}

fn note_silence(silence: Option<Silence>, trace: &mut Trace) {
    if let Some(silence) = silence {
        trace.note("no acknowledgement", silence.as_str());
    }
}

fn note_defects(mail: &Mail, trace: &mut Trace) {
    for defect in mail.defects.iter().take(10) {
        trace.note("defect", format!("{}: {}", defect.kind, defect.detail));
    }
}

/// Why a mail is left aside, if a rule covers its sender and no person let it through.
pub(super) fn ignore(
    desk: &Desk,
    queue: &Queue,
    received: &Received,
    mail: &Mail,
    trace: &mut Trace,
) -> Option<&'static str> {
    let author_key = mail.author().map(|author| Email::key_of(&author.address)).unwrap_or_default();
    let rule = ignore::find(desk, queue, &author_key).filter(|_| !is_released(received))?;
    trace.note("ignore rule", rule.address);
    Some(if rule.server == OnServer::Delete { ignore::DELETED } else { ignore::KEPT })
}

/// Whether a person let it through.
pub(super) fn is_released(received: &Received) -> bool {
    received.reason.as_deref() == Some(RELEASED)
}
