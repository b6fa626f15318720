//! The writing calls of the Jaze Tickets API, row by row of their contract: answers, errors, effects.

use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::person::Role;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::people::Key;

/// A key, the customer Max (number 1) and the agent susan (2); one ticket of Max, whose mails are looked at.
async fn opened(desk: &TestDesk) -> Key {
    desk.customer("max@customer.test", "Max").await;
    desk.user(Role::Agent, "susan", "fido").await;
    let key = desk.token().await;
    let arguments =
        [("type", "Payment"), ("subject", "Unable to pay online"), ("userId", "1"), ("comments", "timeout")];
    assert_eq!(desk.jaze(&key, "raise_ticket", &arguments).await.status, 200);
    desk.mails().await;
    key
}

both! {
    raise_ticket_opens_a_ticket_in_the_customers_name(desk) {
        desk.customer("max@customer.test", "Max").await;
        let key = desk.token().await;
        let reply = desk.jaze(&key, "raise_ticket", &[
            ("type", "Payment"), ("subject", "Unable to pay online"), ("userId", "1"), ("comments", "connection\ntimeout"),
            ("priority", "urgent"),
        ]).await;
        assert_eq!(reply.json(), json!({
            "status": "success", "errorCode": 200, "ticketId": "1",
            "message": "Your ticket with the ID 1 has been raised. Please wait for the response and note the ticket Id for future reference.",
        }));
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
        assert_eq!(desk.ticket(1).await,
            "#1 open, p1 \"Unable to pay online\", support, for max@customer.test, of nobody, due 2026-03-02T22:00:00Z");
        assert_eq!(desk.conversation(1).await, ["public opened by Max via jaze: connection\ntimeout"]);
        assert_eq!(desk.audit(1).await, ["user 1 by token 1 via jaze: opened - > -"]);
        assert_eq!(desk.mails().await,
            ["newticket_cc > new@staff.test", "newticket_cc > updates@staff.test", "newticket_submitter > max@customer.test"]);
    }

    a_ticket_has_the_priority_and_due_time_of_its_type(desk) {
        let key = opened(&desk).await;
        assert!(desk.ticket(1).await.contains("p2") && desk.ticket(1).await.contains("due 2026-03-02T22:00:00Z"));
        // A queue without types has one of its own name, which is never due.
        let reply = desk.jaze(&key, "raise_ticket", &[("type", "Bare"), ("subject", "x"), ("userId", "1"), ("comments", "y")]).await;
        assert_eq!(reply.json()["ticketId"], "2");
        assert_eq!(desk.ticket(2).await, "#2 open, p3 \"x\", bare, for max@customer.test, of nobody");
    }

    a_ticket_that_is_closed_at_once_is_told_as_closed_only(desk) {
        let key = opened(&desk).await;
        let reply = desk.jaze(&key, "raise_ticket", &[
            ("type", "Question"), ("subject", "Password"), ("userId", "1"), ("comments", "lost it"),
            ("closeTicketImmediately", "true"), ("resolutionType", "By phone"), ("resolutionSubject", "New password set"),
        ]).await;
        assert_eq!((reply.status, &reply.json()["ticketId"]), (200, &json!("2")));
        assert!(desk.ticket(2).await.starts_with("#2 closed"));
        assert_eq!(desk.conversation(2).await,
            ["public opened by Max via jaze: lost it", "public closed by - via jaze: By phone: New password set"]);
        assert_eq!(desk.mails().await, ["closed_cc > updates@staff.test", "closed_submitter > max@customer.test"]);
        assert_eq!(desk.audit(2).await, ["user 1 by token 1 via jaze: opened - > -", "token 1 via jaze: status open > closed"]);
    }

    a_ticket_that_is_not_to_be_closed_at_once_is_opened(desk) {
        let key = opened(&desk).await;
        for closing in ["false", ""] {
            let reply = desk.jaze(&key, "raise_ticket", &[
                ("type", "Question"), ("subject", "Password"), ("userId", "1"), ("comments", "lost it"), ("priority", "low"),
                ("closeTicketImmediately", closing), ("resolutionType", "By phone"), ("resolutionSubject", "New password set"),
            ]).await;
            let id: i64 = reply.json()["ticketId"].as_str().and_then(|id| id.parse().ok()).expect("a number");
            assert!(desk.ticket(id).await.contains("open, p4"), "{}", desk.ticket(id).await);
            assert_eq!(desk.conversation(id).await.len(), 1);
            assert!(desk.mails().await.contains(&"newticket_submitter > max@customer.test".to_owned()));
        }
    }

    a_disabled_customer_may_not_be_named(desk) {
        let key = opened(&desk).await;
        let mut tx = desk.app.db.write().await.unwrap();
        store::users::disable(&mut tx, UserId(1), desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let before = desk.totals().await;
        for (call, arguments) in [
            ("raise_ticket", &[("type", "Bare"), ("subject", "s"), ("userId", "1"), ("comments", "c")][..]),
            ("send_message", &[("ticketId", "1"), ("ticketMessage", "m"), ("sender", "user"), ("sender_name", "1"), ("showToUser", "true")]),
            ("reopen_ticket", &[("ticketId", "1"), ("userId", "1"), ("comments", "c")]),
            ("ticket_rating", &[("ticketId", "1"), ("userId", "1"), ("ratingValue", "4")]),
        ] {
            let reply = desk.jaze(&key, call, arguments).await;
            assert_eq!((reply.status, &reply.json()["errorCode"]), (403, &json!(403)), "{call}");
        }
        assert_eq!(desk.totals().await, before);
        // What he wrote can still be read.
        assert_eq!(desk.get_with(&key, "/api/v1/get_tickets/1").await.json()["data"].as_array().map(Vec::len), Some(1));
    }

    an_agent_who_left_is_no_admin_but_his_tickets_can_be_listed(desk) {
        let key = opened(&desk).await;
        desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", "1"), ("admin", "susan")]).await;
        let mut tx = desk.app.db.write().await.unwrap();
        store::users::disable(&mut tx, UserId(2), desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let message = [("ticketId", "1"), ("ticketMessage", "m"), ("sender", "admin"), ("sender_name", "susan"), ("showToUser", "true")];
        assert_eq!(desk.jaze(&key, "send_message", &message).await.status, 404);
        assert_eq!(desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", "1"), ("admin", "susan")]).await.status, 404);
        let list = desk.get_with(&key, "/api/v1/get_tickets/0/open/susan").await.json();
        assert_eq!(list["data"][0]["Ticket"]["assigned_to"], "susan@staff.test");
    }

    raise_ticket_names_the_argument_that_is_wrong(desk) {
        let key = opened(&desk).await;
        let before = desk.totals().await;
        let good = [("type", "Payment"), ("subject", "s"), ("userId", "1"), ("comments", "c")];
        for missing in ["type", "subject", "userId", "comments"] {
            for value in [None, Some(""), Some("  ")] {
                let arguments: Vec<_> = good.iter()
                    .filter_map(|(name, text)| if *name == missing { value.map(|value| (*name, value)) } else { Some((*name, *text)) })
                    .collect();
                let reply = desk.jaze(&key, "raise_ticket", &arguments).await;
                assert_eq!(reply.json(), json!({"status": "error", "errorCode": 400, "message": format!("The argument {missing} is missing")}));
                assert_eq!(reply.status, 400);
            }
        }
        for (name, value, status, word) in [
            ("userId", "abc", 400, "userId"), ("priority", "critical", 400, "priority"), ("priority", "1", 400, "priority"),
            ("closeTicketImmediately", "yes", 400, "closeTicketImmediately"), ("closeTicketImmediately", "true", 400, "resolutionType"),
            ("userId", "99", 404, "user"), ("userId", "2", 404, "user"), ("type", "Nothing", 404, "type"),
        ] {
            let arguments = [&good[..], &[(name, value)]].concat();
            let reply = desk.jaze(&key, "raise_ticket", &arguments).await;
            assert_eq!((reply.status, &reply.json()["errorCode"]), (status, &json!(status)), "{name}={value}");
            assert!(reply.json()["message"].as_str().is_some_and(|text| text.contains(word)), "{}", reply.body);
        }
        let closing = [&good[..], &[("closeTicketImmediately", "true"), ("resolutionType", "x")]].concat();
        assert!(desk.jaze(&key, "raise_ticket", &closing).await.body.contains("resolutionSubject"));
        assert_eq!(desk.totals().await, before);
    }

    send_message_speaks_for_admin_or_user(desk) {
        let key = opened(&desk).await;
        let message = |text, by, name, shown| {
            [("ticketId", "1"), ("ticketMessage", text), ("sender", by), ("sender_name", name), ("showToUser", shown)]
        };
        let reply = desk.jaze(&key, "send_message", &message("Looking on it", "admin", "2", "true")).await;
        assert_eq!(reply.json(), json!({"status": "success", "errorCode": 200, "message": "The message has been sent to the admin"}));
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test", "updated_submitter > max@customer.test"]);
        let reply = desk.jaze(&key, "send_message", &message("For us", "admin", "susan", "false")).await;
        assert_eq!(reply.json()["message"], "The message has been sent to the admin");
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test"]);
        let reply = desk.jaze(&key, "send_message", &message("Thanks", "user", "1", "true")).await;
        assert_eq!(reply.json()["message"], "The message has been sent to the user");
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test"]);
        let reply = desk.jaze(&key, "send_message", &message("Secret", "user", "max@customer.test", "false")).await;
        assert_eq!(reply.status, 200);
        assert_eq!(desk.conversation(1).await[1..], [
            "public comment by susan via jaze: Looking on it",
            "private comment by susan via jaze: For us",
            "public comment by Max via jaze: Thanks",
            "private comment by Max via jaze: Secret",
        ]);
    }

    a_users_message_reopens_a_closed_ticket_and_an_admins_does_not(desk) {
        let key = opened(&desk).await;
        let message = |by, name, shown| {
            [("ticketId", "1"), ("ticketMessage", "hello"), ("sender", by), ("sender_name", name), ("showToUser", shown)]
        };
        for shown in ["true", "false"] {
            desk.get_with(&key, "/api/v1/close_ticket/1").await;
            desk.mails().await;
            assert_eq!(desk.jaze(&key, "send_message", &message("admin", "susan", "false")).await.status, 200);
            assert!(desk.ticket(1).await.starts_with("#1 closed"));
            assert_eq!(desk.jaze(&key, "send_message", &message("user", "1", shown)).await.status, 200);
            assert!(desk.ticket(1).await.starts_with("#1 reopened"));
            // The customer hears nothing of it, as he did it; a private word is for agents alone in any case.
            assert!(desk.mails().await.iter().all(|mail| mail.ends_with("@staff.test")));
        }
    }

    send_message_refuses_what_is_wrong_or_not_theirs(desk) {
        let key = opened(&desk).await;
        desk.customer("eve@customer.test", "Eve").await;
        let before = desk.totals().await;
        let good = [("ticketId", "1"), ("ticketMessage", "m"), ("sender", "user"), ("sender_name", "1"), ("showToUser", "true")];
        for (name, value, status) in [
            ("ticketId", "", 400), ("ticketId", "x", 400), ("ticketId", "9", 404), ("ticketMessage", " ", 400), ("sender", "", 400),
            ("sender", "boss", 400), ("sender_name", "", 400), ("sender_name", "99", 404), ("sender_name", "nobody", 404),
            ("sender_name", "2", 404), ("sender_name", "3", 403), ("sender_name", "eve@customer.test", 403),
            ("showToUser", "", 400), ("showToUser", "yes", 400), ("sender", "admin", 404),
        ] {
            let reply = desk.jaze(&key, "send_message", &[&good[..], &[(name, value)]].concat()).await;
            assert_eq!((reply.status, &reply.json()["errorCode"]), (status, &json!(status)), "{name}={value}: {}", reply.body);
        }
        assert_eq!(desk.totals().await, before);
    }

    close_ticket_works_by_get_and_post_and_twice(desk) {
        let key = opened(&desk).await;
        let closed = json!({"status": "success", "errorCode": 200, "message": "The ticket has been closed"});
        assert_eq!(desk.get_with(&key, "/api/v1/close_ticket/1").await.json(), closed);
        assert_eq!(desk.mails().await, ["closed_cc > updates@staff.test", "closed_submitter > max@customer.test"]);
        assert_eq!(desk.jaze(&key, "close_ticket/1", &[]).await.json(), closed);
        assert!(desk.mails().await.is_empty());
        assert_eq!(desk.get_with(&key, "/api/v1/close_ticket/9").await.status, 404);
        assert_eq!(desk.get_with(&key, "/api/v1/close_ticket/x").await.status, 400);
        assert_eq!(desk.get_with(&key, "/api/v1/close_ticket/").await.status, 400);
        let head = desk.send("HEAD", "/api/v1/close_ticket/1", &[("Authorization", &key.authorization)], b"").await;
        assert_eq!(head.status, 405, "asking about a call must not make it");
    }

    assign_ticket_to_admin_takes_user_name_or_address(desk) {
        let key = opened(&desk).await;
        desk.user(Role::Admin, "otto", "x").await;
        for (admin, owner) in [("susan", "susan"), ("OTTO@staff.test", "otto")] {
            let reply = desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", "1"), ("admin", admin)]).await;
            assert_eq!(reply.json(), json!({"status": "success", "errorCode": 200, "message": "Admin assigned to the ticket successfully"}));
            assert!(desk.ticket(1).await.contains(&format!("of {owner}@staff.test")));
            assert_eq!(desk.mails().await, ["assigned_cc > updates@staff.test".to_owned(), format!("assigned_owner > {owner}@staff.test")]);
        }
        for (ticket, admin, status) in [
            ("1", "nobody", 404), ("1", "max@customer.test", 404), ("9", "susan", 404), ("1", "", 400), ("", "susan", 400), ("x", "susan", 400),
        ] {
            let reply = desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", ticket), ("admin", admin)]).await;
            assert_eq!(reply.status, status, "{ticket} {admin}");
        }
    }

    reopen_ticket_clears_the_resolution_and_keeps_the_owner(desk) {
        let key = opened(&desk).await;
        desk.jaze(&key, "assign_ticket_to_admin", &[("ticketId", "1"), ("admin", "susan")]).await;
        desk.jutda("resolve", &[("ticket", "1"), ("resolution", "done")]).await;
        desk.mails().await;
        let reply = desk.jaze(&key, "reopen_ticket", &[("ticketId", "1"), ("userId", "1"), ("comments", "not at all")]).await;
        assert_eq!(reply.json(), json!({"status": "success", "errorCode": 200, "message": "Ticket has been reopened successfully"}));
        assert_eq!(desk.ticket(1).await, "#1 reopened, p2 \"Unable to pay online\", support, for max@customer.test, \
            of susan@staff.test, due 2026-03-02T22:00:00Z");
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test", "updated_owner > susan@staff.test"]);
        // On an open ticket it is a comment.
        let reply = desk.jaze(&key, "reopen_ticket", &[("ticketId", "1"), ("userId", "1"), ("comments", "and again")]).await;
        assert_eq!(reply.status, 200);
        assert_eq!(desk.conversation(1).await.last().map(String::as_str), Some("public comment by Max via jaze: and again"));
    }

    ticket_rating_keeps_the_last_one_and_mails_nobody(desk) {
        let key = opened(&desk).await;
        for value in ["3", "5"] {
            let reply = desk.jaze(&key, "ticket_rating", &[("ticketId", "1"), ("userId", "1"), ("ratingValue", value)]).await;
            assert_eq!(reply.json(), json!({"status": "success", "errorCode": 200,
                "message": "Thanks for your feedback, your rating has been saved for the ticket ID1"}));
            desk.get_with(&key, "/api/v1/close_ticket/1").await;
        }
        let mut tx = desk.app.db.read().await.unwrap();
        assert_eq!(store::ratings::find(&mut tx, TicketId(1), UserId(1)).await.unwrap(), Some(5));
        drop(tx);
        assert_eq!(desk.audit(1).await.last().map(String::as_str), Some("user 1 by token 1 via jaze: rating 3 > 5"));
        assert!(desk.mails().await.iter().all(|mail| mail.starts_with("closed_")));
        desk.customer("eve@customer.test", "Eve").await;
        for (name, value, status) in [
            ("ratingValue", "0", 400), ("ratingValue", "6", 400), ("ratingValue", "good", 400), ("ratingValue", "", 400),
            ("userId", "3", 403), ("userId", "9", 404), ("userId", "", 400), ("ticketId", "9", 404), ("ticketId", "", 400),
        ] {
            let good = [("ticketId", "1"), ("userId", "1"), ("ratingValue", "4")];
            let reply = desk.jaze(&key, "ticket_rating", &[&good[..], &[(name, value)]].concat()).await;
            assert_eq!(reply.status, status, "{name}={value}");
        }
    }

    only_the_submitter_may_reopen(desk) {
        let key = opened(&desk).await;
        desk.customer("eve@customer.test", "Eve").await;
        desk.get_with(&key, "/api/v1/close_ticket/1").await;
        for (user, status) in [("3", 403), ("2", 404), ("77", 404), ("x", 400), ("", 400)] {
            let reply = desk.jaze(&key, "reopen_ticket", &[("ticketId", "1"), ("userId", user), ("comments", "c")]).await;
            assert_eq!(reply.status, status, "{user}");
        }
        assert!(desk.ticket(1).await.starts_with("#1 closed"));
    }
}
