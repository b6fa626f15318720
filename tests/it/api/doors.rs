//! One ticket through every door: what one API or a mail does shows in the other.

use helpdeskd::ticket::id::QueueId;
use helpdeskd::worker::handle;
use helpdeskd::worker::record;
use helpdeskd::worker::rules::Rules;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;

/// Has the support queue receive a mail.
async fn receive(desk: &TestDesk, mail: &str) {
    let raw = mail.replace('\n', "\r\n").into_bytes();
    let item = record::record_ingested(&desk.app, QueueId(1), raw).await.expect("the mail is recorded");
    handle::handle(&desk.app, vec![item.expect("it is new")], &Rules::default())
        .await
        .expect("it is handled");
}

both! {
    a_ticket_is_the_same_by_mail_and_in_both_apis(desk) {
        desk.susan().await;
        let key = desk.token().await;
        receive(&desk, "From: Max <max@customer.test>\nTo: support@desk.test\nSubject: Printer\nMessage-ID: <1@customer.test>\n\nIt burns.\n").await;
        let list = desk.get_with(&key, "/api/v1/get_tickets/0").await.json();
        let ticket = &list["data"][0]["Ticket"];
        assert_eq!((&ticket["type"], &ticket["status"], &ticket["subject"]), (&json!("Payment"), &json!("unassigned"), &json!("Printer")));
        let max = ticket["user"].as_str().unwrap().to_owned();
        assert_eq!(desk.jutda("hold_ticket", &[("ticket", "1")]).await.body, "OK");
        assert_eq!(desk.get_with(&key, "/api/v1/get_ticket_details/1").await.json()["message"]["ticket_details"]["status"], "onhold");
        let question = [("ticket", "1"), ("message", "Which one?"), ("public", "y")];
        assert_eq!(desk.jutda("add_followup", &question).await.body, "OK");
        let asked = desk.mail_to("max@customer.test").await.message_id;
        receive(&desk, &format!(
            "From: Max <max@customer.test>\nTo: support@desk.test\nSubject: Re: Printer\nMessage-ID: <2@customer.test>\nIn-Reply-To: <{asked}>\n\nThe red one.\n"
        )).await;
        let details = desk.get_with(&key, "/api/v1/get_ticket_details/1").await.json();
        let said: Vec<&str> = details["message"]["ticket_conversation"].as_array().unwrap().iter()
            .map(|entry| entry["ticket_message"].as_str().unwrap().trim()).collect();
        assert_eq!(said, ["It burns.", "Ticket put on hold", "Which one?", "The red one."]);
        // Our own hold outlasts the customer's reply.
        assert_eq!(details["message"]["ticket_details"]["status"], "onhold");
        assert_eq!(desk.jutda("resolve", &[("ticket", "1"), ("resolution", "Removed.")]).await.body, "OK");
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0/closed").await.json()["data"][0]["Ticket"]["id"], "1");
        let arguments = [("ticketId", "1"), ("userId", max.as_str()), ("comments", "There is a second one")];
        assert_eq!(desk.jaze(&key, "reopen_ticket", &arguments).await.status, 200);
        assert!(desk.ticket(1).await.starts_with("#1 reopened"));
        assert_eq!(desk.jutda("delete_ticket", &[("ticket", "1"), ("confirm", "y")]).await.body, "OK");
        assert_eq!(desk.get_with(&key, "/api/v1/get_ticket_details/1").await.status, 404);
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/0").await.json()["data"], json!([]));
    }

    what_an_opening_mail_answers_is_read_whole_through_the_apis(desk) {
        desk.susan().await;
        let key = desk.token().await;
        let old = (1..=40).map(|n| format!("> Lamp {n} of forty.\n")).collect::<Vec<_>>().concat();
        receive(&desk, &format!(
            "From: Max <max@customer.test>\nTo: support@desk.test\nSubject: Re: Your order\nMessage-ID: <1@customer.test>\nIn-Reply-To: <crm@shop.test>\n\nI did not order that.\n\nAm 1.3.2026 um 08:00 schrieb Shop <shop@shop.test>:\n{old}"
        )).await;
        // A later one is shown without what it quotes.
        receive(&desk, "From: Max <max@customer.test>\nTo: support@desk.test\nSubject: Re: Your order\nMessage-ID: <2@customer.test>\nIn-Reply-To: <1@customer.test>\n\nHello?\n\nOn 2 Mar 2026 at 08:00, Max <max@customer.test> wrote:\n> I did not order that.\n").await;
        assert_eq!(desk.jutda("add_followup", &[("ticket", "1"), ("message", "Seen."), ("public", "y")]).await.body, "OK");
        let details = desk.get_with(&key, "/api/v1/get_ticket_details/1").await.json();
        let said: Vec<&str> = details["message"]["ticket_conversation"].as_array().unwrap().iter()
            .map(|entry| entry["ticket_message"].as_str().unwrap().trim()).collect();
        assert!(said[0].starts_with("I did not order that.") && said[0].contains("schrieb Shop") && said[0].contains("Lamp 40 of forty."), "{said:?}");
        assert_eq!(said[1..], ["Hello?", "Seen."]);
    }

    every_write_names_its_door_and_its_actor(desk) {
        desk.susan().await;
        desk.customer("max@customer.test", "Max").await;
        let key = desk.token().await;
        desk.jaze(&key, "raise_ticket", &[("type", "Bare"), ("subject", "s"), ("userId", "2"), ("comments", "c")]).await;
        desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", "1"), ("admin", "susan")]).await;
        desk.jutda("hold_ticket", &[("ticket", "1")]).await;
        desk.jutda("unhold_ticket", &[("ticket", "1")]).await;
        desk.jutda("add_followup", &[("ticket", "1"), ("message", "m")]).await;
        desk.jaze(&key, "send_message", &[("ticketId", "1"), ("ticketMessage", "m"), ("sender", "user"), ("sender_name", "2"), ("showToUser", "true")]).await;
        desk.jutda("resolve", &[("ticket", "1"), ("resolution", "r")]).await;
        desk.jaze(&key, "reopen_ticket", &[("ticketId", "1"), ("userId", "2"), ("comments", "c")]).await;
        desk.get_with(&key, "/api/v1/close_ticket/1").await;
        desk.jaze(&key, "ticket_rating", &[("ticketId", "1"), ("userId", "2"), ("ratingValue", "4")]).await;
        assert_eq!(desk.audit(1).await, [
            "user 2 by token 1 via jaze: opened - > -",
            "token 1 via jaze: owner - > 1",
            "user 1 via jutda: hold - > us",
            "user 1 via jutda: hold us > -",
            "user 1 via jutda: comment - > private",
            "user 2 by token 1 via jaze: comment - > public",
            "user 1 via jutda: status open > resolved",
            "user 2 by token 1 via jaze: status resolved > reopened",
            "token 1 via jaze: status reopened > closed",
            "user 2 by token 1 via jaze: rating - > 4",
        ]);
    }
}
