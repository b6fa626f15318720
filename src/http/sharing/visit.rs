//! A request of a partner as its handler gets it: judged by its head, then read whole.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::desk::Desk;
use crate::desk::app::App;
use crate::desk::share::partner;
use crate::desk::share::say;
use crate::http::body::Received;
use crate::http::call;
use crate::http::error::ApiError;
use crate::http::server::Server;
use crate::http::sharing::error::SharingError;
use crate::sharing::answer;
use crate::sharing::answer::Refusal;
use crate::sharing::parse;
use crate::sharing::token;
use crate::sharing::token::Token;
use crate::sharing::token::WireId;
use crate::sharing::wire;
use crate::tasks;

/// Who may make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// An invitation comes from somebody whom we do not know yet.
    Anybody,
    /// Whoever has the secret of an agreement.
    Partner,
    /// Whoever has that of the one that is asked about.
    PartyTo,
}

/// A request whose sender was recognised, or who need not be.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) desk: Arc<Desk>,
    pub(crate) id: WireId,
    pub(crate) token: Option<Token>,
    /// What its sender's address is counted as.
    pub(crate) origin: String,
    /// The body, with its share of the memory for bodies.
    received: Received,
}

impl Visit {
    /// A stranger learns nothing, and costs little.
    pub(crate) async fn admit(server: &Server, request: Request, whom: Whom) -> Result<Self, SharingError> {
        let desk = server.app.desk();
        let (parts, body) = request.into_parts();
        let (token, id) = match recognise(&server.app, &parts, whom).await {
            Ok(recognised) => recognised,
            Err(error) => {
                server.budget.skip(body).await;
                return Err(error);
            }
        };
        let origin = call::origin(&desk, &parts.headers, &parts.extensions);
        let received = server.budget.read(&parts.headers, body, call::patience(&desk)).await?;
        Ok(Self { desk, id, token, origin, received })
    }

    /// Bytes of its body.
    pub(crate) fn size(&self) -> usize {
        self.received.size()
    }

    /// The agreement in the body.
    pub(crate) async fn agreement(&mut self) -> Result<wire::Agreement, SharingError> {
        self.read(parse::agreement).await
    }

    /// The ticket in the body, with its HTML sanitised.
    pub(crate) async fn ticket(&mut self) -> Result<wire::Ticket, SharingError> {
        self.read(|bytes, id| {
            let mut ticket = parse::ticket(bytes, id)?;
            say::prepare(&mut ticket);
            Ok(ticket)
        })
        .await
    }

    /// Reads the body; a large one aside, because it takes a while.
    async fn read<T: Send + 'static>(
        &mut self,
        parse: fn(&[u8], &WireId) -> Result<T, Refusal>,
    ) -> Result<T, SharingError> {
        let (bytes, id) = (self.received.take(), self.id.clone());
        if bytes.len() <= tasks::LARGE {
            return Ok(parse(&bytes, &id)?);
        }
        let read = tasks::aside(move || parse(&bytes, &id)).await;
        Ok(read.map_err(|_| ApiError::Internal)??)
    }
}

async fn recognise(app: &App, parts: &Parts, whom: Whom) -> Result<(Option<Token>, WireId), SharingError> {
    answer::check_version(text(&parts.headers, "x-ticket-sharing-version").as_deref())?;
    let token = match text(&parts.headers, token::HEADER) {
        Some(header) => Some(Token::parse(&header).ok_or(Refusal::Unauthorized)?),
        None => None,
    };
    let id = parts.uri.path().rsplit('/').next().unwrap_or_default();
    if whom != Whom::Anybody {
        let mut tx = app.db.read().await.map_err(ApiError::from)?;
        let agreement = partner::authorise(&mut tx, token.as_ref()).await?;
        tx.commit().await.map_err(ApiError::from)?;
        if whom == Whom::PartyTo && agreement.uuid.as_str() != id {
            return Err(Refusal::Unauthorized.into());
        }
    }
    Ok((token, parse::path_id(id)?))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
