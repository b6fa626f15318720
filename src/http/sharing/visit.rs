//! A request of a partner as its handler gets it: judged by its head, then read whole.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::desk::Desk;
use crate::desk::app::App;
use crate::desk::share::partner;
use crate::http::body::Received;
use crate::http::call;
use crate::http::current::Current;
use crate::http::error::ApiError;
use crate::http::server::Server;
use crate::http::sharing::error::SharingError;
use crate::http::write;
use crate::http::write::Write;
use crate::sharing::answer;
use crate::sharing::answer::Answer;
use crate::sharing::answer::Refusal;
use crate::sharing::parse;
use crate::sharing::token;
use crate::sharing::token::Token;
use crate::sharing::token::WireId;
use crate::store::agreements::Agreement;
use crate::store::db::Tx;
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

/// What one kind of request wants, with all that it says.
pub(crate) trait Wish: Sized + Send + 'static {
    const WHOM: Whom = Whom::Partner;

    /// Reads it out of a body. May take a while.
    fn read(body: &[u8], id: &WireId) -> Result<Self, Refusal>;
}

/// A request whose sender was recognised, or who need not be.
#[derive(Debug)]
pub(crate) struct Visit<W> {
    pub(crate) id: WireId,
    pub(crate) token: Option<Token>,
    /// What its sender's address is counted as.
    pub(crate) origin: String,
    pub(crate) wish: W,
    server: Server,
    desk: Arc<Desk>,
    /// Its share of the memory for bodies, until it is answered.
    share: Received,
}

impl<W: Wish> FromRequest<Server> for Visit<W> {
    type Rejection = SharingError;

    /// A stranger learns nothing, and costs little.
    async fn from_request(request: Request, server: &Server) -> Result<Self, SharingError> {
        let desk = Current::of(request.extensions(), server);
        let (parts, body) = request.into_parts();
        let (token, id) = match recognise(&server.app, &parts, W::WHOM).await {
            Ok(recognised) => recognised,
            Err(error) => {
                server.budget.skip(body).await;
                return Err(error);
            }
        };
        let origin = call::origin(&desk, &parts.headers, &parts.extensions);
        let mut share = server.budget.read(&parts.headers, body, call::patience(&desk)).await?;
        let wish = read(share.take(), id.clone()).await?;
        Ok(Self { id, token, origin, wish, server: server.clone(), desk, share })
    }
}

impl<W> Visit<W> {
    /// The agreement whose secret the sender has; looked up once more inside the transaction, because it may have
    /// ended meanwhile.
    pub(crate) async fn agreement(&self, tx: &mut Tx) -> Result<Agreement, SharingError> {
        Ok(partner::authorise(tx, self.token.as_ref()).await?)
    }
}

impl<W> Visit<W>
where
    Self: Write<Answer, SharingError>,
{
    /// Does what the request wants.
    pub(crate) async fn grant(self) -> Result<Answer, SharingError> {
        let (server, desk, size) = (self.server.clone(), Arc::clone(&self.desk), self.share.size());
        write::carry_out(&server, desk, size, self).await
    }
}

/// Reads a body; a large one aside, because it takes a while.
async fn read<W: Wish>(body: Vec<u8>, id: WireId) -> Result<W, SharingError> {
    if body.len() <= tasks::LARGE {
        return Ok(W::read(&body, &id)?);
    }
    let read = tasks::aside(move || W::read(&body, &id)).await;
    Ok(read.map_err(|_| ApiError::Internal)??)
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
