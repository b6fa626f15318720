//! `/healthz`, `/readyz`, `/metrics`, and what no route answers.

use helpdeskd::clock::Clock;
use helpdeskd::store;
use helpdeskd::store::channels::AccountState;
use helpdeskd::store::sender_pauses::SenderPause;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::desk::both;
use crate::support::http_client;

both! {
    a_running_desk_is_alive_and_ready(desk) {
        desk.advance(Clock::System.now().since(desk.app.now()));
        assert_eq!(desk.get("/healthz").await.body, "ok\n");
        let ready = desk.get("/readyz").await;
        assert_eq!((ready.status, &ready.json()["status"]), (200, &"ready".into()), "{}", ready.body);
        assert_eq!(desk.get("/metrics").await.body, "metrics\n");
    }

    where_the_metrics_have_a_server_of_their_own_nobody_else_sees_them(desk, "[http]" => "[http]\nmetrics_listen = \"127.0.0.1:9\"") {
        assert_eq!(desk.get("/metrics").await.status, 404);
        assert_eq!(desk.get("/healthz").await.status, 200);
    }

    a_sender_that_its_server_refuses_makes_a_desk_unready_until_it_is_mended(desk) {
        desk.advance(Clock::System.now().since(desk.app.now()));
        let now = desk.app.now();
        let current = desk.app.desk();
        let queue = &current.directory.queues()[0];
        let pause = SenderPause {
            account: queue.config.smtp.clone(),
            queue_id: queue.id,
            since: now,
            paused_until: now,
            alike: "550 5.7.60".to_owned(),
            domain: String::new(),
            answer: "no".to_owned(),
            ended_at: None,
        };
        let mut tx = desk.app.db.write().await.expect("a transaction begins");
        store::sender_pauses::upsert(&mut tx, &pause).await.expect("it is written");
        tx.commit().await.expect("it commits");
        let ready = desk.get("/readyz").await;
        assert_eq!((ready.status, &ready.json()["refused_senders"]), (503, &1.into()), "{}", ready.body);
        let mut tx = desk.app.db.write().await.expect("a transaction begins");
        let ended = store::sender_pauses::end(&mut tx, &pause.account, pause.queue_id, "", now).await;
        assert!(ended.expect("it is written"));
        tx.commit().await.expect("it commits");
        assert_eq!(desk.get("/readyz").await.status, 200);
    }

    an_account_that_rests_makes_a_desk_unready_for_so_long(desk) {
        desk.advance(Clock::System.now().since(desk.app.now()));
        let current = desk.app.desk();
        let channel = |account: &str, minutes| AccountState {
            account: account.to_owned(),
            paused_until: desk.app.now().plus(std::time::Duration::from_mins(minutes)),
            refusals: 3,
            last_error: Some("535 no".to_owned()),
        };
        for (account, minutes, status) in [("gone", 5, 200), ("", 5, 503), ("", 0, 200)] {
            let account = if account.is_empty() { current.config.smtp[0].name.as_str() } else { account };
            let mut tx = desk.app.db.write().await.expect("a transaction begins");
            store::channels::upsert(&mut tx, &channel(account, minutes)).await.expect("it is written");
            tx.commit().await.expect("it commits");
            let ready = desk.get("/readyz").await;
            assert_eq!(ready.status, status, "{}", ready.body);
        }
    }

    a_clock_that_is_off_makes_a_shared_desk_unready(desk) {
        // Leases are in the database's time; a database on this machine has ours.
        let expected = if desk.app.db.is_shared() { 503 } else { 200 };
        assert_eq!(desk.get("/readyz").await.status, expected);
    }

    a_draining_desk_still_answers_on_open_connections_and_says_that_it_stops(desk) {
        let mut connection = TcpStream::connect(desk.address).await.expect("the server listens");
        connection.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\n").await.expect("the server reads");
        // One whole exchange later, the server has accepted the first connection.
        desk.get("/healthz").await;
        desk.app.tasks.drain();
        connection.write_all(b"Connection: close\r\n\r\n").await.expect("the server reads");
        // A request that was not read whole may also be cut off.
        if let Some(reply) = http_client::finish(connection).await {
            assert_eq!((reply.status, &reply.json()["status"]), (503, &"stopping".into()));
        }
    }

    a_path_that_nothing_answers_is_plain_text(desk) {
        let reply = desk.get("/nothing/here").await;
        assert_eq!((reply.status, reply.header("content-type")), (404, "text/plain; charset=utf-8"));
        let reply = desk.send("DELETE", "/healthz", &[], b"").await;
        assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
}
