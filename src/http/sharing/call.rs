//! What partners ask about agreements and tickets, each in one transaction.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::share::Case;
use crate::desk::share::intake;
use crate::desk::share::partner;
use crate::desk::share::readback;
use crate::desk::share::say;
use crate::http::sharing::error::SharingError;
use crate::http::sharing::visit::Visit;
use crate::http::sharing::visit::Whom;
use crate::http::sharing::visit::Wish;
use crate::http::write::Write;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::parse;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store::db::Tx;

/// What a handler answers.
type Outcome = Result<Answer, SharingError>;

#[derive(Debug)]
pub(crate) struct Invite(wire::Agreement);

#[derive(Debug)]
pub(crate) struct ChangeAgreement(wire::Agreement);

#[derive(Debug)]
pub(crate) struct ShowAgreement;

#[derive(Debug)]
pub(crate) struct PostTicket(wire::Ticket);

#[derive(Debug)]
pub(crate) struct PutTicket(wire::Ticket);

#[derive(Debug)]
pub(crate) struct DeleteTicket;

#[derive(Debug)]
pub(crate) struct ShowTicket;

/// Any of these: what differs is what is read and what is done, which the types say.
pub(crate) async fn answer<W: Wish>(visit: Visit<W>) -> Outcome
where
    Visit<W>: Write<Answer, SharingError>,
{
    visit.grant().await
}

impl Wish for Invite {
    const WHOM: Whom = Whom::Anybody;

    fn read(body: &[u8], id: &WireId) -> Result<Self, Refusal> {
        parse::agreement(body, id).map(Self)
    }
}

impl Wish for ChangeAgreement {
    const WHOM: Whom = Whom::PartyTo;

    fn read(body: &[u8], id: &WireId) -> Result<Self, Refusal> {
        parse::agreement(body, id).map(Self)
    }
}

impl Wish for ShowAgreement {
    const WHOM: Whom = Whom::PartyTo;

    fn read(_body: &[u8], _id: &WireId) -> Result<Self, Refusal> {
        Ok(Self)
    }
}

impl Wish for PostTicket {
    fn read(body: &[u8], id: &WireId) -> Result<Self, Refusal> {
        ticket(body, id).map(Self)
    }
}

impl Wish for PutTicket {
    fn read(body: &[u8], id: &WireId) -> Result<Self, Refusal> {
        ticket(body, id).map(Self)
    }
}

impl Wish for DeleteTicket {
    fn read(_body: &[u8], _id: &WireId) -> Result<Self, Refusal> {
        Ok(Self)
    }
}

impl Wish for ShowTicket {
    fn read(_body: &[u8], _id: &WireId) -> Result<Self, Refusal> {
        Ok(Self)
    }
}

/// The ticket in a body, with its HTML sanitised.
fn ticket(body: &[u8], id: &WireId) -> Result<wire::Ticket, Refusal> {
    let mut ticket = parse::ticket(body, id)?;
    say::prepare(&mut ticket);
    Ok(ticket)
}

impl Write<Answer, SharingError> for Visit<Invite> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        let sender = (self.token.as_ref(), self.origin.as_str());
        Ok(partner::invite(desk, tx, (&self.id, &self.wish.0), sender, now).await?)
    }
}

impl Write<Answer, SharingError> for Visit<ChangeAgreement> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        self.agreement(tx).await?;
        Ok(partner::change(desk, tx, &self.id, &self.wish.0, now).await?)
    }
}

impl Write<Answer, SharingError> for Visit<ShowAgreement> {
    async fn run(&self, _desk: &Desk, tx: &mut Tx, _now: Timestamp) -> Outcome {
        Ok(partner::show(&self.agreement(tx).await?))
    }
}

impl Write<Answer, SharingError> for Visit<PostTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        let case = Case { desk, agreement: &self.agreement(tx).await?, now };
        Ok(intake::post(&case, tx, (&self.id, self.wish.0.clone())).await?)
    }
}

impl Write<Answer, SharingError> for Visit<PutTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        let case = Case { desk, agreement: &self.agreement(tx).await?, now };
        Ok(intake::put(&case, tx, (&self.id, self.wish.0.clone())).await?)
    }
}

impl Write<Answer, SharingError> for Visit<DeleteTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        let case = Case { desk, agreement: &self.agreement(tx).await?, now };
        Ok(intake::delete(&case, tx, &self.id).await?)
    }
}

impl Write<Answer, SharingError> for Visit<ShowTicket> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        let case = Case { desk, agreement: &self.agreement(tx).await?, now };
        Ok(readback::show(&case, tx, &self.id).await?)
    }
}
