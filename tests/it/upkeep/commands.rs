//! The commands `exclusion` and `escalate`, run as an operator runs them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const CONFIG: &str = "[database]\nurl = \"sqlite:desk.db\"
[[smtp]]\nname = \"out\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"
escalate_after = { 2 = \"1h\", others = \"3d\" }
[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nsmtp = \"out\"\n";

/// What a command prints; it must succeed.
fn run(home: &Path, arguments: &[&str]) -> String {
    let (code, out, error) = end(home, arguments);
    assert_eq!(code, 0, "{arguments:?}: {error}");
    out
}

fn end(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let config = home.join("config.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_helpdeskd"));
    let output = command.arg("--config").arg(config).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn json(home: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&run(home, arguments)).expect("it prints JSON")
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a directory is made");
    fs::write(home.path().join("config.toml"), CONFIG).expect("the configuration is written");
    run(home.path(), &["migrate"]);
    home
}

#[test]
fn days_are_excluded_listed_and_removed() {
    let home = home();
    let home = home.path();
    assert_eq!(run(home, &["exclusion", "add", "2999-12-24", "2999-12-25"]), "Excluded 2 days.\n");
    assert_eq!(run(home, &["exclusion", "add", "2999-12-24"]), "All of them were excluded already.\n");
    assert_eq!(run(home, &["exclusion", "add", "2999-12-24", "--queue", "sales"]), "Excluded 1 day.\n");
    assert_eq!(run(home, &["exclusion", "add", "2001-01-01"]), "Excluded 1 day.\n");
    assert_eq!(
        run(home, &["exclusion", "list"]),
        "DATE        WEEKDAY    QUEUE\n2999-12-24  Tuesday    all\n2999-12-24  Tuesday    sales\n2999-12-25  Wednesday  all\n"
    );
    assert_eq!(json(home, &["exclusion", "list", "--all", "--json"]).as_array().unwrap().len(), 4);
    let weekend = ["--weekdays", "sat,sun", "--weeks", "8"];
    assert_eq!(run(home, &[&["exclusion", "add"], &weekend[..]].concat()), "Excluded 16 days.\n");
    assert_eq!(run(home, &[&["exclusion", "remove"], &weekend[..]].concat()), "Removed 16 days.\n");
    assert_eq!(run(home, &["exclusion", "remove", "2999-12-24"]), "Removed 1 day.\n");
    let (code, _, error) = end(home, &["exclusion", "remove", "2999-12-24"]);
    assert_eq!((code, error.as_str()), (65, "helpdeskd: no such day was excluded in this way\n"));
    for wrong in
        [&["exclusion", "add"][..], &["exclusion", "add", "24.12."], &["exclusion", "add", "--weeks", "8"]]
    {
        assert_eq!(end(home, wrong).0, 64, "{wrong:?}");
    }
    assert_eq!(end(home, &["exclusion", "add", "2999-12-24", "--queue", "none"]).0, 65);
}

#[test]
fn a_dry_run_says_of_each_ticket_what_would_happen_and_why() {
    let home = home();
    let home = home.path();
    for (subject, priority) in [("Low", "4"), ("High", "1"), ("Held", "3")] {
        run(home, &["ticket", "open", "--queue", "support", "--subject", subject, "--priority", priority]);
    }
    run(home, &["ticket", "open", "--queue", "sales", "--subject", "No limit"]);
    run(home, &["ticket", "hold", "3"]);
    let rows = json(home, &["escalate", "--dry-run", "--json"]);
    let seen: Vec<String> = rows.as_array().unwrap().iter().map(seen).collect();
    assert_eq!(
        seen,
        [
            "1 later 3d: will be due at",
            "2 never -: has the highest priority already",
            "3 never -: is on hold",
            "4 never -: has no limit in its queue"
        ]
    );
    assert_eq!(
        json(home, &["escalate", "--dry-run", "--json", "--queue", "sales"]).as_array().unwrap().len(),
        1
    );
    assert!(run(home, &["escalate", "--dry-run"]).ends_with("0 due of 4 open\n"));
    assert_eq!(run(home, &["escalate"]), "TICKET  WAS  IS\n0 tickets escalated\n");
    assert_eq!(json(home, &["escalate", "--notify-only", "--json"]), Value::Array(vec![]));
    assert_eq!(end(home, &["escalate", "--queue", "none"]).0, 65);
    assert!(run(home, &["ticket", "show", "1"]).contains("\n  escalates "));
}

fn seen(row: &Value) -> String {
    let why = row["why"].as_str().expect("it is text");
    let why = why.split_inclusive(" at").next().expect("it is text");
    format!(
        "{} {} {}: {why}",
        row["ticket"],
        row["state"].as_str().expect("it is text"),
        row["limit"].as_str().unwrap_or("-")
    )
}
