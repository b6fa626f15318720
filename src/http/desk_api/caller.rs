//! Who calls the Desk API: proved by a bearer token, not too often, and only for what the token has a scope for.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::MatchedPath;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::desk::Desk;
use crate::desk::actor::Actor;
use crate::http::call;
use crate::http::current::Current;
use crate::http::desk_api::problem::Problem;
use crate::http::error::ApiError;
use crate::http::server::Server;
use crate::store;
use crate::store::api_tokens::ApiToken;
use crate::ticket::id::TokenId;
use crate::ticket::person::User;
use crate::ticket::scope::Scope;
use crate::ticket::scope::Scopes;

/// That a token was used is written down this often.
const NOTED: Duration = Duration::from_mins(1);

/// What stands in front of the operations.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) server: Server,
    /// The scope that an operation needs; none for what is no operation.
    pub(crate) scope: fn(&Method, &str) -> Option<Scope>,
}

/// Whoever calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) token: TokenId,
    scopes: Scopes,
    pub(crate) actor: Actor,
}

impl Caller {
    pub(crate) fn has(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }
}

impl FromRequestParts<Server> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::Api(ApiError::Unauthorized))
    }
}

/// Stands in front of every operation.
pub(crate) async fn admit(
    State(Door { server, scope }): State<Door>,
    request: Request,
    next: Next,
) -> Result<Response, Infallible> {
    // Nothing of a body may be held while something else is waited for.
    let (mut parts, body) = request.into_parts();
    let desk = Current::of(&parts.extensions, &server);
    let token = match prove(&server, &desk, &parts).await {
        Ok(token) => token,
        Err(problem) => return Ok(refused(&server, body, problem).await),
    };
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    let needed = scope(&parts.method, path);
    let rate = server.rates.take(token.id, desk.config.http.requests_per_minute, server.app.now());
    let mut response = match rate.wait {
        Some(seconds) => {
            let problem = Problem::told(StatusCode::TOO_MANY_REQUESTS, "too many requests with this token");
            let problem = problem.with_header(header::RETRY_AFTER, HeaderValue::from(seconds));
            refused(&server, body, problem).await
        }
        None => match caller(&server, needed, token).await {
            Ok(caller) => {
                parts.extensions.insert(caller);
                next.run(Request::from_parts(parts, body)).await
            }
            Err(problem) => refused(&server, body, problem).await,
        },
    };
    rate.tell(response.headers_mut());
    Ok(response)
}

/// A client reads its answer only once it has sent everything.
async fn refused(server: &Server, body: Body, problem: Problem) -> Response {
    server.budget.skip(body).await;
    problem.into_response()
}

async fn prove(server: &Server, desk: &Desk, parts: &Parts) -> Result<ApiToken, Problem> {
    let origin = call::origin(desk, &parts.headers, &parts.extensions);
    let bearer = bearer(&parts.headers).ok_or(ApiError::Unauthorized)?;
    Ok(server.credentials.bearer(&server.app, &origin, bearer).await?)
}

/// Asks for the scope, and then who acts.
async fn caller(server: &Server, needed: Option<Scope>, token: ApiToken) -> Result<Caller, Problem> {
    let scopes = token.scopes.unwrap_or_default();
    if let Some(scope) = needed
        && !scopes.has(scope)
    {
        return Err(Problem::told(StatusCode::FORBIDDEN, format!("the token lacks the scope `{scope}`")));
    }
    let now = server.app.now();
    let mut user = None;
    if let Some(id) = token.user_id {
        let mut tx = server.app.db.look().await?;
        let found = store::users::find(&mut tx, id).await?.filter(User::is_active_staff);
        user = Some(found.ok_or(ApiError::Unauthorized)?);
    }
    if token.used_at.is_none_or(|at| at < now.minus(NOTED)) {
        let mut tx = server.app.db.write().await?;
        store::api_tokens::set_used(&mut tx, token.id, now).await?;
        tx.commit().await?;
    }
    Ok(Caller { token: token.id, scopes, actor: Actor::caller(token.id, user) })
}

/// The token of the `Authorization` header (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
