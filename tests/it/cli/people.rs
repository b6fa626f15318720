//! `user …`, as an operator types it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;

use crate::cli::init;
use crate::support::program::Program;

fn desk() -> Program {
    let program = Program::new();
    assert_eq!(program.run(&init::FLAGS).code, 0);
    program
}

fn json(program: &Program, arguments: &[&str]) -> Value {
    let ran = program.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    serde_json::from_str(&ran.out).expect("it is JSON")
}

#[test]
fn a_person_is_added_changed_disabled_and_enabled_by_command() {
    let program = desk();
    let added = json(&program, &["user", "add", "--email", "Bea Bloom <bea@staff.test>", "--json"]);
    let id = added["id"].to_string();
    let renamed = json(&program, &["user", "rename", "bea@staff.test", "Bea B.", "--json"]);
    assert_eq!((&renamed["name"], &renamed["email"]), (&"Bea B.".into(), &"bea@staff.test".into()));
    let admin = json(&program, &["user", "role", &id, "admin", "--username", "bea", "--json"]);
    assert_eq!((&admin["user"]["role"], &admin["handed_back"]), (&"admin".into(), &Value::Array(Vec::new())));
    assert_eq!(json(&program, &["user", "locale", "bea", "de_AT", "--json"])["locale"], "de-AT");
    assert!(json(&program, &["user", "locale", "bea", "none", "--json"])["locale"].is_null());
    let ran = program.run(&["user", "disable", "Bea <bea@staff.test>"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "Disabled.\n"), "{}", ran.err);
    let ran = program.run(&["user", "add", "--email", "bea@staff.test"]);
    assert_eq!(ran.code, 65);
    assert!(ran.err.contains(&format!("disabled: `helpdeskd user enable {id}`")), "{}", ran.err);
    assert!(json(&program, &["user", "enable", &id, "--json"])["disabled_at"].is_null());
    let shown = json(&program, &["user", "show", "bea", "--json"]);
    let fields: Vec<_> = shown["log"].as_array().expect("it is a list").iter().map(|e| &e["field"]).collect();
    assert_eq!(fields, ["role", "name", "role", "locale", "locale", "state", "state"]);
    assert!(program.run(&["user", "show", "bea"]).out.contains("addresses  bea@staff.test"));
    assert_eq!(program.run(&["user", "show", "nobody"]).code, 66);
}

#[test]
fn addresses_are_given_and_taken_by_command() {
    let program = desk();
    for (command, address, count) in [
        ("add", "Alice <alice@home.test>", 2),
        ("add", "alice@home.test", 2),
        ("primary", "alice@home.test", 2),
        ("remove", "alice@staff.test", 0),
    ] {
        let user = json(&program, &["user", "address", command, "1", address, "--json"]);
        assert_eq!(user["addresses"].as_array().map(Vec::len), Some(count), "{command} {address}");
    }
    let shown = json(&program, &["user", "show", "alice@home.test", "--json"]);
    assert_eq!(shown["user"]["email"], "alice@home.test");
}

#[test]
fn a_password_is_asked_for_twice_at_a_terminal_and_never_waited_for_elsewhere() {
    let program = desk();
    let answers = [
        "short",
        "passwordpassword",
        "four seagulls at the quay",
        "other",
        "one",
        "six gulls at sea",
        "six gulls at sea",
    ];
    let ran = program.at_terminal("user passwd alice@staff.test", &answers);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("at least 12 characters") && ran.out.contains("easy to guess"), "{}", ran.out);
    assert!(ran.out.contains("these are two") && ran.out.contains("The password is set."), "{}", ran.out);
    assert!(!ran.out.contains("seagulls") && !ran.out.contains("gulls at sea"), "{}", ran.out);
    let ran = program.run(&["user", "passwd", "alice@staff.test"]);
    assert_eq!(ran.code, 64);
    assert!(ran.err.contains("--password-stdin"), "{}", ran.err);
    let ran = program.at_terminal("user passwd alice@staff.test --password-stdin", &["six gulls at sea"]);
    assert!(ran.code == 0 && ran.out.contains("Password (not shown)"), "{}", ran.out);
}

#[test]
fn what_is_kept_of_somebody_is_one_archive_that_only_its_owner_reads() {
    let program = desk();
    let mail = "From: Ann Lee <ann@customer.test>\r\nTo: support@desk.test\r\nSubject: Printer\r\nMessage-ID: <1@a.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt burns.\r\n--b\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n\r\nsmoke\r\n--b--\r\n";
    assert_eq!(program.run_with(&["ingest", "--queue", "support", "-"], mail.as_bytes()).code, 0);
    assert_eq!(program.run(&["ticket", "comment", "1", "We come."]).code, 0);
    assert_eq!(program.run(&["ticket", "comment", "1", "She is nice.", "--private"]).code, 0);
    let export = ["user", "export", "ann@customer.test", "--to", "ann.tar"];
    let ran = program.run(&export);
    assert_eq!((ran.code, ran.out.as_str()), (0, "Written to ann.tar: 1 tickets.\n"), "{}", ran.err);
    let mode = fs::metadata(program.path("ann.tar")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let listed =
        Command::new("tar").arg("-xvf").arg(program.path("ann.tar")).current_dir(program.path(".")).output();
    let listed = String::from_utf8(listed.expect("tar runs").stdout).expect("it is text");
    let mut names: Vec<&str> = listed.lines().collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["person.json", "tickets/1/files/1-a.txt", "tickets/1/mails/1.eml", "tickets/1/ticket.json"]
    );
    let ticket = program.read("tickets/1/ticket.json");
    assert!(ticket.contains("It burns.") && ticket.contains("We come.") && !ticket.contains("She is nice."));
    assert!(program.read("person.json").contains("ann@customer.test"));
    assert_eq!(program.read("tickets/1/files/1-a.txt"), "smoke");
    assert_eq!(program.run(&export).code, 65, "nothing is replaced");
    let erase = ["user", "erase", "ann@customer.test"];
    assert_eq!(program.run(&erase).code, 64, "it is to be meant");
    let would = program.run(&["user", "erase", "ann@customer.test", "--dry-run"]);
    assert!(
        would.out.contains("1 entries and 1 files of theirs in 1 tickets"),
        "{} {}",
        would.out,
        would.err
    );
    let ran = program.run(&["user", "erase", "ann@customer.test", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!program.run(&["ticket", "show", "1"]).out.contains("It burns."));
}
