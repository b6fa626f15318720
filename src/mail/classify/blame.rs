//! Whom a server's refusal is about: us who send, the recipient, or this one message.
//!
//! Goes by code, status and words alone. What it follows from, such as whom to suppress, is decided elsewhere.

use crate::mail::classify::refusal;
use crate::mail::classify::refusal::Meant;

/// Whom a lasting refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The sender's address, the account, its quota, its log-in, relaying, or the session: every mail alike.
    Us,
    /// The address or its mailbox.
    Recipient,
    /// The size, the text, or what a server thinks of it.
    Message,
    /// It does not say.
    Nobody,
}

/// Details (RFC 3463, and servers' own) that are about the sender, whatever the words.
const OURS: &[&str] = &[
    "1.7", "1.8", "1.90", "2.252", "4.5", "7.8", "7.9", "7.11", "7.54", "7.57", "7.60", "7.64", "7.68",
    "7.139", "7.501", "7.502", "7.503", "7.508", "7.705", "7.708", "7.750",
];
/// Details by which a recipient lets only some people write.
const CLOSED_CIRCLE: &[&str] = &["7.12", "7.13"];
const CLOSED_CIRCLE_WORDS: &[&str] =
    &["send to th", "send to recipient", "for group", "allowed-senders", "by recipient", "recipient's"];
const SENDER: &[&str] = &[
    "sender address",
    "sender login mismatch",
    "sendasdenied",
    "send as ",
    "as this sender",
    "send on behalf",
    "not owned by",
    "not allowed to send",
    "not permitted to send",
    "not authorized to send",
    "not authorised to send",
    "permissions to send",
    "permission to send",
    "may not send",
    "sender verif",
    "sender is not allowed",
    "sender not allowed",
    "sender is not authori",
    "sender not authori",
    "unauthorized sender",
    "unauthorised sender",
    "invalid sender",
    "bad sender",
    "sender identity",
    "verified sender",
    "identities failed the check",
    "address is not verified",
    "from address",
    "envelope sender",
    "envelope from",
    "return path",
    "empty sender",
    "null sender",
    "mail from command",
];
const RELAY: &[&str] = &[
    "relay access denied",
    "relay access is denied",
    "relaying denied",
    "relay denied",
    "relaying not",
    "relaying is not",
    "relay not permitted",
    "relay is not permitted",
    "relay prohibited",
    "relaying prohibited",
    "permitted to relay",
    "allowed to relay",
    "authorized to relay",
    "unable to relay",
    "cannot relay",
    "can't relay",
    "do not relay",
    "don't relay",
    "does not relay",
    "may not relay",
    "no relay",
    "not an open relay",
    "rcpthosts",
];
const LOGIN: &[&str] = &[
    "authentication required",
    "authentication is required",
    "requires authentication",
    "smtp auth",
    "smtp-auth",
    "must authenticate",
    "must be authenticated",
    "must first authenticate",
    "have to authenticate",
    "need to authenticate",
    "please authenticate",
    "not authenticated",
    "smtpclientauthentication",
    "mail before sending",
    "pop before smtp",
    "log in first",
    "login first",
    "auth first",
    "must issue a starttls",
    "encryption required",
];
const QUOTA: &[&str] = &[
    "sending quota",
    "sending limit",
    "send limit",
    "sending rate",
    "sender quota",
    "sender rate",
    "submissionquota",
    "submission quota",
    "message quota",
    "message count quota",
    "daily limit",
    "hourly limit",
    "daily sending",
    "max emails",
    "emails per",
    "mails per",
    "messages per",
    "outgoing mail",
    "outgoing message",
    "outbound",
    "exceeded your",
    "your quota",
    "your account",
    "rate limit",
    "ratelimit",
    "too many messages",
    "too many emails",
    "too many mails",
    "throttl",
    "spam abuse detected",
    "banned sen",
];
const CLIENT: &[&str] = &["client host", "helo command", "ehlo command", "helo name", "bad helo"];
/// How servers speak of a recipient besides what [`status`] knows.
const RECIPIENT: &[&str] = &[
    "mailbox unavailable",
    "mailbox not available",
    "recipient address",
    "recipient rejected",
    "no mailbox",
];

