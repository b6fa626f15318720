//! The Jaze Tickets API: credentials, bodies, verbs, paths and the envelope.

use helpdeskd::desk::token;
use serde_json::json;

use crate::support::desk::both;

both! {
    every_call_needs_token_and_key(desk) {
        let key = desk.token().await;
        let good = key.authorization.clone();
        for wrong in ["", "Basic", "Basic !!!!", "Bearer abc", "Basic dG9rZW46a2V5", "Basic Og==", good.trim_end_matches('=')] {
            if wrong == good { continue }
            for (verb, path) in [("GET", "/api/v1/get_tickets/0"), ("POST", "/api/v1/raise_ticket"), ("GET", "/api/v1/close_ticket/1")] {
                let reply = desk.send(verb, path, &[("Authorization", wrong)], b"").await;
                assert_eq!((reply.status, reply.header("www-authenticate")), (401, "Basic realm=\"helpdesk\""), "{wrong}");
                assert_eq!((&reply.json()["status"], &reply.json()["errorCode"]), (&json!("error"), &json!(401)));
            }
        }
        let reply = desk.send("GET", "/api/v1/get_tickets/0", &[], b"").await;
        assert_eq!(reply.status, 401);
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 200);
    }

    a_revoked_token_is_refused_at_once(desk) {
        let key = desk.token().await;
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 200);
        let mut tx = desk.app.db.write().await.unwrap();
        token::revoke(&mut tx, &key.token, desk.app.now()).await.unwrap();
        assert!(token::revoke(&mut tx, &key.token, desk.app.now()).await.is_err());
        assert!(!token::list(&mut tx).await.unwrap()[0].is_valid());
        tx.commit().await.unwrap();
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.status, 401);
    }

    bodies_may_be_urlencoded_multipart_or_json(desk) {
        desk.customer("max@customer.test", "Max").await;
        let key = desk.token().await;
        let part = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let multipart = [part("type", "Bare"), part("subject", "s"), part("userId", "1"), part("comments", "c"), "--b--\r\n".to_owned()].concat();
        for (kind, body) in [
            ("application/x-www-form-urlencoded", "type=Bare&subject=s&userId=1&comments=c"),
            ("multipart/form-data; boundary=\"b\"", &multipart),
            ("application/json", r#"{"type": "Bare", "subject": "s", "userId": 1, "comments": "c"}"#),
            ("application/json; charset=utf-8", r#"{"type": "Bare", "subject": "s", "userId": "1", "comments": "c", "more": [1, {}]}"#),
        ] {
            let headers = [("Authorization", key.authorization.as_str()), ("Content-Type", kind)];
            let reply = desk.send("POST", "/api/v1/raise_ticket", &headers, body.as_bytes()).await;
            assert_eq!(reply.status, 200, "{kind}: {}", reply.body);
        }
        assert_eq!(desk.totals().await[0], 4);
        for (kind, body) in [
            ("text/plain", "type=Bare"), ("application/json", "[1, 2]"), ("application/json", "{\"type\": "), ("application/json", "\u{feff}{}"),
            ("application/json", "{\"type\": \"\\ud800\"}"), ("multipart/form-data", "--b"), ("multipart/form-data; boundary=b", "--b\r\n"),
        ] {
            let headers = [("Authorization", key.authorization.as_str()), ("Content-Type", kind)];
            let reply = desk.send("POST", "/api/v1/raise_ticket", &headers, body.as_bytes()).await;
            assert_eq!((reply.status, &reply.json()["errorCode"]), (400, &json!(400)), "{kind}: {body}");
        }
    }

    a_list_in_place_of_an_argument_is_refused_and_null_is_none(desk) {
        let key = desk.token().await;
        let headers = [("Authorization", key.authorization.as_str()), ("Content-Type", "application/json")];
        for (path, name) in [("get_tickets/0", "toDate"), ("get_tickets/0", "limit"), ("raise_ticket", "priority"), ("send_message", "showToUser")] {
            for value in ["[]", "{}", "[[\"1\"]]"] {
                let reply = desk.send("POST", &format!("/api/v1/{path}"), &headers, format!("{{\"{name}\": {value}}}").as_bytes()).await;
                let message = format!("The argument {name} must be a text or a number");
                assert_eq!(reply.json(), json!({"status": "error", "errorCode": 400, "message": message}), "{path}");
            }
        }
        let reply = desk.send("POST", "/api/v1/get_tickets/0", &headers, br#"{"toDate": null, "limit": null, "other": []}"#).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }

    a_wrong_verb_is_405_and_an_unknown_path_404_in_the_envelope(desk) {
        let key = desk.token().await;
        let auth = [("Authorization", key.authorization.as_str())];
        for (verb, path, allow) in [
            ("GET", "/api/v1/raise_ticket", "POST"), ("PUT", "/api/v1/get_tickets/0", "GET, POST"), ("POST", "/api/v1/get_ticket_details/1", "GET"),
            ("DELETE", "/api/v1/close_ticket/1", "GET, POST"), ("GET", "/api/v1/send_message", "POST"),
            ("GET", "/api/v1/assign_ticket_to_admin", "POST"), ("GET", "/api/v1/reopen_ticket", "POST"), ("GET", "/api/v1/ticket_rating", "POST"),
        ] {
            let reply = desk.send(verb, path, &auth, b"").await;
            assert_eq!((reply.status, reply.header("allow"), &reply.json()["errorCode"]), (405, allow, &json!(405)), "{verb} {path}");
        }
        for path in ["/api/v1/", "/api/v1", "/api/v1/nothing", "/api/v1/raise_ticket/extra", "/api/v1/close_ticket/1/2", "/api/v1/%00"] {
            let reply = desk.send("POST", path, &auth, b"").await;
            assert_eq!((reply.status, reply.header("content-type")), (404, "application/json"), "{path}");
            assert_eq!(reply.json()["status"], "error");
        }
    }

    a_slash_at_the_end_makes_no_difference(desk) {
        let key = desk.token().await;
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0/").await.status, 200);
    }
    head_is_answered_where_a_call_only_reads(desk) {
        desk.customer("max@customer.test", "Max").await;
        let key = desk.token().await;
        desk.jaze(&key, "raise_ticket", &[("type", "Bare"), ("subject", "s"), ("userId", "1"), ("comments", "c")]).await;
        let auth = [("Authorization", key.authorization.as_str())];
        for (path, status) in [("get_tickets/0", 200), ("get_ticket_details/1", 200), ("get_ticket_details/9", 404)] {
            let path = format!("/api/v1/{path}");
            let (get, head) = (desk.get_with(&key, &path).await, desk.send("HEAD", &path, &auth, b"").await);
            assert_eq!((get.status, head.status, head.body.as_str()), (status, status, ""), "{path}");
            assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        }
        assert_eq!(desk.send("HEAD", "/api/v1/get_tickets/0", &[], b"").await.status, 401);
        for path in ["close_ticket/1", "raise_ticket"] {
            assert_eq!(desk.send("HEAD", &format!("/api/v1/{path}"), &auth, b"").await.status, 405, "{path}");
        }
        assert!(desk.ticket(1).await.starts_with("#1 open"), "asking about a call must not make it");
    }
}
