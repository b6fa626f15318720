//! Calls as handlers take them: to look, or to change something in one transaction and a task of its own.

use std::future::Future;
use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::FromRequestParts;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Digest;
use sha2::Sha256;
use url::form_urlencoded;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::actor::Actor;
use crate::http::answer::Answer;
use crate::http::call;
use crate::http::current::Current;
use crate::http::desk_api::caller::Caller;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::read;
use crate::http::desk_api::reply;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::reply::WouldSend;
use crate::http::error::ApiError;
use crate::http::once::Once;
use crate::http::server::Server;
use crate::http::write;
use crate::http::write::Write;
use crate::mail::compose::Draft;
use crate::store;
use crate::store::db::Tx;

/// What every change may be asked with, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) struct DryRun {
    /// Tell the outcome and the mails that it would cause, and change nothing; `Prefer: dry-run` asks for the same.
    #[param(required = false)]
    dry_run: bool,
}

/// The header of a change that is to be of one state only, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) struct IfMatch {
    /// The `ETag` that the resource must still have.
    #[param(rename = "If-Match", required = false)]
    tag: String,
}

/// A body without fields.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Nothing {}

/// A call that changes nothing.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) server: Server,
    pub(crate) desk: Arc<Desk>,
    pub(crate) caller: Caller,
}

impl FromRequestParts<Server> for Look {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let desk = Current::of(&parts.extensions, server);
        let caller = Caller::from_request_parts(parts, server).await?;
        Ok(Self { server: server.clone(), desk, caller })
    }
}

impl Look {
    /// One state of the desk.
    pub(crate) async fn read(&self) -> Result<Tx, Problem> {
        Ok(self.server.app.db.read().await?)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.server.app.now()
    }
}

/// A call that changes something, with its body.
#[derive(Debug)]
pub(crate) struct Call<T> {
    pub(crate) look: Look,
    pub(crate) body: T,
    once: Option<Once>,
    if_match: Option<String>,
    is_dry: bool,
    size: usize,
}

impl<T: DeserializeOwned + Send + 'static> FromRequest<Server> for Call<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let look = Look::from_request_parts(&mut parts, server).await?;
        let patience = call::patience(&look.desk);
        let mut share = server.budget.read(&parts.headers, body, patience).await?;
        read::refuse_unknown(&parts.uri, &["dry_run".to_owned()])?;
        let is_dry = is_dry(&parts)?;
        let size = share.size();
        let (body, bytes) = read::json(&parts.headers, share.take()).await?;
        let once = match parts.method {
            Method::POST if !is_dry => once(&parts, &look.caller, &bytes)?,
            _ => None,
        };
        let if_match = one(&parts.headers, header::IF_MATCH.as_str())?;
        Ok(Self { look, body, once, if_match, is_dry, size })
    }
}

impl<T> Call<T> {
    /// Whether it is only to be tried.
    pub(crate) fn is_dry(&self) -> bool {
        self.is_dry
    }

    /// Does it, or tries it and takes it back.
    pub(crate) async fn change(self, change: impl Change) -> Result<Reply, Problem> {
        let Look { server, desk, caller } = self.look;
        let (actor, once, if_match) = (caller.actor, self.once, self.if_match);
        let doing = Doing { actor, once, if_match, is_dry: self.is_dry, change };
        match write::carry_out(&server, desk, self.size, doing).await {
            Err(Problem::Tried(outcome)) => Ok(*outcome),
            done => done,
        }
    }
}

/// What a call does inside its transaction, perhaps more than once: an error leaves nothing behind.
pub(crate) trait Change: Send + Sync + 'static {
    fn run(&self, on: &mut Work<'_>) -> impl Future<Output = Result<Reply, Problem>> + Send;
}

/// What a change works with.
#[derive(Debug)]
pub(crate) struct Work<'w> {
    pub(crate) desk: &'w Desk,
    pub(crate) tx: &'w mut Tx,
    pub(crate) actor: &'w Actor,
    if_match: Option<&'w str>,
    pub(crate) now: Timestamp,
}

