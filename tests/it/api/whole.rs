//! All effects of one call, or none: what is left of a call that fails in its middle.

use helpdeskd::store::db::Db;

use crate::support::desk::TestDesk;
use crate::support::desk::both;

const ONCE: (&str, &str) = ("Idempotency-Key", "9f1c");

/// Makes the database refuse every new mail, which is the last that a call writes; and allow it again.
async fn refuse_mails(desk: &TestDesk) {
    match &desk.app.db {
        Db::Sqlite { write, .. } => {
            let sql =
                "create trigger refused before insert on outbox begin select raise(abort, 'refused'); end";
            sqlx::query(sql).execute(write).await.map(drop)
        }
        Db::Postgres(pool) => {
            let sql = "alter table outbox add constraint refused check (false) not valid";
            sqlx::query(sql).execute(pool).await.map(drop)
        }
    }
    .expect("the schema changes");
}

async fn allow_mails(desk: &TestDesk) {
    match &desk.app.db {
        Db::Sqlite { write, .. } => sqlx::query("drop trigger refused").execute(write).await.map(drop),
        Db::Postgres(pool) => {
            sqlx::query("alter table outbox drop constraint refused").execute(pool).await.map(drop)
        }
    }
    .expect("the schema changes");
}

both! {
    a_call_that_fails_at_its_end_leaves_nothing_and_can_be_repeated(desk) {
        desk.susan().await;
        let max = desk.customer("max@customer.test", "Max").await.to_string();
        let key = desk.token().await;
        let create = [("queue", "1"), ("title", "t"), ("submitter_email", "new@customer.test")];
        assert_eq!(desk.jutda("create_ticket", &create).await.body, "1");
        let raise = [("type", "Payment"), ("subject", "s"), ("userId", max.as_str()), ("comments", "c")];
        assert_eq!(desk.jaze(&key, "raise_ticket", &raise).await.status, 200);
        refuse_mails(&desk).await;
        let (before, tickets) = (desk.totals().await, [desk.ticket(1).await, desk.ticket(2).await]);
        let create = [("queue", "1"), ("title", "t"), ("submitter_email", "other@customer.test")];
        for (method, arguments) in [
            ("create_ticket", &create[..]), ("add_followup", &[("ticket", "1"), ("message", "m"), ("public", "y")]),
            ("resolve", &[("ticket", "1"), ("resolution", "r")]),
        ] {
            let reply = desk.jutda_with(method, arguments, &[ONCE]).await;
            assert_eq!((reply.status, reply.body.as_str(), reply.header("content-type")), (500, "the server failed", "text/plain; charset=utf-8"), "{method}");
        }
        let message = [("ticketId", "2"), ("ticketMessage", "m"), ("sender", "user"), ("sender_name", &max), ("showToUser", "true")];
        for (call, arguments) in [
            ("raise_ticket", &raise[..]), ("send_message", &message), ("close_ticket/2", &[]),
            ("assign_ticket_to_admin", &[("ticketId", "2"), ("admin", "susan")]),
        ] {
            let headers = [("Authorization", key.authorization.as_str()), ONCE];
            let reply = desk.form(&format!("/api/v1/{call}"), arguments, &headers).await;
            assert_eq!((reply.status, &reply.json()["errorCode"], &reply.json()["status"]), (500, &500.into(), &"error".into()), "{call}");
            assert!(!reply.body.contains("refused"), "what the database said is for the log: {}", reply.body);
        }
        assert_eq!((desk.totals().await, [desk.ticket(1).await, desk.ticket(2).await]), (before, tickets));
        allow_mails(&desk).await;
        let reply = desk.jutda_with("create_ticket", &create, &[ONCE]).await;
        assert_eq!((reply.status, desk.totals().await[0]), (200, 3));
    }
}
