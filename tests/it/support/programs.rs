//! Programs that call the Desk API of a test's desk.

use helpdeskd::desk::token;
use helpdeskd::desk::token::Grant;
use helpdeskd::store;
use helpdeskd::ticket::id::UserId;
use serde_json::Value;

use crate::support::desk::TestDesk;
use crate::support::http_client::Reply;

/// A program with its token.
#[derive(Clone, Debug)]
pub struct Caller {
    pub bearer: String,
}

/// What a program sends.
#[derive(Clone, Debug, Default)]
pub struct Sent<'a> {
    pub body: Option<Value>,
    pub headers: &'a [(&'a str, &'a str)],
}

impl From<Value> for Sent<'_> {
    fn from(body: Value) -> Self {
        Self { body: Some(body), headers: &[] }
    }
}

impl TestDesk {
    /// A program that acts for itself.
    pub async fn program(&self, scopes: &str) -> Caller {
        self.program_of(scopes, None).await
    }

    /// A program that acts for an agent, where one is named.
    pub async fn program_of(&self, scopes: &str, user: Option<UserId>) -> Caller {
        let mut tx = self.app.db.write().await.expect("the database answers");
        let user = match user {
            Some(id) => store::users::find(&mut tx, id).await.expect("the database answers"),
            None => None,
        };
        let scopes = scopes.parse().expect("these are scopes");
        let grant = Grant { scopes: &scopes, user: user.as_ref(), expires_at: None };
        let ids = &self.app.desk().ids;
        let name = ids.word();
        let made = token::grant(&mut tx, ids, &name, grant, self.app.now()).await.expect("the token is made");
        tx.commit().await.expect("the row is kept");
        Caller { bearer: format!("Bearer {}", made.bearer()) }
    }

    /// A call of the Desk API, below where it is.
    pub async fn call<'a>(
        &self,
        caller: &Caller,
        verb: &str,
        path: &str,
        sent: impl Into<Sent<'a>>,
    ) -> Reply {
        let Sent { body, headers } = sent.into();
        let mut all = vec![("Authorization", caller.bearer.as_str())];
        if body.is_some() {
            all.push(("Content-Type", "application/json"));
        }
        all.extend(headers);
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.send(verb, &format!("/api/v2{path}"), &all, body.as_bytes()).await
    }

    pub async fn ask(&self, caller: &Caller, path: &str) -> Reply {
        self.call(caller, "GET", path, Sent::default()).await
    }
}
