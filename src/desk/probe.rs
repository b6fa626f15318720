//! Mails that the desk writes to itself to see what becomes of them on their way: made and known again.
//!
//! Sends nothing. No probe is ever a ticket, whenever it arrives.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::compose;
use crate::mail::compose::Draft;
use crate::mail::compose::Voice;
use crate::mail::thread;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::mail::token::Token;
use crate::store::db::Tx;

/// The journal's reason for leaving a probe aside.
pub(crate) const REASON: &str = "probe";

/// What stands in for ticket and recipient in a probe's signature.
const NOTHING: &str = "probe";

/// A probe that is about to be sent.
#[derive(Debug)]
pub struct Probe {
    pub token: String,
    /// Without angle brackets.
    pub message_id: String,
    pub to: String,
    pub draft: Draft,
}

/// Where a probe is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The queue's address as it is.
    Plain,
    /// With the token between, as in a Reply-To.
    Plus,
}

/// Writes a probe; none when the queue's address leaves no room for a token.
pub fn write(desk: &Desk, queue: &Queue, target: Target, now: Timestamp) -> Option<Probe> {
    let address = &queue.config.address;
    let row = token::row_key(desk.ids.bytes());
    let token = token::sign(&desk.keys.ring(), Purpose::Probe, row, NOTHING, NOTHING);
    let message_id = token::message_id(&token, Email::of(address).domain());
    let to = match target {
        Target::Plain => address.clone(),
        Target::Plus => token::plus_address(address, &token)?,
    };
    let text = "This mail was sent by `helpdeskd check --probe`, to see what becomes of it on its way. \
                It can be deleted.";
    let draft = Draft {
        from_name: queue.config.sender_name().to_owned(),
        from: address.clone(),
        to_name: String::new(),
        to: to.clone(),
        reply_to: None,
        subject: "helpdeskd probe".to_owned(),
        message_id: message_id.clone(),
        in_reply_to: None,
        // A relay may put an id of its own in place of ours; this one it leaves alone.
        references: vec![message_id.clone()],
        date: compose::date(now),
        voice: Voice::Notice,
        unsubscribe: None,
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        bodies: Vec::new(),
        whole_text: None,
        full_text: None,
        attachments: Vec::new(),
    };
    Some(Probe { token, message_id, to, draft })
}

/// Whether a mail carries this probe's token anywhere that a relay leaves alone.
pub fn is_it(probe: &Probe, mail: &Mail) -> bool {
    token::read(&probe.token).is_some_and(|token| marks(mail).contains(&token))
}

/// Whether a received mail is a probe of this desk, come back.
///
/// A person's answer to one carries its marks too, but neither our address as its author nor our Message-ID,
/// and does not say that it is automatic.
pub(crate) async fn is_ours(desk: &Desk, tx: &mut Tx, mail: &Mail) -> Result<bool, sqlx::Error> {
    let is_probe = |token: &Token| token.purpose == Purpose::Probe;
    let probes: Vec<Token> = marks(mail).into_iter().filter(is_probe).collect();
    if probes.is_empty() || !is_nobodys_answer(desk, mail) {
        return Ok(false);
    }
    let genuine = || probes.iter().any(|token| token.is_genuine(&desk.keys.ring(), NOTHING, NOTHING));
    if genuine() {
        return Ok(true);
    }
    // Another process may have rotated the keys.
    desk.keys.reload(tx).await?;
    Ok(genuine())
}

fn is_nobodys_answer(desk: &Desk, mail: &Mail) -> bool {
    mail.author().is_some_and(|author| desk.directory.is_own(&author.address))
        || mail.message_id.as_deref().and_then(token::in_message_id).is_some()
        || mail.header("auto-submitted").is_some_and(|word| !word.trim().eq_ignore_ascii_case("no"))
}

fn marks(mail: &Mail) -> Vec<Token> {
    let own = mail.message_id.as_deref().and_then(token::in_message_id);
    own.into_iter().chain(thread::keys(mail).tokens.into_iter().map(|(token, _)| token)).collect()
}
