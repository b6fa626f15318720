//! `Idempotency-Key`: one effect and one answer for a call that is repeated.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::desk::both;

const KEY: (&str, &str) = ("Idempotency-Key", "9f1c");
const USED: &str = "Idempotency-Key was used for another request";

both! {
    a_repeated_call_has_one_effect_and_the_first_answer(desk) {
        desk.susan().await;
        let arguments = [("queue", "1"), ("title", "once")];
        let first = desk.jutda_with("create_ticket", &arguments, &[KEY]).await;
        let again = desk.jutda_with("create_ticket", &arguments, &[KEY]).await;
        assert_eq!((first.status, &first.body), (200, &"1".to_owned()));
        assert_eq!((again.status, &again.body, again.header("content-type")), (200, &first.body, first.header("content-type")));
        assert_eq!(desk.totals().await[0], 1);
        desk.customer("max@customer.test", "Max").await;
        let key = desk.token().await;
        let headers = [("Authorization", key.authorization.as_str()), KEY];
        let arguments = [("type", "Bare"), ("subject", "s"), ("userId", "2"), ("comments", "c")];
        let first = desk.form("/api/v1/raise_ticket", &arguments, &headers).await;
        let again = desk.form("/api/v1/raise_ticket", &arguments, &headers).await;
        assert_eq!((first.status, first.json(), first.header("content-type")), (200, again.json(), again.header("content-type")));
        assert_eq!(desk.totals().await[0], 2);
    }

    the_same_key_with_another_body_is_refused(desk) {
        desk.susan().await;
        desk.customer("max@customer.test", "Max").await;
        desk.jutda_with("create_ticket", &[("queue", "1"), ("title", "a")], &[KEY]).await;
        let reply = desk.jutda_with("create_ticket", &[("queue", "1"), ("title", "b")], &[KEY]).await;
        assert_eq!((reply.status, reply.body.as_str(), reply.header("content-type")), (400, USED, "text/plain; charset=utf-8"));
        let key = desk.token().await;
        let headers = [("Authorization", key.authorization.as_str()), KEY];
        desk.form("/api/v1/raise_ticket", &[("type", "Bare"), ("subject", "s"), ("userId", "2"), ("comments", "c")], &headers).await;
        let reply = desk.form("/api/v1/raise_ticket", &[("type", "Bare"), ("subject", "s"), ("userId", "2"), ("comments", "d")], &headers).await;
        assert_eq!(reply.json(), json!({"status": "error", "errorCode": 400, "message": USED}));
        assert_eq!(desk.totals().await[0], 2);
    }

    bodies_are_compared_by_their_arguments_without_credentials(desk) {
        desk.susan().await;
        desk.jutda_with("create_ticket", &[("queue", "1"), ("title", "a")], &[KEY]).await;
        let arguments = [("password", "fido"), ("title", "a"), ("username", "susan"), ("queue", "1")];
        let reply = desk.form("/api/create_ticket", &arguments, &[KEY]).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "1"));
        let part = |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let body: String = arguments.iter().map(|(name, value)| part(name, value)).chain(["--b--\r\n".to_owned()]).collect();
        let reply = desk.send("POST", "/api/create_ticket", &[("Content-Type", "multipart/form-data; boundary=b"), KEY], body.as_bytes()).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "1"));
    }

    a_key_counts_for_one_credential_one_path_and_one_day(desk) {
        desk.susan().await;
        desk.user(helpdeskd::ticket::person::Role::Agent, "otto", "x").await;
        let arguments = [("queue", "1"), ("title", "a")];
        desk.jutda_with("create_ticket", &arguments, &[KEY]).await;
        let otto = [&[("user", "otto"), ("password", "x")], &arguments[..]].concat();
        assert_eq!(desk.form("/api/create_ticket/", &otto, &[KEY]).await.body, "2");
        assert_eq!(desk.jutda_with("hold_ticket", &[("ticket", "1")], &[KEY]).await.body, "OK");
        desk.advance(Duration::from_hours(23));
        assert_eq!(desk.jutda_with("create_ticket", &arguments, &[KEY]).await.body, "1");
        desk.advance(Duration::from_hours(2));
        assert_eq!(desk.jutda_with("create_ticket", &arguments, &[KEY]).await.body, "3");
        helpdeskd::http::tidy::step(&desk.app).await.unwrap();
        assert_eq!(desk.jutda_with("create_ticket", &arguments, &[KEY]).await.body, "3");
    }

    a_key_is_not_used_up_by_a_call_that_failed(desk) {
        desk.susan().await;
        assert_eq!(desk.jutda_with("hold_ticket", &[("ticket", "1")], &[KEY]).await.status, 404);
        desk.jutda("create_ticket", &[("queue", "1"), ("title", "a")]).await;
        assert_eq!(desk.jutda_with("hold_ticket", &[("ticket", "1")], &[KEY]).await.status, 200);
    }

    a_get_that_closes_is_a_write_too(desk) {
        desk.susan().await;
        desk.jutda("create_ticket", &[("queue", "1"), ("title", "a")]).await;
        desk.jutda("create_ticket", &[("queue", "1"), ("title", "b")]).await;
        let key = desk.token().await;
        let headers = [("Authorization", key.authorization.as_str()), KEY];
        assert_eq!(desk.send("GET", "/api/v1/close_ticket/1", &headers, b"").await.status, 200);
        assert_eq!(desk.send("GET", "/api/v1/close_ticket/1", &headers, b"").await.status, 200);
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0/closed").await.json()["data"].as_array().map(Vec::len), Some(1));
        // Another ticket is another path.
        assert_eq!(desk.send("GET", "/api/v1/close_ticket/2/", &headers, b"").await.status, 200);
        assert!(desk.ticket(2).await.starts_with("#2 closed"));
    }

    calls_at_the_same_time_wait_for_the_first(desk) {
        desk.susan().await;
        desk.jutda("list_queues", &[]).await;
        let calls = (0..12).map(|_| desk.jutda_with("create_ticket", &[("queue", "1"), ("title", "once")], &[KEY]));
        let replies = join_all(calls).await;
        assert!(replies.iter().all(|reply| (reply.status, reply.body.as_str()) == (200, "1")), "{replies:?}");
        assert_eq!(desk.totals().await[0], 1);
    }

    an_unusable_key_is_refused(desk) {
        desk.susan().await;
        let long = "k".repeat(256);
        for key in ["", &long, "k\u{e9}"] {
            let reply = desk.jutda_with("create_ticket", &[("queue", "1"), ("title", "a")], &[("Idempotency-Key", key)]).await;
            assert_eq!(reply.status, 400, "{key}");
        }
        let reply = desk.jutda_with("create_ticket", &[("queue", "1"), ("title", "a")], &[KEY, ("Idempotency-Key", "other")]).await;
        assert_eq!((reply.status, desk.totals().await[0]), (400, 0));
        // Reading has no effect to repeat.
        assert_eq!(desk.jutda_with("list_queues", &[], &[("Idempotency-Key", "")]).await.status, 200);
    }
}
