//! The mails this desk can write, by name, and whom each is for.
//!
//! Says nothing of what they contain, and not who is told of which event; the desk decides that.

use std::fmt;

/// Who reads a mail. Decides which context it can be made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Agents, and the lists of a queue: may see private text and get tokens to act with.
    Staff,
    /// Submitters and those copied on a ticket.
    Outsider,
}

macro_rules! names {
    ($($variant:ident $text:literal $audience:ident,)*) => {
        /// A kind of outgoing mail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Name {
            $($variant,)*
        }

        impl Name {
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// The directory that holds its files.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            pub fn audience(self) -> Audience {
                match self {
                    $(Self::$variant => Audience::$audience,)*
                }
            }
        }
    };
}

names! {
    NewticketSubmitter "newticket_submitter" Outsider,
    NewticketCc "newticket_cc" Staff,
    NewticketCopy "newticket_copy" Outsider,
    AssignedOwner "assigned_owner" Staff,
    AssignedCc "assigned_cc" Staff,
    UpdatedSubmitter "updated_submitter" Outsider,
    UpdatedOwner "updated_owner" Staff,
    UpdatedCc "updated_cc" Staff,
    UpdatedCopy "updated_copy" Outsider,
    ResolvedSubmitter "resolved_submitter" Outsider,
    ResolvedOwner "resolved_owner" Staff,
    ResolvedCc "resolved_cc" Staff,
    ResolvedCopy "resolved_copy" Outsider,
    ClosedSubmitter "closed_submitter" Outsider,
    ClosedOwner "closed_owner" Staff,
    ClosedCc "closed_cc" Staff,
    ClosedCopy "closed_copy" Outsider,
    EscalatedSubmitter "escalated_submitter" Outsider,
    EscalatedOwner "escalated_owner" Staff,
    EscalatedCc "escalated_cc" Staff,
    MergedSubmitter "merged_submitter" Outsider,
    MergedCopy "merged_copy" Outsider,
    AgentUnverified "agent_unverified" Staff,
    CommandsDone "commands_done" Staff,
    DeliveryFailed "delivery_failed" Staff,
    DueReminder "due_reminder" Staff,
    Alert "alert" Staff,
}

impl Name {
    pub(crate) fn is_for_staff(self) -> bool {
        self.audience() == Audience::Staff
    }

    /// Whether it goes to people who only get copies.
    pub(crate) fn is_copy(self) -> bool {
        matches!(
            self,
            Self::NewticketCopy
                | Self::UpdatedCopy
                | Self::ResolvedCopy
                | Self::ClosedCopy
                | Self::MergedCopy
        )
    }

    /// The groups of words that its files use.
    pub(crate) fn groups(self) -> [&'static str; 2] {
        match self.audience() {
            _ if self == Self::Alert => [self.as_str(); 2],
            Audience::Outsider => [self.as_str(), "layout"],
            Audience::Staff => [self.as_str(), "staff"],
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
