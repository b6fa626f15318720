//! A call of the Jaze Tickets API as its handler gets it: path and verb are right, so are token and key, and the
//! arguments are right by themselves.

use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::OriginalUri;
use axum::extract::Request;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::desk::Desk;
use crate::http::answer::Answer;
use crate::http::arguments;
use crate::http::arguments::Blank;
use crate::http::body::Received;
use crate::http::call;
use crate::http::current::Current;
use crate::http::error::ApiError;
use crate::http::form;
use crate::http::form::Form;
use crate::http::form::Kinds;
use crate::http::jaze::error::JazeError;
use crate::http::once::Once;
use crate::http::server::Server;
use crate::http::write;
use crate::http::write::Repeatable;
use crate::http::write::Write;
use crate::ticket::id::TokenId;

/// The arguments of one call, and where they stand.
pub(crate) trait Arguments: Sized + Send {
    const NAME: &'static str;
    /// As the `Allow` header has them.
    const VERBS: &'static str = "POST";
    /// Those that are steps of the path, in order; they count more than others of the same name.
    const STEPS: &'static [&'static str] = &[];
    const ELSEWHERE: Elsewhere = Elsewhere::Body;
    const EFFECT: Effect = Effect::Writes;

    /// Takes them out of a form. What is missing or wrong is named.
    fn take(form: &mut Form) -> Result<Self, ApiError>;
}

/// Where arguments that are not in the path may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    Nowhere,
    Body,
    BodyAndQuery,
}

/// Whether a call can have an effect, which an `Idempotency-Key` is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    Writes,
}

/// A call by somebody with a valid token.
#[derive(Debug)]
pub(crate) struct Call<T> {
    pub(crate) server: Server,
    pub(crate) desk: Arc<Desk>,
    pub(crate) arguments: T,
    token: TokenId,
    once: Option<Once>,
    /// Its share of the memory for bodies, until it is answered.
    share: Received,
}

/// What a call changes, with the token that it came with.
#[derive(Debug)]
pub(crate) struct Change<T> {
    pub(crate) token: TokenId,
    pub(crate) arguments: T,
}

impl<T: Arguments> FromRequest<Server> for Call<T> {
    type Rejection = JazeError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, JazeError> {
        let path = request.extensions().get::<OriginalUri>().map(|uri| uri.path().to_owned());
        let steps = steps::<T>(&path.unwrap_or_default())?;
        let desk = Current::of(request.extensions(), server);
        let origin = call::origin(&desk, request.headers(), request.extensions());
        let token = match server.credentials.token(&server.app, &origin, request.headers()).await {
            Ok(token) => token,
            Err(error) => {
                call::discard(server, &desk, request).await;
                return Err(error.into());
            }
        };
        let query = Form::from_query(request.uri().query().unwrap_or_default());
        let mut call = call::receive(server, &desk, Kinds::FormsAndJson, request).await?;
        let once = match T::EFFECT {
            Effect::Reads => None,
            Effect::Writes => Once::of(&mut call, &format!("token:{token}"), &name::<T>(&steps)).await?,
        };
        let mut form = match T::ELSEWHERE {
            Elsewhere::Nowhere => steps,
            Elsewhere::Body => steps.or(call.form),
            Elsewhere::BodyAndQuery => steps.or(call.form).or(query?),
        };
        let arguments = T::take(&mut form)?;
        Ok(Self { server: server.clone(), desk, arguments, token, once, share: call.share })
    }
}

impl<T> Call<T>
where
    Change<T>: Write,
{
    /// Does what the call says, once for each `Idempotency-Key`.
    pub(crate) async fn write(self) -> Result<Answer, JazeError> {
        let work =
            Repeatable { work: Change { token: self.token, arguments: self.arguments }, once: self.once };
        Ok(write::carry_out(&self.server, self.desk, self.share.size(), work).await?)
    }
}

/// Takes arguments that are the fields of a struct.
pub(crate) fn fields<T: DeserializeOwned>(form: &mut Form) -> Result<T, ApiError> {
    arguments::take(form, Blank::Missing)
}

/// Answers a verb that a call does not know; an unknown path is told first.
pub(crate) async fn wrong_verb<T: Arguments>(OriginalUri(uri): OriginalUri) -> JazeError {
    match steps::<T>(uri.path()) {
        Ok(_) => ApiError::Verb(T::VERBS).into(),
        Err(error) => error.into(),
    }
}

/// The arguments that stand in a path. An empty step is an argument that is not given.
fn steps<T: Arguments>(path: &str) -> Result<Form, ApiError> {
    let below = path.strip_prefix("/api/v1/").unwrap_or_default();
    let mut steps = below.strip_suffix('/').unwrap_or(below).split('/');
    if steps.next() != Some(T::NAME) {
        return Err(no_such_call());
    }
    let mut form = Form::default();
    for name in T::STEPS {
        let Some(step) = steps.next() else { break };
        let text = percent_decode_str(step).decode_utf8_lossy();
        if !text.is_empty() {
            form.set(name, form::clean(text.into_owned()));
        }
    }
    if steps.next().is_none() { Ok(form) } else { Err(no_such_call()) }
}

pub(crate) fn no_such_call() -> ApiError {
    ApiError::missing("There is no such call")
}

/// The path of a call, however it was written: what an `Idempotency-Key` counts for.
fn name<T: Arguments>(steps: &Form) -> String {
    let steps = T::STEPS.iter().filter_map(|name| steps.get(name));
    steps.fold(T::NAME.to_owned(), |name, step| format!("{name}/{step}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sample;

    impl Arguments for Sample {
        const NAME: &'static str = "get";
        const STEPS: &'static [&'static str] = &["a", "b", "c"];

        fn take(_form: &mut Form) -> Result<Self, ApiError> {
            Ok(Self)
        }
    }

    #[test]
    fn a_path_holds_arguments() {
        let read = |path: &str| {
            let form = steps::<Sample>(path).ok()?;
            let text = |name: &&str| form.get(name).unwrap_or("-").to_owned();
            Some(Sample::STEPS.iter().map(text).collect::<Vec<_>>().join(" "))
        };
        for (path, expected) in [
            ("/api/v1/get/6", "6 - -"),
            ("/api/v1/get/0/open/susan%40staff.test/", "0 open susan@staff.test"),
            ("/api/v1/get/0//susan", "0 - susan"),
            ("/api/v1/get/", "- - -"),
            ("/api/v1/get", "- - -"),
            ("/api/v1/get/%00/%ff", "\u{fffd} \u{fffd} -"),
        ] {
            assert_eq!(read(path), Some(expected.to_owned()), "{path}");
        }
        for wrong in ["/api/v1/get/1/2/3/4", "/api/v1/get/1/2/3//", "/api/v1//get/1", "/api/v1/got/1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(name::<Sample>(&steps::<Sample>("/api/v1/get/7//x").unwrap()), "get/7/x");
    }
}
