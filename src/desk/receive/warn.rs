//! Warning agents of mails in their name, or in answer to mails that they got.
//!
//! A warning repeats nothing of what it warns of, and an answer to one goes to nobody outside.

use crate::desk::DeskError;
use crate::desk::authority::Doubt;
use crate::desk::authority::Known;
use crate::desk::notify;
use crate::desk::notify::Answer;
use crate::desk::receive::case::Case;
use crate::desk::route;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

impl Case<'_> {
    /// Tells an agent that his mail was only kept, unless a program would read that.
    pub(super) async fn tell_unverified(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        (author, doubt): (&User, Doubt),
        entry: FollowupId,
    ) -> Result<(), DeskError> {
        if self.no_acknowledgement().is_some() {
            return Ok(());
        }
        self.warn(tx, ticket, author, (Some(entry), doubt.advice())).await
    }

    /// Tells an agent that somebody else answers what was sent to them.
    pub(super) async fn tell_owner_of(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        token: Option<&Known>,
    ) -> Result<(), DeskError> {
        let Some(token) = token.filter(|token| token.purpose == Purpose::AgentReply) else { return Ok(()) };
        let agent = store::users::find_by_email(tx, &token.recipient).await?;
        match agent.filter(User::is_active_staff) {
            Some(agent) if self.is_answerable() => {
                self.warn(tx, ticket, &agent, (None, Sentence::new("note.advice_other_address"))).await
            }
            _ => Ok(()),
        }
    }

    /// Tells an agent that a mail in their name is kept back, if whoever wrote it has one of ours to them. Says whether
    /// it answers what they got as a customer, who is heard as any other.
    pub(super) async fn tell_forged(&self, tx: &mut Tx, agent: &User) -> Result<bool, DeskError> {
        for (token, _) in &self.keys.tokens {
            let Some(hit) = route::by_token(self.desk, tx, token).await? else { continue };
            let known = hit.token.filter(|known| agent.has_address(&known.recipient));
            match known.map(|known| known.purpose) {
                Some(Purpose::CustomerReply) => return Ok(true),
                Some(Purpose::AgentReply) if self.is_answerable() => {
                    self.warn(tx, &hit.ticket, agent, (None, Sentence::new("note.advice_forged"))).await?;
                    return Ok(false);
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// Whether a person wrote it, lately.
    fn is_answerable(&self) -> bool {
        self.verdict.no_acknowledgement.is_none() && self.silence.is_none() && !self.is_machine()
    }

    async fn warn(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        agent: &User,
        (waiting, advice): (Option<FollowupId>, Sentence),
    ) -> Result<(), DeskError> {
        let answer = Answer {
            author: agent,
            template: Name::AgentUnverified,
            origin: &self.origin,
            kept: None,
            waiting,
            note: Some(&advice),
            report: None,
        };
        notify::answer(self.desk, tx, ticket, &answer, self.now).await
    }
}