impl Work<'_> {
    /// Whether a resource is to be looked at before it is changed.
    pub(crate) fn is_conditional(&self) -> bool {
        self.if_match.is_some()
    }

    /// Refuses a change of what is not any more as its caller knows it.
    pub(crate) fn require_match(&self, resource: &impl Serialize) -> Result<(), Problem> {
        let Some(wanted) = self.if_match else { return Ok(()) };
        let present = reply::tag_of(resource);
        let is_it = |tag: &str| tag.trim() == "*" || tag.trim() == present;
        if wanted.split(',').any(is_it) {
            return Ok(());
        }
        let problem = Problem::told(
            StatusCode::PRECONDITION_FAILED,
            format!("it was changed meanwhile; its ETag is {present}"),
        );
        Err(match present.parse() {
            Ok(value) => problem.with_header(header::ETAG, value),
            Err(_) => problem,
        })
    }
}

/// A change that is under way.
#[derive(Debug)]
struct Doing<C> {
    actor: Actor,
    once: Option<Once>,
    if_match: Option<String>,
    is_dry: bool,
    change: C,
}

impl<C: Change> Write<Reply, Problem> for Doing<C> {
    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Reply, Problem> {
        if self.is_dry {
            let before = store::outbox::last(tx).await?;
            let reply = self.work(desk, tx, now).await?;
            let mails = store::outbox::list_written(tx, before, now).await?;
            let would_send: Vec<WouldSend> = mails.into_iter().map(would_send).collect();
            return Err(Problem::Tried(Box::new(reply.tried(&would_send))));
        }
        let Some(once) = &self.once else { return self.work(desk, tx, now).await };
        if let Some(first) = once.begin(tx, now).await? {
            return Reply::read_back(&first.body).ok_or(Problem::Api(ApiError::Internal));
        }
        let reply = self.work(desk, tx, now).await?;
        once.finish(tx, &Answer::of(crate::http::answer::JSON, reply.kept())).await?;
        Ok(reply)
    }
}

impl<C: Change> Doing<C> {
    async fn work(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Reply, Problem> {
        let if_match = self.if_match.as_deref();
        let mut on = Work { desk, tx, actor: &self.actor, if_match, now };
        // On the heap: some of them are large.
        Box::pin(self.change.run(&mut on)).await
    }
}

fn would_send(row: store::outbox::Outgoing) -> WouldSend {
    let subject = Draft::thaw(&row.content).map(|draft| draft.subject).unwrap_or_default();
    WouldSend { to: row.recipient, template: row.template, subject }
}

fn once(parts: &Parts, caller: &Caller, bytes: &[u8]) -> Result<Option<Once>, Problem> {
    let path = format!("{} {}", parts.method, parts.uri.path());
    let account = format!("token:{}", caller.token);
    Ok(Once::named(&parts.headers, &account, &path, || Sha256::digest(bytes).into())?)
}

/// Whether the call is only to be tried.
fn is_dry(parts: &Parts) -> Result<bool, Problem> {
    let preferred = one(&parts.headers, "prefer")?;
    if preferred.is_some_and(|wishes| wishes.split(',').any(|wish| wish.trim() == "dry-run")) {
        return Ok(true);
    }
    let mut given = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    match given.find(|(name, _)| name == "dry_run").map(|(_, value)| value) {
        None => Ok(false),
        Some(value) if value == "true" => Ok(true),
        Some(value) if value == "false" => Ok(false),
        Some(_) => Err(Problem::field("dry_run", "must be true or false")),
    }
}

/// All values of a header in one text.
fn one(headers: &HeaderMap, name: &str) -> Result<Option<String>, Problem> {
    let mut values = Vec::new();
    for value in headers.get_all(name) {
        let unreadable =
            |_| Problem::told(StatusCode::BAD_REQUEST, format!("the header {name} cannot be read"));
        values.push(value.to_str().map_err(unreadable)?);
    }
    Ok((!values.is_empty()).then(|| values.join(",")))
}
