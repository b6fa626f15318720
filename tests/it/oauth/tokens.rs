//! Fetching, keeping and renewing, without any mail server.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use futures_util::future;
use rstest::rstest;
use secrecy::ExposeSecret;

use helpdeskd::config::oauth::OAuth;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::store::migrate;
use helpdeskd::worker::tokens::Tokens;
use helpdeskd::worker::tokens::error::TokenError;

use super::CLIENT;
use super::REFRESH;
use super::oauth;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;
use crate::support::token_server::TokenServer;
use crate::support::token_server::counting;
use crate::support::token_server::gate;
use crate::support::token_server::rotating;
use crate::support::token_server::token;

async fn get(desk: &TestDesk, tokens: &Tokens, oauth: &OAuth) -> Result<String, TokenError> {
    let token = tokens.get(&desk.app, "support@desk.test", oauth).await;
    token.map(|token| token.expose_secret().to_owned())
}

#[tokio::test]
async fn a_token_is_used_for_four_fifths_of_its_life() {
    let desk = TestDesk::start(On::Sqlite).await;
    let server = TokenServer::start(counting());
    let (tokens, oauth) = (Tokens::default(), oauth(&server, CLIENT));
    for (at, expected) in
        [(0, "access-1"), (47, "access-1"), (1, "access-2"), (47, "access-2"), (1, "access-3")]
    {
        desk.advance(minutes(at));
        assert_eq!(get(&desk, &tokens, &oauth).await.unwrap(), expected);
    }
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    let fields = ["grant_type", "client_id", "client_secret", "scope"].map(|name| asked[0][name].as_str());
    assert_eq!(fields, ["client_credentials", "desk", "hush", "mail"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_need_a_token_at_once_ask_once() {
    let desk = TestDesk::start(On::Sqlite).await;
    let server = TokenServer::start(counting());
    let (tokens, oauth) = (Tokens::default(), oauth(&server, CLIENT));
    let all = future::join_all((0..20).map(|_| get(&desk, &tokens, &oauth))).await;
    assert!(all.into_iter().all(|token| token.unwrap() == "access-1"));
    assert_eq!(server.count(), 1);
}

#[rstest]
#[tokio::test]
async fn a_rotated_refresh_token_is_used_next_also_after_a_restart(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let server = TokenServer::start(rotating());
    let oauth = oauth(&server, REFRESH);
    for expected in ["access-1", "access-2", "access-3"] {
        let after_a_restart = Tokens::default();
        assert_eq!(get(&desk, &after_a_restart, &oauth).await.unwrap(), expected);
    }
    let sent: Vec<String> = server.asked().iter().map(|form| form["refresh_token"].clone()).collect();
    assert_eq!(sent, ["refresh-0", "refresh-1", "refresh-2"]);
}

#[rstest]
#[tokio::test]
async fn a_new_consent_begins_anew(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let server = TokenServer::start(rotating());
    let first = oauth(&server, REFRESH);
    assert_eq!(get(&desk, &Tokens::default(), &first).await.unwrap(), "access-1");
    let second = oauth(&server, &REFRESH.replace("refresh-0", "consent-2"));
    let refused = get(&desk, &Tokens::default(), &second).await.unwrap_err();
    assert_eq!(server.asked()[1]["refresh_token"], "consent-2");
    assert_eq!(
        refused.to_string(),
        "the token server 127.0.0.1 refuses: invalid_grant (the consent has ended; get a new `refresh_token`)"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_never_use_one_refresh_token_at_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let server = TokenServer::start(rotating());
    let oauth = oauth(&server, REFRESH);
    let processes = [Tokens::default(), Tokens::default(), Tokens::default()];
    let all = future::join_all(processes.iter().map(|tokens| get(&desk, tokens, &oauth))).await;
    let mut all: Vec<String> = all.into_iter().map(Result::unwrap).collect();
    all.sort();
    assert_eq!(all, ["access-1", "access-2", "access-3"]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_is_used_before_its_refresh_token_is_stored(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let (db, runtime) = (desk.app.db.clone(), tokio::runtime::Handle::current());
    let (mut answer, mut first) = (rotating(), true);
    let server = TokenServer::start(move |form| {
        if std::mem::take(&mut first) {
            runtime.block_on(run(&db, "alter table oauth_tokens rename to elsewhere"));
        }
        answer(form)
    });
    let (tokens, oauth) = (Tokens::default(), oauth(&server, REFRESH));
    let refused = get(&desk, &tokens, &oauth).await.unwrap_err();
    assert!(matches!(refused, TokenError::Store(_)), "{refused}");
    run(&desk.app.db, "alter table elsewhere rename to oauth_tokens").await;
    desk.advance(Duration::from_secs(15));
    assert_eq!(get(&desk, &tokens, &oauth).await.unwrap(), "access-2", "the new one was not lost");
    assert_eq!(server.asked()[1]["refresh_token"], "refresh-1");
    assert_eq!(get(&desk, &Tokens::default(), &oauth).await.unwrap(), "access-3", "and is stored by now");
}

async fn run(db: &Db, sql: &'static str) {
    let mut tx = db.write().await.expect("a transaction begins");
    let done = match &mut tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop),
    };
    done.expect(sql);
    tx.commit().await.expect("it commits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_nobody_waits_for_any_more_is_not_lost() {
    let desk = TestDesk::start(On::Sqlite).await;
    let (open, closed) = gate();
    let mut answer = rotating();
    let server = TokenServer::start(move |form| {
        closed.recv().expect("the test opens it");
        answer(form)
    });
    let (tokens, oauth) = (Tokens::default(), oauth(&server, REFRESH));
    {
        let waiting = std::pin::pin!(get(&desk, &tokens, &oauth));
        let asked = async {
            while server.count() == 0 {
                tokio::task::yield_now().await;
            }
        };
        // Who waited gives up as soon as the server was asked.
        future::select(waiting, std::pin::pin!(asked)).await;
    }
    open.send(()).unwrap();
    assert_eq!(get(&desk, &tokens, &oauth).await.unwrap(), "access-1");
    assert_eq!(server.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_server_is_silent_delays_no_other() {
    let desk = TestDesk::start(On::Sqlite).await;
    let (open, closed) = gate();
    let silent = TokenServer::start(move |_| {
        let _ = closed.recv();
        token("late", 3600)
    });
    let quick = TokenServer::start(counting());
    let tokens = Tokens::default();
    let (silent, quick) = (oauth(&silent, CLIENT), oauth(&quick, CLIENT));
    let waiting = std::pin::pin!(get(&desk, &tokens, &silent));
    let other = std::pin::pin!(get(&desk, &tokens, &quick));
    let future::Either::Right((token, waiting)) = future::select(waiting, other).await else {
        panic!("the silent server answers before it may")
    };
    assert_eq!(token.unwrap(), "access-1");
    open.send(()).unwrap();
    assert_eq!(waiting.await.unwrap(), "late");
}

#[tokio::test]
async fn a_failure_is_remembered_for_a_moment_and_then_asked_about_again() {
    let desk = TestDesk::start(On::Sqlite).await;
    let mut answers = [(503, String::new()), token("access", 3600)].into_iter();
    let server = TokenServer::start(move |_| answers.next().expect("it is asked twice"));
    let (tokens, oauth) = (Tokens::default(), oauth(&server, CLIENT));
    for _ in 0..3 {
        let error = get(&desk, &tokens, &oauth).await.unwrap_err();
        assert_eq!(error.to_string(), "the token server 127.0.0.1 answers with status 503");
    }
    assert_eq!(server.count(), 1);
    desk.advance(Duration::from_secs(15));
    assert_eq!(get(&desk, &tokens, &oauth).await.unwrap(), "access");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_token_with_life_left_is_used_while_no_new_one_can_be_had() {
    let desk = TestDesk::start(On::Sqlite).await;
    let mut first = true;
    let server = TokenServer::start(move |_| {
        if std::mem::take(&mut first) { token("access", 3600) } else { (500, String::new()) }
    });
    let (tokens, oauth) = (Tokens::default(), oauth(&server, CLIENT));
    for at in [0, 50, 9] {
        desk.advance(minutes(at));
        assert_eq!(get(&desk, &tokens, &oauth).await.unwrap(), "access");
    }
    desk.advance(minutes(1));
    assert!(get(&desk, &tokens, &oauth).await.is_err(), "its life is over");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_and_no_secret_is() {
    let desk = TestDesk::start(On::Sqlite).await;
    let mut oauth = oauth(&TokenServer::start(counting()), CLIENT);
    oauth.token_url = "http://127.0.0.1:1/token?code=hush".to_owned();
    let error = get(&desk, &Tokens::default(), &oauth).await.unwrap_err().to_string();
    assert!(error.starts_with("no access token: no connection to 127.0.0.1:1"), "{error}");
    let shown = format!("{error} {:?} {:?}", oauth.client_secret, oauth.grant);
    assert!(!shown.contains("hush"), "{shown}");
}

#[tokio::test]
async fn each_scope_has_its_own_token() {
    let desk = TestDesk::start(On::Sqlite).await;
    let server = TokenServer::start(counting());
    let (tokens, reading) = (Tokens::default(), oauth(&server, CLIENT));
    let sending = oauth(&server, &CLIENT.replace("\"mail\"", "\"send\""));
    assert_eq!(get(&desk, &tokens, &reading).await.unwrap(), "access-1");
    assert_eq!(get(&desk, &tokens, &sending).await.unwrap(), "access-2");
    assert_eq!(get(&desk, &tokens, &reading).await.unwrap(), "access-1");
}

#[tokio::test]
async fn a_scope_that_is_refused_leaves_the_others_alone() {
    let desk = TestDesk::start(On::Sqlite).await;
    let server = TokenServer::start(|form| match form["scope"].as_str() {
        "mail" => token("access", 3600),
        _ => (400, r#"{"error":"invalid_scope"}"#.to_owned()),
    });
    let (tokens, reading) = (Tokens::default(), oauth(&server, CLIENT));
    let sending = oauth(&server, &CLIENT.replace("\"mail\"", "\"send\""));
    let refused = get(&desk, &tokens, &sending).await.unwrap_err();
    assert_eq!(refused.to_string(), "the token server 127.0.0.1 refuses: invalid_scope (check `scope`)");
    assert_eq!(get(&desk, &tokens, &reading).await.unwrap(), "access");
}

#[tokio::test]
async fn the_file_that_keeps_refresh_tokens_is_for_its_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("desk.db");
    let db = Db::open(&format!("sqlite:{}", file.display()), 1).await.unwrap();
    migrate::apply(&db).await.unwrap();
    for beside in ["desk.db", "desk.db-wal", "desk.db-shm"] {
        let mode = std::fs::metadata(directory.path().join(beside)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{beside}");
    }
}
