//! What became of a message for one recipient, and why a server refused.
//!
//! Decides only between "later", "never" and "nobody knows"; when to try again is decided elsewhere.

use std::fmt;

use crate::mail::classify::blame;
use crate::mail::classify::blame::Blame;
use crate::mail::classify::status;
use crate::smtp::reply::Reply;

/// How one attempt ended for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took responsibility; its answer often names the message in its queue.
    Sent { answer: String },
    /// Not taken, and worth another attempt.
    Deferred(Refusal),
    /// Not taken, and never will be.
    Rejected(Refusal),
    /// The message went out and no answer came: it may or may not have been taken.
    Unclear,
}

/// A refusal, or a failure before anything was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub stage: Stage,
    /// The server's code; `None` when it did not answer.
    pub code: Option<u16>,
    /// The enhanced status code of RFC 3463.
    pub enhanced: Option<String>,
    /// The server's words, or ours when it had none.
    pub text: String,
}

/// How far an attempt came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Connect,
    Tls,
    Greeting,
    /// Concerns the account and not the mail: the whole channel is to pause.
    Login,
    Sender,
    Recipient,
    Data,
}

impl Stage {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Greeting => "greeting",
            Self::Login => "log-in",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Data => "data",
        }
    }
}

impl Refusal {
    /// A failure without an answer.
    pub fn of(stage: Stage, text: impl Into<String>) -> Self {
        Self { stage, code: None, enhanced: None, text: text.into() }
    }

    /// Our own refusal, in the words of RFC 3463.
    pub fn own(stage: Stage, enhanced: &str, text: impl Into<String>) -> Self {
        Self { stage, code: None, enhanced: Some(enhanced.to_owned()), text: text.into() }
    }

    /// A server's answer at a stage; one about missing rights is about the log-in, wherever it comes.
    pub fn answered(stage: Stage, reply: &Reply) -> Self {
        let enhanced = reply.enhanced();
        let about_login = matches!(reply.code, 530 | 534 | 535 | 538)
            || matches!(enhanced.as_deref(), Some("5.7.8" | "5.7.9" | "5.7.11"));
        let stage = if about_login { Stage::Login } else { stage };
        Self { stage, code: Some(reply.code), enhanced, text: reply.text.clone() }
    }

    /// Whether the account is wrong, and not this mail: nothing more should be tried with it for a while.
    pub(crate) fn pauses_channel(&self) -> bool {
        self.stage == Stage::Login && self.code.is_none_or(|code| code >= 500)
    }

    /// Its enhanced status, which some servers give at the end of their words; empty if there is none.
    pub fn status(&self) -> String {
        let class = self.code.map_or(0, |code| code / 100).to_string();
        let told = || status::enhanced(&self.text).filter(|status| status.starts_with(&class));
        self.enhanced.clone().or_else(told).unwrap_or_default()
    }

    /// What refusals of the same kind have in common, such as `550 5.1.1`.
    pub fn alike(&self) -> String {
        format!("{} {}", self.code.unwrap_or_default(), self.status()).trim_end().to_owned()
    }

    pub(crate) fn is_permanent(&self) -> bool {
        self.code.is_some_and(|code| (500..600).contains(&code))
    }

    /// Whom it is about. What is said before the recipient is named is about the sender, unless it is about the
    /// message's size.
    pub fn blame(&self) -> Blame {
        let Some(code) = self.code else { return Blame::Message };
        match self.stage {
            Stage::Sender if self.is_about_mail() => Blame::Message,
            Stage::Connect | Stage::Tls | Stage::Greeting | Stage::Login | Stage::Sender => Blame::Us,
            Stage::Recipient | Stage::Data => blame::blame(code, &self.status(), &self.text),
        }
    }

    /// Whether it is lasting and about our sender, account, quota or right to relay: no other mail would fare better.
    pub(crate) fn is_about_us(&self) -> bool {
        let in_conversation = matches!(self.stage, Stage::Sender | Stage::Recipient | Stage::Data);
        in_conversation && self.is_permanent() && self.blame() == Blame::Us
    }

    /// Whether the same word to everybody would say more about the server than about anybody: a message's size or
    /// content is nobody else's, and after its text neither is a full mailbox.
    pub(crate) fn may_be_meant_for_all(&self) -> bool {
        let status = self.status();
        let detail = status.get(2..).unwrap_or_default();
        let own = match self.stage {
            Stage::Recipient => detail.starts_with("3.4"),
            Stage::Data => {
                self.code == Some(552) || ["2.", "6.", "3.4"].iter().any(|own| detail.starts_with(own))
            }
            _ => true,
        };
        self.is_permanent() && !own
    }

