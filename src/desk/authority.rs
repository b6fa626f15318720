//! Who may act as an agent: one answer for mail, HTTP and the command line.
//!
//! Knows rules only; how an account's password or a mail's signature is checked is found out before.

use crate::config::queue::Queue;
use crate::desk::route::Known;
use crate::mail::authentication::Authentication;
use crate::mail::token::Purpose;
use crate::template::sentence::Sentence;
use crate::ticket::person::User;
use crate::ticket::person::address_key;

/// What somebody has shown of being who he says.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// He logged in, or an operator or a program that did acts in his name.
    Account,
    /// A mail came with his address as its author.
    Mail(Evidence<'a>),
}

/// What a mail brings along.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    pub authentication: Authentication,
    /// The genuine tokens in it that were written for the ticket in question.
    pub tokens: &'a [Known],
    /// The ticket's queue.
    pub queue: &'a Queue,
}

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    Open,
    Change,
}

/// As whom he is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Agent,
    /// The address is an agent's, and it is not shown that the mail is his.
    Unverified(Doubt),
    /// The mail is known not to be his.
    Forged,
    /// No active agent.
    Outsider,
}

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing vouches for the author.
    NotAuthenticated,
    /// It answers no mail about this ticket that was sent to him or to the queue's lists.
    NoToken,
    /// No person wrote it.
    Automatic,
}

impl Doubt {
    /// For the operator's trace.
    pub fn evidence(self) -> &'static str {
        match self {
            Self::Automatic => "a program wrote it",
            Self::NotAuthenticated => "nothing vouches for the author",
            Self::NoToken => "it answers no mail that was sent to this agent or to a list of the queue",
        }
    }

    /// For the agent: how to have it done all the same.
    pub(crate) fn advice(self) -> Sentence {
        Sentence::new(match self {
            Self::Automatic => "note.advice_automatic",
            Self::NotAuthenticated => "note.advice_not_authenticated",
            Self::NoToken => "note.advice_no_token",
        })
    }
}

/// As whom `user` is taken who wants to do this.
pub fn standing(user: &User, proof: Proof<'_>, aim: Aim) -> Standing {
    if !user.is_active_staff() {
        return Standing::Outsider;
    }
    let Proof::Mail(mail) = proof else { return Standing::Agent };
    let passed = mail.authentication == Authentication::Pass;
    // An operator may say that a secret which only the agent had is enough.
    let trusted = passed || aim == Aim::Change && mail.queue.accept_token_only;
    if mail.authentication == Authentication::Fail {
        Standing::Forged
    } else if !trusted {
        Standing::Unverified(Doubt::NotAuthenticated)
    } else if aim == Aim::Open || has_token(user, mail) {
        Standing::Agent
    } else {
        Standing::Unverified(Doubt::NoToken)
    }
}

/// Whether the mail answers one that staff got: the agent himself, or a list of the queue.
fn has_token(user: &User, mail: Evidence<'_>) -> bool {
    let own = user.email.as_deref().map(address_key);
    let lists = mail.queue.new_ticket_cc.iter().chain(&mail.queue.updated_ticket_cc);
    let lists: Vec<String> = lists.map(|address| address_key(address)).collect();
    let sent_to_staff = |token: &&Known| token.purpose == Purpose::AgentReply;
    let mut recipients = mail.tokens.iter().filter(sent_to_staff).map(|token| &token.recipient);
    recipients.any(|recipient| own.as_ref() == Some(recipient) || lists.contains(recipient))
}
