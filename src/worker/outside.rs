//! Whom the loops ask besides mail servers: DNS, and token servers.
//!
//! Made once by whoever composes the process; tests put made-up answers in its place.

use tracing::warn;

use crate::auth::Authenticator;
use crate::config::Config;
use crate::net::dns::Resolver;
use crate::worker::tokens::Tokens;

/// Cheap to clone; the clones share what was learned.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    pub authenticator: Authenticator,
    pub tokens: Tokens,
}

impl Outside {
    /// By way of the configured name servers, else the machine's own, if some queue needs them.
    pub fn of(config: &Config) -> Self {
        if config.queues.iter().all(|queue| !queue.verify) {
            return Self::default();
        }
        let authenticator = match Resolver::of(&config.intake.name_servers) {
            Ok(resolver) => Authenticator::new(resolver),
            Err(error) => {
                warn!("queues with `verify = true` cannot check mails: {error}");
                Authenticator::default()
            }
        };
        Self { authenticator, tokens: Tokens::default() }
    }
}