/// Whom a refusal is about; `status` is the enhanced one, empty if there is none.
pub fn blame(code: u16, status: &str, words: &str) -> Blame {
    let said = without_addresses(words);
    let detail = status.get(2..).unwrap_or_default();
    if is_ours(detail, &said) {
        return Blame::Us;
    }
    let by_words = refusal::by_words(&said);
    let of_recipient = || says(&said, RECIPIENT) || matches!(by_words, Some(Meant::Unknown | Meant::Full));
    match detail.split_once('.') {
        Some(("1", "1" | "2" | "3" | "4" | "6" | "10") | ("2", "1" | "2" | "4")) => Blame::Recipient,
        Some(("3", "4") | ("2", "3") | ("6", _)) => Blame::Message,
        _ if of_recipient() => Blame::Recipient,
        _ if code == 552 || by_words == Some(Meant::Large) => Blame::Message,
        // A command out of order, or a server that takes nothing: said of the session.
        Some(("3", "0" | "1" | "2" | "3" | "5") | ("4", "0" | "2" | "3") | ("5", _)) => Blame::Us,
        _ if matches!(code, 500 | 502 | 503 | 504) => Blame::Us,
        Some(("7", _)) => Blame::Message,
        _ if by_words == Some(Meant::Refused) => Blame::Message,
        _ => Blame::Nobody,
    }
}

/// Whether a server speaks of the sender, its account, its quota, its log-in or relaying.
pub(crate) fn speaks_of_us(status: &str, words: &str) -> bool {
    is_ours(status.get(2..).unwrap_or_default(), &without_addresses(words))
}

fn is_ours(detail: &str, said: &str) -> bool {
    if OURS.contains(&detail) {
        return true;
    }
    let about_recipient = matches!(detail, "1.1" | "1.2" | "1.3" | "2.1" | "2.2")
        || CLOSED_CIRCLE.iter().any(|begin| detail.len() > begin.len() && detail.starts_with(begin))
        || says(said, CLOSED_CIRCLE_WORDS);
    if about_recipient {
        return false;
    }
    // What other servers make of our domain's records is about each message.
    let by_records = says(said, &["spf", "dkim", "dmarc"]);
    !by_records && (says(said, SENDER) || says(said, LOGIN))
        || [RELAY, QUOTA, CLIENT].iter().any(|any| says(said, any))
}

fn says(said: &str, any: &[&str]) -> bool {
    any.iter().any(|word| said.contains(word))
}

