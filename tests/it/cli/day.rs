//! A day's work at the command line, as programs read what comes of it.

use serde_json::Value;

use crate::cli::init;
use crate::support::program::Program;

fn json(program: &Program, arguments: &[&str]) -> Value {
    let ran = program.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{arguments:?} is no JSON: {}", ran.out))
}

fn entries(program: &Program, id: &str) -> Vec<Value> {
    json(program, &["ticket", "show", id, "--json"])["followups"].as_array().expect("a list").clone()
}

/// A desk with a ticket of Ann's, and a note on it.
fn desk() -> Program {
    let program = Program::new();
    assert_eq!(program.run(&init::FLAGS).code, 0);
    let ann = "Ann Lee <ann@customer.test>";
    let opened = ["ticket", "open", "--queue", "support", "--subject", "Printer", "--submitter", ann];
    json(&program, &[&opened[..], &["--text", "It burns.", "--json"]].concat());
    assert_eq!(program.run(&["ticket", "comment", "1", "She has two.", "--private"]).code, 0);
    program
}

#[test]
fn entries_are_split_and_passed_on_by_command() {
    let program = desk();
    let note = entries(&program, "1")[1]["id"].to_string();
    let arguments = ["ticket", "split", "1", &note, "--title", "Two printers", "--json"];
    let split = json(&program, &arguments);
    assert_eq!((&split["ticket_id"], &split["from"]), (&2.into(), &1.into()));
    assert_eq!(split["entries"][0].to_string(), note);
    let shown = json(&program, &["ticket", "show", "2", "--json"]);
    assert_eq!(shown["ticket"]["subject"], "Two printers");
    let opening = entries(&program, "1")[0]["id"].to_string();
    let ran = program.run(&["ticket", "split", "1", &opening]);
    assert!(ran.code == 65 && ran.err.contains("stays with it"), "{} {}", ran.code, ran.err);

    let to = ["--to", "Mick <mick@mechanic.test>", "--cc", "boss@mechanic.test"];
    let done =
        json(&program, &[&["ticket", "forward", "1"], &to[..], &["--message", "Come.", "--json"]].concat());
    assert_eq!(done["to"], serde_json::json!(["mick@mechanic.test", "boss@mechanic.test"]));
    assert_eq!(done["forwarded"].to_string(), opening);
    let sent = json(&program, &["outbox", "list", "--json"]);
    let recipients: Vec<&str> =
        sent.as_array().expect("a list").iter().filter_map(|mail| mail["recipient"].as_str()).collect();
    assert!(
        recipients.contains(&"mick@mechanic.test") && recipients.contains(&"boss@mechanic.test"),
        "{sent}"
    );
    let ran = program.run(&["ticket", "forward", "1", "--to", "ann@customer.test"]);
    assert!(ran.code == 65 && ran.err.contains("takes part"), "{} {}", ran.code, ran.err);
    assert!(program.run(&["verify"]).out.contains("unaccounted: 0"));
}

#[test]
fn what_is_changed_is_told_as_json() {
    let program = desk();
    assert!(json(&program, &["ticket", "hold", "1", "--json"])["held_at"].is_string());
    assert!(json(&program, &["ticket", "hold", "1", "--until", "3d", "--json"])["held_until"].is_string());
    let renamed = json(&program, &["ticket", "subject", "1", "Two  printers", "--json"]);
    assert_eq!(renamed, serde_json::json!({ "id": 1, "subject": "Two printers" }));
    let note = entries(&program, "1")[1]["id"].to_string();
    let corrected = json(&program, &["ticket", "correct", "1", &note, "She has three.", "--json"]);
    assert_eq!(corrected["corrected"].to_string(), note);
    assert_eq!(entries(&program, "1").last().expect("one")["id"], corrected["entry_id"]);
    let place = ["--queue", "support", "--locale", "de", "--json"];
    let added = json(&program, &[&["reply", "add", "Sand", "Nehmen Sie Sand."], &place[..]].concat());
    assert_eq!(
        (&added["name"], &added["queue"], &added["locale"]),
        (&"sand".into(), &"support".into(), &"de".into())
    );
    let edited = json(&program, &[&["reply", "edit", "sand", "Sand, bitte."], &place[..]].concat());
    assert_eq!((&edited["id"], &edited["body"]), (&added["id"], &"Sand, bitte.".into()));
    assert_eq!(json(&program, &[&["reply", "remove", "sand"], &place[..]].concat())["removed"], "sand");
    assert_eq!(json(&program, &["user", "digest", "1", "on", "--json"])["email"], "alice@staff.test");
    assert_eq!(program.run(&["user", "digest", "1", "on"]).out, "It was so already.\n");
    let ran = program.run(&["user", "digest", "ann@customer.test", "on"]);
    assert!(ran.code != 0 && ran.err.contains("no active agent"), "{}", ran.err);
    let exported = json(&program, &["user", "export", "ann@customer.test", "--to", "ann.tar", "--json"]);
    assert_eq!((&exported["file"], &exported["tickets"]), (&"ann.tar".into(), &serde_json::json!([1])));
}
