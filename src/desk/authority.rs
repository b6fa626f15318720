//! Who may do what, and who may act as an agent: one answer for mail, HTTP and the command line.
//!
//! Knows rules only; how an account's password or a mail's signature is checked is found out before, and so is
//! whether a partner shares the ticket.

use crate::config::queue::Queue;
use crate::desk::actor::Actor;
use crate::desk::actor::Kind;
use crate::email::Email;
use crate::mail::token::Purpose;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::FollowupId;
use crate::ticket::person::Role;
use crate::ticket::person::User;

/// Whether somebody may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Yes,
    /// Only those who administrate the desk.
    Admin,
    /// On a ticket in which they take part.
    Own,
    /// On a ticket of theirs, or one that a ticket of theirs was merged into.
    Asked,
    No,
}

/// Declares what can be done, with the words of a refusal, and the right to it of every [`Kind`] in turn.
macro_rules! acts {
    ($($act:ident $words:literal [$($right:ident),*])*) => {
        /// What can be done to tickets, to agreements about them, and to people. Each use case asks for its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act {
            $($act,)*
        }

        impl Act {
            pub const ALL: &[Self] = &[$(Self::$act,)*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$act => $words,)*
                }
            }

            fn rights(self) -> [Right; Kind::ALL.len()] {
                match self {
                    $(Self::$act => [$(Right::$right),*],)*
                }
            }
        }
    };
}

acts! {
    //                                           operator clock agent customer stranger program partner
    Open        "open a ticket"                     [Yes,  No,  Yes,   Yes,     Yes,     Yes,    Yes]
    Comment     "say something on a ticket"         [Yes,  No,  Yes,   Own,     No,      Yes,    Yes]
    Note        "leave a note on a ticket"          [Yes,  No,  Yes,   Own,     No,      Yes,    Yes]
    Resolve     "resolve a ticket"                  [Yes,  No,  Yes,   No,      No,      Yes,    Yes]
    Close       "close a ticket"                    [Yes,  Yes, Yes,   No,      No,      Yes,    Yes]
    Reopen      "reopen a ticket"                   [Yes,  No,  Yes,   Own,     No,      Yes,    Yes]
    Assign      "assign a ticket"                   [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Hold        "put a ticket on hold"              [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Unhold      "take a ticket off hold"            [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Wake        "end a hold whose time has come"    [No,   Yes, No,    No,      No,      No,     No]
    HoldThere   "hold a ticket for a partner"       [No,   No,  No,    No,      No,      No,     Yes]
    Prioritise  "set a ticket's priority"           [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Move        "move a ticket"                     [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Rename      "rename a ticket"                   [Yes,  No,  Yes,   No,      No,      Yes,    Yes]
    Retype      "give a ticket another type"        [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Due         "say when a ticket is due"          [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Merge       "merge tickets"                     [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Split       "split a ticket"                    [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Forward     "pass an entry on"                  [Yes,  No,  Yes,   No,      No,      No,     No]
    Cc          "add a CC"                          [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Uncc        "remove a CC"                       [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Tag         "tag a ticket"                      [Yes,  Yes, Yes,   No,      No,      Yes,    Yes]
    Untag       "remove a tag"                      [Yes,  Yes, Yes,   No,      No,      Yes,    Yes]
    Accept      "accept what came in a customer's name" [Yes,  No,  Yes,   No,      No,      No,     No]
    Submitter   "give a ticket to another customer" [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Rate        "rate a ticket"                     [No,   No,  No,    Asked,   No,      No,     No]
    Leave       "leave a ticket"                    [No,   No,  Yes,   Yes,     No,      No,     No]
    Delete      "delete a ticket"                   [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Spam        "take a ticket for spam"            [Yes,  No,  Yes,   No,      No,      No,     No]
    Escalate    "escalate a ticket"                 [No,   Yes, No,    No,      No,      No,     No]
    Remind      "remind of a ticket"                [No,   Yes, No,    No,      No,      No,     No]
    Replies     "change saved replies"              [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Share       "share a ticket"                    [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Unshare     "end the sharing of a ticket"       [Yes,  No,  Yes,   No,      No,      Yes,    No]
    LetGo       "let go of a partner's ticket"      [No,   No,  No,    No,      No,      No,     Yes]
    Agree       "change an agreement"               [Yes,  No,  Yes,   No,      No,      Yes,    No]
    Erase       "erase a person"                    [Yes,  No,  Admin, No,      No,      Yes,    No]
    Export      "export a person"                   [Yes,  No,  Admin, No,      No,      Yes,    No]
    Person      "change a person"                   [Yes,  No,  Admin, No,      No,      Yes,    No]
}

/// Why somebody may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{} may not {}", .0.as_str(), .1.as_str())]
    Never(Kind, Act),
    #[error("only an administrator may {}", .0.as_str())]
    Admin(Act),
    #[error("{} may {} only if it is theirs", .0.as_str(), .1.as_str())]
    NotTheirs(Kind, Act),
}

/// What the table says.
pub fn right(kind: Kind, act: Act) -> Right {
    act.rights()[kind as usize]
}

/// Refuses whoever may not do this to every ticket: for what no part in a ticket gives a right to.
pub fn may(actor: &Actor, act: Act) -> Result<(), Refused> {
    match right(actor.kind(), act) {
        Right::Yes => Ok(()),
        Right::Admin if actor.user().is_some_and(|user| user.role == Role::Admin) => Ok(()),
        Right::Admin => Err(Refused::Admin(act)),
        Right::Own | Right::Asked => Err(Refused::NotTheirs(actor.kind(), act)),
        Right::No => Err(Refused::Never(actor.kind(), act)),
    }
}

/// What somebody has shown of being who he says.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// He logged in, or an operator or a program that did acts in his name.
    Account,
    /// A mail came with his address as its author.
    Mail(Evidence<'a>),
}

/// A token that we did sign: to whom, and for what.
#[derive(Clone, Debug)]
pub struct Known {
    pub purpose: Purpose,
    /// Case-folded.
    pub recipient: String,
    /// What the mail was about.
    pub about: About,
}

/// What a mail was about that staff answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Its ticket, and an entry of that if there is one.
    Ticket(Option<FollowupId>),
    /// A mail in its recipient's name that was not done, and the entry that keeps it.
    Doubt(Option<FollowupId>),
    /// What was done of a mail in its recipient's name, and the entry that keeps what was not.
    Report(FollowupId),
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
pub(crate) enum Aim {
    Open,
    Change,
}

/// As whom he is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
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
pub(crate) enum Doubt {
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
pub(crate) fn standing(user: &User, proof: Proof<'_>, aim: Aim) -> Standing {
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
    let lists = mail.queue.new_ticket_cc.iter().chain(&mail.queue.updated_ticket_cc);
    let lists: Vec<String> = lists.map(|address| Email::key_of(address)).collect();
    let sent_to_staff = |token: &&Known| token.purpose == Purpose::AgentReply;
    let mut recipients = mail.tokens.iter().filter(sent_to_staff).map(|token| &token.recipient);
    recipients.any(|recipient| user.has_address(recipient) || lists.contains(recipient))
}