/// In lower case, without addresses and links: their letters say nothing.
fn without_addresses(words: &str) -> String {
    let lower = words.to_lowercase();
    let telling = lower.split_whitespace().filter(|word| !word.contains('@') && !word.contains("://"));
    telling.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::classify::status;

    /// Answers as servers give them: Postfix, Exim, Exchange Online, Gmail, Amazon SES, Sendmail, qmail, mailcow,
    /// OVH, Outlook.com, Yahoo, IONOS and others.
    #[rustfmt::skip]
    const ANSWERS: &[(Blame, &str)] = &[
        (Blame::Us, "553 5.7.1 <support+x@desk.example>: Sender address rejected: not owned by user support@desk.example"),
        (Blame::Us, "553 5.7.1 <support@desk.example>: Sender address rejected: not logged in"),
        (Blame::Us, "550 5.1.8 <support@desk.example>: Sender address rejected: Domain not found"),
        (Blame::Us, "550 5.1.0 <a@b.example>: Sender address rejected: User unknown in virtual mailbox table"),
        (Blame::Us, "554 5.7.1 <ann@customer.example>: Relay access denied"),
        (Blame::Us, "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied"),
        (Blame::Us, "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
        (Blame::Us, "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"),
        (Blame::Us, "503 5.5.1 Error: need MAIL command"),
        (Blame::Us, "554 5.2.252 SendAsDenied; support@desk.example not allowed to send as a@desk.example; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"),
        (Blame::Us, "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
        (Blame::Us, "550 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM"),
        (Blame::Us, "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
        (Blame::Us, "550 5.7.64 TenantAttribution; Relay Access Denied SMTP"),
        (Blame::Us, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message"),
        (Blame::Us, "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"),
        (Blame::Us, "550 5.7.501 Service unavailable. Access denied, spam abuse detected from [192.0.2.1]"),
        (Blame::Us, "550 5.1.8 Access denied, bad outbound sender AS(42003)"),
        (Blame::Us, "550 5.7.705 Access denied, tenant has exceeded threshold"),
        (Blame::Us, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant"),
        (Blame::Us, "501 5.1.7 Invalid address"),
        (Blame::Us, "550 5.4.5 Daily user sending quota exceeded. m12 - gsmtp"),
        (Blame::Us, "550-5.7.1 Invalid credentials for relay [192.0.2.1]. The IP address you've registered does not match; 5.7.1 relay access denied"),
        (Blame::Us, "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: support@desk.example"),
        (Blame::Us, "454 Throttling failure: Daily message quota exceeded."),
        (Blame::Us, "550 5.7.1 <ann@customer.example>... Relaying denied. Proper authentication required."),
        (Blame::Us, "550 5.7.1 Relaying denied"),
        (Blame::Us, "553 5.1.8 <a@desk.example>... Domain of sender address a@desk.example does not exist"),
        (Blame::Us, "550 relay not permitted"),
        (Blame::Us, "550 Sender verify failed"),
        (Blame::Us, "550 Domain desk.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded."),
        (Blame::Us, "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1); bad helo"),
        (Blame::Us, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
        (Blame::Us, "553 sorry, that domain isn't in my list of allowed rcpthosts; no valid cert for gatewaying (#5.7.1)"),
        (Blame::Us, "550 5.7.1 Sending limit reached for this account (OVH), too many messages"),
        (Blame::Us, "550 Sender address is not allowed."),
        (Blame::Us, "550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved."),
        (Blame::Us, "553 5.7.1 <ann@customer.example>: Recipient address rejected: Sender login mismatch"),
        (Blame::Us, "550 SMTP AUTH is required for message submission"),
        (Blame::Us, "550 5.3.2 System not accepting network messages"),
        (Blame::Us, "550 5.5.1 command rejected"),
        (Blame::Recipient, "550 5.1.1 <ann@customer.example>: Recipient address rejected: User unknown in local recipient table"),
        (Blame::Recipient, "550 5.1.1 <relay-access-denied@customer.example> no such user"),
        (Blame::Recipient, "550-5.1.1 The email account that you tried to reach does not exist."),
        (Blame::Recipient, "552-5.2.2 The email account that you tried to reach is over quota."),
        (Blame::Recipient, "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages"),
        (Blame::Recipient, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
        (Blame::Recipient, "550 5.5.0 Requested action not taken: mailbox unavailable"),
        (Blame::Recipient, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@customer.example not found"),
        (Blame::Recipient, "550 No such person at this address"),
        (Blame::Recipient, "550 Unrouteable address; unknown user"),
        (Blame::Recipient, "550 sorry, no mailbox here by that name. (#5.1.1)"),
        (Blame::Recipient, "554 delivery error: dd This user doesn't have a yahoo.com account"),
        (Blame::Recipient, "550 5.3.0 <ann@customer.example>... No such user here"),
        (Blame::Recipient, "504 5.5.2 <ann>: Recipient address rejected: need fully-qualified address"),
        (Blame::Message, "552 5.3.4 Message size exceeds fixed limit"),
        (Blame::Message, "554 5.7.1 Spam message rejected"),
        (Blame::Message, "550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM."),
        (Blame::Message, "550 5.7.1 Our system has detected that this message is likely unsolicited mail"),
        (Blame::Message, "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; sender not authenticated for group"),
        (Blame::Message, "550 5.7.124 Sender not in allowed-senders list"),
        (Blame::Message, "550 5.6.0 CAT.InvalidContent.Exception"),
        (Blame::Nobody, "550 Administrative prohibition"),
        (Blame::Nobody, "550 5.0.0 rejected"),
        (Blame::Nobody, "554 no"),
    ];

    #[test]
    fn a_refusal_is_about_us_or_the_recipient_or_the_message() {
        assert!(ANSWERS.len() >= 40);
        for (whom, answer) in ANSWERS {
            let (code, words) = answer.split_at(3);
            let status = status::enhanced(words).unwrap_or_default();
            assert_eq!(blame(code.parse().unwrap(), &status, &words[1..]), *whom, "{answer}");
        }
    }
}
