//! An agreement's life: who may do what to it, by the partner's request or by our own command.
//!
//! Who is calling is decided by direction: the token is one secret for both sides, so the caller is always
//! the side that we are not. What must be sent or stored is returned, not done.

use crate::sharing::Side;
use crate::sharing::Terms;
use crate::sharing::agreement_status::Status;
use crate::sharing::answer::Refusal;
use crate::sharing::base::Base;
use crate::sharing::token::AccessKey;
use crate::sharing::token::Token;
use crate::sharing::token::WireId;
use crate::sharing::wire;

/// What we know of one agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub id: WireId,
    /// The side that we are.
    pub side: Side,
    pub status: Status,
    pub key: AccessKey,
    pub sender_url: Base,
    pub receiver_url: Base,
    pub our_name: String,
    pub partner_name: String,
    pub terms: Terms,
}

/// What a partner's PUT changes; everything it only repeats is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub status: Option<Status>,
    pub partner_name: Option<String>,
    pub(crate) partner_url: Option<Base>,
    /// Who did it over there, for the audit.
    pub actor: Option<wire::Actor>,
}

/// A command of our own admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Accept,
    Decline,
    Deactivate,
}

/// Why a command is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("only the invited side can accept or decline")]
    NotInvited,
    #[error("the agreement is {0}, so this is not possible")]
    Not(Status),
    #[error("the agreement has ended; a new one is needed")]
    Ended,
}

/// What a partner wants to do with a shared ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketVerb {
    Post,
    Put,
    Get,
    Delete,
}

impl Agreement {
    /// Reads an invitation to us: `POST /agreements/<id>` of an id that we do not know.
    ///
    /// `token` is only sent by strict clients; it must then agree with the body. Where the invitation names
    /// no `receiver_url`, ours is `our_base`.
    pub fn invited(body: &wire::Agreement, id: &WireId, our_base: &Base) -> Result<Self, Refusal> {
        if body.status != Some(Status::Pending) {
            return Err(Refusal::invalid("the status of an invitation must be pending"));
        }
        let key = body.access_key.clone().ok_or_else(|| Refusal::invalid("`access_key` is missing"))?;
        let sender_url =
            body.sender_url.as_deref().ok_or_else(|| Refusal::invalid("`sender_url` is missing"))?;
        let sender_url = url(sender_url, "sender_url")?;
        let receiver_url = match body.receiver_url.as_deref() {
            Some(text) => url(text, "receiver_url")?,
            None => our_base.clone(),
        };
        if sender_url == *our_base || sender_url == receiver_url {
            return Err(Refusal::invalid("`sender_url` is our own"));
        }
        Ok(Self {
            id: id.clone(),
            side: Side::Receiver,
            status: Status::Pending,
            key,
            partner_name: body.name.clone().unwrap_or_else(|| sender_url.host().to_owned()),
            sender_url,
            receiver_url,
            our_name: String::new(),
            terms: terms(body),
        })
    }

    /// Judges an invitation of an id that we know: the repetition after a lost answer changes nothing and is
    /// fine, anything else is refused, or a stranger could take a live agreement over.
    pub(crate) fn invited_again(&self, body: &wire::Agreement) -> Result<(), Refusal> {
        let is =
            |given: &Option<String>, have: &Base| given.as_deref().map(Base::parse) == Some(Ok(have.clone()));
        let same_key = body.access_key.as_ref() == Some(&self.key);
        let same_urls = is(&body.sender_url, &self.sender_url)
            && (body.receiver_url.is_none() || is(&body.receiver_url, &self.receiver_url));
        let same_name = body.name.as_ref().is_none_or(|name| *name == self.partner_name);
        let same_rest = body.status == Some(Status::Pending) && terms(body) == self.terms && same_name;
        if self.side != Side::Receiver || !same_key || !same_urls || !same_rest {
            return Err(Refusal::invalid("an agreement with this uuid exists and differs"));
        }
        if self.status == Status::Inactive { Err(ended()) } else { Ok(()) }
    }

    /// Judges `PUT /agreements/<id>` of a caller whose token was checked.
    pub(crate) fn changed_by_partner(&self, body: &wire::Agreement) -> Result<Change, Refusal> {
        self.check_unchangeable(body)?;
        let status = body.status.filter(|status| *status != self.status);
        let change = Change {
            status,
            partner_name: self.news_of_name(body),
            partner_url: self.news_of_url(body)?,
            actor: body.current_actor.clone(),
        };
        if let Some(wanted) = status {
            self.check_step(wanted)?;
        } else if self.status == Status::Inactive
            && (change.partner_name.is_some() || change.partner_url.is_some())
        {
            return Err(ended());
        }
        Ok(change)
    }

    /// Judges a command of our own; returns the status to store and to announce.
    pub(crate) fn commanded(&self, command: Command) -> Result<Status, CommandError> {
        match (command, self.side, self.status) {
            (_, _, Status::Inactive) => Err(CommandError::Ended),
            (Command::Accept | Command::Decline, Side::Sender, _) => Err(CommandError::NotInvited),
            (Command::Accept, Side::Receiver, Status::Pending | Status::Declined) => Ok(Status::Accepted),
            (Command::Decline, Side::Receiver, Status::Pending) => Ok(Status::Declined),
            (Command::Deactivate, _, Status::Accepted)
            | (Command::Deactivate, Side::Sender, Status::Pending) => Ok(Status::Inactive),
            (_, _, status) => Err(CommandError::Not(status)),
        }
    }

