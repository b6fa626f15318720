//! One request about an agreement or a ticket: who is calling, what he says, and the transaction that does it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::request::Parts;

use crate::desk::app::App;
use crate::desk::share::ShareError;
use crate::desk::share::intake;
use crate::desk::share::intake::Case;
use crate::desk::share::partner;
use crate::desk::share::readback;
use crate::desk::share::say;
use crate::http::Server;
use crate::http::client;
use crate::http::client::Peer;
use crate::http::error::ApiError;
use crate::http::sharing::LATER;
use crate::http::sharing::SOON;
use crate::http::sharing::path::Resource;
use crate::http::sharing::refusal;
use crate::sharing::answer;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::parse;
use crate::sharing::token;
use crate::sharing::token::Token;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
use crate::tasks;

/// Two requests that deadlock again and again are more than bad luck.
const MOST_ATTEMPTS: usize = 5;

/// What a request wants, with all that it says.
#[derive(Debug)]
enum Work {
    Invite { body: Box<wire::Agreement>, origin: String },
    ChangeAgreement(Box<wire::Agreement>),
    ShowAgreement,
    PostTicket(Box<wire::Ticket>),
    PutTicket(Box<wire::Ticket>),
    DeleteTicket,
    ShowTicket,
}

/// A request whose sender was recognised, or who need not be.
#[derive(Debug)]
struct Call {
    id: WireId,
    token: Option<Token>,
    work: Work,
    /// Bytes of its body.
    size: usize,
}

/// Answers a request.
pub async fn answer(
    server: &Server,
    resource: Resource,
    id: &str,
    request: Request,
) -> Result<Answer, Refusal> {
    let (parts, body) = request.into_parts();
    let admitted = admit(server, resource, id, &parts).await;
    let (token, id) = match admitted {
        Ok(admitted) => admitted,
        Err(refusal) => {
            server.budget.skip(body).await;
            return Err(refusal);
        }
    };
    let patience = server.app.desk.config.http.request_timeout;
    let patience = patience.saturating_sub(patience / 6).max(Duration::from_secs(1));
    let received = server.budget.read(&parts.headers, body, patience).await.map_err(refusal)?;
    let work = work(server, resource, (&parts, &id), &received.bytes).await?;
    run(server, Call { id, token, work, size: received.bytes.len() }).await
}

/// Judges a request by its head. A stranger learns nothing, and costs little.
async fn admit(
    server: &Server,
    resource: Resource,
    id: &str,
    parts: &Parts,
) -> Result<(Option<Token>, WireId), Refusal> {
    check_verb(resource, &parts.method)?;
    answer::check_version(text(&parts.headers, "x-ticket-sharing-version").as_deref())?;
    let token = match text(&parts.headers, token::HEADER) {
        Some(header) => Some(Token::parse(&header).ok_or(Refusal::Unauthorized)?),
        None => None,
    };
    if resource != Resource::Agreement || parts.method != Method::POST {
        recognise(&server.app, resource, (token.as_ref(), id)).await?;
    }
    Ok((token, parse::path_id(id)?))
}

fn check_verb(resource: Resource, verb: &Method) -> Result<(), Refusal> {
    match (resource, verb.as_str()) {
        (_, "GET" | "POST" | "PUT") | (Resource::Ticket, "DELETE") => Ok(()),
        (Resource::Agreement, _) => Err(Refusal::WrongVerb("GET, POST, PUT")),
        (Resource::Ticket, _) => Err(Refusal::WrongVerb("GET, POST, PUT, DELETE")),
    }
}

/// Whether the caller has the secret of an agreement, and of the one that he asks about.
async fn recognise(
    app: &App,
    resource: Resource,
    (token, id): (Option<&Token>, &str),
) -> Result<(), Refusal> {
    let recognised = async {
        let mut tx = app.db.read().await?;
        let agreement = partner::authorise(&mut tx, token).await?;
        tx.commit().await?;
        if resource == Resource::Agreement && agreement.uuid.as_str() != id {
            return Err(ShareError::Refused(Refusal::Unauthorized));
        }
        Ok(())
    };
    recognised.await.map_err(|error| match failure(error) {
        Failure::Refused(refusal) => refusal,
        Failure::Conflict => Refusal::Busy(SOON),
    })
}

async fn work(
    server: &Server,
    resource: Resource,
    (parts, id): (&Parts, &WireId),
    bytes: &[u8],
) -> Result<Work, Refusal> {
    match (resource, parts.method.as_str()) {
        (Resource::Agreement, "POST") => {
            Ok(Work::Invite { body: agreement(bytes, id).await?, origin: origin(server, parts) })
        }
        (Resource::Agreement, "PUT") => Ok(Work::ChangeAgreement(agreement(bytes, id).await?)),
        (Resource::Agreement, _) => Ok(Work::ShowAgreement),
        (Resource::Ticket, "POST") => Ok(Work::PostTicket(ticket(bytes, id).await?)),
        (Resource::Ticket, "PUT") => Ok(Work::PutTicket(ticket(bytes, id).await?)),
        (Resource::Ticket, "DELETE") => Ok(Work::DeleteTicket),
        (Resource::Ticket, _) => Ok(Work::ShowTicket),
    }
}

