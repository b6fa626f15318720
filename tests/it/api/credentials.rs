//! Log-ins: what is remembered, for how long, and how guessing ends.

use std::time::Duration;

use helpdeskd::password;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::support::desk::TestDesk;
use crate::support::desk::both;

const FROM_ELSEWHERE: (&str, &str) = ("X-Forwarded-For", "198.51.100.7");

/// What a log-in with this password is answered, perhaps from another address.
async fn login(desk: &TestDesk, name: &str, password: &str, headers: &[(&str, &str)]) -> u16 {
    desk.form("/api/list_queues/", &[("user", name), ("password", password)], headers).await.status
}

both! {
    a_password_that_another_process_changed_counts_at_once(desk) {
        let susan = desk.susan().await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        let mut tx = desk.app.db.write().await.unwrap();
        let hash = password::hash("rex", &[3; 16]).unwrap();
        store::users::update_password(&mut tx, susan, &hash, false).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 403);
        assert_eq!(login(&desk, "susan", "rex", &[]).await, 200);
        let mut tx = desk.app.db.write().await.unwrap();
        store::users::disable(&mut tx, susan, desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(login(&desk, "susan", "rex", &[]).await, 403);
    }

    a_verified_password_is_remembered_and_another_one_is_not(desk) {
        let susan = desk.susan().await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        // The hash is broken behind the row's back: only what is remembered still fits.
        break_hash(&desk.app.db, susan).await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        assert_eq!(login(&desk, "susan", "fidó", &[]).await, 403);
        desk.advance(Duration::from_mins(6));
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 403);
    }

    guessing_at_one_account_ends_for_every_address_it_never_came_from(desk) {
        desk.susan().await;
        for _ in 0..10 {
            assert_eq!(login(&desk, "susan", "guess", &[]).await, 403);
        }
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 403, "the right guess is one too many");
        // No work is done for it, and the count is in the database, so it holds after a restart.
        let failures = failures_of(&desk, "user:1").await;
        assert_eq!(failures, 10);
        assert_eq!(login(&desk, "susan", "guess", &[]).await, 403);
        assert_eq!(failures_of(&desk, "user:1").await, failures);
        desk.advance(Duration::from_mins(16));
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
    }

    guessing_from_one_address_ends_for_all_accounts(desk) {
        desk.susan().await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        for n in 0..50 {
            assert_eq!(login(&desk, &format!("name{n}"), "guess", &[]).await, 403);
        }
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 403);
        // Who guesses passwords does not shut out his neighbour's program with a key.
        let key = desk.token().await;
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 200);
        desk.advance(Duration::from_mins(16));
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
    }

    credentials_that_are_not_sent_are_no_guess(desk) {
        desk.susan().await;
        for _ in 0..60 {
            assert_eq!(desk.form("/api/list_queues/", &[], &[]).await.status, 403);
            assert_eq!(desk.get("/api/v1/get_tickets/0").await.status, 401);
        }
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
    }

    a_thousand_guesses_at_once_are_a_thousand_guesses(desk) {
        desk.susan().await;
        let guesses = (0..60).map(|n| {
            let desk = &desk;
            async move { login(desk, "susan", &format!("guess{n}"), &[]).await }
        });
        assert!(futures_util::future::join_all(guesses).await.iter().all(|status| *status == 403));
        let failures = failures_of(&desk, "user:1").await;
        assert!((10..=12).contains(&failures), "{failures} passwords were looked at");
    }

    tokens_are_guessed_at_no_better_than_passwords(desk) {
        let key = desk.token().await;
        let wrong = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("{}:guess", key.token));
        for _ in 0..10 {
            let reply = desk.send("GET", "/api/v1/get_tickets/0", &[("Authorization", &format!("Basic {wrong}"))], b"").await;
            assert_eq!(reply.status, 401);
        }
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 401);
        desk.advance(Duration::from_mins(16));
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 200);
    }

    old_counts_and_log_ins_are_forgotten(desk) {
        desk.susan().await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        assert_eq!(login(&desk, "susan", "guess", &[]).await, 403);
        helpdeskd::http::tidy::step(&desk.app).await.unwrap();
        assert_eq!((failures_of(&desk, "user:1").await, known(&desk).await), (1, true));
        desk.advance(Duration::from_hours(31 * 24));
        helpdeskd::http::tidy::step(&desk.app).await.unwrap();
        assert_eq!((failures_of(&desk, "user:1").await, known(&desk).await), (0, false));
    }

    a_stranger_cannot_lock_an_account_out_of_its_own_address(desk) {
        desk.susan().await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        for _ in 0..12 {
            assert_eq!(login(&desk, "susan", "guess", &[FROM_ELSEWHERE]).await, 403);
        }
        assert_eq!(login(&desk, "susan", "fido", &[FROM_ELSEWHERE]).await, 403);
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        // Not even after everything in memory is gone.
        desk.advance(Duration::from_mins(6));
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
    }

    an_address_is_known_for_thirty_days(desk) {
        desk.susan().await;
        assert_eq!(login(&desk, "susan", "fido", &[]).await, 200);
        for (days, status) in [(29, 200), (31, 403)] {
            desk.advance(Duration::from_hours(days * 24));
            for _ in 0..12 {
                login(&desk, "susan", "guess", &[FROM_ELSEWHERE]).await;
            }
            assert_eq!(login(&desk, "susan", "fido", &[]).await, status, "after {days} days");
        }
    }

    an_unknown_name_is_hashed_like_a_known_one(desk) {
        desk.susan().await;
        desk.user(Role::Agent, "otto", "x").await;
        for name in ["susan", "nobody"] {
            assert_eq!(login(&desk, name, "guess", &[]).await, 403);
        }
        // Both are counted as failures, for the account and for the address.
        assert_eq!(failures_of(&desk, "jutda from 127.0.0.1").await, 2);
    }
}