    /// Later or never. Never is only what a server says of a recipient or of this message.
    pub fn outcome(self) -> Outcome {
        let never = match self.stage {
            _ if self.is_about_us() => false,
            Stage::Recipient | Stage::Data => self.is_permanent() || self.is_about_mail(),
            Stage::Sender => self.is_about_mail(),
            Stage::Connect | Stage::Tls | Stage::Greeting | Stage::Login => false,
        };
        if never { Outcome::Rejected(self) } else { Outcome::Deferred(self) }
    }

    /// Too large, or an address that the server, or we ourselves, cannot write.
    pub fn is_about_mail(&self) -> bool {
        let own_address = self.code.is_none() && self.enhanced.as_deref() == Some("5.1.7");
        self.code == Some(552) || matches!(self.enhanced.as_deref(), Some("5.3.4" | "5.6.7")) || own_address
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.stage {
            Stage::Connect => "the mail server cannot be reached: ",
            Stage::Tls => "",
            Stage::Greeting => "the mail server turned us away: ",
            Stage::Login => "the mail server refused the log-in: ",
            Stage::Sender => "the mail server refused the sender: ",
            Stage::Recipient => "the mail server refused the recipient: ",
            Stage::Data => "the mail server refused the message: ",
        })?;
        if let Some(code) = self.code {
            write!(f, "{code} ")?;
        }
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_final_depends_on_what_it_is_about() {
        for (stage, code, text, expected) in [
            (Stage::Recipient, 550, "5.1.1 no such user", "rejected recipient"),
            (Stage::Recipient, 450, "4.2.0 greylisted", "deferred recipient"),
            (Stage::Recipient, 571, "no", "rejected recipient"),
            (Stage::Data, 554, "5.7.1 spam", "rejected data"),
            (Stage::Data, 452, "4.3.1 disk full", "deferred data"),
            (Stage::Sender, 550, "5.7.1 not allowed to send as this address", "deferred sender"),
            (Stage::Sender, 552, "too big", "rejected sender"),
            (Stage::Sender, 550, "5.3.4 too big", "rejected sender"),
            (Stage::Sender, 553, "5.1.7 odd address", "deferred sender"),
            (Stage::Recipient, 553, "5.1.7 odd address", "deferred recipient"),
            (Stage::Recipient, 554, "5.7.1 relay access denied", "deferred recipient"),
            (Stage::Data, 554, "5.2.252 SendAsDenied", "deferred data"),
            (Stage::Data, 552, "5.2.0 SubmissionQuotaExceeded", "deferred data"),
            (Stage::Data, 550, "5.4.5 Daily user sending quota exceeded", "deferred data"),
            (Stage::Sender, 553, "5.6.7 no UTF-8 addresses", "rejected sender"),
            (Stage::Sender, 451, "4.3.0 later", "deferred sender"),
            (Stage::Recipient, 530, "5.7.0 authentication required", "deferred log-in"),
            (Stage::Recipient, 550, "5.7.8 bad credentials", "deferred log-in"),
            (Stage::Greeting, 554, "no service here", "deferred greeting"),
            (Stage::Login, 535, "5.7.8 wrong password", "deferred log-in"),
        ] {
            let outcome = Refusal::answered(stage, &Reply { code, text: text.to_owned() }).outcome();
            let shown = match &outcome {
                Outcome::Rejected(refusal) => format!("rejected {}", refusal.stage.as_str()),
                Outcome::Deferred(refusal) => format!("deferred {}", refusal.stage.as_str()),
                other => format!("{other:?}"),
            };
            assert_eq!(shown, expected, "{code} {text} at {stage:?}");
        }
    }

    #[test]
    fn a_refusal_is_one_sentence() {
        let reply = Reply { code: 550, text: "5.1.1 no such user".to_owned() };
        assert_eq!(
            Refusal::answered(Stage::Recipient, &reply).to_string(),
            "the mail server refused the recipient: 550 5.1.1 no such user"
        );
        assert_eq!(
            Refusal::of(Stage::Connect, "no route").to_string(),
            "the mail server cannot be reached: no route"
        );
    }

    #[test]
    fn only_a_lasting_refusal_of_the_log_in_pauses_the_channel() {
        let refusal = |stage, code| Refusal { code, ..Refusal::of(stage, "") };
        assert!(refusal(Stage::Login, Some(535)).pauses_channel());
        assert!(refusal(Stage::Login, None).pauses_channel());
        assert!(!refusal(Stage::Login, Some(454)).pauses_channel());
        assert!(!refusal(Stage::Recipient, Some(550)).pauses_channel());
    }
}
