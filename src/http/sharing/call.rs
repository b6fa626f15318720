//! What partners ask about agreements and tickets, each in one transaction.

use axum::extract::Request;
use axum::extract::State;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::share::intake;
use crate::desk::share::intake::Case;
use crate::desk::share::partner;
use crate::desk::share::readback;
use crate::http::server::Server;
use crate::http::sharing::error::SharingError;
use crate::http::sharing::visit::Visit;
use crate::http::sharing::visit::Whom;
use crate::http::write;
use crate::http::write::Write;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::wire;
use crate::store::db::Tx;

/// What a request wants, with all that it says.
#[derive(Debug)]
enum Wish {
    Invite(Box<wire::Agreement>),
    ChangeAgreement(Box<wire::Agreement>),
    ShowAgreement,
    PostTicket(Box<wire::Ticket>),
    PutTicket(Box<wire::Ticket>),
    DeleteTicket,
    ShowTicket,
}

/// A wish, and whose it is.
#[derive(Debug)]
struct Work {
    visit: Visit,
    wish: Wish,
}

/// What a handler answers.
type Outcome = Result<Answer, SharingError>;

/// `POST /agreements/<id>`
pub(crate) async fn invite(State(server): State<Server>, request: Request) -> Outcome {
    let mut visit = Visit::admit(&server, request, Whom::Anybody).await?;
    let wish = Wish::Invite(Box::new(visit.agreement().await?));
    grant(&server, visit, wish).await
}

/// `PUT /agreements/<id>`
pub(crate) async fn change_agreement(State(server): State<Server>, request: Request) -> Outcome {
    let mut visit = Visit::admit(&server, request, Whom::PartyTo).await?;
    let wish = Wish::ChangeAgreement(Box::new(visit.agreement().await?));
    grant(&server, visit, wish).await
}

/// `GET /agreements/<id>`
pub(crate) async fn show_agreement(State(server): State<Server>, request: Request) -> Outcome {
    let visit = Visit::admit(&server, request, Whom::PartyTo).await?;
    grant(&server, visit, Wish::ShowAgreement).await
}

/// `POST /tickets/<id>`
pub(crate) async fn post_ticket(State(server): State<Server>, request: Request) -> Outcome {
    let mut visit = Visit::admit(&server, request, Whom::Partner).await?;
    let wish = Wish::PostTicket(Box::new(visit.ticket().await?));
    grant(&server, visit, wish).await
}

/// `PUT /tickets/<id>`
pub(crate) async fn put_ticket(State(server): State<Server>, request: Request) -> Outcome {
    let mut visit = Visit::admit(&server, request, Whom::Partner).await?;
    let wish = Wish::PutTicket(Box::new(visit.ticket().await?));
    grant(&server, visit, wish).await
}

/// `DELETE /tickets/<id>`
pub(crate) async fn delete_ticket(State(server): State<Server>, request: Request) -> Outcome {
    let visit = Visit::admit(&server, request, Whom::Partner).await?;
    grant(&server, visit, Wish::DeleteTicket).await
}

/// `GET /tickets/<id>`
pub(crate) async fn show_ticket(State(server): State<Server>, request: Request) -> Outcome {
    let visit = Visit::admit(&server, request, Whom::Partner).await?;
    grant(&server, visit, Wish::ShowTicket).await
}

async fn grant(server: &Server, visit: Visit, wish: Wish) -> Outcome {
    let (desk, size) = (visit.desk.clone(), visit.size());
    write::carry_out(server, desk, size, Work { visit, wish }).await
}

impl Write<Answer, SharingError> for Work {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Outcome {
        let Visit { id, token, origin, .. } = &self.visit;
        let token = token.as_ref();
        if let Wish::Invite(body) = &self.wish {
            return Ok(partner::invite(desk, tx, (id, body), (token, origin), now).await?);
        }
        // Once more, inside the transaction: it may have ended meanwhile.
        let agreement = partner::authorise(tx, token).await?;
        let case = Case { desk, agreement: &agreement, now };
        Ok(match &self.wish {
            Wish::Invite(_) => return Err(Refusal::Unauthorized.into()),
            Wish::ChangeAgreement(body) => partner::change(desk, tx, id, body, now).await?,
            Wish::ShowAgreement => partner::show(&agreement),
            Wish::PostTicket(ticket) => intake::post(&case, tx, (id, (**ticket).clone())).await?,
            Wish::PutTicket(ticket) => intake::put(&case, tx, (id, (**ticket).clone())).await?,
            Wish::DeleteTicket => intake::delete(&case, tx, id).await?,
            Wish::ShowTicket => readback::show(&case, tx, id).await?,
        })
    }
}
