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

/// The table of all kinds of mail, for a macro that makes something of each.
///
/// After its name and readers stands what its files are: `OneWord` has none, and says its word `says` in the frame
/// that its readers share; `OwnBody` has its text and HTML; `OwnFiles` has a subject, too.
macro_rules! mails {
    ($each:ident) => {
        $each! {
            NewticketSubmitter "newticket_submitter" Outsider OwnBody,
            NewticketCc "newticket_cc" Staff OneWord,
            NewticketCopy "newticket_copy" Outsider OwnBody,
            AssignedOwner "assigned_owner" Staff OneWord,
            AssignedCc "assigned_cc" Staff OwnBody,
            UpdatedSubmitter "updated_submitter" Outsider OwnBody,
            UpdatedOwner "updated_owner" Staff OwnBody,
            UpdatedCc "updated_cc" Staff OwnBody,
            UpdatedCopy "updated_copy" Outsider OwnBody,
            ResolvedSubmitter "resolved_submitter" Outsider OwnBody,
            ResolvedOwner "resolved_owner" Staff OneWord,
            ResolvedCc "resolved_cc" Staff OneWord,
            ResolvedCopy "resolved_copy" Outsider OwnBody,
            ClosedSubmitter "closed_submitter" Outsider OwnBody,
            ClosedOwner "closed_owner" Staff OneWord,
            ClosedCc "closed_cc" Staff OneWord,
            ClosedCopy "closed_copy" Outsider OwnBody,
            EscalatedSubmitter "escalated_submitter" Outsider OneWord,
            EscalatedOwner "escalated_owner" Staff OneWord,
            EscalatedCc "escalated_cc" Staff OneWord,
            MergedSubmitter "merged_submitter" Outsider OneWord,
            MergedCopy "merged_copy" Outsider OwnBody,
            AgentUnverified "agent_unverified" Staff OneWord,
            CommandsDone "commands_done" Staff OwnBody,
            DeliveryFailed "delivery_failed" Staff OneWord,
            DueReminder "due_reminder" Staff OneWord,
            Alert "alert" Staff OwnFiles,
        }
    };
}

pub(crate) use mails;

macro_rules! names {
    ($($variant:ident $text:literal $audience:ident $files:ident,)*) => {
        /// A kind of outgoing mail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Name {
            $($variant,)*
        }

        impl Name {
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// The first step of the paths of its files, and the group of its words.
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

mails!(names);

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