/// On one thread, whose measures nobody else adds to.
#[tokio::test]
async fn every_log_in_is_counted_by_what_came_of_it() {
    for desk in [TestDesk::sqlite().await, TestDesk::postgres().await] {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _measured = metrics::set_default_local_recorder(&recorder);
        desk.susan().await;
        let key = desk.token().await;
        for _ in 0..12 {
            login(&desk, "susan", "guess", &[FROM_ELSEWHERE]).await;
        }
        for _ in 0..3 {
            assert_eq!(login(&desk, "otto", "guess", &[]).await, 403);
        }
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 200);
        let measured = recorder.handle().render();
        for line in [
            r#"helpdeskd_logins_total{api="jutda",outcome="failed"} 13"#,
            r#"helpdeskd_logins_total{api="jutda",outcome="throttled"} 2"#,
            r#"helpdeskd_logins_total{api="jaze",outcome="accepted"} 1"#,
        ] {
            assert!(measured.contains(line), "{line}:\n{measured}");
        }
        assert!(!measured.contains("susan") && !measured.contains("198.51"), "{measured}");
    }
}

async fn failures_of(desk: &TestDesk, subject: &str) -> i64 {
    let mut tx = desk.app.db.read().await.expect("the database answers");
    let cutoff = helpdeskd::clock::Timestamp(0);
    let rows = store::login_failures::list(&mut tx, (subject, ""), cutoff).await.expect("the rows are read");
    rows.first().map_or(0, |(_, failures)| *failures)
}

async fn known(desk: &TestDesk) -> bool {
    let mut tx = desk.app.db.read().await.expect("the database answers");
    store::login_origins::find(&mut tx, "user:1", "127.0.0.1").await.expect("the row is read").is_some()
}

async fn break_hash(db: &Db, user: UserId) {
    let sql = "update users set password_hash = 'broken' where id = $1";
    let rows = match db {
        Db::Sqlite { write, .. } => {
            sqlx::query(sql).bind(user).execute(write).await.expect("it is written").rows_affected()
        }
        Db::Postgres(pool) => {
            sqlx::query(sql).bind(user).execute(pool).await.expect("it is written").rows_affected()
        }
    };
    assert_eq!(rows, 1);
}
