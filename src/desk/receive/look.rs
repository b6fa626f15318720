//! The first look at a mail: what is noted of it, and whether its sender is ignored.

use crate::config::queue::OnServer;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::desk::ignore;
use crate::desk::receive::silence::Silence;
use crate::desk::trace::Trace;
use crate::mail::Mail;
use crate::mail::classify::Verdict;
use crate::store::inbox::Received;
use crate::ticket::authentication::Authentication;

/// The journal's reason for a message that a person let through.
pub(super) const RELEASED: &str = "released";

pub(super) fn begun(verdict: &Verdict, authentication: Authentication, evidence: &str) -> Trace {
    let mut trace = Trace::default();
    trace.note("class", format!("{:?} {}", verdict.class, verdict.reason).trim_end());
    trace.note("authentication", format!("{}: {evidence}", authentication.as_str()));
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

/// What is out of the ordinary about a mail.
pub(super) fn note_oddities(silence: Option<Silence>, mail: &Mail, trace: &mut Trace) {
    note_silence(silence, trace);
    note_defects(mail, trace);
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
    author_key: &str,
    trace: &mut Trace,
) -> Option<&'static str> {
    let rule = ignore::find(desk, queue, author_key).filter(|_| !is_released(received))?;
    trace.note("ignore rule", rule.address);
    Some(if rule.server == OnServer::Delete { ignore::DELETED } else { ignore::KEPT })
}

/// Whether a person let it through.
pub(super) fn is_released(received: &Received) -> bool {
    received.reason.as_deref() == Some(RELEASED)
}
