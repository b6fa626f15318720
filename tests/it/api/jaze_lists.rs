//! `get_tickets` and `get_ticket_details`: what they show, in which order, and how filters combine.

use std::time::Duration;

use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::merge;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::person::Role;
use serde_json::Value;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::http_client::Reply;
use crate::support::people::Key;

const HOUR: Duration = Duration::from_hours(1);

fn ids(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let data = reply.json()["data"].as_array().expect("a list").clone();
    data.iter().map(|entry| entry["Ticket"]["id"].as_str().expect("an id is a string").to_owned()).collect()
}

/// Customers Max (1) and Eve (2), agent susan (3); tickets, an hour apart from 10:00 UTC: 1 and 2 of Max and 3
/// of Eve unassigned; 4 of Max owned by susan; 5 of Eve owned by susan and on hold; 6 of Max closed, owned by
/// susan; 7 of nobody. Those of type Payment (1, 3, 4, 5, 6) are due 12 hours later.
async fn desk_of_seven(desk: &TestDesk) -> Key {
    desk.customer("max@customer.test", "Max").await;
    desk.customer("eve@customer.test", "Eve").await;
    desk.susan().await;
    let key = desk.token().await;
    for (kind, user) in [
        ("Payment", "1"),
        ("Question", "1"),
        ("Payment", "2"),
        ("Payment", "1"),
        ("Payment", "2"),
        ("Payment", "1"),
    ] {
        let arguments =
            [("type", kind), ("subject", "Unable to pay"), ("userId", user), ("comments", "help")];
        assert_eq!(desk.jaze(&key, "raise_ticket", &arguments).await.status, 200);
        desk.advance(HOUR);
    }
    for ticket in ["4", "5", "6"] {
        desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", ticket), ("admin", "susan")]).await;
    }
    desk.jutda("hold_ticket", &[("ticket", "5")]).await;
    desk.get_with(&key, "/api/v1/close_ticket/6").await;
    desk.jutda("create_ticket", &[("queue", "2"), ("title", "Nobody's")]).await;
    key
}

