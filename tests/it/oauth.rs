//! OAuth 2.0: tokens that are fetched, kept and renewed, and what logs in with them.

mod servers;
mod tokens;

use std::path::Path;

use helpdeskd::config::Config;
use helpdeskd::config::oauth::OAuth;
use helpdeskd::config::server::Proof;

use crate::support::token_server::TokenServer;

/// The keys of a client that has the consent of a mailbox's owner.
const REFRESH: &str = "grant = \"refresh_token\", refresh_token = \"refresh-0\"";
/// The keys of a client with a right of its own.
const CLIENT: &str = "grant = \"client_credentials\", client_secret = \"hush\", scope = \"mail\"";

/// How an account of this server is declared.
fn declared(server: &TokenServer, grant: &str) -> String {
    format!("oauth = {{ token_url = \"{}\", client_id = \"desk\", {grant} }}", server.url)
}

fn oauth(server: &TokenServer, grant: &str) -> OAuth {
    let text = format!(
        "[[smtp]]\nname = \"out\"\nhost = \"127.0.0.1\"\ntls = \"none\"\nusername = \"me\"\n{}\n",
        declared(server, grant)
    );
    let mut config = Config::parse(&text, Path::new("config.toml")).expect("the configuration is right");
    let helpdeskd::config::smtp::SmtpTransport::Server(smtp) = config.smtp.remove(0).transport else {
        panic!("the account has a server")
    };
    match smtp.login.expect("it has a log-in").proof {
        Proof::OAuth(oauth) => *oauth,
        other => panic!("not {other:?}"),
    }
}
