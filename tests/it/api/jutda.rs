//! The methods of the Jutda Helpdesk API, row by row of their contract: answers, errors in order, effects.

use helpdeskd::store;
use helpdeskd::ticket::person::Role;

use crate::support::desk::TestDesk;
use crate::support::desk::both;

/// A ticket of carl@customer.test that susan owns; its mails are looked at.
async fn opened(desk: &TestDesk, susan: i64) -> String {
    let owner = susan.to_string();
    let arguments = [
        ("queue", "1"),
        ("title", "Printer"),
        ("submitter_email", "carl@customer.test"),
        ("assigned_to", &owner),
    ];
    let id = desk.jutda("create_ticket", &arguments).await.body;
    desk.mails().await;
    id
}

both! {
    create_ticket_answers_the_number_and_tells_everybody(desk) {
        desk.susan().await;
        let owner = desk.user(Role::Agent, "otto", "x").await.to_string();
        let reply = desk.jutda("create_ticket", &[
            ("queue", "1"), ("title", "  Printer on fire "), ("submitter_email", "Carl@Customer.test"),
            ("assigned_to", &owner), ("priority", "1"), ("body", "It burns.\nPlease help."), ("due_date", "2026-03-05"),
        ]).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "1"));
        assert_eq!(desk.ticket(1).await,
            "#1 open, p1 \"Printer on fire\", support, for Carl@Customer.test, of otto@staff.test, due 2026-03-05T23:59:59Z");
        assert_eq!(desk.conversation(1).await, ["public opened by susan via jutda: It burns.\nPlease help."]);
        assert_eq!(desk.audit(1).await, ["user 1 via jutda: opened - > -"]);
        assert_eq!(desk.mails().await, [
            "assigned_owner > otto@staff.test", "newticket_cc > new@staff.test", "newticket_cc > updates@staff.test",
            "newticket_submitter > Carl@Customer.test",
        ]);
    }

    create_ticket_acknowledges_nothing_to_a_way_through_another_server(desk) {
        desk.susan().await;
        for (number, address) in [("1", "ann%bank.test@customer.test"), ("2", "bank.test!ann@customer.test"), ("3", "root@localhost")] {
            let arguments = [("queue", "2"), ("title", "Odd"), ("submitter_email", address)];
            assert_eq!(desk.jutda("create_ticket", &arguments).await.body, number);
        }
        assert_eq!(desk.mails().await, Vec::<String>::new());
    }

    create_ticket_needs_only_queue_and_title(desk) {
        desk.susan().await;
        let reply = desk.jutda("create_ticket", &[("queue", "2"), ("title", "Bare")]).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "1"));
        assert_eq!(desk.ticket(1).await, "#1 open, p3 \"Bare\", bare, for nobody, of nobody");
        let reply = desk.jutda("create_ticket",
            &[("queue", " 1 "), ("title", "x"), ("description", "alias"), ("priority", ""), ("submitter_email", "")]).await;
        assert_eq!(reply.status, 200);
        // The first type of the queue is due after 12 hours; its usual priority does not count here.
        assert_eq!(desk.ticket(2).await, "#2 open, p3 \"x\", support, for nobody, of nobody, due 2026-03-02T22:00:00Z");
        assert_eq!(desk.conversation(2).await, ["public opened by susan via jutda: alias"]);
    }

    create_ticket_tells_all_mistakes_at_once_and_in_order(desk) {
        desk.susan().await;
        let before = desk.totals().await;
        let reply = desk.jutda("create_ticket", &[("queue", "9")]).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.body,
            "* queue\n  * Select a valid choice. 9 is not one of the available choices.\n* title\n  * This field is required.");
        let long = "x".repeat(101);
        let reply = desk.jutda("create_ticket", &[
            ("due_date", "soon"), ("priority", "6"), ("assigned_to", "77"), ("submitter_email", "carl"), ("title", &long),
        ]).await;
        assert_eq!(reply.body, "* queue\n  * This field is required.\n\
            * title\n  * Ensure this value has at most 100 characters (it has 101).\n\
            * submitter_email\n  * Enter a valid email address.\n\
            * assigned_to\n  * Select a valid choice. 77 is not one of the available choices.\n\
            * priority\n  * Select a valid choice. 6 is not one of the available choices.\n\
            * due_date\n  * Enter a valid date/time.");
        assert_eq!(desk.totals().await, before);
        let reply = desk.jutda("create_ticket", &[("queue", "1"), ("title", &long[1..])]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }

    a_ticket_is_assigned_to_active_agents_only(desk) {
        desk.susan().await;
        let admin = desk.user(Role::Admin, "ada", "x").await;
        let gone = desk.user(Role::Agent, "gone", "x").await;
        let mut tx = desk.app.db.write().await.unwrap();
        store::users::disable(&mut tx, gone, desk.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let assigned = async |user: &str| {
            desk.jutda("create_ticket", &[("queue", "1"), ("title", "x"), ("assigned_to", user)]).await
        };
        assert_eq!(assigned(&admin.to_string()).await.status, 200);
        for user in [gone.to_string(), "susan".to_owned(), "0".to_owned()] {
            assert_eq!(assigned(&user).await.body,
                format!("* assigned_to\n  * Select a valid choice. {user} is not one of the available choices."));
        }
        let customer = desk.customer("carl@customer.test", "Carl").await.to_string();
        let reply = desk.jutda("create_ticket", &[("queue", "1"), ("title", "x"), ("assigned_to", &customer)]).await;
        assert_eq!(reply.body,
            format!("* assigned_to\n  * Select a valid choice. {customer} is not one of the available choices."));
    }

    a_ticket_number_that_is_none_is_not_found(desk) {
        desk.susan().await;
        for method in ["delete_ticket", "hold_ticket", "unhold_ticket", "add_followup", "resolve"] {
            for ticket in ["", "1", "abc", "-1", "1.0", "99999999999999999999", "1 or 1=1", "\u{0661}", "0"] {
                let reply = desk.jutda(method, &[("ticket", ticket), ("confirm", "y")]).await;
                assert_eq!((reply.status, reply.body.as_str()), (404, "Invalid ticket ID"), "{method} {ticket:?}");
            }
        }
    }

    delete_ticket_asks_for_a_confirmation_first(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        for arguments in [&[("ticket", "999")][..], &[("ticket", &id)], &[("ticket", &id), ("confirm", "")]] {
            let reply = desk.jutda("delete_ticket", arguments).await;
            assert_eq!((reply.status, reply.body.as_str()), (400, "No confirmation provided"));
        }
        assert_ne!(desk.ticket(1).await, "gone");
        let reply = desk.jutda("delete_ticket", &[("ticket", &id), ("confirm", "0")]).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "OK"));
        assert_eq!((desk.ticket(1).await, desk.mails().await), ("gone".to_owned(), vec![]));
        let [tickets, entries, _, mails, ..] = desk.totals().await;
        assert_eq!((tickets, entries, mails), (0, 0, 0), "nothing of it is left");
        // That it was, when it went and by whom stays; its values do not.
        assert_eq!(desk.audit(1).await, ["user 1 via jutda: opened - > -", "user 1 via jutda: deleted - > -"]);
        let reply = desk.jutda("create_ticket", &[("queue", "1"), ("title", "next")]).await;
        assert_eq!(reply.body, "2", "a number is never given twice");
    }

    hold_and_unhold_mail_nobody_and_are_noted_once(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        for _ in 0..2 {
            assert_eq!(desk.jutda("hold_ticket", &[("ticket", &id)]).await.body, "OK");
            assert!(desk.ticket(1).await.starts_with("#1 open, held by us"));
        }
        for _ in 0..2 {
            assert_eq!(desk.jutda("unhold_ticket", &[("ticket", &id)]).await.body, "OK");
            assert!(desk.ticket(1).await.starts_with("#1 open, p3"));
        }
        assert_eq!(desk.conversation(1).await[1..], [
            "private note by susan via jutda: Ticket put on hold",
            "private note by susan via jutda: Ticket taken off hold",
        ]);
        assert!(desk.mails().await.is_empty());
    }

    add_followup_checks_ticket_then_flag_then_message(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        let refused = |reply: crate::support::http_client::Reply| (reply.status, reply.body);
        let reply = desk.jutda("add_followup", &[("ticket", "9"), ("public", "x")]).await;
        assert_eq!(refused(reply), (404, "Invalid ticket ID".to_owned()));
        for flag in ["x", "", "Y", "yes", "1"] {
            let reply = desk.jutda("add_followup", &[("ticket", &id), ("public", flag)]).await;
            assert_eq!(refused(reply), (400, "Invalid 'public' flag".to_owned()), "{flag}");
        }
        for message in ["", " \r\n\t"] {
            let reply = desk.jutda("add_followup", &[("ticket", &id), ("message", message)]).await;
            assert_eq!(refused(reply), (400, "Blank message".to_owned()));
        }
        assert_eq!(desk.jutda("add_followup", &[("ticket", &id)]).await.body, "Blank message");
        assert_eq!(desk.conversation(1).await.len(), 1);
    }

    a_followup_is_private_unless_it_says_public(desk) {
        let otto = desk.user(Role::Agent, "otto", "x").await;
        desk.susan().await;
        let id = opened(&desk, otto.0).await;
        assert_eq!(desk.jutda("add_followup", &[("ticket", &id), ("message", "for us")]).await.body, "OK");
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test", "updated_owner > otto@staff.test"]);
        assert_eq!(desk.jutda("add_followup", &[("ticket", &id), ("message", "also"), ("public", "n")]).await.body, "OK");
        desk.mails().await;
        let reply = desk.jutda("add_followup", &[("ticket", &id), ("message", "for all\r\n"), ("public", "y")]).await;
        assert_eq!(reply.body, "OK");
        assert_eq!(desk.mails().await, [
            "updated_cc > updates@staff.test", "updated_owner > otto@staff.test", "updated_submitter > carl@customer.test",
        ]);
        assert_eq!(desk.conversation(1).await[1..], [
            "private comment by susan via jutda: for us",
            "private comment by susan via jutda: also",
            "public comment by susan via jutda: for all\r\n",
        ]);
    }

    the_actor_gets_no_mail_about_his_own_act(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        desk.jutda("add_followup", &[("ticket", &id), ("message", "hello"), ("public", "y")]).await;
        assert_eq!(desk.mails().await, ["updated_cc > updates@staff.test", "updated_submitter > carl@customer.test"]);
    }

    resolve_keeps_the_resolution_and_mails_it_to_everybody(desk) {
        let otto = desk.user(Role::Agent, "otto", "x").await;
        desk.susan().await;
        let id = opened(&desk, otto.0).await;
        for resolution in ["", "  "] {
            let reply = desk.jutda("resolve", &[("ticket", &id), ("resolution", resolution)]).await;
            assert_eq!((reply.status, reply.body.as_str()), (400, "Blank resolution"));
        }
        desk.jutda("hold_ticket", &[("ticket", &id)]).await;
        let reply = desk.jutda("resolve", &[("ticket", &id), ("resolution", "New toner.")]).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "OK"));
        assert_eq!(desk.ticket(1).await, "#1 resolved, p3 \"Printer\", support, for carl@customer.test, \
            of otto@staff.test, due 2026-03-02T22:00:00Z, answered \"New toner.\"");
        assert_eq!(desk.conversation(1).await.last().map(String::as_str),
            Some("public resolved by susan via jutda: New toner."));
        assert_eq!(desk.mails().await, [
            "resolved_cc > updates@staff.test", "resolved_owner > otto@staff.test", "resolved_submitter > carl@customer.test",
        ]);
    }

    list_queues_gives_ids_as_strings_ordered_by_title(desk) {
        desk.susan().await;
        let reply = desk.jutda("list_queues", &[]).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/json"));
        assert_eq!(reply.body, r#"[{"id": "2", "title": "Bare"}, {"id": "1", "title": "Support"}]"#);
    }

    find_user_is_case_sensitive_and_knows_agents_only(desk) {
        let susan = desk.susan().await;
        desk.user(Role::Customer, "carl", "x").await;
        assert_eq!(desk.jutda("find_user", &[("username", "susan")]).await.body, susan.to_string());
        for name in ["Susan", "nobody", "", "carl", "susan ", "susan@staff.test"] {
            let reply = desk.jutda("find_user", &[("username", name)]).await;
            assert_eq!((reply.status, reply.body.as_str()), (404, "Invalid username provided"), "{name}");
        }
        assert_eq!(desk.jutda("find_user", &[]).await.status, 404);
    }

    html_is_kept_as_sent_and_mailed_sanitised_beside_its_words(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        let html = "<p>Hello <b>Carl</b></p><script>alert(1)</script><ul><li>one</ul>";
        let arguments = [("ticket", id.as_str()), ("message", html), ("public", "y")];
        assert_eq!(desk.jutda("add_followup", &arguments).await.body, "OK");
        assert_eq!(desk.conversation(1).await[1], "public comment by susan via jutda: Hello Carl\n- one");
        assert_eq!(desk.stored_html(1).await[1].as_deref(), Some(html));
        let mail = desk.mail_to("carl@customer.test").await;
        assert!(mail.html.contains("<p>Hello <b>Carl</b></p><ul><li>one</li></ul>"), "{}", mail.html);
        assert!(mail.text.contains("Hello Carl\n- one") && !mail.html.contains("alert"), "{}", mail.text);
    }

    a_resolution_may_be_html_too(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        let html = "<p>See <a href=\"https://desk.test/faq\" onclick=\"x()\">this</a>.</p>";
        assert_eq!(desk.jutda("resolve", &[("ticket", &id), ("resolution", html)]).await.body, "OK");
        assert_eq!(desk.stored_html(1).await[1].as_deref(), Some(html));
        let mail = desk.mail_to("carl@customer.test").await;
        assert!(mail.html.contains("href=\"https://desk.test/faq\"") && !mail.html.contains("onclick"), "{}", mail.html);
        assert!(mail.text.contains("See this <https://desk.test/faq>.") && !mail.text.contains("<p>"), "{}", mail.text);
    }

    a_due_date_is_of_the_desks_time_zone(desk, "[desk]" => "[desk]\ntimezone = \"Europe/Berlin\"") {
        desk.susan().await;
        for (written, due) in [
            ("2026-03-31", "2026-03-31T21:59:59Z"), ("2026-03-31 17:00", "2026-03-31T15:00:00Z"), ("2026-01-31 17:00:30", "2026-01-31T16:00:30Z"),
        ] {
            let reply = desk.jutda("create_ticket", &[("queue", "2"), ("title", "x"), ("due_date", written)]).await;
            let id: i64 = reply.body.parse().expect("a number");
            assert!(desk.ticket(id).await.ends_with(&format!("due {due}")), "{}", desk.ticket(id).await);
        }
    }

    every_method_takes_a_ticket_that_is_resolved_or_closed(desk) {
        let susan = desk.susan().await;
        let key = desk.token().await;
        opened(&desk, susan.0).await;
        for how in ["resolved", "closed"] {
            for method in ["add_followup", "hold_ticket", "unhold_ticket", "resolve"] {
                if how == "closed" {
                    assert_eq!(desk.get_with(&key, "/api/v1/close_ticket/1").await.status, 200);
                } else {
                    desk.jutda("resolve", &[("ticket", "1"), ("resolution", "r")]).await;
                }
                let arguments = [("ticket", "1"), ("message", "m"), ("public", "y"), ("resolution", "again")];
                assert_eq!(desk.jutda(method, &arguments).await.body, "OK", "{method} of a {how} ticket");
            }
        }
        assert_eq!(desk.jutda("delete_ticket", &[("ticket", "1"), ("confirm", "y")]).await.body, "OK");
    }

    text_that_only_looks_like_html_stays_as_it_is(desk) {
        let susan = desk.susan().await;
        let id = opened(&desk, susan.0).await;
        let text = "if a<b and c>d:\n  mail <susan@staff.test> & wait";
        desk.jutda("add_followup", &[("ticket", &id), ("message", text), ("public", "y")]).await;
        assert_eq!(desk.conversation(1).await[1], format!("public comment by susan via jutda: {text}"));
        let mail = desk.mail_to("carl@customer.test").await;
        assert!(mail.text.contains(text), "{}", mail.text);
        assert!(mail.html.contains("if a&lt;b and c&gt;d:<br>\n&nbsp;&nbsp;mail &lt;susan@staff.test&gt;"), "{}", mail.html);
    }
}
