//! What all calls of the Desk API have in common: who may, how mistakes are told, repeats, conditions, dry runs.

use std::time::Duration;

use helpdeskd::desk::token;
use helpdeskd::store;
use serde_json::Value;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::http_client::Reply;
use crate::support::programs::Caller;
use crate::support::programs::Sent;

const PROBLEM: &str = "application/problem+json";
const FIRE: &str = "Printer on fire";

fn ticket() -> Value {
    json!({"queue": "support", "subject": FIRE, "text": "It burns.", "submitter": {"email": "max@customer.test", "name": "Max"}})
}

async fn opened(desk: &TestDesk) -> (Caller, Reply) {
    let caller = desk.program("read,write").await;
    let reply = desk.call(&caller, "POST", "/tickets", ticket()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    desk.mails().await;
    (caller, reply)
}

fn problem(reply: &Reply) -> (u16, String) {
    assert_eq!(reply.header("content-type"), PROBLEM, "{}", reply.body);
    let told = reply.json();
    assert_eq!(told["status"], reply.status);
    let fields = told["errors"].as_array().expect("errors are listed");
    let fields: Vec<&str> = fields.iter().filter_map(|error| error["field"].as_str()).collect();
    (reply.status, fields.join(" "))
}

both! {
    a_call_without_a_usable_token_is_refused(desk) {
        let caller = desk.program("read").await;
        let key = desk.token().await;
        let bare = caller.bearer.trim_start_matches("Bearer ").to_owned();
        let mut wrong = caller.bearer.clone();
        wrong.replace_range(wrong.len() - 1.., if wrong.ends_with('a') { "b" } else { "a" });
        let pair = format!("Bearer {}_{}", key.token, key.secret);
        for authorization in ["", "Bearer", "Bearer x", &bare, &wrong, &pair, &key.authorization] {
            let headers = [("Authorization", authorization)];
            let reply = desk.send("GET", "/api/v2/tickets", &headers, b"").await;
            assert_eq!((problem(&reply).0, reply.header("www-authenticate")), (401, "Bearer"), "{authorization}");
        }
        assert_eq!(desk.ask(&caller, "/tickets").await.status, 200);
        // Nor is it a user of the Jaze API.
        let (name, secret) = bare.rsplit_once('_').expect("it has two parts");
        let basic = basic(name, secret);
        let reply = desk.send("GET", "/api/v1/get_tickets/0", &[("Authorization", &basic)], b"").await;
        assert_eq!(reply.status, 401);
    }

    a_token_that_is_revoked_disabled_or_over_is_refused_at_once(desk) {
        let caller = desk.program("read").await;
        let name = caller.bearer.trim_start_matches("Bearer ").rsplit_once('_').expect("it has two parts").0;
        let mut tx = desk.app.db.write().await.unwrap();
        token::disable(&mut tx, name, desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.ask(&caller, "/tickets").await.status, 401);
        let mut tx = desk.app.db.write().await.unwrap();
        token::enable(&mut tx, name).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.ask(&caller, "/tickets").await.status, 200);
        let used = store::api_tokens::list(&mut desk.app.db.look().await.unwrap()).await.unwrap();
        assert_eq!(used[0].used_at, Some(desk.app.now()));
        let mut tx = desk.app.db.write().await.unwrap();
        token::revoke(&mut tx, name, desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.ask(&caller, "/tickets").await.status, 401);
    }

    a_token_acts_only_as_long_as_its_agent_may(desk) {
        let susan = desk.susan().await;
        let caller = desk.program_of("read,write", Some(susan)).await;
        let reply = desk.call(&caller, "POST", "/tickets", ticket()).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        assert_eq!(desk.audit(1).await, ["user 1 by token 1 via api: opened - > -"]);
        desk.mails().await;
        let mut tx = desk.app.db.write().await.unwrap();
        store::users::disable(&mut tx, susan, desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.ask(&caller, "/tickets").await.status, 401);
    }

    a_token_without_the_scope_is_refused_before_anything_is_read(desk) {
        let (reader, writer) = (desk.program("read").await, desk.program("write").await);
        assert_eq!(problem(&desk.ask(&writer, "/tickets").await).0, 403);
        assert_eq!(problem(&desk.call(&reader, "POST", "/tickets", json!({"nonsense": 1})).await).0, 403);
        assert_eq!(problem(&desk.call(&reader, "DELETE", "/tickets/1", Sent::default()).await).0, 403);
    }

    too_many_calls_are_told_when_to_come_again(desk, "[http]" => "[http]\nrequests_per_minute = 2") {
        let (caller, other) = (desk.program("read").await, desk.program("read").await);
        let first = desk.ask(&caller, "/tickets").await;
        assert_eq!((first.status, first.header("ratelimit"), first.header("ratelimit-policy")),
            (200, "\"token\";r=1;t=30", "\"token\";q=2;w=60"));
        desk.ask(&caller, "/tickets").await;
        let third = desk.ask(&caller, "/tickets").await;
        assert_eq!((problem(&third).0, third.header("retry-after"), third.header("ratelimit")), (429, "30", "\"token\";r=0;t=60"));
        assert_eq!(desk.ask(&other, "/tickets").await.status, 200);
        desk.advance(Duration::from_secs(30));
        assert_eq!(desk.ask(&caller, "/tickets").await.status, 200);
    }

    mistakes_are_told_by_field(desk) {
        let caller = desk.program("read,write").await;
        let before = desk.totals().await;
        for (body, fields) in [
            (json!({"queue": "support", "subject": "s", "text": "t", "colour": 1, "submitter": {"email": "a@b.test", "nme": "x"}}), "colour submitter.nme"),
            (json!({"subject": "s", "text": "t"}), "queue"),
            (json!({"queue": "none", "subject": "s", "text": "t"}), "queue"),
            (json!({"queue": "support", "subject": "s"}), "text"),
            (json!({"queue": "support", "subject": "s", "text": "t", "html": "<p>t"}), "html"),
            (json!({"queue": "support", "subject": 7, "text": "t"}), "subject"),
            (json!({"queue": "support", "subject": "s", "text": "t", "due_at": "tomorrow"}), "due_at"),
            (json!({"queue": "support", "subject": "s", "text": "t", "priority": 9}), "priority"),
            (json!({"queue": "support", "subject": "s", "text": "t", "owner": "nobody"}), "owner"),
            (json!({"queue": "support", "subject": "s", "text": "t", "type": "None"}), "type"),
            (json!({"queue": "support", "subject": "s", "text": "t", "submitter": {"email": "support@desk.test"}}), "submitter.email"),
            (json!({"queue": "support", "subject": "s", "text": "t", "submitter": {}}), "submitter.email"),
        ] {
            let reply = desk.call(&caller, "POST", "/tickets", body.clone()).await;
            assert_eq!(problem(&reply), (422, fields.to_owned()), "{body}: {}", reply.body);
        }
        for (query, field) in [("limit=0", "limit"), ("limit=201", "limit"), ("colour=red", "colour"), ("q=is:blue", "q"),
            ("q=queue:none", "q"), ("sort=age", "sort"), ("include=x", "include"), ("after=x", "after")] {
            let reply = desk.ask(&caller, &format!("/tickets?{query}")).await;
            assert_eq!(problem(&reply), (422, field.to_owned()), "{query}: {}", reply.body);
        }
        assert_eq!(desk.totals().await, before);
    }

    what_cannot_be_read_or_is_not_there_is_told_by_its_status(desk) {
        let caller = desk.program("read,write").await;
        let bearer = ("Authorization", caller.bearer.as_str());
        let json = ("Content-Type", "application/json");
        let post = async |headers: &[(&str, &str)], body: &[u8]| desk.send("POST", "/api/v2/tickets", headers, body).await;
        assert_eq!(problem(&post(&[bearer, json], b"{").await).0, 400);
        assert_eq!(problem(&post(&[bearer, json], "[".repeat(100_000).as_bytes()).await).0, 400);
        assert_eq!(problem(&post(&[bearer, ("Content-Type", "text/plain")], b"{}").await).0, 415);
        let large = format!(
            "POST /api/v2/tickets HTTP/1.1\r\nHost: t\r\nAuthorization: {}\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n",
            caller.bearer
        );
        assert_eq!(problem(&desk.raw(large.as_bytes()).await).0, 413);
        for path in ["/nothing", "/tickets/7", "/tickets/x", "/tickets/1/2/3"] {
            assert_eq!(problem(&desk.ask(&caller, path).await).0, 404, "{path}");
        }
        let reply = desk.call(&caller, "PUT", "/tickets/1", json!({})).await;
        assert_eq!((problem(&reply).0, reply.header("allow")), (405, "GET,HEAD,PATCH,DELETE"));
    }

    a_repeated_post_has_one_effect_and_the_first_answer(desk) {
        let caller = desk.program("read,write").await;
        let headers = [("Idempotency-Key", "9f1c")];
        let send = async |body| desk.call(&caller, "POST", "/tickets", Sent { body: Some(body), headers: &headers }).await;
        let (first, again) = (send(ticket()).await, send(ticket()).await);
        let shown = |reply: &Reply| (reply.status, reply.body.clone(), reply.header("etag").to_owned(), reply.header("location").to_owned());
        assert_eq!(shown(&first), shown(&again));
        assert_eq!((first.status, first.header("location")), (201, "/api/v2/tickets/1"));
        let mut other = ticket();
        other["subject"] = "Another".into();
        assert_eq!(problem(&send(other).await).0, 422);
        assert_eq!(desk.totals().await[0], 1);
        desk.advance(Duration::from_hours(25));
        assert_eq!(send(ticket()).await.header("location"), "/api/v2/tickets/2");
        desk.mails().await;
    }

    a_change_of_a_state_that_is_gone_is_refused(desk) {
        let (caller, first) = opened(&desk).await;
        let tag = desk.ask(&caller, "/tickets/1").await.header("etag").to_owned();
        assert_eq!(tag, first.header("etag"));
        let change = async |tag: &str, priority: i64| {
            desk.call(&caller, "PATCH", "/tickets/1", Sent { body: Some(json!({"priority": priority})), headers: &[("If-Match", tag)] }).await
        };
        let done = change(&tag, 1).await;
        assert_eq!(done.status, 200, "{}", done.body);
        let late = change(&tag, 2).await;
        assert_eq!((problem(&late).0, late.header("etag")), (412, done.header("etag")));
        assert_eq!(change(&format!("\"x\", {}", done.header("etag")), 2).await.status, 200);
        assert_eq!(change("*", 3).await.status, 200);
        let sent = Sent { headers: &[("If-Match", tag.as_str())], ..Sent::default() };
        assert_eq!(problem(&desk.call(&caller, "DELETE", "/tickets/1", sent).await).0, 412);
    }

    a_dry_run_tells_the_outcome_and_its_mails_and_changes_nothing(desk) {
        let caller = desk.program("read,write").await;
        let before = desk.totals().await;
        let headers = [("Prefer", "dry-run"), ("Idempotency-Key", "1")];
        let preferred = desk.call(&caller, "POST", "/tickets", Sent { body: Some(ticket()), headers: &headers }).await;
        let asked = desk.call(&caller, "POST", "/tickets?dry_run=true", ticket()).await;
        assert_eq!((preferred.status, preferred.header("preference-applied")), (200, "dry-run"), "{}", preferred.body);
        let told = asked.json();
        assert_eq!((&told["dry_run"], &told["status"], &told["result"]["subject"]), (&json!(true), &json!(201), &json!(FIRE)));
        let sends = told["would_send"].as_array().expect("mails are listed");
        let to: Vec<String> = sends.iter().map(|mail| format!("{} > {}", mail["template"].as_str().unwrap(), mail["to"].as_str().unwrap())).collect();
        assert_eq!(to, ["newticket_submitter > max@customer.test", "newticket_cc > new@staff.test", "newticket_cc > updates@staff.test"]);
        assert!(sends[0]["subject"].as_str().is_some_and(|subject| subject.contains(FIRE)), "{}", asked.body);
        assert_eq!(desk.totals().await, before);
        assert!(desk.mails().await.is_empty());
        // The key is not taken by it.
        let done = desk.call(&caller, "POST", "/tickets", Sent { body: Some(ticket()), headers: &headers[1..] }).await;
        assert_eq!(done.status, 201);
        desk.mails().await;
        // Numbers that were tried are given to nobody else on PostgreSQL.
        let path = done.header("location").trim_start_matches("/api/v2").to_owned();
        let reply = desk.call(&caller, "PATCH", &format!("{path}?dry_run=true"), json!({"priority": 1})).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!((&reply.json()["result"]["priority"], &reply.json()["would_send"]), (&json!(1), &json!([])));
        assert_eq!(desk.ask(&caller, &path).await.json()["priority"], 2);
    }

    browsers_may_call_only_from_the_origins_that_are_named(desk, "[http]" => "[http]\ncors_origins = [\"https://shop.example\"]") {
        let headers = [("Origin", "https://shop.example"), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization")];
        let asked = desk.send("OPTIONS", "/api/v2/tickets/1", &headers, b"").await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (200, "https://shop.example"));
        let other = desk.send("OPTIONS", "/api/v2/tickets/1", &[("Origin", "https://evil.example"), headers[1]], b"").await;
        assert_eq!(other.header("access-control-allow-origin"), "");
    }

    without_origins_there_is_no_cors(desk) {
        let headers = [("Origin", "https://shop.example"), ("Access-Control-Request-Method", "GET")];
        let asked = desk.send("OPTIONS", "/api/v2/tickets", &headers, b"").await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (401, ""));
    }

    the_api_is_found_whatever_is_in_front_of_the_jutda_api(desk, "[http]" => "[http]\njutda_mount = \"/helpdesk\"") {
        assert_eq!(desk.get("/api/v2/tickets").await.status, 401);
        assert_eq!(problem(&desk.get("/api/v2/create_ticket/").await).0, 404);
    }
}

fn basic(name: &str, secret: &str) -> String {
    use base64::Engine;
    format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(format!("{name}:{secret}")))
}
