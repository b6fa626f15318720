//! The return path of each mail: its own secret one or none at all, or the plain address where a server takes no other.
//!
//! What was found out is kept in the database, for all connections and processes.

use std::time::Duration;

use crate::mail::token;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::store::outbox::Outgoing;
use crate::store::return_paths;
use crate::store::return_paths::Path;

/// How long a refused return path is not tried again: a server may learn to take others.
pub(crate) const MEMORY: Duration = Duration::from_hours(30 * 24);

/// What the server of one account does not take.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReturnPaths {
    token_refused: bool,
    null_refused: bool,
}

/// From whom one mail is to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender<'a> {
    /// None for the null path.
    pub address: Option<&'a str>,
    /// What it is besides a plain address, if that may turn out to be refused.
    pub special: Option<Path>,
}

impl ReturnPaths {
    /// What is known of an account.
    pub fn of_account(refused: &[return_paths::Refused], account: &str) -> Self {
        let known =
            |path: Path| refused.iter().any(|row| row.account == account && row.path == path.as_str());
        Self { token_refused: known(Path::Token), null_refused: known(Path::Null) }
    }

    pub(crate) fn learn(&mut self, path: Path) {
        match path {
            Path::Token => self.token_refused = true,
            Path::Null => self.null_refused = true,
        }
    }

    /// Whom a mail is from; `plain` is the address in its From.
    pub fn of<'a>(&self, row: &'a Outgoing, plain: &'a str) -> Sender<'a> {
        let path = &row.envelope_from;
        let special = match () {
            () if path.is_empty() => Some(Path::Null),
            () if token::in_address(path).is_some() => Some(Path::Token),
            () => None,
        };
        let is_refused = match special {
            Some(Path::Token) => self.token_refused,
            Some(Path::Null) => self.null_refused,
            None => false,
        };
        if is_refused {
            return Sender { address: Some(plain), special: None };
        }
        Sender { address: Some(path.as_str()).filter(|path| !path.is_empty()), special }
    }
}

/// Whether a refusal may be about the return path, so that the plain address is worth a try.
///
/// Servers say it at any stage: Postfix when the recipient is named, Exchange Online after the text. Only where the
/// recipient is clearly named, or the message's size, is it not.
pub(crate) fn is_doubtful(refusal: &Refusal) -> bool {
    let in_conversation = matches!(refusal.stage, Stage::Sender | Stage::Recipient | Stage::Data);
    // With 421 a server ends the conversation, whoever the sender is.
    if matches!(refusal.code, None | Some(421)) || !in_conversation || refusal.is_about_mail() {
        return false;
    }
    let status = refusal.status();
    let detail = status.get(2..).unwrap_or_default();
    if !refusal.is_permanent() {
        // A passing refusal elsewhere is mostly greylisting.
        let words = refusal.text.to_lowercase();
        let named = matches!(detail, "1.7" | "1.8") || words.contains("sender address rejected");
        let at_sender = ["1.", "7."].iter().any(|subject| detail.starts_with(subject));
        return named || refusal.stage == Stage::Sender && (at_sender || words.contains("sender"));
    }
    let names_recipient = matches!(detail, "1.1" | "1.2" | "1.3")
        || detail.starts_with("2.") && !matches!(detail, "2.0" | "2.252");
    !(refusal.stage == Stage::Recipient && names_recipient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_the_recipient_or_passes_is_surely_not_about_the_return_path() {
        for (stage, code, text, doubtful) in [
            (Stage::Sender, 553, "5.7.1 not owned by user", true),
            (Stage::Recipient, 553, "5.7.1 not owned by user", true),
            (Stage::Data, 550, "5.7.60 SendAsDenied", true),
            (Stage::Data, 554, "5.2.252 SendAsDenied", true),
            (Stage::Recipient, 550, "no", true),
            (Stage::Data, 550, "5.1.1 no such user", true),
            (Stage::Recipient, 550, "5.1.1 no such user", false),
            (Stage::Recipient, 550, "5.2.1 disabled", false),
            (Stage::Sender, 552, "5.3.4 too large", false),
            (Stage::Sender, 451, "4.7.1 not you", true),
            (Stage::Sender, 451, "4.3.0 try later", false),
            (Stage::Sender, 421, "4.7.0 too many messages", false),
            (Stage::Recipient, 450, "4.1.8 <a@b>: Sender address rejected: Domain not found", true),
            (Stage::Recipient, 451, "4.7.1 greylisted", false),
            (Stage::Login, 535, "5.7.8 wrong password", false),
        ] {
            let refusal = Refusal { code: Some(code), ..Refusal::of(stage, text) };
            assert_eq!(is_doubtful(&refusal), doubtful, "{code} {text} at {stage:?}");
        }
        assert!(!is_doubtful(&Refusal::of(Stage::Sender, "the server closed the connection")));
    }
}
