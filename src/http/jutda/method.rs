//! The methods of the Jutda Helpdesk API, with the arguments that each takes.

use crate::http::spec::Argument;
use crate::http::spec::Kind;

/// One of the eight methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    CreateTicket,
    DeleteTicket,
    HoldTicket,
    UnholdTicket,
    AddFollowup,
    Resolve,
    ListQueues,
    FindUser,
}

/// How credentials are sent, with every method.
pub(crate) const CREDENTIALS: [Argument; 2] = [
    Argument::required(
        "user",
        Kind::Line(254),
        "User name of an active agent or administrator. `username` is taken too where it is no argument.",
    ),
    Argument::required("password", Kind::Secret, "The password."),
];

const TICKET: Argument = Argument::required("ticket", Kind::Number(1), "Number of the ticket.");
const PRIORITIES: &[&str] = &["1", "2", "3", "4", "5"];

const CREATE_TICKET: &[Argument] = &[
    Argument::required("queue", Kind::Number(1), "Number of a queue, from `list_queues`."),
    Argument::required("title", Kind::Line(100), "What it is about."),
    Argument::optional(
        "submitter_email",
        Kind::Email,
        "Address of the person who asks: gets a confirmation and all public updates.",
    ),
    Argument::optional("assigned_to", Kind::Number(1), "Number of the owner, from `find_user`."),
    Argument::optional("priority", Kind::Word(PRIORITIES), "From 1 (high) to 5 (low); 3 if not given."),
    Argument::optional("body", Kind::Text, "The request itself; `description` is the same argument."),
    Argument::optional(
        "due_date",
        Kind::Moment("2026-03-31 17:00"),
        "When it is due, in the desk's time zone; a date alone means the end of that day.",
    ),
];
const DELETE_TICKET: &[Argument] = &[
    TICKET,
    Argument::required(
        "confirm",
        Kind::Line(100),
        "Any value: the ticket is deleted with all that it holds.",
    ),
];
const ADD_FOLLOWUP: &[Argument] = &[
    TICKET,
    Argument::required("message", Kind::Text, "What is said; plain text, or HTML."),
    Argument::optional(
        "public",
        Kind::Word(&["y", "n"]),
        "`y`: everybody involved is told; `n`, or not given: agents only.",
    ),
];
const RESOLVE: &[Argument] = &[
    TICKET,
    Argument::required("resolution", Kind::Text, "The answer for everybody involved; plain text, or HTML."),
];
const FIND_USER: &[Argument] =
    &[Argument::required("username", Kind::Line(254), "The user name, in its own case.")];

impl Method {
    pub(crate) const ALL: [Self; 8] = [
        Self::CreateTicket,
        Self::DeleteTicket,
        Self::HoldTicket,
        Self::UnholdTicket,
        Self::AddFollowup,
        Self::Resolve,
        Self::ListQueues,
        Self::FindUser,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CreateTicket => "create_ticket",
            Self::DeleteTicket => "delete_ticket",
            Self::HoldTicket => "hold_ticket",
            Self::UnholdTicket => "unhold_ticket",
            Self::AddFollowup => "add_followup",
            Self::Resolve => "resolve",
            Self::ListQueues => "list_queues",
            Self::FindUser => "find_user",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Besides the credentials.
    pub(crate) fn arguments(self) -> &'static [Argument] {
        match self {
            Self::CreateTicket => CREATE_TICKET,
            Self::DeleteTicket => DELETE_TICKET,
            Self::HoldTicket | Self::UnholdTicket => &[TICKET],
            Self::AddFollowup => ADD_FOLLOWUP,
            Self::Resolve => RESOLVE,
            Self::ListQueues => &[],
            Self::FindUser => FIND_USER,
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::CreateTicket => "Opens a ticket.",
            Self::DeleteTicket => "Deletes a ticket with everything that belongs to it.",
            Self::HoldTicket => "Puts a ticket on hold: it is not escalated.",
            Self::UnholdTicket => "Takes a ticket off hold.",
            Self::AddFollowup => "Adds a comment to a ticket.",
            Self::Resolve => "Resolves a ticket, with an answer for everybody involved.",
            Self::ListQueues => "Lists the queues that a ticket can be opened in.",
            Self::FindUser => "Finds the number of an agent or administrator.",
        }
    }

    /// What a successful answer holds.
    pub(crate) fn answer(self) -> &'static str {
        match self {
            Self::CreateTicket => "The number of the new ticket.",
            Self::ListQueues => "A JSON list of queues, each with `id` and `title`, ordered by title.",
            Self::FindUser => "The number of the user.",
            _ => "The word OK.",
        }
    }

    pub(crate) fn writes(self) -> bool {
        !matches!(self, Self::ListQueues | Self::FindUser)
    }
}
