//! `outbox list` and `outbox retry` as an operator types them after a bad day.

use serde_json::Value;

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::delivery::State;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::outbox::Settlement;
use helpdeskd::ticket::id::OutboxId;

use crate::support::program::Program;

const CONFIG: &str = "[database]\nurl = \"sqlite:desk.db\"
[[smtp]]\nname = \"out\"\ndirectory = \"outgoing\"
[[smtp]]\nname = \"other\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"
[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nsmtp = \"other\"\n";

const QUEUES: [&str; 5] = ["support", "support", "sales", "support", "support"];
const ANSWER: &str = "the mail server refused the recipient: 550 5.7.1 no";

/// Five acknowledgements: three given up (an hour, an hour and three days ago), one of unknown fate, one that waits
/// for days.
async fn desk() -> Program {
    let desk = Program::new();
    desk.write("config.toml", CONFIG);
    say(&desk, &["migrate"]);
    for (at, queue) in QUEUES.iter().enumerate() {
        let from = format!("guest{at}@customer.test");
        say(&desk, &["ticket", "open", "--queue", queue, "--subject", "Help", "--submitter", &from]);
    }
    let db = Db::open(&format!("sqlite:{}", desk.path("desk.db").display()), 1).await.expect("it opens");
    let mut tx = db.write().await.expect("a transaction begins");
    let now = store::outbox::find(&mut tx, OutboxId(1)).await.expect("it is read");
    let now = now.expect("it is there").created_at;
    let ago = |hours: i64| Timestamp(now.0 - hours * Timestamp::HOUR);
    let ends = [
        (State::Rejected, 1),
        (State::Rejected, 72),
        (State::Rejected, 1),
        (State::Unknown, 1),
        (State::Queued, -72),
    ];
    for (id, (state, hours)) in (1..).zip(ends) {
        let settled_at = (state != State::Queued).then_some(ago(hours));
        let settlement = Settlement {
            state,
            due_at: ago(hours),
            unclear: 0,
            relay_id: None,
            answer: ANSWER,
            warned_at: None,
            settled_at,
        };
        assert!(store::outbox::settle(&mut tx, OutboxId(id), 0, &settlement).await.expect("it is written"));
    }
    tx.commit().await.expect("it commits");
    db.close().await;
    desk
}

fn say(desk: &Program, arguments: &[&str]) -> String {
    let ran = desk.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    ran.out
}

/// Number and state of what is listed.
fn listed(desk: &Program) -> Vec<(i64, String)> {
    let rows: Value = serde_json::from_str(&say(desk, &["outbox", "list", "--json"])).expect("it is JSON");
    let row = |row: &Value| {
        let state = row["state"].as_str().expect("it has a state");
        (row["id"].as_i64().expect("it has a number"), state.to_owned())
    };
    rows.as_array().expect("it is a list").iter().map(row).collect()
}

#[tokio::test]
async fn what_was_given_up_lately_is_listed_with_the_reason() {
    let desk = desk().await;
    let text = say(&desk, &["outbox", "list"]);
    assert_eq!(text.lines().filter(|line| line.contains(" given up ")).count(), 3, "{text}");
    assert_eq!(text.matches("550 5.7.1 no").count(), 5, "{text}");
    let states: Vec<_> = listed(&desk).into_iter().map(|(id, state)| format!("{id} {state}")).collect();
    assert_eq!(states, ["4 unknown", "5 queued", "2 rejected", "1 rejected", "3 rejected"]);
}

#[tokio::test]
async fn one_command_sends_again_what_was_lost() {
    for (arguments, again, left) in [
        (&["--all"][..], 4, &[][..]),
        (&["--account", "out"], 3, &[3]),
        (&["--account", "other"], 1, &[1, 2, 4]),
        (&["--since", "2h"], 3, &[2]),
        (&["--since", "2h", "--account", "other"], 1, &[1, 2, 4]),
        (&["--all", "--since", "2001-01-01"], 4, &[]),
        (&["2"], 1, &[1, 3, 4]),
    ] {
        let desk = desk().await;
        let done = say(&desk, &[&["outbox", "retry", "--json"], arguments].concat());
        let done: Value = serde_json::from_str(&done).expect("it is JSON");
        assert_eq!(done["again"], again, "{arguments:?}");
        let mut lost: Vec<i64> =
            listed(&desk).into_iter().filter(|(_, state)| state != "queued").map(|(id, _)| id).collect();
        lost.sort_unstable();
        assert_eq!(lost, left, "{arguments:?}");
    }
    let desk = desk().await;
    assert_eq!(
        say(&desk, &["outbox", "retry", "--all"]),
        "4 mails sent again, 1 mail that waited tried now.\n"
    );
    assert_eq!(say(&desk, &["outbox", "cancel", "1", "--json"]).trim(), "{\n  \"cancelled\": 1\n}");
}

#[tokio::test]
async fn a_retry_of_nothing_or_of_something_unknown_is_refused() {
    let desk = desk().await;
    for (arguments, code) in [
        (&[][..], 64),
        (&["--account", "nobody"], 65),
        (&["--since", "soon"], 65),
        (&["2", "--all"], 64),
        (&["99"], 65),
    ] {
        let ran = desk.run(&[&["outbox", "retry"], arguments].concat());
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
    }
}
