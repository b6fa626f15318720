//! A call of the Jutda Helpdesk API as its handler gets it: by an agent or administrator whose password is right.
//!
//! Arguments are texts as they were sent: each method says itself what is wrong with them, and in which order.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoResponses;
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::authority;
use crate::desk::authority::Aim;
use crate::desk::authority::Proof;
use crate::desk::authority::Standing;
use crate::http::answer::Answer;
use crate::http::arguments;
use crate::http::arguments::Blank;
use crate::http::body::Received;
use crate::http::call;
use crate::http::current::Current;
use crate::http::error::ApiError;
use crate::http::form::Kinds;
use crate::http::jutda::error::JutdaError;
use crate::http::once::Once;
use crate::http::server::Server;
use crate::http::write;
use crate::http::write::Repeatable;
use crate::http::write::Write;

/// The arguments of one method, besides the credentials.
pub(crate) trait Arguments: DeserializeOwned + Send {
    /// The method, if an `Idempotency-Key` counts for it: one that can have an effect.
    const WRITES: Option<&'static str> = None;
    /// Under which names the caller's own name is sent.
    const USER: &'static [&'static str] = &["user", "username"];
}

/// How credentials are sent, with every method.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the OpenAPI document and the help page are made of it")]
pub(crate) struct Credentials {
    /// User name of an active agent or administrator. `username` is taken too where it is no argument.
    #[schema(max_length = 254, pattern = r"\S")]
    user: String,
    /// The password.
    #[schema(min_length = 1)]
    password: String,
}

/// What every method may be answered instead of success.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) enum Failures {
    /// An argument is missing or wrong; the text says which.
    #[response(status = 400, content_type = "text/plain")]
    Invalid(String),
    /// The credentials are wrong, or their owner may not call.
    #[response(status = 403, content_type = "text/plain")]
    Forbidden(String),
    /// The request was not POST.
    #[response(status = 405, content_type = "text/plain")]
    Verb(String),
}

/// What a method that looks for something may be answered too.
#[derive(Debug, IntoResponses)]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) enum Missing {
    /// There is no such ticket or user.
    #[response(status = 404, content_type = "text/plain")]
    Missing(String),
}

/// The word OK.
#[derive(Debug, IntoResponses)]
#[response(status = 200, content_type = "text/plain")]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) struct Fine(#[to_schema] String);

/// A number.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^[0-9]+$")]
#[expect(dead_code, reason = "the OpenAPI document is made of it")]
pub(crate) struct Id(String);

/// A call by somebody who may.
#[derive(Debug)]
pub(crate) struct Call<T> {
    pub(crate) server: Server,
    pub(crate) desk: Arc<Desk>,
    pub(crate) arguments: T,
    actor: Actor,
    once: Option<Once>,
    /// Its share of the memory for bodies, until it is answered.
    share: Received,
}

/// What a call changes, and who made it.
#[derive(Debug)]
pub(crate) struct Change<T> {
    pub(crate) actor: Actor,
    pub(crate) arguments: T,
}

impl<T: Arguments> FromRequest<Server> for Call<T> {
    type Rejection = JutdaError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, JutdaError> {
        let desk = Current::of(request.extensions(), server);
        let origin = call::origin(&desk, request.headers(), request.extensions());
        let mut call = call::receive(server, &desk, Kinds::Forms, request).await?;
        let form = &mut call.form;
        let name = T::USER.iter().map(|name| form.take(name)).fold(None, Option::or).unwrap_or_default();
        let password = form.take("password").unwrap_or_default();
        let user = server.credentials.user(&server.app, &origin, &name, &password).await?;
        if authority::standing(&user, Proof::Account, Aim::Change) != Standing::Agent {
            return Err(ApiError::Unauthorized.into());
        }
        let once = match T::WRITES {
            Some(method) => Once::of(&mut call, &format!("user:{}", user.id), method).await?,
            None => None,
        };
        let arguments = arguments::take(&mut call.form, Blank::Text)?;
        let actor = Actor::person(user, Door::Jutda);
        Ok(Self { server: server.clone(), desk, arguments, actor, once, share: call.share })
    }
}

impl<T> Call<T>
where
    Change<T>: Write,
{
    /// Does what the call says, once for each `Idempotency-Key`.
    pub(crate) async fn write(self) -> Result<Answer, JutdaError> {
        let work =
            Repeatable { work: Change { actor: self.actor, arguments: self.arguments }, once: self.once };
        Ok(write::carry_out(&self.server, self.desk, self.share.size(), work).await?)
    }
}

/// No arguments, of a method that nobody knows.
#[derive(Debug, Deserialize)]
pub(crate) struct Unknown {}

impl Arguments for Unknown {}