/// The ticket in a body, with its HTML sanitised.
async fn ticket(bytes: &[u8], id: &WireId) -> Result<Box<wire::Ticket>, Refusal> {
    read(bytes, id, |bytes, id| {
        let mut ticket = parse::ticket(bytes, id)?;
        say::prepare(&mut ticket);
        Ok(Box::new(ticket))
    })
    .await
}

async fn agreement(bytes: &[u8], id: &WireId) -> Result<Box<wire::Agreement>, Refusal> {
    read(bytes, id, |bytes, id| parse::agreement(bytes, id).map(Box::new)).await
}

/// Reads a body; a large one aside, because it takes a while.
async fn read<T: Send + 'static>(
    bytes: &[u8],
    id: &WireId,
    parse: fn(&[u8], &WireId) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    if bytes.len() <= tasks::LARGE {
        return parse(bytes, id);
    }
    let (bytes, id) = (bytes.to_vec(), id.clone());
    tasks::aside(move || parse(&bytes, &id)).await.unwrap_or(Err(Refusal::Busy(LATER)))
}

fn origin(server: &Server, parts: &Parts) -> String {
    let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
    let trusted = &server.app.desk.config.http.trusted_proxies;
    client::origin(client::address(peer, &parts.headers, trusted))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Does it, in a task of its own: a client that hangs up does not end what was begun.
async fn run(server: &Server, call: Call) -> Result<Answer, Refusal> {
    let place = server.gate.pass().await;
    let (app, call) = (server.app.clone(), Arc::new(call));
    let work = tasks::carry(call.size, async move {
        let _place = place;
        for _ in 1..=MOST_ATTEMPTS {
            match attempt(&app, &call).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Refused(refusal)) => return Err(refusal),
                Err(Failure::Conflict) => {}
            }
        }
        Err(Refusal::Busy(SOON))
    });
    server.app.tasks.spawn(work).await.flatten().unwrap_or_else(|_| {
        tracing::error!("a partner's request panicked");
        Err(Refusal::Busy(LATER))
    })
}

async fn attempt(app: &App, call: &Call) -> Result<Answer, Failure> {
    let mut tx = app.db.write().await.map_err(|error| failure(error.into()))?;
    match inside(app, &mut tx, call).await {
        Ok(answer) => {
            tx.commit().await.map_err(|error| failure(error.into()))?;
            app.wake.delivery();
            Ok(answer)
        }
        Err(error) => {
            // A connection that cannot roll back is closed, which does the same.
            let _ = tx.rollback().await;
            Err(failure(error))
        }
    }
}

async fn inside(app: &App, tx: &mut Tx, call: &Call) -> Result<Answer, ShareError> {
    let (desk, now, token) = (&*app.desk, app.now(), call.token.as_ref());
    if let Work::Invite { body, origin } = &call.work {
        return partner::invite(desk, tx, (&call.id, body), (token, origin), now).await;
    }
    // Once more, inside the transaction: it may have ended meanwhile.
    let agreement: Agreement = partner::authorise(tx, token).await?;
    let case = Case { desk, agreement: &agreement, now };
    match &call.work {
        Work::Invite { .. } => Err(Refusal::Unauthorized.into()),
        Work::ChangeAgreement(body) => partner::change(desk, tx, &call.id, body, now).await,
        Work::ShowAgreement => Ok(partner::show(&agreement)),
        Work::PostTicket(ticket) => intake::post(&case, tx, (&call.id, (**ticket).clone())).await,
        Work::PutTicket(ticket) => intake::put(&case, tx, (&call.id, (**ticket).clone())).await,
        Work::DeleteTicket => intake::delete(&case, tx, &call.id).await,
        Work::ShowTicket => readback::show(&case, tx, &call.id).await,
    }
}

/// Why an attempt did not succeed.
enum Failure {
    Refused(Refusal),
    /// Two transactions were in each other's way.
    Conflict,
}

fn failure(error: ShareError) -> Failure {
    match error {
        ShareError::Refused(refusal) => Failure::Refused(refusal),
        ShareError::Desk(error) => match ApiError::from(error) {
            ApiError::Conflict => Failure::Conflict,
            // What the desk refuses here is its own trouble, such as a queue that is gone.
            ApiError::Invalid(why) => {
                tracing::error!("a partner's request cannot be done: {why}");
                Failure::Refused(Refusal::Busy(LATER))
            }
            other => Failure::Refused(refusal(other)),
        },
    }
}
