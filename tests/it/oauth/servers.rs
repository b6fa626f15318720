//! Real mail servers that want a token.

use std::sync::Arc;

use helpdeskd::config::Config;
use helpdeskd::config::smtp::SmtpTransport;
use helpdeskd::smtp::Transport;
use helpdeskd::store;
use helpdeskd::worker::intake;
use helpdeskd::worker::intake::Round;
use helpdeskd::worker::intake::source::Source;
use helpdeskd::worker::login;
use helpdeskd::worker::outside::Outside;
use helpdeskd::worker::tokens::Tokens;
use tokio::time::Instant;

use super::CLIENT;
use super::REFRESH;
use super::declared;
use crate::support::servers;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;
use crate::support::token_server::TokenServer;
use crate::support::token_server::token;

/// A desk whose mailbox is that of the user who may log in with a token.
async fn desk(server: &TokenServer, grant: &str) -> (TestDesk, Arc<Source>) {
    let (user, _) = servers::oauth_user();
    let imap = format!(
        "[queues.imap]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nusername = \"{user}\"\nafter = \"leave\"\n{}\n",
        servers::imap().port(),
        declared(server, grant)
    );
    let desk = TestDesk::with_config(On::Sqlite, &imap).await;
    let config = desk.app.desk().config.queues[0].imap.clone().expect("it has a mailbox");
    let mut tx = desk.write().await;
    let identity = config.identity();
    let row = store::mailboxes::upsert(&mut tx, desk.queue("support"), &identity, desk.now()).await;
    tx.commit().await.expect("it commits");
    let id = row.expect("the row is made").id;
    let source = Source::new(id, "support", &config, Outside::default());
    (desk, Arc::new(source))
}

/// One look at the mailbox; a desk that drains ends after it.
async fn look(desk: &TestDesk, source: &Arc<Source>) -> Result<Round, String> {
    desk.app.tasks.drain();
    let round = intake::round(desk.app.clone(), Arc::clone(source), "test".to_owned());
    Box::pin(round).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_mailbox_is_read_with_fetched_tokens_of_either_grant() {
    let (_, good) = servers::oauth_user();
    for grant in [CLIENT, REFRESH] {
        let good = good.clone();
        let server = TokenServer::start(move |_| token(&good, 3600));
        let (desk, source) = desk(&server, grant).await;
        assert_eq!(look(&desk, &source).await, Ok(Round::Ended));
        assert_eq!(look(&desk, &source).await, Ok(Round::Ended));
        assert_eq!(server.count(), 1, "the second look has the token still");
    }
}

#[tokio::test]
async fn a_token_that_the_mail_server_refuses_is_not_tried_again() {
    let (_, good) = servers::oauth_user();
    let mut answers = [token("withdrawn", 3600), token(&good, 3600)].into_iter();
    let server = TokenServer::start(move |_| answers.next().expect("it is asked twice"));
    let (desk, source) = desk(&server, CLIENT).await;
    let refused = look(&desk, &source).await.unwrap_err();
    assert!(refused.contains("log-in") && !refused.contains("withdrawn"), "{refused}");
    assert_eq!(look(&desk, &source).await, Ok(Round::Ended));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_refusing_token_server_is_the_reason_that_is_told() {
    let server = TokenServer::start(|_| (401, r#"{"error":"invalid_client"}"#.to_owned()));
    let (desk, source) = desk(&server, CLIENT).await;
    let refused = look(&desk, &source).await.unwrap_err();
    assert_eq!(
        refused,
        "the token server 127.0.0.1 refuses: invalid_client (check `client_id` and `client_secret`)"
    );
}

#[tokio::test]
async fn mail_is_handed_over_with_a_fetched_token() {
    let (user, good) = servers::oauth_user();
    let server = TokenServer::start(move |_| token(&good, 3600));
    let text = format!(
        "[[smtp]]\nname = \"out\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nusername = \"{user}\"\n{}\n",
        servers::smtp().port(),
        declared(&server, CLIENT)
    );
    let config = Config::parse(&text, std::path::Path::new("config.toml")).expect("it is right");
    let account = &config.smtp[0];
    let SmtpTransport::Server(smtp) = &account.transport else { panic!("it has a server") };
    let desk = TestDesk::start(On::Sqlite).await;
    let login = smtp.login.as_ref().expect("it has a log-in");
    let credentials = login::credentials(&desk.app, &Tokens::default(), login).await.expect("it has a token");
    let channel = Transport::of(account).open(Some(credentials), Instant::now() + minutes(1)).await;
    channel.expect("the log-in succeeds").close().await;
}