    /// Judges whether the partner may do this to a ticket under this agreement.
    pub(crate) fn ticket_access(&self, verb: TicketVerb) -> Result<(), Refusal> {
        match self.status {
            Status::Accepted if verb == TicketVerb::Post && self.side == Side::Sender => {
                Err(Refusal::Forbidden("only the sender of an agreement shares tickets under it"))
            }
            Status::Accepted => Ok(()),
            Status::Inactive => Err(ended()),
            Status::Pending | Status::Declined => Err(Refusal::Forbidden("the agreement is not accepted")),
        }
    }

    /// The partner's base: where our requests go.
    pub(crate) fn partner_url(&self) -> &Base {
        match self.side {
            Side::Sender => &self.receiver_url,
            Side::Receiver => &self.sender_url,
        }
    }

    /// What proves us to the partner.
    pub fn token(&self) -> Token {
        Token { agreement: self.id.clone(), key: self.key.clone() }
    }

    /// The body that tells the partner of `status`: every key, as the reference client sends it.
    ///
    /// An invitation is the announcement of `pending`.
    pub(crate) fn announcement(&self, status: Status, actor: Option<wire::Actor>) -> wire::Agreement {
        wire::Agreement {
            receiver_url: Some(self.receiver_url.to_string()),
            sender_url: Some(self.sender_url.to_string()),
            status: Some(status),
            uuid: Some(self.id.clone()),
            access_key: Some(self.key.clone()),
            name: Some(self.our_name.clone()),
            current_actor: actor,
            sync_tags: Some(self.terms.sync_tags),
            sync_custom_fields: Some(self.terms.sync_custom_fields),
            allows_public_comments: Some(self.terms.public_comments),
            deactivated_by: (status == Status::Inactive).then_some(self.side),
        }
    }

    /// What a read-back shows: everything but the secret.
    pub fn shown(&self) -> wire::Agreement {
        wire::Agreement { access_key: None, deactivated_by: None, ..self.announcement(self.status, None) }
    }

    /// The id, the key, the terms and our own URL can be repeated, as the reference client does with every
    /// call, but not changed.
    fn check_unchangeable(&self, body: &wire::Agreement) -> Result<(), Refusal> {
        if body.access_key.as_ref().is_some_and(|key| *key != self.key) {
            return Err(Refusal::invalid("`access_key` cannot be changed"));
        }
        let ours = self.terms;
        let flags = [
            (body.sync_tags, ours.sync_tags),
            (body.sync_custom_fields, ours.sync_custom_fields),
            (body.allows_public_comments, ours.public_comments),
        ];
        if flags.iter().any(|(given, have)| given.is_some_and(|given| given != *have)) {
            return Err(Refusal::invalid("the terms of an agreement cannot be changed"));
        }
        let (given, have) = match self.side {
            Side::Sender => (&body.sender_url, &self.sender_url),
            Side::Receiver => (&body.receiver_url, &self.receiver_url),
        };
        match given {
            Some(given) if Base::parse(given).as_ref() != Ok(have) => {
                Err(Refusal::invalid("only the other side's URL can be changed"))
            }
            _ => Ok(()),
        }
    }

    fn news_of_name(&self, body: &wire::Agreement) -> Option<String> {
        // The reference client echoes the name that the agreement came with: that can be our own.
        body.name.clone().filter(|name| *name != self.partner_name && *name != self.our_name)
    }

    fn news_of_url(&self, body: &wire::Agreement) -> Result<Option<Base>, Refusal> {
        let (given, key) = match self.side {
            Side::Sender => (&body.receiver_url, "receiver_url"),
            Side::Receiver => (&body.sender_url, "sender_url"),
        };
        let Some(given) = given else { return Ok(None) };
        Ok(Some(url(given, key)?).filter(|url| url != self.partner_url()))
    }

    /// Whether the partner may lead the agreement to `wanted`, a status that it does not have yet.
    fn check_step(&self, wanted: Status) -> Result<(), Refusal> {
        match (self.status, wanted, self.side.other()) {
            (Status::Pending, Status::Accepted | Status::Declined, Side::Receiver)
            | (Status::Declined, Status::Accepted, Side::Receiver)
            | (Status::Accepted, Status::Inactive, _)
            | (Status::Pending, Status::Inactive, Side::Sender) => Ok(()),
            (Status::Pending | Status::Declined, Status::Accepted | Status::Declined, Side::Sender)
            | (Status::Pending, Status::Inactive, Side::Receiver) => {
                Err(Refusal::Forbidden("that is for the other side to decide"))
            }
            (Status::Inactive, Status::Accepted, _) => {
                Err(Refusal::invalid("an agreement that has ended cannot be accepted again; make a new one"))
            }
            (Status::Inactive, _, _) => Err(ended()),
            (from, to, _) => Err(Refusal::invalid(format!("an agreement that is {from} cannot become {to}"))),
        }
    }
}

fn ended() -> Refusal {
    Refusal::Gone("the agreement has ended")
}

fn url(text: &str, key: &str) -> Result<Base, Refusal> {
    Base::parse(text).map_err(|why| Refusal::invalid(format!("`{key}`: {why}")))
}

fn terms(body: &wire::Agreement) -> Terms {
    Terms {
        sync_tags: body.sync_tags.unwrap_or_default(),
        sync_custom_fields: body.sync_custom_fields.unwrap_or_default(),
        public_comments: body.allows_public_comments.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