both! {
    get_tickets_shows_what_the_document_shows(desk) {
        let key = desk_of_seven(&desk).await;
        let reply = desk.get_with(&key, "/api/v1/get_tickets/0").await;
        assert_eq!((&reply.json()["status"], &reply.json()["errorCode"]), (&json!("success"), &json!(200)));
        assert_eq!(reply.header("content-type"), "application/json");
        let data = reply.json()["data"].clone();
        assert_eq!(data[0], json!({"Ticket": {
            "id": "1", "account_id": "jazenetworks", "user": "1", "subject": "Unable to pay", "type": "Payment", "priority": "high",
            "due": "2026-03-03 03:30:00", "status": "unassigned", "assigned_to": "NULL", "group_name": "Support",
            "created": "2026-03-02 15:30:00",
        }}));
        assert_eq!((&data[4]["Ticket"]["status"], &data[4]["Ticket"]["assigned_to"]), (&json!("onhold"), &json!("susan@staff.test")));
        assert_eq!(data[6], json!({"Ticket": {
            "id": "7", "account_id": "jazenetworks", "user": "0", "subject": "Nobody's", "type": "Bare", "priority": "medium",
            "due": "NULL", "status": "unassigned", "assigned_to": "NULL", "group_name": "Bare", "created": "2026-03-02 21:30:00",
        }}));
        let statuses: Vec<&Value> = data.as_array().unwrap().iter().map(|entry| &entry["Ticket"]["status"]).collect();
        assert_eq!(statuses, ["unassigned", "unassigned", "unassigned", "open", "onhold", "closed", "unassigned"]);
    }

    filters_alone_and_together_find_the_same_tickets_by_any_index(desk) {
        let key = desk_of_seven(&desk).await;
        // 23:00 UTC: what was due at 22:00 is overdue; in Kolkata it is the next day.
        desk.advance(7 * HOUR);
        for (path, expected) in [
            ("0", "1 2 3 4 5 6 7"), ("0/all", "1 2 3 4 5 6 7"), ("0/unresolved", "1 2 3 4 5 7"), ("0/open", "4"), ("0/onhold", "5"),
            ("0/unassigned", "1 2 3 7"), ("0/closed", "6"), ("0/overdue", "1"), ("0/duetoday", "1 3 4 5"),
            ("1", "1 2 4 6"), ("2", "3 5"), ("1/unresolved", "1 2 4"), ("1/closed", "6"), ("1/open", "4"), ("2/onhold", "5"),
            ("1/unassigned", "1 2"), ("2/unassigned", "3"), ("1/overdue", "1"), ("2/overdue", ""), ("2/duetoday", "3 5"), ("2/closed", ""),
            ("0/all/susan", "4 5 6"), ("0//susan", "4 5 6"), ("0/open/susan@staff.test", "4"), ("0/onhold/susan", "5"),
            ("0/closed/susan", "6"), ("0/unresolved/susan", "4 5"), ("0/unassigned/susan", ""), ("0/duetoday/susan", "4 5"),
            ("0/overdue/susan", ""), ("1/all/susan", "4 6"), ("2/unresolved/susan", "5"), ("3", ""),
        ] {
            let reply = desk.get_with(&key, &format!("/api/v1/get_tickets/{path}")).await;
            assert_eq!(ids(&reply).join(" "), expected, "{path}");
            let reply = desk.get_with(&key, &format!("/api/v1/get_tickets/{path}?limit=100")).await;
            let mut newest_first = ids(&reply);
            newest_first.reverse();
            assert_eq!(newest_first.join(" "), expected, "{path}, newest first");
        }
    }

    dates_are_of_the_account_and_both_ends_belong_to_it(desk) {
        let key = desk_of_seven(&desk).await;
        for (path, from, to, expected) in [
            ("0", "02-03-2026 16:30", "02-03-2026 18:30", "2 3 4"), ("0", "2-3-2026 16:31", "", "3 4 5 6 7"), ("0", "", "02-03-2026 16:29", "1"),
            ("0", "", "", "1 2 3 4 5 6 7"), ("1", "02-03-2026 16:30", "", "2 4 6"), ("0/unassigned", "02-03-2026 16:30", "", "2 3 7"),
            ("0/closed", "02-03-2026 16:30", "", "6"), ("0/closed", "", "02-03-2026 16:30", ""), ("0/duetoday", "", "", ""),
            ("0/unresolved/susan", "02-03-2026 19:30", "02-03-2026 19:30", "5"), ("0/all/susan", "02-03-2026 19:30", "", "5 6"),
        ] {
            let arguments = [("fromDate", from), ("toDate", to)];
            let reply = desk.jaze(&key, &format!("get_tickets/{path}"), &arguments).await;
            assert_eq!(ids(&reply).join(" "), expected, "{path} {from} {to}");
        }
        // 10:00:30 is within the minute that it ends with.
        desk.advance(Duration::from_secs(30));
        desk.jutda("create_ticket", &[("queue", "2"), ("title", "late")]).await;
        let reply = desk.jaze(&key, "get_tickets/0", &[("fromDate", "02-03-2026 21:30"), ("toDate", "02-03-2026 21:30")]).await;
        assert_eq!(ids(&reply), ["7", "8"]);
    }

    limit_and_before_page_from_the_newest(desk) {
        let key = desk_of_seven(&desk).await;
        for (query, expected) in [
            ("limit=3", "7 6 5"), ("limit=3&before=5", "4 3 2"), ("limit=3&before=2", "1"), ("before=3", "2 1"), ("limit=1", "7"),
        ] {
            assert_eq!(ids(&desk.get_with(&key, &format!("/api/v1/get_tickets/0?{query}")).await).join(" "), expected, "{query}");
            let arguments: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
            assert_eq!(ids(&desk.jaze(&key, "get_tickets/0", &arguments).await).join(" "), expected, "{query} by POST");
        }
        let reply = desk.get_with(&key, "/api/v1/get_tickets/0/duetoday?limit=2").await;
        assert_eq!(ids(&reply), Vec::<String>::new());
        desk.advance(12 * HOUR);
        let reply = desk.get_with(&key, "/api/v1/get_tickets/0/duetoday?limit=2&before=5").await;
        assert_eq!(ids(&reply), ["4", "3"]);
    }

    get_tickets_names_the_argument_that_is_wrong(desk) {
        let key = desk_of_seven(&desk).await;
        for (path, status, word) in [
            ("", 400, "userId"), ("x", 400, "userId"), ("-1", 400, "userId"), ("99", 404, "user"), ("0/Open", 400, "status"), ("0/resolved", 400, "status"),
            ("0/all/nobody", 404, "admin"), ("0/all/max@customer.test", 404, "admin"), ("0?limit=0", 400, "limit"), ("0?limit=x", 400, "limit"),
            ("0?before=-1", 400, "before"), ("0?fromDate=2026-03-02", 400, "fromDate"), ("0?toDate=1-1-2026+25:00", 400, "toDate"),
        ] {
            let reply = desk.get_with(&key, &format!("/api/v1/get_tickets/{path}")).await;
            assert_eq!((reply.status, &reply.json()["errorCode"]), (status, &json!(status)), "{path}");
            assert!(reply.json()["message"].as_str().unwrap().contains(word), "{path}: {}", reply.body);
        }
    }

    lists_longer_than_a_page_are_streamed_whole_and_in_order(desk) {
        let key = desk_of_seven(&desk).await;
        for _ in 0..450 {
            let reply = desk.jaze(&key, "raise_ticket", &[("type", "Payment"), ("subject", "s"), ("userId", "1"), ("comments", "c")]).await;
            assert_eq!(reply.status, 200);
        }
        let reply = desk.get_with(&key, "/api/v1/get_tickets/0").await;
        assert_eq!(reply.header("transfer-encoding"), "chunked");
        assert_eq!(ids(&reply), (1..=457).map(|id| id.to_string()).collect::<Vec<_>>());
        let newest: Vec<String> = ids(&desk.get_with(&key, "/api/v1/get_tickets/0?limit=433").await);
        assert_eq!(newest, (25..=457).rev().map(|id| id.to_string()).collect::<Vec<_>>());
        desk.advance(24 * HOUR);
        for path in ["0/overdue", "1/overdue", "0/overdue?limit=1000"] {
            assert_eq!(ids(&desk.get_with(&key, &format!("/api/v1/get_tickets/{path}")).await).len(), if path.starts_with('1') { 452 } else { 454 });
        }
    }

    get_ticket_details_gives_the_conversation_oldest_first(desk) {
        let key = desk_of_seven(&desk).await;
        let message = |text, by, name, shown| {
            [("ticketId", "5"), ("ticketMessage", text), ("sender", by), ("sender_name", name), ("showToUser", shown)]
        };
        desk.jaze(&key, "send_message", &message("Looking on it", "admin", "susan", "true")).await;
        desk.jaze(&key, "send_message", &message("Difficult", "admin", "susan", "false")).await;
        let reply = desk.get_with(&key, "/api/v1/get_ticket_details/5").await;
        let now = "2026-03-02 21:30:00";
        assert_eq!(reply.json(), json!({"status": "success", "errorCode": 200, "message": {
            "ticket_conversation": [
                {"sender": "user", "sender_name": "Eve", "ticket_message": "help", "created": "2026-03-02 19:30:00", "show_to_user": "1"},
                {"sender": "admin", "sender_name": "susan@staff.test", "ticket_message": "Ticket put on hold", "created": now, "show_to_user": "0"},
                {"sender": "admin", "sender_name": "susan@staff.test", "ticket_message": "Looking on it", "created": now, "show_to_user": "1"},
                {"sender": "admin", "sender_name": "susan@staff.test", "ticket_message": "Difficult", "created": now, "show_to_user": "0"},
            ],
            "ticket_details": {"status": "onhold", "assigned_to": "susan@staff.test", "created": "2026-03-02 19:30:00"},
        }}));
        for (ticket, status) in [("99", 404), ("x", 400), ("", 400), ("5/6", 404)] {
            let reply = desk.get_with(&key, &format!("/api/v1/get_ticket_details/{ticket}")).await;
            assert_eq!((reply.status, &reply.json()["errorCode"]), (status, &json!(status)), "{ticket}");
        }
    }

    entries_without_words_are_left_out_and_those_of_nobody_are_the_desks(desk) {
        let key = desk_of_seven(&desk).await;
        desk.jaze(&key, "raise_ticket", &[
            ("type", "Bare"), ("subject", "s"), ("userId", "1"), ("comments", "c"), ("closeTicketImmediately", "true"),
            ("resolutionType", "phone"), ("resolutionSubject", "done"),
        ]).await;
        let reply = desk.get_with(&key, "/api/v1/get_ticket_details/8").await.json();
        assert_eq!(reply["message"]["ticket_conversation"][1]["sender_name"], "Example Support");
        assert_eq!(reply["message"]["ticket_conversation"][1]["sender"], "admin");
        // Ticket 6 was closed without words, 7 opened without.
        assert_eq!(desk.get_with(&key, "/api/v1/get_ticket_details/6").await.json()["message"]["ticket_conversation"].as_array().unwrap().len(), 1);
        let seven = desk.get_with(&key, "/api/v1/get_ticket_details/7").await.json();
        assert_eq!(seven["message"], json!({"ticket_conversation": [],
            "ticket_details": {"status": "unassigned", "assigned_to": "NULL", "created": "2026-03-02 21:30:00"}}));
    }

    a_long_conversation_is_streamed_whole(desk) {
        let key = desk_of_seven(&desk).await;
        for n in 0..40 {
            let text = format!("message {n}");
            let reply = desk.jutda("add_followup", &[("ticket", "1"), ("message", &text)]).await;
            assert_eq!(reply.status, 200);
        }
        let reply = desk.get_with(&key, "/api/v1/get_ticket_details/1").await.json();
        let conversation = reply["message"]["ticket_conversation"].as_array().unwrap();
        assert_eq!((conversation.len(), &conversation[40]["ticket_message"]), (41, &json!("message 39")));
    }

    a_merged_ticket_is_closed_and_shows_the_survivors_conversation(desk) {
        let key = desk_of_seven(&desk).await;
        let mut tx = desk.app.db.write().await.unwrap();
        let actor = Actor::operator();
        merge::merge(&desk.app.desk(), &mut tx, &actor, (TicketId(3), TicketId(1)), desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&desk.get_with(&key, "/api/v1/get_tickets/0/closed").await), ["3", "6"]);
        let reply = desk.get_with(&key, "/api/v1/get_ticket_details/3").await.json();
        assert_eq!(reply["message"]["ticket_details"]["status"], "closed");
        assert_eq!(reply["message"]["ticket_conversation"].as_array().unwrap().len(), 2);
        // Writes go to the survivor; both submitters may speak on it.
        for user in ["1", "2"] {
            let arguments = [("ticketId", "3"), ("ticketMessage", "hi"), ("sender", "user"), ("sender_name", user), ("showToUser", "true")];
            assert_eq!(desk.jaze(&key, "send_message", &arguments).await.status, 200);
        }
        assert_eq!(desk.conversation(1).await.len(), 4);
        assert_eq!(desk.jutda("hold_ticket", &[("ticket", "3")]).await.body, "OK");
        assert!(desk.ticket(1).await.starts_with("#1 open, held by us"));
    }

    names_with_quotes_and_controls_stay_json(desk) {
        let key = desk_of_seven(&desk).await;
        let odd = "a \"quoted\" \\ \u{1} \u{2028} name";
        let max = desk.user(Role::Customer, "odd", "x").await.to_string();
        desk.jaze(&key, "raise_ticket", &[("type", "Bare"), ("subject", odd), ("userId", &max), ("comments", odd)]).await;
        let reply = desk.get_with(&key, &format!("/api/v1/get_tickets/{max}")).await.json();
        assert_eq!(reply["data"][0]["Ticket"]["subject"], "a \"quoted\" \\ name");
        let reply = desk.get_with(&key, "/api/v1/get_ticket_details/8").await.json();
        assert_eq!(reply["message"]["ticket_conversation"][0]["ticket_message"], odd);
    }
}
