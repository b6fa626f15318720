//! The words of what is kept of a sharing: its tickets, comments and people, the requests to a partner, and the
//! partner's files.

use crate::ticket::word::words;

words! {
    /// What a request to a partner is about.
    pub enum RequestKind {
        Invitation = "invitation",
        Decision = "decision",
        Deactivation = "deactivation",
        Share = "share",
        Update = "update",
        Unshare = "unshare",
    }
}

words! {
    /// How far a request to a partner is.
    pub enum RequestState {
        Queued = "queued",
        Done = "done",
        /// The partner refused it: an operator may send it again.
        Parked = "parked",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

words! {
    /// How far the fetching of a partner's file is.
    pub enum FileState {
        Waiting = "waiting",
        /// It is an attachment.
        Kept = "kept",
        /// It is left as a link.
        Linked = "linked",
    }
}

words! {
    /// Whether a ticket is shared now.
    pub enum ShareState {
        Shared = "shared",
        Unshared = "unshared",
    }
}

words! {
    /// Who wrote a comment that both sides have.
    pub enum CommentOrigin {
        Ours = "ours",
        Theirs = "theirs",
    }
}

words! {
    /// What somebody is at a partner's desk.
    pub enum ActorRole {
        Agent = "agent",
        Customer = "customer",
    }
}
