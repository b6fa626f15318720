//! `ticket list` and `ticket show` as an operator types them.

use serde_json::Value;

use crate::support::program::Program;

const CONFIG: &str = "[database]\nurl = \"sqlite:desk.db\"
[[smtp]]\nname = \"out\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"
[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nsmtp = \"out\"\n";

/// Five tickets, the newest three closed, and an agent.
fn desk() -> Program {
    let desk = empty();
    say(&desk, &["user", "add", "--email", "alice@staff.test", "--username", "alice", "--name", "Alice"]);
    for (queue, subject) in
        [("support", "One"), ("sales", "Two"), ("support", "Three"), ("support", "Four"), ("support", "Five")]
    {
        say(
            &desk,
            &["ticket", "open", "--queue", queue, "--subject", subject, "--submitter", "ann@customer.test"],
        );
    }
    for id in ["3", "[support-4]", "support-5"] {
        say(&desk, &["ticket", "close", id]);
    }
    desk
}

fn empty() -> Program {
    let desk = Program::new();
    desk.write("config.toml", CONFIG);
    say(&desk, &["migrate"]);
    desk
}

/// What a command prints; it must succeed.
fn say(desk: &Program, arguments: &[&str]) -> String {
    let ran = desk.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    ran.out
}

fn list(desk: &Program, arguments: &[&str]) -> String {
    say(desk, &[&["ticket", "list"], arguments].concat())
}

/// The numbers of a listing.
fn ids(desk: &Program, arguments: &[&str]) -> Vec<i64> {
    let text = list(desk, &[&["--json"], arguments].concat());
    let rows: Value = serde_json::from_str(&text).expect("it prints JSON");
    rows.as_array().expect("a list").iter().map(|row| row["id"].as_i64().expect("a number")).collect()
}

/// It was filtered after the limit: the newest three were closed, so nothing was printed.
#[test]
fn an_open_ticket_is_listed_below_newer_closed_ones() {
    let desk = desk();
    assert_eq!(
        list(&desk, &["--queue", "support", "--open", "--limit", "3"]),
        "ID  QUEUE    STATE  PRIO  SUBMITTER          OWNER  SUBJECT\n1   support  open   3     ann@customer.test         One\n"
    );
}

#[test]
fn a_listing_says_how_many_there_are_and_how_to_see_the_rest() {
    let desk = desk();
    let text = list(&desk, &["--limit", "2"]);
    assert!(text.ends_with("\n2 of 5, older: --before 4\n"), "{text}");
    assert_eq!(ids(&desk, &["--limit", "2", "--before", "[support-4]"]), [3, 2]);
    let ran = desk.run(&["ticket", "list", "--json", "--limit", "1", "--before", "3"]);
    assert_eq!(ran.err, "helpdeskd: 1 of 5, older: --before 2\n");
    assert!(!list(&desk, &["--before", "3"]).contains("older"));
    assert_eq!(list(&desk, &["is:held"]), "No ticket is like that.\n");
    assert_eq!(list(&empty(), &[]), "There are no tickets.\n");
    assert_eq!(list(&empty(), &["--json"]), "[]\n");
}

#[test]
fn a_query_may_be_one_argument_or_several_and_begin_with_a_minus() {
    let desk = desk();
    say(&desk, &["ticket", "assign", "#1", "alice", "--by", "alice"]);
    say(&desk, &["ticket", "tag", "support-2", "vip"]);
    for (arguments, expected) in [
        (&["is:open queue:support"][..], vec![1]),
        (&["is:open", "queue:support"], vec![1]),
        (&["-is:open", "-number:5"], vec![4, 3]),
        (&["-has:file", "is:open"], vec![2, 1]),
        (&["is:open", "-has:file", "-queue:sales", "--limit", "9"], vec![1]),
        (&["tag:vip"], vec![2]),
        (&["owner:alice"], vec![1]),
        (&["owner:me", "--by", "alice"], vec![1]),
        (&["--open", "two"], vec![2]),
        (&["from:ann@customer.test", "--limit", "1"], vec![5]),
    ] {
        assert_eq!(ids(&desk, arguments), expected, "{arguments:?}");
    }
    for (arguments, code, said) in [
        (&["is:opened"][..], 64, "character 4 of the query: a ticket is never `opened`"),
        (&["--opn"], 64, "--opn"),
        (&["--", "--open"], 64, "minus"),
        (&["queue:none"], 65, "there is no queue `none`"),
        (&["--queue", "none"], 65, "there is no queue `none`"),
        (&["owner:me"], 65, "nobody is asking"),
        (&["--before", "x"], 64, "`x` is no ticket number"),
    ] {
        let ran = desk.run(&[&["ticket", "list"], arguments].concat());
        assert!(ran.code == code && ran.err.contains(said), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn the_log_of_a_ticket_names_people() {
    let desk = desk();
    say(&desk, &["ticket", "assign", "1", "alice", "--by", "alice"]);
    say(&desk, &["ticket", "submitter", "1", "bob@customer.test"]);
    let text = say(&desk, &["ticket", "show", "support-1", "--log"]);
    assert!(text.contains("owner by Alice (cli): - -> Alice\n"), "{text}");
    assert!(text.contains("submitter by desk (cli): ann@customer.test -> bob@customer.test\n"), "{text}");
    let json = say(&desk, &["ticket", "show", "1", "--log", "--json"]);
    let whole: Value = serde_json::from_str(&json).expect("it prints JSON");
    assert_eq!((&whole["log"][1]["field"], &whole["log"][1]["new"]), (&"owner".into(), &"1".into()));
    let missing = desk.run(&["ticket", "show", "[support-99]"]);
    assert_eq!((missing.code, missing.err.as_str()), (66, "helpdeskd: there is no ticket 99\n"));
}
