//! The calls of the Jaze Tickets API, with the verbs, paths and arguments of each.

use crate::http::jaze::words;
use crate::http::spec::Argument;
use crate::http::spec::Kind;

/// One of the eight calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    RaiseTicket,
    GetTickets,
    SendMessage,
    GetTicketDetails,
    CloseTicket,
    AssignTicketToAdmin,
    ReopenTicket,
    TicketRating,
}

const BOOLEANS: &[&str] = &["true", "false"];
const RATINGS: &[&str] = &["1", "2", "3", "4", "5"];
const TIME: Kind = Kind::Moment("21-11-2016 17:01");
const TICKET: Argument = Argument::required("ticketId", Kind::Number(1), "Number of the ticket.");
const USER: Argument = Argument::required("userId", Kind::Number(1), "Number of the customer.");

const RAISE_TICKET: &[Argument] = &[
    Argument::required("type", Kind::Line(200), "Name of a ticket type."),
    Argument::required("subject", Kind::Text, "What it is about, in one line."),
    USER,
    Argument::required("comments", Kind::Text, "The request itself."),
    Argument::optional(
        "priority",
        Kind::Word(words::PRIORITIES),
        "How urgent it is; the type's own if not given.",
    ),
    Argument::optional(
        "closeTicketImmediately",
        Kind::Word(BOOLEANS),
        "`true`: the ticket is closed at once.",
    ),
    Argument::optional("resolutionType", Kind::Text, "Required when the ticket is closed at once."),
    Argument::optional("resolutionSubject", Kind::Text, "Required when the ticket is closed at once."),
];
const GET_TICKETS_PATH: &[Argument] = &[
    Argument::required("userId", Kind::Number(0), "Number of the customer; 0 for all tickets."),
    Argument::optional("status", Kind::Word(words::FILTERS), "In which state; `all` if not given."),
    Argument::optional("assigned_admin", Kind::Line(254), "User name or address of the owner."),
];
const GET_TICKETS: &[Argument] = &[
    Argument::optional("fromDate", TIME, "Created in this minute or later."),
    Argument::optional("toDate", TIME, "Created in this minute or earlier."),
    Argument::optional("limit", Kind::Number(1), "At most so many; then the newest come first."),
    Argument::optional(
        "before",
        Kind::Number(1),
        "Only tickets of a lesser number; then the newest come first.",
    ),
];
const SEND_MESSAGE: &[Argument] = &[
    TICKET,
    Argument::required("ticketMessage", Kind::Text, "What is said."),
    Argument::required("sender", Kind::Word(&["admin", "user"]), "Who says it."),
    Argument::required("sender_name", Kind::Line(254), "Number or user name of the sender."),
    Argument::required("showToUser", Kind::Word(BOOLEANS), "`false`: for agents only."),
];
const ASSIGN: &[Argument] =
    &[TICKET, Argument::required("admin", Kind::Line(254), "User name or address of the new owner.")];
const REOPEN: &[Argument] = &[TICKET, USER, Argument::required("comments", Kind::Text, "Why.")];
const RATE: &[Argument] =
    &[TICKET, USER, Argument::required("ratingValue", Kind::Word(RATINGS), "From 1 to 5.")];

impl Operation {
    pub(crate) const ALL: [Self; 8] = [
        Self::RaiseTicket,
        Self::GetTickets,
        Self::SendMessage,
        Self::GetTicketDetails,
        Self::CloseTicket,
        Self::AssignTicketToAdmin,
        Self::ReopenTicket,
        Self::TicketRating,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RaiseTicket => "raise_ticket",
            Self::GetTickets => "get_tickets",
            Self::SendMessage => "send_message",
            Self::GetTicketDetails => "get_ticket_details",
            Self::CloseTicket => "close_ticket",
            Self::AssignTicketToAdmin => "assign_ticket_to_admin",
            Self::ReopenTicket => "reopen_ticket",
            Self::TicketRating => "ticket_rating",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// As the `Allow` header has them.
    pub(crate) fn verbs(self) -> &'static str {
        match self {
            Self::GetTicketDetails => "GET",
            Self::GetTickets | Self::CloseTicket => "GET, POST",
            _ => "POST",
        }
    }

    pub(crate) fn allows(self, verb: &str) -> bool {
        self.verbs().split(", ").any(|allowed| allowed == verb)
    }

    /// The arguments that are steps of the path, in order.
    pub(crate) fn path(self) -> &'static [Argument] {
        match self {
            Self::GetTickets => GET_TICKETS_PATH,
            Self::GetTicketDetails | Self::CloseTicket => &[TICKET],
            _ => &[],
        }
    }

    /// The arguments of the body; those of a reading call may also stand in the query.
    pub(crate) fn arguments(self) -> &'static [Argument] {
        match self {
            Self::RaiseTicket => RAISE_TICKET,
            Self::GetTickets => GET_TICKETS,
            Self::SendMessage => SEND_MESSAGE,
            Self::GetTicketDetails | Self::CloseTicket => &[],
            Self::AssignTicketToAdmin => ASSIGN,
            Self::ReopenTicket => REOPEN,
            Self::TicketRating => RATE,
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::RaiseTicket => "Opens a ticket for a customer.",
            Self::GetTickets => "Lists tickets, the oldest first.",
            Self::SendMessage => "Adds a message of a customer or an agent to a ticket.",
            Self::GetTicketDetails => "Gives the conversation of a ticket, the oldest entry first.",
            Self::CloseTicket => "Closes a ticket; a closed one stays closed.",
            Self::AssignTicketToAdmin => "Gives a ticket to an agent.",
            Self::ReopenTicket => "Opens a closed ticket again, for the customer whose it is.",
            Self::TicketRating => "Keeps a customer's rating of a ticket, in place of an earlier one.",
        }
    }
}
