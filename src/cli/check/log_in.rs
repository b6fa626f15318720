//! Logging in as the daemon does: with the same secrets, and with tokens from the same token server.
//!
//! A refresh token that is given anew on the way is kept for the daemon.

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::config::server::Credentials;
use crate::config::server::Login;
use crate::desk::app::App;
use crate::desk::app::Declared;
use crate::ids::Ids;
use crate::store::db::Db;
use crate::worker::login;
use crate::worker::tokens::Tokens;

/// What log-ins need besides their own keys. The clones share their tokens.
#[derive(Clone, Debug)]
pub struct LogIn {
    app: Option<App>,
    tokens: Tokens,
}

impl LogIn {
    pub async fn new(config: &Arc<Config>, db: Option<&Db>) -> Result<Self, sqlx::Error> {
        let app = match db {
            Some(db) => {
                let parts = (Clock::System, Ids::System);
                Some(App::build(db.clone(), Arc::clone(config), parts, Declared::Read).await?)
            }
            None => None,
        };
        Ok(Self { app, tokens: Tokens::default() })
    }

    /// What a server is to be told, or why there is nothing.
    pub async fn credentials(&self, login: &Login) -> Result<Credentials, String> {
        if let Some(app) = &self.app {
            return login::credentials(app, &self.tokens, login).await.map_err(|error| error.to_string());
        }
        let resolved = login.resolve().await.map_err(|error| error.to_string())?;
        resolved.ok_or_else(|| "an access token is only fetched where there is a database".to_owned())
    }
}
