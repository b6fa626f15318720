//! The Jutda Helpdesk API: eight methods by POST, answered in plain text.
//!
//! Checks come in the order that its callers know: help page, verb, credentials, method, arguments.

pub mod create;
pub mod help;
pub mod method;
pub mod read;
pub mod work;

use axum::extract::Request;
use axum::extract::State;
use axum::http;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::http::Server;
use crate::http::answer::Answer;
use crate::http::call;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::error::Dialect;
use crate::http::form::Kinds;
use crate::http::guard::Route;
use crate::http::jutda::method::Method;
use crate::http::jutda::work::Work;
use crate::http::once::Once;
use crate::http::write;
use crate::ticket::person::User;

/// `{mount}/api/…`, with any verb.
pub async fn call(State(server): State<Server>, request: Request) -> Response {
    let mount = &server.app.desk.config.http.jutda_mount;
    let below = request.uri().path().strip_prefix(mount.as_str()).unwrap_or_default();
    let name = below.strip_prefix("/api").unwrap_or_default().trim_matches('/').to_owned();
    let method = Method::parse(&name);
    let (route, outcome) = match (name.as_str(), method) {
        ("" | "help", _) => ("jutda/help", Ok(help::page(&server))),
        (_, Some(method)) => (method.name(), answer(&server, Some(method), request).await),
        (_, None) => ("jutda/unknown", answer(&server, None, request).await),
    };
    let mut response = match outcome {
        Ok(answer) => answer.into_response(),
        Err(error) => Dialect::Jutda.refuse(&error),
    };
    response.extensions_mut().insert(Route(route));
    response
}

async fn answer(server: &Server, method: Option<Method>, request: Request) -> Result<Answer, ApiError> {
    if request.method() != http::Method::POST {
        return Err(ApiError::Verb("POST"));
    }
    let mut call = call::receive(server, Kinds::Forms, request).await?;
    let user = authenticate(server, method, &mut call).await?;
    let method = method.ok_or_else(|| ApiError::invalid("Invalid method"))?;
    match method {
        Method::ListQueues => Ok(read::list_queues(server)),
        Method::FindUser => read::find_user(server, &call.form).await,
        _ => {
            let account = format!("user:{}", user.id);
            let once = Once::of(&mut call, (&account, method.name())).await?;
            let form = std::mem::take(&mut call.form);
            write::write(server, Work::new(method, user, form, call.size()).await, once).await
        }
    }
}

/// The agent or administrator who calls. Takes the credentials out of the arguments.
async fn authenticate(server: &Server, method: Option<Method>, call: &mut Call) -> Result<User, ApiError> {
    let mut name = call.form.take("user");
    // The document's own sample says `username`; for one method that is an argument.
    if method != Some(Method::FindUser) {
        let other = call.form.take("username");
        name = name.or(other);
    }
    let password = call.form.take("password").unwrap_or_default();
    let name = name.unwrap_or_default();
    let user = server.credentials.user(&server.app, &call.origin, &name, &password).await?;
    match authority::standing(&user, Proof::Account, Act::Change) {
        Standing::Agent => Ok(user),
        _ => Err(ApiError::Unauthorized),
    }
}
