//! Tickets by the Desk API: opened, read, listed, changed and deleted.

use serde_json::Value;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::programs::Caller;
use crate::support::programs::Sent;

async fn opened(desk: &TestDesk, fields: Value) -> Caller {
    let caller = desk.program("read,write").await;
    open(desk, &caller, fields).await;
    caller
}

async fn open(desk: &TestDesk, caller: &Caller, fields: Value) {
    let mut body = json!({"queue": "support", "subject": "Printer on fire", "text": "It burns."});
    for (name, value) in fields.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let reply = desk.call(caller, "POST", "/tickets", body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    desk.mails().await;
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().expect("items").iter().filter_map(|item| item["id"].as_i64()).collect()
}

both! {
    a_ticket_has_everything_that_it_is_opened_with(desk) {
        let susan = desk.susan().await;
        let caller = desk.program("read,write").await;
        let body = json!({
            "queue": "support", "subject": "Printer on fire", "html": "<p>It <b>burns</b>.</p>", "type": "Question", "priority": 1,
            "submitter": {"email": "max@customer.test", "name": "Max"}, "owner": "susan", "cc": ["ann@customer.test"],
            "tags": ["fire", "urgent"], "due_at": "2026-03-05T12:00:00+02:00",
        });
        let reply = desk.call(&caller, "POST", "/tickets", body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let ticket = reply.json();
        assert_eq!((&ticket["type"], &ticket["owner_id"], &ticket["tags"], &ticket["due_at"], &ticket["door"]),
            (&json!("Question"), &json!(susan.0), &json!(["fire", "urgent"]), &json!("2026-03-05T10:00:00Z"), &json!("api")));
        assert_eq!(desk.conversation(1).await, ["public opened by Max via api: It burns."]);
        assert_eq!(desk.mails().await, [
            "assigned_owner > susan@staff.test", "newticket_cc > new@staff.test", "newticket_cc > updates@staff.test",
            "newticket_copy > ann@customer.test", "newticket_submitter > max@customer.test",
        ]);
    }

    a_ticket_that_is_opened_in_silence_is_mailed_to_nobody(desk) {
        let caller = desk.program("read,write").await;
        let body = json!({"queue": "support", "subject": "s", "text": "t", "notify": false, "submitter": {"email": "max@customer.test"}});
        assert_eq!(desk.call(&caller, "POST", "/tickets", body).await.status, 201);
        assert!(desk.mails().await.is_empty());
    }

    an_agents_program_speaks_as_the_agent(desk) {
        let susan = desk.susan().await;
        let caller = desk.program_of("read,write", Some(susan)).await;
        open(&desk, &caller, json!({"submitter": {"email": "max@customer.test"}})).await;
        assert_eq!(desk.conversation(1).await, ["public opened by susan via api: It burns."]);
        let mine = desk.call(&caller, "PATCH", "/tickets/1", json!({"owner": susan.0})).await;
        assert_eq!(mine.status, 200, "{}", mine.body);
        assert_eq!(ids(&desk.ask(&caller, "/tickets?q=owner:me").await.json()), [1]);
    }

    lists_are_filtered_sorted_paged_and_counted(desk) {
        let caller = desk.program("read,write").await;
        for n in 1..=5 {
            open(&desk, &caller, json!({"subject": format!("Ticket {n}"), "tags": if n % 2 == 0 { json!(["even"]) } else { json!([]) }})).await;
        }
        let page = desk.ask(&caller, "/tickets?limit=2&q=is%3Aopen").await;
        assert_eq!((ids(&page.json()), &page.json()["next"]), (vec![5, 4], &json!(4)));
        assert_eq!(page.header("link"), "</api/v2/tickets?limit=2&q=is%3Aopen&after=4>; rel=\"next\"");
        let next = page.header("link").trim_start_matches("</api/v2").split('>').next().unwrap().to_owned();
        let page = desk.ask(&caller, &next).await;
        assert_eq!(ids(&page.json()), [3, 2]);
        let oldest = desk.ask(&caller, "/tickets?limit=3&sort=id").await.json();
        assert_eq!((ids(&oldest), &oldest["next"]), (vec![1, 2, 3], &json!(3)));
        let rest = desk.ask(&caller, "/tickets?limit=3&sort=id&after=3").await;
        assert_eq!((ids(&rest.json()), &rest.json()["next"], rest.header("link")), (vec![4, 5], &json!(null), ""));
        let counted = desk.ask(&caller, "/tickets?q=tag%3Aeven&count=true").await.json();
        assert_eq!((ids(&counted), &counted["count"], &counted["count_is_exact"]), (vec![4, 2], &json!(2), &json!(true)));
        assert!(desk.ask(&caller, "/tickets").await.json().get("count").is_none());
    }

    what_stands_around_a_ticket_is_told_when_it_is_asked_for(desk) {
        desk.susan().await;
        let caller = opened(&desk, json!({"submitter": {"email": "max@customer.test", "name": "Max"}, "owner": "susan"})).await;
        let plain = desk.ask(&caller, "/tickets").await.json();
        assert!(plain["items"][0].get("submitter").is_none());
        let item = desk.ask(&caller, "/tickets?include=submitter,owner,queue").await.json()["items"][0].clone();
        assert_eq!((&item["submitter"]["email"], &item["owner"]["name"], &item["queue_title"]),
            (&json!("max@customer.test"), &json!("susan"), &json!("Support")));
    }

    all_fields_of_a_change_are_one_action(desk) {
        desk.susan().await;
        let caller = opened(&desk, json!({"submitter": {"email": "max@customer.test"}, "tags": ["old", "kept"]})).await;
        let version = desk.ask(&caller, "/tickets/1").await.json()["version"].as_i64().expect("a number");
        let change = json!({
            "subject": "Printer\non fire again", "owner": "susan@staff.test", "priority": 4, "type": "Question", "tags": ["kept", "new"],
            "due_at": "2026-04-01T00:00:00Z", "hold": {"until": "2026-03-10T08:00:00Z"}, "submitter": {"email": "ann@customer.test"},
        });
        let reply = desk.call(&caller, "PATCH", "/tickets/1", change).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let ticket = reply.json();
        assert_eq!(ticket["version"], version + 1);
        assert_eq!((&ticket["subject"], &ticket["priority"], &ticket["type"], &ticket["tags"], &ticket["due_at"], &ticket["held_until"]),
            (&json!("Printer on fire again"), &json!(4), &json!("Question"), &json!(["kept", "new"]), &json!("2026-04-01T00:00:00Z"), &json!("2026-03-10T08:00:00Z")));
        assert_eq!(desk.mails().await, ["assigned_cc > updates@staff.test", "assigned_owner > susan@staff.test"]);
        let log = desk.audit(1).await;
        assert!(log.contains(&"token 1 via api: due 2026-03-02T22:00:00Z > 2026-04-01T00:00:00Z".to_owned()), "{log:#?}");
        assert!(log.contains(&"token 1 via api: type Payment > Question".to_owned()), "{log:#?}");
        let back = desk.call(&caller, "PATCH", "/tickets/1", json!({"owner": null, "due_at": null, "hold": null, "queue": "bare"})).await.json();
        assert_eq!((&back["owner_id"], &back["due_at"], &back["held_at"], &back["queue"], &back["type"]),
            (&json!(null), &json!(null), &json!(null), &json!("bare"), &json!("Bare")));
        desk.mails().await;
    }

    a_change_that_is_wrong_in_one_field_changes_none(desk) {
        let caller = opened(&desk, json!({})).await;
        let before = desk.ask(&caller, "/tickets/1").await.body;
        for (change, field) in [
            (json!({"priority": 1, "owner": "nobody"}), "owner"), (json!({"priority": 1, "queue": "none"}), "queue"),
            (json!({"priority": 1, "type": "Bare"}), "type"), (json!({"priority": 1, "hold": {"until": "yesterday"}}), "hold.until"),
            (json!({"priority": 1, "hold": {"until": "2020-01-01T00:00:00Z"}}), "hold.until"), (json!({"priority": "high"}), "priority"),
            (json!({"priority": 1, "submitter": {"email": "nonsense"}}), "submitter.email"),
        ] {
            let reply = desk.call(&caller, "PATCH", "/tickets/1", change.clone()).await;
            assert_eq!((reply.status, &reply.json()["errors"][0]["field"]), (422, &json!(field)), "{change}: {}", reply.body);
        }
        assert_eq!(desk.call(&caller, "PATCH", "/tickets/1", json!({"priority": 1, "tags": ["two words"]})).await.status, 422);
        assert_eq!(desk.ask(&caller, "/tickets/1").await.body, before);
    }

    a_deleted_ticket_is_gone(desk) {
        let caller = opened(&desk, json!({})).await;
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1", Sent::default()).await.status, 204);
        assert_eq!(desk.ask(&caller, "/tickets/1").await.status, 404);
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1", Sent::default()).await.status, 404);
    }
}
