//! Conversations by the Desk API, and whatever else belongs to a ticket.

use helpdeskd::ticket::person::Role;
use serde_json::Value;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::programs::Caller;
use crate::support::programs::Sent;

/// A ticket of Max (1), whose mails are looked at, and a program that acts for the agent susan (2).
async fn opened(desk: &TestDesk) -> Caller {
    desk.customer("max@customer.test", "Max").await;
    let susan = desk.user(Role::Agent, "susan", "fido").await;
    let caller = desk.program_of("read,write", Some(susan)).await;
    let body = json!({"queue": "support", "subject": "Printer on fire", "text": "It burns.", "submitter": {"email": "max@customer.test"}});
    assert_eq!(desk.call(&caller, "POST", "/tickets", body).await.status, 201);
    desk.mails().await;
    caller
}

fn texts(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().filter_map(|item| item["text"].as_str()).collect()
}

both! {
    an_answer_is_said_and_mailed(desk) {
        let caller = opened(&desk).await;
        let reply = desk.call(&caller, "POST", "/tickets/1/entries", json!({"html": "<p>Try <b>water</b>.</p><script>x()</script>"})).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let entry = reply.json();
        assert_eq!((&entry["visibility"], &entry["text"], &entry["author_id"], &entry["door"]), (&json!("public"), &json!("Try water."), &json!(2), &json!("api")));
        assert_eq!(entry["html"], "<p>Try <b>water</b>.</p>");
        let location = reply.header("location").trim_start_matches("/api/v2").to_owned();
        let again = desk.ask(&caller, &location).await;
        assert_eq!((again.status, again.json(), again.header("etag")), (200, entry, reply.header("etag")));
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test", "updated_submitter > max@customer.test"]);
    }

    a_note_is_mailed_to_no_customer(desk) {
        let caller = opened(&desk).await;
        let reply = desk.call(&caller, "POST", "/tickets/1/entries", json!({"visibility": "private", "text": "He smokes."})).await;
        assert_eq!((reply.status, &reply.json()["visibility"]), (201, &json!("private")));
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test"]);
    }

    an_answer_with_a_status_and_a_hold_is_one_action(desk) {
        let caller = opened(&desk).await;
        let reply = desk.call(&caller, "POST", "/tickets/1/entries", json!({"text": "Buy another.", "status": "resolved"})).await;
        assert_eq!((reply.status, &reply.json()["new_status"]), (201, &json!("resolved")), "{}", reply.body);
        assert_eq!(desk.mails().await, ["resolved_cc > updates@staff.test", "resolved_submitter > max@customer.test"]);
        let both = json!({"visibility": "private", "text": "He calls again.", "status": "reopened", "hold": {"until": "2026-03-10"}});
        let reply = desk.call(&caller, "POST", "/tickets/1/entries", both).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let ticket = desk.ask(&caller, "/tickets/1").await.json();
        assert_eq!((&ticket["status"], &ticket["held_until"]), (&json!("reopened"), &json!("2026-03-10T00:00:00Z")));
        desk.mails().await;
        let reply = desk.call(&caller, "POST", "/tickets/1/entries", json!({"hold": null})).await;
        assert_eq!((reply.status, &reply.json()["held_at"]), (200, &json!(null)));
        let reply = desk.call(&caller, "POST", "/tickets/1/entries", json!({"status": "closed"})).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        desk.mails().await;
        for (wrong, field) in [(json!({}), "text"), (json!({"text": " "}), "text"), (json!({"text": "x", "status": "merged"}), "status"), (json!({"text": "x", "visibility": "secret"}), "visibility")] {
            let reply = desk.call(&caller, "POST", "/tickets/1/entries", wrong.clone()).await;
            assert_eq!((reply.status, &reply.json()["errors"][0]["field"]), (422, &json!(field)), "{wrong}");
        }
    }

    a_conversation_is_read_in_pages(desk) {
        let caller = opened(&desk).await;
        for text in ["one", "two", "three"] {
            desk.call(&caller, "POST", "/tickets/1/entries", json!({"visibility": "private", "text": text})).await;
        }
        desk.mails().await;
        let first = desk.ask(&caller, "/tickets/1/entries?limit=3").await;
        assert_eq!(texts(&first.json()), ["It burns.", "one", "two"]);
        let next = first.header("link").trim_start_matches("</api/v2").split('>').next().expect("a link").to_owned();
        assert_eq!(texts(&desk.ask(&caller, &next).await.json()), ["three"]);
        for path in ["/tickets/9/entries", "/tickets/1/entries/99", "/tickets/9/ccs", "/tickets/9/tags", "/tickets/9/rating", "/tickets/9/events", "/tickets/9/deliveries"] {
            assert_eq!(desk.ask(&caller, path).await.status, 404, "{path}");
        }
    }

    ccs_and_tags_come_and_go(desk) {
        let caller = opened(&desk).await;
        let added = desk.call(&caller, "POST", "/tickets/1/ccs", json!({"email": "ann@customer.test"})).await;
        assert_eq!((added.status, &added.json()["items"][0]["email"]), (200, &json!("ann@customer.test")));
        assert_eq!(desk.ask(&caller, "/tickets/1/ccs").await.json(), added.json());
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1/ccs/ann%40customer.test", Sent::default()).await.json()["items"], json!([]));
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1/ccs/ann%40customer.test", Sent::default()).await.status, 404);
        assert_eq!(desk.call(&caller, "POST", "/tickets/1/ccs", json!({"email": "support@desk.test"})).await.status, 422);
        assert_eq!(desk.call(&caller, "POST", "/tickets/1/tags", json!({"tag": "fire"})).await.json()["items"], json!(["fire"]));
        assert_eq!(desk.ask(&caller, "/tickets/1/tags").await.json()["items"], json!(["fire"]));
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1/tags/fire", Sent::default()).await.json()["items"], json!([]));
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1/tags/fire", Sent::default()).await.status, 404);
    }

    a_customers_rating_is_kept_and_nobody_elses(desk) {
        let caller = opened(&desk).await;
        let rated = desk.call(&caller, "POST", "/tickets/1/rating", json!({"user": "max@customer.test", "value": 5})).await;
        assert_eq!((rated.status, &rated.json()["items"][0]["value"]), (200, &json!(5)), "{}", rated.body);
        assert_eq!(desk.ask(&caller, "/tickets/1/rating").await.json(), rated.json());
        assert_eq!(desk.call(&caller, "POST", "/tickets/1/rating", json!({"user": "susan", "value": 5})).await.status, 403);
        assert_eq!(desk.call(&caller, "POST", "/tickets/1/rating", json!({"user": 1, "value": 6})).await.status, 422);
    }

    what_happened_and_what_was_mailed_can_be_read(desk) {
        let caller = opened(&desk).await;
        let events = desk.ask(&caller, "/tickets/1/events").await.json();
        assert_eq!((&events["items"][0]["kind"], &events["items"][0]["seq"], &events["items"][0]["token_id"]), (&json!("ticket.opened"), &json!(1), &json!(1)));
        let mails = desk.ask(&caller, "/tickets/1/deliveries").await.json();
        assert_eq!((&mails["items"][0]["to"], &mails["items"][0]["state"]), (&json!("max@customer.test"), &json!("queued")));
    }

    tickets_are_merged_and_split(desk) {
        let caller = opened(&desk).await;
        let body = json!({"queue": "bare", "subject": "Smoke", "text": "Black.", "submitter": {"email": "max@customer.test"}});
        desk.call(&caller, "POST", "/tickets", body).await;
        desk.call(&caller, "POST", "/tickets/2/entries", json!({"visibility": "private", "text": "Something else."})).await;
        let entries = desk.ask(&caller, "/tickets/2/entries").await.json();
        let split = desk.call(&caller, "POST", "/tickets/2/split", json!({"entries": [entries["items"][1]["id"]], "subject": "Else"})).await;
        assert_eq!((split.status, &split.json()["subject"], split.header("location")), (201, &json!("Else"), "/api/v2/tickets/3"), "{}", split.body);
        let merged = desk.call(&caller, "POST", "/tickets/2/merge", json!({"into": 1})).await;
        assert_eq!((merged.status, &merged.json()["id"]), (200, &json!(1)), "{}", merged.body);
        assert_eq!(desk.ask(&caller, "/tickets/2").await.json()["merged_into"], 1);
        for into in [1, 2] {
            assert_eq!(desk.call(&caller, "POST", &format!("/tickets/{into}/merge"), json!({"into": into})).await.status, 409);
        }
        // A write to a merged ticket goes to the survivor.
        assert_eq!(desk.call(&caller, "PATCH", "/tickets/2", json!({"priority": 1})).await.json()["id"], 1);
        assert_eq!(desk.call(&caller, "POST", "/tickets/1/share", json!({"agreement": "nonsense"})).await.status, 422);
        assert_eq!(desk.call(&caller, "DELETE", "/tickets/1/share", Sent::default()).await.status, 409);
        desk.mails().await;
    }
}
